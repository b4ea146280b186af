// SPDX-License-Identifier: Apache-2.0

/// Whether the words next to a dangerous statement take it back, in the manner of the ConText algorithm.
///
/// A cancelling word stands next to the statement, with nothing between but words that may carry it ("no *signs of any*
/// chest pain"); it never reaches across a comma. Whatever is unclear stays an alarm.
struct SafetyScopes {
    let sentence: SafetySentence

    /// Whether the statement at `match` (word positions) is denied, past, supposed, taught, told or meant otherwise.
    func cancels(_ match: Range<Int>, grave: Bool) -> Bool {
        if isNegated(match) || isEducation(match) || isMedia(match) { return true }
        return !grave && (isPast(match) || isHypothetical(match) || isIdiom(match))
    }

    /// Whether the statement is about somebody else: the nearest person before it decides, else the nearest after it.
    func concernsOthers(_ match: Range<Int>) -> Bool {
        var position = match.upperBound - 1
        // Forty words are far enough, and keep a hostile megabyte linear.
        let first = max(sentence.start, match.lowerBound - 40)
        while position >= first {
            let inside = position >= match.lowerBound
            if !inside || !sentence.has(.filler, at: position) {
                if sentence.has(.speaker, at: position), !isPossessiveOfOther(position) { return false }
                if !inside, sentence.has(.other, at: position) { return true }
            }
            position -= 1
        }
        return (match.upperBound..<sentence.end).prefix(6).contains { sentence.has(.other, at: $0) }
    }

    /// "my patient", "my next patient".
    private func isPossessiveOfOther(_ position: Int) -> Bool {
        guard sentence.isWord(position, "my") else { return false }
        return (position + 1..<min(position + 3, sentence.end)).contains { sentence.has(.other, at: $0) }
    }

    // MARK: Looking around

