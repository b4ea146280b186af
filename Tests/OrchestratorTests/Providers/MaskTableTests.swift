// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import Orchestrator

struct MaskTableTests {
    private let text = """
        Mail jo.doe+x@clinic.example or call +44 20 7946 0958; card 4111 1111 1111 1111, SSN 078-05-1120, \
        IBAN GB82 WEST 1234 5698 7654 32. Again jo.doe+x@clinic.example. Room 12, 3 pm.
        """

    @Test func `what a provider must not see is a placeholder, the same each time`() {
        let table = MaskTable(MaskKind.allCases)
        let masked = table.mask(text)
        for hidden in ["jo.doe", "7946", "4111", "078-05", "WEST"] {
            #expect(!masked.contains(hidden), "\(masked)")
        }
        #expect(masked.components(separatedBy: "[EMAIL_1]").count == 3)
        #expect(masked.contains("[CARD_1]"))
        #expect(masked.contains("Room 12, 3 pm."))
    }

    @Test func `only what is asked for is masked`() {
        #expect(
            MaskTable([.email]).mask("a@b.example 4111 1111 1111 1111") == "[EMAIL_1] 4111 1111 1111 1111")
        #expect(MaskTable([]).mask(text) == text)
        #expect(MaskTable([.card]).mask("4111 1111 1111 1112") == "4111 1111 1111 1112")
    }

    @Test func `it is put back however the answer is cut`() {
        let table = MaskTable(MaskKind.allCases)
        let answer = Array(
            ("I wrote to " + table.mask("jo@clinic.example") + " [see note] [EMAIL_9] [").unicodeScalars)
        for cut in 0...answer.count {
            var unmasker = Unmasker(table)
            let parts = [answer[..<cut], answer[cut...]].map { String(String.UnicodeScalarView($0)) }
            let out = parts.map { unmasker.take($0) }.joined() + unmasker.finish()
            #expect(out == "I wrote to jo@clinic.example [see note] [EMAIL_9] [", "cut at \(cut)")
        }
    }
}
