// SPDX-License-Identifier: Apache-2.0

/// Finds declared emergencies in what people type, before anything else looks at it.
///
/// Text -> folded words -> word numbers (with spelling repair) -> phrases and combinations sentence by sentence -> scopes.
/// Every step is linear in the text. A model may add an alarm to this; nothing may take one away.
public final class SafetyFloor: Sendable {
    let families: [SafetyFamily]
    let ignoresOthers: Bool
    let lexicon: SafetyLexicon
    let rules: SafetyRules
    let model: DangerModel?
    /// Where the groups of each combination begin in a list of all groups; one entry more than there are combinations.
    let groupStarts: [Int]

    /// Compiles `families`.
    ///
    /// `lists` are the word lists that phrases name as `<list>`; a phrase that cannot be read is left out, see
    /// ``SafetyReading/problems``. With `ignoresOthers`, statements about other people ("patients with chest pain") do not
    /// alarm.
    public convenience init(
        families: [SafetyFamily], lists: [String: [String]] = [:], ignoresOthers: Bool = false,
        model: DangerModel? = nil
    ) {
        self.init(SafetyReading(families, lists: lists), ignoresOthers: ignoresOthers, model: model)
    }

    /// Compiles families that were read; without a model of the examples every hint counts.
    public init(_ reading: SafetyReading, ignoresOthers: Bool = false, model: DangerModel? = nil) {
        var compiler = SafetyCompiler(lexicon: reading.lexicon)
        for (number, family) in reading.read.enumerated() { compiler.add(family, Int32(number)) }
        var lexicon = reading.lexicon
        lexicon.finish()
        compiler.rules.finish(lexicon)
        families = reading.families
        self.ignoresOthers = ignoresOthers
        self.lexicon = lexicon
        rules = compiler.rules
        self.model = model
        groupStarts = compiler.combinations.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1) }
    }

    /// The gravest statement in `text` that nothing next to it takes back: emergencies first, then the earliest.
    public func check(_ text: String) -> SafetyFinding? {
        let folded = FoldedText(text, keepsSymbols: true)
        let tokens = SafetyTokenizer.tokens(of: folded, lexicon)
        let opinion = model?.opinion(of: folded)
        var search = SafetySearch(floor: self, countsHints: opinion?.supportsHints ?? true)
        search.run(tokens)
        if search.best?.level != .emergency, let others = SafetyTokenizer.secondReadings(of: tokens, lexicon)
        {
            search.run(others)
        }
        if search.best?.level != .emergency { search.runPatterns(text, tokens) }
        return search.best ?? secondOpinion(on: folded, opinion, isTakenBack: search.tookBack)
    }

    /// What the examples say where nothing was heard: at most that something is possible.
    ///
    /// Professionals speak of other people's emergencies all day, so theirs have to be heard.
    private func secondOpinion(
        on text: FoldedText, _ opinion: DangerModel.Opinion?, isTakenBack: Bool
    ) -> SafetyFinding? {
        guard let model, let opinion, opinion.isDanger(isTakenBack), !ignoresOthers else { return nil }
        let words = text.words[opinion.words]
        guard let first = words.first, let last = words.last else { return nil }
        return SafetyFinding(level: .possible, family: model.family(of: words), span: first.from..<last.to)
    }

    /// As ``check(_:)``, with a statement that began in the message before: "my chest" - "hurts so badly".
    ///
    /// What only the two together say counts, unless this message begins by taking it back ("sorry, wrong chat"). The
    /// span is the part of the statement that stands in `text`.
    public func check(_ text: String, after previous: String?) -> SafetyFinding? {
        let own = check(text)
        return previous.map { check(text, after: $0, own: own) } ?? own
    }

    /// As ``check(_:after:)``, when what `text` says alone is known: looks at the ends that meet and no further.
    public func check(_ text: String, after previous: String, own: SafetyFinding?) -> SafetyFinding? {
        guard own?.level != .emergency, let tail = SplitStatement.tail(of: previous),
            !SplitStatement.isTakenBack(by: text)
        else { return own }
        let head = String(text.unicodeScalars.prefix(SplitStatement.reach))
        let folded = FoldedText(tail + " " + head, keepsSymbols: true)
        let tokens = SafetyTokenizer.tokens(of: folded, lexicon)
        let offset = tail.unicodeScalars.count + 1
        let countsHints = model?.opinion(of: folded).supportsHints ?? true
        var search = SafetySearch(floor: self, countsHints: countsHints)
        search.boundary = tokens.firstIndex { Int($0.from) >= offset } ?? tokens.count
        search.run(tokens)
        guard let found = search.best, own == nil || found.level == .emergency else { return own }
        let span = max(0, found.span.lowerBound - offset)..<max(1, found.span.upperBound - offset)
        return SafetyFinding(level: found.level, family: found.family, span: span)
    }
}

/// Puts families that were read into rules.
struct SafetyCompiler {
    let lexicon: SafetyLexicon
    var rules = SafetyRules()
    /// How many groups each combination has.
    var combinations: [Int] = []

    init(lexicon: SafetyLexicon) { self.lexicon = lexicon }

    mutating func add(_ family: SafetyReading.Family, _ number: Int32) {
        for case let phrase? in family.phrases { add(phrase, number) }
        for case let hint? in family.hints { add(hint, number, isHint: true) }
        for case let phrase? in family.exceptions { add(phrase, number, isException: true) }
        for groups in family.combinations where groups.count <= 32 && !groups.isEmpty {
            for (group, members) in groups.enumerated() {
                let target = SafetyRules.Target(
                    family: number, combination: Int32(combinations.count), group: Int32(group))
                for part in members.compactMap(\.self).joined() { rules.add(part, target, lexicon) }
            }
            combinations.append(groups.count)
        }
    }

    private mutating func add(
        _ parts: [[SafetyNotation.Element]], _ family: Int32, isException: Bool = false, isHint: Bool = false
    ) {
        let combination = parts.count == 1 ? -1 : Int32(combinations.count)
        for (group, part) in parts.prefix(32).enumerated() {
            let target = SafetyRules.Target(
                family: family, combination: combination, group: Int32(group), isException: isException,
                isHint: isHint)
            rules.add(part, target, lexicon)
        }
        if parts.count > 1 { combinations.append(min(parts.count, 32)) }
    }
}

/// What of two messages may make one statement.
enum SplitStatement {
    /// So many scalars of each message are looked at.
    static let reach = 160
    private static let retractions: Set<String> = [
        "no", "nah", "nope", "sorry", "nevermind", "never mind", "just kidding", "kidding", "jk", "joking",
        "ignore",
        "oops", "wrong", "cancel", "forget", "wait no", "actually no", "i mean", "not me", "false alarm",
        "only joking",
    ]

    /// The end of the earlier message as the beginning of a statement; nil after a question.
    static func tail(of text: String) -> String? {
        var scalars = text.unicodeScalars.suffix(reach)
        while let last = scalars.last, !last.properties.isAlphabetic, last.properties.numericType == nil {
            if last == "?" { return nil }
            scalars.removeLast()
        }
        return scalars.isEmpty ? nil : String(String.UnicodeScalarView(scalars))
    }

    /// Whether the later message begins by taking the earlier one back.
    static func isTakenBack(by text: String) -> Bool {
        let folded = FoldedText(String(text.unicodeScalars.prefix(40)))
        let words = folded.words.prefix(2).map { folded.text(of: $0) }
        guard let first = words.first else { return true }
        return retractions.contains(first) || retractions.contains(words.joined(separator: " "))
    }
}
