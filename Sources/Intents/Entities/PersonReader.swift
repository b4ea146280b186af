// SPDX-License-Identifier: Apache-2.0

/// Reads names of people: after a word that announces one ("for patient John Smith"), after a title, or as two to four
/// capitalised words that are no other words.
struct PersonReader {
    let stream: TokenStream

    private static let announcing: Set<String> = [
        "patient", "named", "called", "name", "mr", "mrs", "ms", "miss", "dr", "doctor", "client",
    ]
    private static let introducing: Set<String> = ["for", "with", "to", "from", "of", "about", "is", "im"]
    private static let particles: Set<String> = [
        "van", "von", "de", "der", "den", "la", "le", "bin", "al", "el", "da", "di", "du", "o", "mc",
    ]
    private static let notNames: Set<String> = Set(
        ("i im ill the a an my your his her their please can could would what when where who how show tell give add book cancel "
            + "prescribe update view list find see and or but is are was for with from to of in on at today tomorrow yesterday "
            + "his has have had monday tuesday wednesday thursday friday saturday sunday january february march april may june "
            + "july august september october november december hello hi hey thanks thank yes no not history records record "
            + "appointment appointments prescription prescriptions medical report reports diagnosis schedule emergency patient "
            + "patients doctor dr mr mrs ms miss hospital clinic street road take mg tablets twice daily once who that with as "
            + "diagnose diagnosed it its this next last week named called name us me you he she they we")
            .split(separator: " ").map(String.init))

    /// The name at `position`, if one is announced there or written like one.
    func person(at position: Int) -> (name: String, tokens: Range<Int>)? {
        if stream.isOne(position, of: Self.announcing), !stream.isOne(position + 1, of: ["s"]) {
            var start = position + 1
            while stream.isOne(start, of: [".", ":", "is", "named", "called"]) { start += 1 }
            if let found = name(from: start, minimum: 1, needsCapitals: true) { return found }
            let isSure =
                stream.isOne(position, of: ["named", "called"])
                || stream.word(position) == "patient"
                    && stream.isOne(position - 1, of: ["for", "the", "to", "of", "with", "my"])
            return isSure ? name(from: start, minimum: 2, needsCapitals: false) : nil
        }
        let isIntroduced = stream.isOne(position - 1, of: Self.introducing)
        return name(from: position, minimum: isIntroduced && position > 0 ? 2 : 2, needsCapitals: true)
    }

    /// The whole answer as a name: "it's John Smith", "john smith".
    func answer() -> (name: String, tokens: Range<Int>)? {
        for position in 0..<stream.count {
            if let found = person(at: position) { return found }
        }
        var start = 0
        let openings: Set<String> = [
            "my", "name", "is", "its", "it", "im", "i", "am", "this", "the", "patient", "for", "mr", "mrs",
            "ms", "dr", ".", ",", "s", "called",
        ]
        while start < stream.count, stream.isOne(start, of: openings) { start += 1 }
        guard let found = name(from: start, minimum: 1, needsCapitals: false),
            found.tokens.upperBound >= stream.count - 1
        else { return nil }
        return found
    }

    private func name(from start: Int, minimum: Int, needsCapitals: Bool) -> (
        name: String, tokens: Range<Int>
    )? {
        var end = start
        var words = 0
        while end < stream.count, words < 4, isNamePart(end, needsCapitals) {
            end += 1
            words += 1
            while end + 1 < stream.count, stream.isGlued(end), stream.isOne(end, of: ["-"]),
                stream.isGlued(end + 1),
                stream.tokens[end + 1].kind == .word
            {
                end += 2
            }
            if stream.word(end) == ".", stream.word(end - 1).utf8.count == 1, end + 1 < stream.count,
                isNamePart(end + 1, needsCapitals)
            {
                end += 1
            }
        }
        while end > start, stream.isOne(end - 1, of: Self.particles) { (end, words) = (end - 1, words - 1) }
        guard words >= minimum else { return nil }
        return (possessiveRemoved(stream.original(start..<end)), start..<end)
    }

    private func isNamePart(_ position: Int, _ needsCapitals: Bool) -> Bool {
        let token = stream.tokens[position]
        guard token.kind == .word, token.text.utf8.count <= 30, !Self.notNames.contains(token.text) else {
            return false
        }
        if Self.particles.contains(token.text), position > 0 { return true }
        return !needsCapitals || token.capital
    }

    private func possessiveRemoved(_ name: String) -> String {
        for ending in ["'s", "’s"] where name.hasSuffix(ending) { return String(name.dropLast(2)) }
        return name
    }
}
