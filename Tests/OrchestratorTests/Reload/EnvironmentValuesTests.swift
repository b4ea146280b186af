// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import Orchestrator

struct EnvironmentValuesTests {
    @Test func `quotes, export and comments are understood`() {
        let values = EnvironmentValues.parse(
            """
            # a comment
            PLAIN=value
            export EXPORTED=yes
            QUOTED="two words # no comment"
            SINGLE='as $is\\n'
            LINES="a\\nb"
            SPACED = padded   # comment
            EMPTY=
            HASH=a#b
            not an assignment
            """)
        #expect(
            values == [
                "PLAIN": "value", "EXPORTED": "yes", "QUOTED": "two words # no comment",
                "SINGLE": "as $is\\n", "LINES": "a\nb",
                "SPACED": "padded", "EMPTY": "", "HASH": "a#b",
            ])
    }

    @Test func `the process environment wins over the file`() throws {
        let tree = try TemporaryTree()
        try tree.write("../.env", "A=file\nB=file")
        let values = EnvironmentValues.load(file: tree.base + "/.env", process: ["A": "process"])
        #expect(values["A"] == "process")
        #expect(values["B"] == "file")
        #expect(values["C"] == nil)
    }
}
