// SPDX-License-Identifier: Apache-2.0

/// What is long past, over, or only supposed.
extension SafetyScopes {
    func isPast(_ match: Range<Int>, grave: Bool) -> Bool {
        if isUsedTo(match.lowerBound) || isFollowedUp(match) || isLostTo(match) { return true }
        var end = after(match, 12).upperBound
        // "I was stabbed once, long ago"
        if end < sentence.end, sentence.tokens[end].cut == .soft,
            (end..<min(end + 4, sentence.end)).contains(where: { isLongPast($0) })
        {
            end = after(match.lowerBound..<end + 1, 4).upperBound
        }
        // "I fainted once, that was ten years ago"
        if end < sentence.end, sentence.isWord(end, in: ["that", "it", "this"]),
            sentence.isWord(end + 1, "was")
        {
            end = after(match.lowerBound..<end + 1, 8).upperBound
        }
        // What comes after an `and` is another matter, unless so much is at stake.
        if !grave {
            end = (match.upperBound..<end).first { sentence.isWord($0, in: ["and", "so", "then"]) } ?? end
        }
        let clause = clauseStart(match.lowerBound)..<end
        guard
            !clause.contains(where: {
                !match.contains($0) && sentence.has(.present, at: $0) && !isBackInTime($0)
                    && !(sentence.isWord($0, "since") && sentence.isWord($0 + 1, "then"))
            })
        else { return false }
        if sentence.tokens[match.lowerBound].cut == .soft, sentence.isWord(match.lowerBound - 1, "history") {
            return true
        }
        if let cue = cue(.past, before: match.lowerBound, over: .pastLink), isPastCue(cue) { return true }
        return clause.contains { position in
            !match.contains(position) && distance(position, match) <= 9 && isLongPast(position)
                && !isCrossing(position, match)
        }
    }

    /// "follow up for my broken arm", "the review of my stroke".
    private func isFollowedUp(_ match: Range<Int>) -> Bool {
        let near = max(clauseStart(match.lowerBound), match.lowerBound - 5)..<match.lowerBound
        guard
            let cue = near.last(where: { sentence.isWord($0, in: ["for", "of", "after", "about", "from"]) })
        else {
            return false
        }
        if sentence.isWord(cue, in: ["after", "from"]), isAftercare(before: cue) { return true }
        return (max(sentence.start, cue - 2)..<cue).contains {
            sentence.isWord(
                $0, in: ["up", "followup", "checkup", "review", "results", "rehab", "physio", "letter"])
        }
    }

    /// "discharged last week after", "when can I drive again after": whoever asks this is past the worst.
    private func isAftercare(before cue: Int) -> Bool {
        (max(sentence.start, cue - 5)..<cue).contains {
            sentence.isWord(
                $0, in: ["discharged", "recovering", "recovery", "recover", "rehab", "convalescing"])
                || (sentence.isWord(
                    $0, in: ["drive", "driving", "fly", "flying", "exercise", "work", "exercising"])
                    && (sentence.isWord($0 + 1, "again") || sentence.isWord($0 - 2, "back")))
        }
    }

    /// "I lost my brother to suicide".
    private func isLostTo(_ match: Range<Int>) -> Bool {
        sentence.isWord(match.lowerBound - 1, in: ["to", "from"])
            && (max(sentence.start, match.lowerBound - 6)..<match.lowerBound).contains {
                sentence.isWord($0, "lost")
            }
    }

    /// "after" alone says nothing: "chest pain after my heart attack" would be.
    private func isPastCue(_ cue: Int) -> Bool {
        if sentence.isWord(cue, in: ["after", "following"]) {
            return (max(sentence.start, cue - 4)..<cue).contains {
                sentence.isWord($0, in: ["up", "followup", "checkup", "physio", "rehab", "recovery"])
            }
        }
        if sentence.isWord(cue, in: ["died", "die", "dies", "passed"]) {
            return (cue + 1..<min(cue + 3, sentence.end)).contains {
                sentence.isWord($0, in: ["of", "from"])
            }
        }
        if sentence.isWord(cue, "lost") { return false }
        return !sentence.isWord(cue, "old") || sentence.isWord(cue - 1, in: ["my", "an", "the"])
    }

