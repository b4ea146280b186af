// SPDX-License-Identifier: Apache-2.0

/// What the words of a statement weigh when no phrase has them in it: a second opinion that may show the number, never
/// alarm, and never take anything back.
///
/// A word that families use and everyday language does not ("hives", "grunting") speaks for danger. Three of them in a
/// statement about a person, here and now, are enough; anything a scope could cancel by makes it silent, and so does any
/// statement that the floor has judged already. Two of them alarmed on eight of a thousand harmless lines. A linear
/// classifier of phrases against intents was tried: at the same recall it alarmed on 1.4 % of routine text.
struct SecondOpinion: Sendable {
    /// The first family that uses a word, by word number; -1 for words that do not count.
    private let owners: [Int32]

    private static let needed = 3
    /// Words of scopes that make the opinion silent.
    private static let calming: ScopeRole = [
        .asking, .teaching, .hypothetical, .media, .idiom, .animal, .thing, .records, .topic, .negator,
        .negatorAfter,
        .over,
    ]
    /// Long ago, or hardly worth a word.
    private static let quieting = [
        "ago", "last", "old", "previous", "previously", "history", "years", "used", "little", "bit",
        "slightly", "slight",
        "mild", "mildly", "minor",
    ]

    init(_ families: [SafetyReading.Family], _ lexicon: SafetyLexicon) {
        var owners = [Int32](repeating: -1, count: lexicon.roles.count)
        for (number, family) in families.enumerated() {
            let parts = family.phrases.compactMap(\.self).joined()
            let members = family.combinations.joined().joined().compactMap(\.self).joined()
            for word in [Array(parts), Array(members)].joined().joined().flatMap(\.alternatives).joined()
            where owners[Int(word)] < 0 && lexicon.isTelling(word) {
                owners[Int(word)] = Int32(number)
            }
        }
        self.owners = owners
    }

    /// The family that the words of a sentence speak for, and where they stand; nil for none.
    func family(of sentence: SafetySentence) -> (family: Int, words: Range<Int>)? {
        var places: [Int] = []
        var isAboutSomebody = false
        for position in sentence.start..<sentence.end {
            if sentence.has(Self.calming, at: position) || sentence.isWord(position, in: Self.quieting) {
                return nil
            }
            let token = sentence.tokens[position]
            guard token.number >= 0 else { continue }
            if sentence.has([.speaker, .person], at: position) { isAboutSomebody = true }
            guard !token.isRepaired, owners[Int(token.number)] >= 0, places.count < Self.needed,
                !places.contains(where: { sentence.tokens[$0].number == token.number })
            else { continue }
            places.append(position)
        }
        guard isAboutSomebody, places.count == Self.needed, !sentence.has(.auxiliary, at: sentence.start)
        else {
            return nil
        }
        return (Int(owners[Int(sentence.tokens[places[0]].number)]), places[0]..<places[places.count - 1] + 1)
    }
}
