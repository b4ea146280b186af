// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import Orchestrator

struct RowTests {
    private func message(_ text: String) -> MessageRecord {
        MessageRecord(
            id: "m", conversation: "c", sequence: 1, author: .user, text: text,
            createdAt: Timestamp(milliseconds: 0))
    }

    @Test func `a change of a copy leaves the row it was copied from`() {
        let first = message("hello")
        var second = first
        second.text = "good-bye"
        second.sequence = 2
        #expect(first == message("hello"))
        #expect(second.text == "good-bye")
        #expect(second != first)
    }

    @Test func `rows are equal, and hash alike, by their fields`() {
        #expect(message("hello") == message("hello"))
        #expect(Set([message("hello"), message("hello"), message("bye")]).count == 2)
    }
}
