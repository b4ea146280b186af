// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Intents

struct PatternTests {
    @Test func `a refused pattern says RE2's reason`() {
        #expect(throws: PatternError(reason: "missing ): (a")) { try Pattern("(a") }
        #expect(throws: PatternError(reason: "invalid perl operator: (?=")) { try Pattern("(?=a)") }
    }

    @Test func `a match has its span in scalars and its groups`() throws {
        let pattern = try Pattern(#"(\w+)-(\d+)(x)?"#)
        let match = pattern.firstMatch(in: "é🚑 AB-12")
        #expect(pattern.groupCount == 3)
        #expect(match?.span == 3..<8)
        #expect(match?.text == "AB-12")
        #expect(match?.groups == ["AB", "12", nil])
    }

    @Test func `case counts only when asked`() throws {
        #expect(try Pattern("abc").matches("xABCx"))
        #expect(try !Pattern("abc", caseSensitive: true).matches("xABCx"))
    }

    @Test func `all matches are found in order, empty ones left out`() throws {
        #expect(try Pattern("a*").matches(in: "éaabéa").map(\.span) == [1..<3, 5..<6])
        #expect(try Pattern("").matches(in: "é").isEmpty)
        #expect(try Pattern("x").firstMatch(in: "") == nil)
    }

    @Test func `a pattern that ruins backtracking engines takes linear time`() throws {
        #expect(try !Pattern("(a+)+$").matches(String(repeating: "a", count: 200_000) + "b"))
    }
}