    /// "back in 2019" and "years back" are no return.
    private func isBackInTime(_ position: Int) -> Bool {
        guard sentence.isWord(position, "back") else { return false }
        return sentence.isWord(position + 1, in: ["in", "when"]) || sentence.has(.longUnit, at: position - 1)
    }

    private func distance(_ position: Int, _ match: Range<Int>) -> Int {
        position < match.lowerBound ? match.lowerBound - position : position - match.upperBound + 1
    }

    /// Two statements joined by `and`: the time belongs to the other one.
    private func isCrossing(_ position: Int, _ match: Range<Int>) -> Bool {
        let between = position < match.lowerBound ? position..<match.lowerBound : match.upperBound..<position
        return between.contains { sentence.isWord($0, in: ["and", "then", "so"]) }
    }

    private func isLongPast(_ position: Int) -> Bool {
        isLongAgo(position) || isLastLong(position) || isInYear(position) || isChildhood(position)
            || isAtAge(position)
            || isInLife(position)
    }

    /// "in my forties", "in the war", "in my first pregnancy".
    private func isInLife(_ position: Int) -> Bool {
        sentence.isWord(position, in: ["in", "during"])
            && (position + 1..<min(position + 4, sentence.end)).contains {
                sentence.isWord(
                    $0,
                    in: [
                        "twenties", "thirties", "forties", "fifties", "sixties", "teens", "20s", "30s", "40s",
                        "50s", "war",
                        "childhood", "youth", "first", "last", "previous",
                    ])
            }
    }

    /// "will I bleed", "would I feel chest pain during the test", "could I have a stroke in my sleep".
    private func isExpected(_ match: Range<Int>) -> Bool {
        let start = clauseStart(match.lowerBound)
        let isAskedOfSomeTime =
            sentence.isWord(start, in: ["could", "can"])
            && sentence.isWord(match.upperBound, in: ["in", "during", "while", "from"])
        return (sentence.isWord(start, in: ["will", "would"]) || isAskedOfSomeTime)
            && sentence.isWord(start + 1, in: ["i", "it", "there"])
            && match.lowerBound - start <= 4
    }

    private func isUsedTo(_ start: Int) -> Bool {
        var position = start
        while sentence.joins(position), position > start - 5,
            sentence.has([.negatable, .filler], at: position - 1)
        {
            position -= 1
            if sentence.isWord(position, "to"), sentence.isWord(position - 1, "used") { return true }
        }
        return sentence.isWord(start - 1, "used")
    }

    /// "two years ago", "years back", "long ago".
    ///
    /// Hours and days are not long: they are now. Nor is one week.
    private func isLongAgo(_ position: Int) -> Bool {
        if sentence.isWord(position, "before"), sentence.isWord(position + 2, "was"),
            sentence.isWord(position + 3, "born")
        {
            return true
        }
        guard sentence.isWord(position, in: ["ago", "back", "earlier"]) else { return false }
        if sentence.isWord(position - 1, "long") { return true }
        guard sentence.has(.longUnit, at: position - 1) else { return false }
        return !sentence.isWord(position - 1, in: ["week", "weeks"])
    }

    private func isLastLong(_ position: Int) -> Bool {
        sentence.isWord(position, "last")
            && sentence.isWord(
                position + 1,
                in: [
                    "year", "month", "summer", "winter", "spring", "autumn", "decade", "christmas", "january",
                    "easter",
                ])
    }

    private func isInYear(_ position: Int) -> Bool {
        guard sentence.isWord(position, in: ["in", "since", "from"]), position + 1 < sentence.end else {
            return false
        }
        let value = sentence.tokens[position + 1].value
        if value >= 1900 && value <= 2100 { return true }
        return sentence.isWord(
            position + 1,
            in: [
                "january", "february", "march", "april", "june", "july", "august", "september", "october",
                "november",
                "december",
            ])
    }

