// SPDX-License-Identifier: Apache-2.0

import OrchestratorTesting
import Testing

@testable import Orchestrator

@Suite struct TimestampTests {
    @Test(arguments: [
        (0, "1970-01-01T00:00:00.000Z"), (1_773_050_400_000, "2026-03-09T10:00:00.000Z"),
        (951_782_400_001, "2000-02-29T00:00:00.001Z"), (-1, "1969-12-31T23:59:59.999Z"),
        (4_107_542_399_999, "2100-02-28T23:59:59.999Z"), (253_402_300_799_999, "9999-12-31T23:59:59.999Z"),
    ])
    func `an instant is written in UTC with milliseconds and read back`(milliseconds: Int, text: String) {
        #expect(Timestamp(milliseconds: milliseconds).iso8601 == text)
        #expect(Timestamp(iso8601: text) == Timestamp(milliseconds: milliseconds))
    }

    @Test(arguments: [
        "2026-03-09T11:00:00+01:00", "2026-03-09T05:30:00.0-0430", "2026-03-09 10:00Z",
        "2026-03-09t10:00:00.000999z",
    ])
    func `other spellings of one instant are read`(text: String) {
        #expect(Timestamp(iso8601: text)?.iso8601 == "2026-03-09T10:00:00.000Z")
    }

    @Test(arguments: [
        "", "2026-03-09", "2026-03-09T10:00:00", "2026-02-29T10:00:00Z", "2026-13-01T10:00:00Z",
        "2026-03-09T24:00:00Z",
        "2026-03-09T10:60:00Z", "2026-03-09T10:00:00.Z", "2026-03-09T10:00:00Z ", "2026-3-9T10:00:00Z",
        "2026-00-10T10:00:00Z", "+026-03-09T10:00:00Z",
    ])
    func `what names no instant is nil`(text: String) { #expect(Timestamp(iso8601: text) == nil) }

    @Test func `a manual clock moves only by hand`() {
        let clock = ManualClock("2026-03-09T10:00:00Z")
        clock.advance(by: .seconds(90))
        #expect(clock.now().iso8601 == "2026-03-09T10:01:30.000Z")
        clock.set(Timestamp(milliseconds: 5))
        #expect(clock.now() == Timestamp(milliseconds: 5))
        #expect(clock.now() - Timestamp(milliseconds: 2) == .milliseconds(3))
    }

    @Test func `an id is a random UUID of version 4`() throws {
        var generator = Zeros()
        #expect(RandomID.uuid(using: &generator) == "00000000-0000-4000-8000-000000000000")
        let shape = try Regex("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
        var digits = Digits()
        #expect(RandomID.uuid(using: &digits) == "fedcba98-7654-4210-bedc-ba9876543210")
        #expect(Set((0..<1000).map { _ in RandomID.uuid() }).count == 1000)
        #expect(try shape.wholeMatch(in: RandomID.uuid()) != nil)
    }

    private struct Digits: RandomNumberGenerator {
        mutating func next() -> UInt64 { 0xFEDC_BA98_7654_3210 }
    }

    private struct Zeros: RandomNumberGenerator {
        mutating func next() -> UInt64 { 0 }
    }
}
