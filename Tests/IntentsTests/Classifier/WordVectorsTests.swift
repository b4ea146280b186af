// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Intents

struct WordVectorsTests {
    /// Two dimensions: what is medical, and what is about food.
    private static func table(_ pieces: [(String, Int8, Int8)] = meanings) -> [UInt8] {
        var bytes = Array("ORCHWORD".utf8) + [1, 0, 2, 0, UInt8(pieces.count), 0, 0, 0]
        for (piece, _, _) in pieces { bytes += [UInt8(piece.utf8.count)] + Array(piece.utf8) }
        for _ in pieces { bytes += [0, 0, 0x80, 0x3F] }
        for (_, first, second) in pieces { bytes += [UInt8(bitPattern: first), UInt8(bitPattern: second)] }
        return bytes
    }

    private static let meanings: [(String, Int8, Int8)] = [
        ("doctor", 100, 0), ("physician", 90, 5), ("pizza", 0, 100), ("pasta", 5, 90), ("see", 1, 1),
        ("order", 1, 1),
        ("sur", 50, 0), ("##geon", 50, 0),
    ]

    private func vector(_ text: String) throws -> [Float]? {
        try WordVectors(Self.table()).vector(of: FoldedText(text))
    }

    @Test func `a text is the sum of its pieces, of length 1`() throws {
        #expect(try vector("Doctor") == [1, 0])
        #expect(try vector("surgeon") == [1, 0])
        #expect(try vector("doctor pizza")?[0] == vector("doctor pizza")?[1])
        #expect(try vector("unknown") == nil && vector("") == nil && vector("surgery") == nil)
    }

    @Test func `a word no example has is understood by its meaning`() throws {
        let intents = [
            IntentExamples(id: "visit", examples: ["see a doctor", "doctor", "a doctor please"]),
            IntentExamples(id: "food", examples: ["order a pizza", "pizza", "a pizza please"]),
        ]
        let model = IntentModel(intents, words: try WordVectors(Self.table()))
        #expect(model.decide("physician").intent == "visit")
        #expect(model.decide("pasta").intent == "food")
        #expect(IntentModel(intents).decide("physician").intent == nil)
    }

    @Test func `with many examples the table is not used`() throws {
        let intents = ["a", "b"].map { name in
            IntentExamples(id: name, examples: (0..<60).map { "\(name) number \($0) of it" })
        }
        let table = try WordVectors(Self.table())
        #expect(
            IntentModel(intents, words: table).decide("a doctor") == IntentModel(intents).decide("a doctor"))
    }

    @Test func `a file that is cut anywhere is refused`() {
        let whole = Self.table()
        for length in 0..<whole.count {
            #expect(throws: WordVectors.FormatError.self) { try WordVectors(Array(whole[..<length])) }
        }
        #expect(throws: WordVectors.FormatError(reason: "is cut short or damaged")) {
            try WordVectors(whole + [0])
        }
        #expect(throws: WordVectors.FormatError(reason: "is no table of words")) {
            try WordVectors(Array(repeating: 0, count: 100))
        }
        var huge = whole
        huge.replaceSubrange(12..<16, with: [0xFF, 0xFF, 0xFF, 0xFF])
        #expect(throws: WordVectors.FormatError(reason: "has no sensible size")) { try WordVectors(huge) }
    }
}
