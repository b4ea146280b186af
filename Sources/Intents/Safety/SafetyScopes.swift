// SPDX-License-Identifier: Apache-2.0

/// Whether the words next to a dangerous statement take it back, in the manner of the ConText algorithm.
///
/// A cancelling word stands next to the statement, or governs its clause with nothing personal in between; it never
/// reaches across a comma or a `but`. Whatever is unclear stays an alarm.
struct SafetyScopes {
    /// What becomes of a statement.
    enum Verdict { case alarm, doubtful, cancelled }

    let sentence: SafetySentence

    /// Judges the statement made of `parts` (word positions).
    ///
    /// A grave one is cancelled only when it is denied, taught or told, or is not about a person at all; when it is long
    /// past it becomes doubtful.
    func verdict(on parts: [Range<Int>], whole: Range<Int>, level: SafetyLevel, grave: Bool) -> Verdict {
        if level == .possible, isMild(whole) { return .cancelled }
        if parts.contains(where: { isNegated($0, among: parts) }) { return .cancelled }
        if parts.count > 1, isNegated(whole, among: parts) { return .cancelled }
        if isOfAnimalOrThing(whole) || isMedia(whole) || isQuery(whole) { return .cancelled }
        if whole.contains(where: { position in
            sentence.has(.teaching, at: position) && !parts.contains { $0.contains(position) }
        }) {
            return .cancelled
        }
        switch teaching(whole) {
        case .alarm: break
        case let verdict: return verdict
        }
        if isPast(whole, grave: grave) || isOver(whole) { return grave ? .doubtful : .cancelled }
        return !grave && (isHypothetical(whole) || isIdiom(whole)) ? .cancelled : .alarm
    }

    // MARK: Looking around

    /// Walks left from the statement over words of `links` to the first word of `cue`; nil if anything else comes first.
    func cue(_ cue: ScopeRole, before start: Int, over links: ScopeRole, steps: Int = 8) -> Int? {
        var position = start
        for _ in 0..<steps {
            guard sentence.joins(position) else { return nil }
            position -= 1
            if sentence.has(cue, at: position) { return position }
            guard sentence.has(links.union(.dropped), at: position) else { return nil }
        }
        return nil
    }

    /// The position right after the statement in the same clause, past words of `links`.
    func next(after end: Int, over links: ScopeRole, steps: Int = 4) -> Int? {
        var position = end
        for _ in 0..<steps {
            guard sentence.joins(position) else { return nil }
            guard sentence.has(links, at: position) else { return position }
            position += 1
        }
        return sentence.joins(position) ? position : nil
    }

    /// Where the statement's clause begins: after a comma or a `but`, sixteen words back at most.
    func clauseStart(_ position: Int) -> Int {
        var start = position
        while start > sentence.start, position - start < 16, sentence.tokens[start].cut == .none,
            !sentence.has(.breaker, at: start - 1)
        {
            start -= 1
        }
        return start
    }

    /// The words after the statement in its clause, at most `count`.
    func after(_ match: Range<Int>, _ count: Int) -> Range<Int> {
        var end = match.upperBound
        while end < min(sentence.end, match.upperBound + count), sentence.joins(end),
            !sentence.has(.breaker, at: end)
        {
            end += 1
        }
        return match.upperBound..<end
    }

    /// Whether somebody speaks of himself, or of one particular person, in these words.
    func isPersonal(_ range: Range<Int>) -> Bool {
        range.contains { position in
            guard sentence.has([.speaker, .person], at: position) else { return false }
            if sentence.isWord(position, in: ["me", "our", "we"]) { return false }
            if sentence.isWord(position, "my"), sentence.isWord(position + 1, "age") { return false }
            if isGeneric(position) || isPointedAt(position) { return false }
            return !sentence.isWord(position - 1, "like")
        }
    }

    /// "septicemia of the newborn", "in a child": nobody in particular.
    private func isGeneric(_ position: Int) -> Bool {
        guard
            sentence.isWord(
                position, in: ["newborn", "baby", "child", "kid", "toddler", "adult", "woman", "man"])
        else {
            return false
        }
        let before = sentence.isWord(position - 1, in: ["a", "the"]) ? position - 2 : position - 1
        return sentence.isWord(before, in: ["of", "in", "for", "if", "when"])
    }

    /// "this tablet", "these eye drops": a thing is pointed at, no person.
    private func isPointedAt(_ position: Int) -> Bool {
        sentence.isWord(position, in: ["this", "these"])
            && (position + 1..<min(position + 3, sentence.end)).contains { sentence.has(.remedy, at: $0) }
    }

    /// "a bit faint", "a bit of a headache".
    private func isMild(_ match: Range<Int>) -> Bool {
        var before = match.lowerBound - 1
        if sentence.isWord(before, in: ["a", "an"]), sentence.isWord(before - 1, "of") { before -= 2 }
        return sentence.isWord(
            before,
            in: ["bit", "little", "slightly", "slight", "mild", "mildly", "somewhat", "minor"])
    }

    // MARK: Negation

    /// A negator among the words of the statement belongs to it: "I don't want | to be alive".
    func isNegated(_ match: Range<Int>, among parts: [Range<Int>]) -> Bool {
        if let negator = cue(.negator, before: match.lowerBound, over: .negatable),
            !parts.contains(where: { $0.contains(negator) })
        {
            return !isDoubled(negator, match)
        }
        if sentence.joins(match.lowerBound), sentence.has(.alternative, at: match.lowerBound - 1),
            isListed(before: match.lowerBound - 1)
        {
            return true
        }
        if isAnsweredNo(match.upperBound) { return true }
        guard let after = next(after: match.upperBound, over: .linking) else { return false }
        return sentence.has(.negatorAfter, at: after)
            || (sentence.isWord(after, "ruled") && sentence.isWord(after + 1, "out"))
    }

    /// "chest pain: none".
    private func isAnsweredNo(_ position: Int) -> Bool {
        guard position < sentence.end,
            sentence.has(.negatorAfter, at: position) || sentence.isWord(position, "no")
        else { return false }
        return position + 1 == sentence.end || sentence.tokens[position + 1].cut != .none
    }

    /// "I can't walk without chest pain" has the pain, and so has "never had chest pain like this before".
    private func isDoubled(_ negator: Int, _ match: Range<Int>) -> Bool {
        if sentence.isWord(negator, in: ["never", "havent", "not", "nothing"]),
            (match.upperBound..<min(match.upperBound + 4, sentence.end)).contains(where: {
                sentence.isWord(
                    $0,
                    in: [
                        "before", "like", "until", "till", "bad", "worse", "ago", "stop", "stopped", "going",
                    ])
            })
        {
            return true
        }
        guard sentence.isWord(negator, "without") else { return false }
        return (max(sentence.start, negator - 8)..<negator).contains { sentence.has(.unable, at: $0) }
    }

    /// "no fever or chest pain": the negator may stand up to three words before the `or`.
    private func isListed(before alternative: Int) -> Bool {
        var position = alternative
        for _ in 0..<4 {
            guard sentence.joins(position) else { return false }
            position -= 1
            if sentence.has(.listing, at: position) {
                return !sentence.isWord(alternative, "and")
                    || sentence.isWord(position, in: ["no", "without", "denies"])
            }
            if sentence.has([.speaker, .person], at: position) { return false }
        }
        return false
    }
}