    /// "when I was a child", "as a kid".
    private func isChildhood(_ position: Int) -> Bool {
        guard sentence.isWord(position, in: ["when", "as", "in", "at"]) else { return false }
        guard
            (position + 1..<min(position + 6, sentence.end)).contains(where: {
                sentence.has(.childhood, at: $0)
            })
        else { return false }
        if sentence.isWord(position, in: ["in", "at"]) { return sentence.isWord(position - 1, "back") }
        return sentence.isWord(position, "as") && sentence.isWord(position + 1, in: ["a", "an", "my"])
            || (position..<min(position + 4, sentence.end)).contains {
                sentence.isWord($0, in: ["was", "were"])
            }
    }

    /// "when I was 12", "at age 6".
    private func isAtAge(_ position: Int) -> Bool {
        guard sentence.isWord(position, in: ["when", "age", "aged"]) else { return false }
        return (position + 1..<min(position + 4, sentence.end)).contains {
            sentence.tokens[$0].value >= 2 && sentence.tokens[$0].value <= 60
                && (!sentence.isWord(position, "when") || sentence.isWord($0 - 1, "was"))
        }
    }

    /// "the chest pain is gone", "but he is fine now".
    func isOver(_ match: Range<Int>) -> Bool {
        var position = match.upperBound
        let limit = min(sentence.end, match.upperBound + 7)
        while position < limit, sentence.tokens[position].cut != .hard {
            if sentence.has(.over, at: position), isVerdict(position, match) {
                return !(position + 1..<min(position + 5, sentence.end)).contains {
                    sentence.isWord($0, in: ["again", "back", "started", "but", "still", "blue"])
                }
            }
            position += 1
        }
        return false
    }

    /// The word must say of the statement that it is over: "it's gone", not "my voice is gone".
    private func isVerdict(_ position: Int, _ match: Range<Int>) -> Bool {
        if sentence.isWord(position, "stopped"),
            sentence.isWord(position + 1, in: ["breathing", "moving", "responding"])
        {
            return false
        }
        let between = match.upperBound..<position
        if (between).contains(where: { sentence.has(.negator, at: $0) || sentence.has(.unable, at: $0) }) {
            return false
        }
        return between.allSatisfy {
            sentence.has([.linking, .filler, .breaker], at: $0)
                || sentence.isWord(
                    $0,
                    in: [
                        "its", "it", "hes", "shes", "im", "i", "he", "she", "am", "and", "that", "feel",
                        "feels", "seems",
                        "yesterday", "earlier", "today", "for", "minute", "they", "we",
                    ])
        }
    }

    /// "what should I do if my son has a seizure at school".
    private func isPlannedFor(_ match: Range<Int>) -> Bool {
        let start = clauseStart(match.lowerBound)
        guard sentence.has(.asking, at: start),
            (start..<match.lowerBound).contains(where: { sentence.isWord($0, "if") }),
            sentence.isWord(match.upperBound, in: ["at", "in", "on", "during", "while"])
        else { return false }
        return (match.upperBound..<min(match.upperBound + 4, sentence.end)).contains {
            sentence.isWord(
                $0,
                in: [
                    "school", "work", "night", "nursery", "class", "public", "holiday", "flight", "plane",
                    "journey",
                ])
        }
    }

    func isHypothetical(_ match: Range<Int>) -> Bool {
        if isExpected(match) { return true }
        if cue(.hypothetical, before: match.lowerBound, over: .hypotheticalLink) != nil { return true }
        if isPlannedFor(match) { return true }
        let start = clauseStart(match.lowerBound)
        let clause = start..<match.lowerBound
        guard !clause.contains(where: { sentence.has(.present, at: $0) }) else { return false }
        return clause.contains { position in
            (sentence.isWord(position, "if") && sentence.isWord(position - 1, "what"))
                || (sentence.isWord(position, "case") && sentence.isWord(position - 1, "in"))
                || (sentence.isWord(position, in: ["worried", "afraid", "scared", "fear", "worry"])
                    && (position..<match.lowerBound).contains {
                        sentence.isWord($0, in: ["might", "could", "may", "would", "will", "getting"])
                            || (sentence.isWord($0, "of")
                                && sentence.isWord($0 - 1, in: ["scared", "afraid"]))
                    })
        }
            || (clause.contains { sentence.isWord($0, "if") }
                && clause.contains { sentence.isWord($0, "ever") })
    }
}
