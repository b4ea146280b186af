// SPDX-License-Identifier: Apache-2.0

/// Why a phrase cannot be read.
public enum SafetyPhraseProblem: Error, Hashable, Sendable {
    /// It names a word list that is not declared.
    case unknownList(String)
    /// What is wrong, as the end of a sentence about the phrase.
    case unreadable(String)

    init(_ problem: SafetyNotation.Problem) {
        switch problem {
        case .unknownList(let name): self = .unknownList(name)
        case .emptyPart: self = .unreadable("has no word in one of its parts")
        case .tooManyGaps:
            self = .unreadable("has more than \(SafetyNotation.maxGaps) gaps ('...') in one part")
        case .tooManyOptional:
            self = .unreadable(
                "has more than \(SafetyNotation.maxOptional) words that may be missing in one part")
        case .twoRanges: self = .unreadable("has two ranges of numbers for one word")
        case .onlyOptional: self = .unreadable("consists of words that may all be missing")
        }
    }
}

/// Something about a family that its author will not have meant.
public struct SafetyRemark: Hashable, Sendable {
    /// What is odd.
    public enum Kind: Hashable, Sendable {
        /// The phrase is taken back by the family's own `unless`, or by its own words, whenever it is said.
        case neverMatches
        /// Another family declares the same phrase first.
        case sameAs(family: String)
        /// Whatever the family lists, another family answers.
        case shadowed(by: String)
    }

    /// The family.
    public let family: String
    /// The phrase, as its place among the family's `phrases` and `hints`; nil for the family as a whole.
    public let phrase: Int?
    /// What is odd.
    public let kind: Kind
}

extension SafetyFloor {
    /// What is odd about the families, which were compiled from `reading` and no model: each phrase is said to the floor,
    /// and must be heard.
    public func remarks(on reading: SafetyReading) -> [SafetyRemark] {
        var remarks: [SafetyRemark] = []
        var owners: [String: String] = [:]
        for (number, family) in families.enumerated() {
            var answeredBy: Set<String> = []
            let read = reading.read[number].phrases + reading.read[number].hints
            for (index, phrase) in (family.phrases + family.hints).enumerated() {
                if let owner = owners[phrase], owner != family.id {
                    remarks.append(
                        SafetyRemark(family: family.id, phrase: index, kind: .sameAs(family: owner)))
                }
                owners[phrase] = owners[phrase] ?? family.id
                guard let parts = read[index] else { continue }
                let answer = check(SafetySample.text(of: parts, variant: 0, lexicon))?.family
                answeredBy.insert(answer ?? family.id)
                if answer == family.id { continue }
                let isHeard = (0..<4).contains {
                    hears(SafetySample.text(of: parts, variant: $0, lexicon), family: number)
                }
                if !isHeard {
                    remarks.append(SafetyRemark(family: family.id, phrase: index, kind: .neverMatches))
                }
            }
            if family.combinations.isEmpty, answeredBy.count == 1, let other = answeredBy.first,
                other != family.id
            {
                remarks.append(SafetyRemark(family: family.id, phrase: nil, kind: .shadowed(by: other)))
            }
        }
        return remarks
    }

    /// Whether the family alone finds something in `text`.
    private func hears(_ text: String, family: Int) -> Bool {
        let tokens = SafetyTokenizer.tokens(of: FoldedText(text, keepsSymbols: true), lexicon)
        var search = SafetySearch(floor: self)
        search.onlyFamily = family
        search.run(tokens)
        return search.best != nil
    }
}

/// A sentence that a phrase should match.
enum SafetySample {
    /// `variant` chooses among alternatives.
    static func text(of parts: [[SafetyNotation.Element]], variant: Int, _ lexicon: SafetyLexicon) -> String {
        let ordered = variant % 2 == 0 ? parts : parts.reversed()
        return ordered.flatMap { part in
            part.enumerated().compactMap { index, element in
                word(element, variant / 2 + index * (variant / 2), lexicon)
            }
        }.joined(separator: " ")
    }

    private static func word(_ element: SafetyNotation.Element, _ choice: Int, _ lexicon: SafetyLexicon)
        -> String?
    {
        if element.isOptional || element.isEnd { return nil }
        if element.alternatives.isEmpty {
            return element.range.map { String(Int($0.lowerBound.rounded(.up))) }
        }
        return element.alternatives[choice % element.alternatives.count].map(lexicon.spelling)
            .joined(separator: " ")
    }
}