    /// Walks left from the statement over words of `links` to the first word of `cue`; nil if anything else comes first.
    private func cue(_ cue: ScopeRole, before start: Int, over links: ScopeRole, steps: Int = 8) -> Int? {
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
    private func next(after end: Int, over links: ScopeRole, steps: Int = 4) -> Int? {
        var position = end
        for _ in 0..<steps {
            guard position < sentence.end, sentence.joins(position) else { return nil }
            guard sentence.has(links, at: position) else { return position }
            position += 1
        }
        return position < sentence.end && sentence.joins(position) ? position : nil
    }

    // MARK: Scopes

    private func isNegated(_ match: Range<Int>) -> Bool {
        if let negator = cue(.negator, before: match.lowerBound, over: .negatable) {
            return !isDoubled(negator)
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
        return position + 1 == sentence.end || sentence.words[position + 1].cut != .none
    }

    /// "I can't walk without chest pain" has the pain.
    private func isDoubled(_ negator: Int) -> Bool {
        guard sentence.isWord(negator, "without") else { return false }
        return (max(sentence.start, negator - 8)..<negator).contains { sentence.has(.unable, at: $0) }
    }

    /// "no fever or chest pain": the negator may stand up to three words before the `or`.
    private func isListed(before alternative: Int) -> Bool {
        var position = alternative
        for _ in 0..<4 {
            guard sentence.joins(position) else { return false }
            position -= 1
            if sentence.has(.listing, at: position) { return true }
            if sentence.has(.speaker, at: position) { return false }
        }
        return false
    }

    private func isPast(_ match: Range<Int>) -> Bool {
        if cue(.past, before: match.lowerBound, over: .pastLink) != nil { return true }
        if isUsedTo(match.lowerBound) || isOver(match.upperBound) { return true }
        guard let position = next(after: match.upperBound, over: .over) else { return false }
        return isLongAgo(position) || isLastLong(position) || isInYear(position) || isChildhood(position)
    }

    private func isUsedTo(_ start: Int) -> Bool {
        var position = start
        while sentence.joins(position), position > start - 5,
            sentence.has([.negatable, .filler], at: position - 1)
        {
            position -= 1
            if sentence.isWord(position, "to"), sentence.isWord(position - 1, "used") { return true }
        }
        return false
    }

    /// "the chest pain is gone", "has gone away".
    private func isOver(_ end: Int) -> Bool {
        guard let position = next(after: end, over: .linking) else { return false }
        if sentence.isWord(position, "went") { return sentence.isWord(position + 1, "away") }
        return ["gone", "resolved", "subsided"].contains { sentence.isWord(position, $0) }
    }

    /// "two years ago".
    ///
    /// Hours and days are not long: they are now.
    private func isLongAgo(_ start: Int) -> Bool {
        var position = start
        while position < min(start + 4, sentence.end), isAmount(position) { position += 1 }
        guard position < sentence.end, sentence.has(.longUnit, at: position) else { return false }
        return ["ago", "back", "earlier"].contains { sentence.isWord(position + 1, $0) }
    }

    private func isAmount(_ position: Int) -> Bool {
        sentence.has(.amount, at: position) || sentence.text.bytes[sentence.words[position].start] <= 0x39
    }

    private func isLastLong(_ position: Int) -> Bool {
        guard sentence.isWord(position, "last"), position + 1 < sentence.end else { return false }
        return ["year", "month", "summer", "winter", "spring", "autumn", "decade"].contains {
            sentence.isWord(position + 1, $0)
        }
    }

    private func isInYear(_ position: Int) -> Bool {
        guard sentence.isWord(position, "in"), position + 1 < sentence.end else { return false }
        let year = sentence.word(position + 1)
        return year.utf8.count == 4 && (year.hasPrefix("19") || year.hasPrefix("20")) && Int(year) != nil
    }

    /// "when I was a child", "as a kid".
    private func isChildhood(_ start: Int) -> Bool {
        guard sentence.isWord(start, "when") || sentence.isWord(start, "as") else { return false }
        return (start + 1..<min(start + 6, sentence.end)).contains { sentence.has(.childhood, at: $0) }
    }

    private func isHypothetical(_ match: Range<Int>) -> Bool {
        cue(.hypothetical, before: match.lowerBound, over: .hypotheticalLink) != nil
    }

    private func isEducation(_ match: Range<Int>) -> Bool {
        if isCompared(match) { return true }
        guard let cue = cue(.education, before: subjectStart(match.lowerBound), over: .educationLink),
            !hasSpeaker(in: match, cue), !sentence.isWord(cue + 1, "about")
        else { return false }
        return true
    }

    /// "the symptoms of *paracetamol* overdose": up to three words may belong to the subject, if `of` introduces them.
    private func subjectStart(_ start: Int) -> Int {
        var position = start
        for _ in 0..<4 {
            guard sentence.joins(position) else { return start }
            position -= 1
            if ["of", "about"].contains(where: { sentence.isWord(position, $0) }) { return position + 1 }
            if sentence.has([.speaker, .alternative], at: position) || sentence.isWord(position, "and") {
                return start
            }
        }
        return start
    }

    /// "the difference between a heart attack and cardiac arrest".
    private func isCompared(_ match: Range<Int>) -> Bool {
        let window = max(sentence.start, match.lowerBound - 10)..<match.lowerBound
        guard let between = window.last(where: { sentence.isWord($0, "between") }),
            sentence.isWord(between - 1, "difference")
        else { return false }
        return !(between..<match.lowerBound).contains { sentence.has(.speaker, at: $0) }
    }

    /// "what is this chest pain", "what are the symptoms of a stroke, I think I have one": not a lesson.
    private func hasSpeaker(in match: Range<Int>, _ cue: Int) -> Bool {
        (cue..<match.lowerBound).contains { ["my", "this", "i"].contains(sentence.word($0)) }
            || (match.upperBound..<min(match.upperBound + 40, sentence.end)).contains {
                sentence.has(.speaker, at: $0)
            }
    }

    private func isMedia(_ match: Range<Int>) -> Bool {
        if cue(.media, before: match.lowerBound, over: .mediaLink) != nil { return true }
        guard sentence.isWord(match.upperBound, "in"), sentence.joins(match.upperBound),
            let position = next(after: match.upperBound, over: .article)
        else { return false }
        return sentence.has(.media, at: position)
    }

    private func isIdiom(_ match: Range<Int>) -> Bool {
        if cue(.idiom, before: match.lowerBound, over: .idiomLink) != nil { return true }
        guard match.upperBound < sentence.end, sentence.joins(match.upperBound) else { return false }
        let position = match.upperBound
        if sentence.isWord(position, "of") {
            return ["luck", "genius", "midnight", "inspiration"].contains {
                sentence.isWord(position + 1, $0)
            }
        }
        guard
            ["when", "at", "seeing", "after", "over", "from"].contains(where: {
                sentence.isWord(position, $0)
            })
        else { return false }
        return (position..<min(position + 8, sentence.end)).contains { sentence.has(.oddity, at: $0) }
    }
}
