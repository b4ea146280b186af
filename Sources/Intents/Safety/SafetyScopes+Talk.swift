// SPDX-License-Identifier: Apache-2.0

/// What is taught, told, asked for from records, said of an animal or a machine, or a turn of speech.
extension SafetyScopes {
    // MARK: Teaching

    /// "what are the symptoms of a stroke?" is a lesson as long as nobody in particular has one.
    func teaching(_ match: Range<Int>) -> Verdict {
        let start = questionStart(match)
        let rest = match.upperBound..<min(match.upperBound + 40, sentence.end)
        if isTopic(match) { return .cancelled }
        if isIfAnyone(start, match) || isIfEver(start, match), !isUrged(rest) { return .cancelled }
        let isBare =
            sentence.isWord(start, "what") && sentence.has(.auxiliary, at: start + 1)
            && match.lowerBound <= start + 3
        if (!isBare && isPersonal(match)) || isPersonal(rest) || isCallForHelp(rest) { return .alarm }
        if isRemedySought(start, match) { return .cancelled }
        if isGeneralQuestion(start, match) { return .cancelled }
        var position = match.lowerBound
        while position > start {
            position -= 1
            if sentence.has([.speaker, .person], at: position), !isAsker(position) { break }
            if let verdict = lesson(position, start, match) { return verdict }
        }
        return .alarm
    }

    /// "if he ever stops breathing, what do we do": wants to be taught in time.
    private func isIfEver(_ start: Int, _ match: Range<Int>) -> Bool {
        (start..<match.lowerBound).contains { position in
            sentence.isWord(position, "if")
                && (position + 1..<min(position + 5, match.lowerBound)).contains {
                    sentence.isWord($0, "ever")
                }
        }
    }

    /// Somebody needs help this moment: then "if someone is choking" is no lesson.
    private func isUrged(_ range: Range<Int>) -> Bool {
        range.contains { sentence.has([.plea, .present], at: $0) }
    }

    /// "what to do for toothpaste overdose": the heading of a page, if it says more than the statement.
    private func isRemedySought(_ start: Int, _ match: Range<Int>) -> Bool {
        guard sentence.isWord(start, "what"), sentence.isWord(start + 1, "to"),
            sentence.isWord(start + 3, "for")
        else {
            return false
        }
        return (start + 4..<max(start + 4, match.lowerBound)).contains { sentence.tokens[$0].number < 0 }
    }

    /// Where the clause begins; a question in general also governs what it lists after commas and brackets.
    private func questionStart(_ match: Range<Int>) -> Int {
        let start = clauseStart(match.lowerBound)
        guard start > sentence.start, start - sentence.start < 24,
            sentence.has([.asking, .auxiliary], at: sentence.start),
            !isPersonal(sentence.start..<start)
        else { return start }
        let opening = sentence.start..<start
        let isBare = opening.allSatisfy { sentence.has([.asking, .auxiliary], at: $0) } && opening.count >= 2
        return isBare || opening.contains { sentence.has([.subject, .teaching], at: $0) }
            ? sentence.start : start
    }

    /// "tell me", "how do I tell": the one who asks, not the one who suffers.
    private func isAsker(_ position: Int) -> Bool {
        if sentence.isWord(position, "me") { return true }
        // "what tests do they do for", "how do you treat": nobody in particular.
        if sentence.isWord(position, in: ["they", "you"]),
            sentence.isWord(position - 1, in: ["do", "can", "would"]),
            (max(sentence.start, position - 4)..<position).contains(where: { sentence.has(.asking, at: $0) })
        {
            return true
        }
        guard sentence.isWord(position, in: ["i", "we"]) else { return false }
        return sentence.has(.auxiliary, at: position - 1)
            && sentence.isWord(position - 2, in: ["how", "where", "what"])
            && sentence.isWord(
                position + 1,
                in: [
                    "tell", "know", "recognise", "recognize", "spot", "prevent", "avoid", "lower", "reduce",
                    "learn", "find",
                    "help", "treat",
                ])
    }

    private func isCallForHelp(_ range: Range<Int>) -> Bool {
        range.contains {
            sentence.has(.plea, at: $0) && !sentence.isWord($0, in: ["urgent", "quick", "help", "please"])
        }
    }

    private func lesson(_ position: Int, _ start: Int, _ match: Range<Int>) -> Verdict? {
        if sentence.has(.teaching, at: position) { return isHad(position) ? nil : .cancelled }
        if sentence.isWord(position, "about"), isAboutIt(position, start) { return .cancelled }
        if sentence.has(.subject, at: position), position <= start + 3 || isAskedFor(position, start),
            !isHad(position)
        {
            return .cancelled
        }
        guard sentence.has(.asking, at: position), isOpening(position, start), !isWhatToDo(position) else {
            return nil
        }
        if sentence.isWord(position + 1, in: ["about", "if"]) { return nil }
        if sentence.isWord(position, "who"), position > start { return nil }
        let isRemedy = (position..<match.lowerBound).contains {
            sentence.isWord($0, in: ["stop", "save", "help", "treat"]) && sentence.isWord(position, "how")
                && !sentence.isWord(position + 1, in: ["is", "are"]) && !sentence.isWord(position + 2, "they")
        }
        return isRemedy ? .doubtful : .cancelled
    }

    /// "tell me about meningitis", "a question about seizures".
    private func isAboutIt(_ position: Int, _ start: Int) -> Bool {
        // "the play is about suicide"
        if sentence.isWord(position - 1, in: ["is", "was"]), position - start >= 3,
            !(start..<position).contains(where: { sentence.has([.speaker, .person], at: $0) })
        {
            return true
        }
        return (max(start, position - 3)..<position).contains {
            sentence.isWord(
                $0,
                in: [
                    "tell", "talk", "know", "learn", "read", "reading", "question", "questions", "taught",
                    "course",
                ])
        }
    }

    /// "tell me the early warning signs of": nobody in particular stands between the request and its subject.
    private func isAskedFor(_ subject: Int, _ start: Int) -> Bool {
        guard subject <= start + 6,
            sentence.isWord(start, in: ["tell", "give", "list", "describe", "what", "whats", "which"])
        else { return false }
        return !(start..<subject).contains {
            (sentence.has([.speaker, .person], at: $0) && !isAsker($0)) || sentence.isWord($0, "if")
        }
    }

    /// "I have symptoms of a stroke" is no lesson.
    private func isHad(_ position: Int) -> Bool {
        (max(sentence.start, position - 4)..<position).contains { sentence.has(.having, at: $0) }
            && !(max(sentence.start, position - 4)..<position).contains { sentence.has(.asking, at: $0) }
            && !(max(sentence.start, position - 6)..<position).contains {
                sentence.isWord($0, in: ["you", "show", "give"])
            }
    }

    /// Only polite words stand before the question word: "can you tell me what ...".
    private func isOpening(_ position: Int, _ start: Int) -> Bool {
        (start..<position).allSatisfy {
            sentence.has([.auxiliary, .asking], at: $0)
                || sentence.isWord(
                    $0,
                    in: [
                        "you", "tell", "me", "please", "hi", "hello", "so", "i", "want", "to", "know", "like",
                        "us",
                        "asked", "asking", "wondering", "curious", "the", "in", "of", "ok", "hey", "id",
                        "would", "just",
                    ])
        }
    }

    /// "what do I do", "what now": asks what to do at once.
    private func isWhatToDo(_ position: Int) -> Bool {
        guard sentence.isWord(position, "what") else { return false }
        if sentence.isWord(position + 1, in: ["now", "happened", "should", "can", "must", "to"]) {
            return true
        }
        return sentence.isWord(position + 1, in: ["do", "is"])
            && sentence.isWord(position + 2, in: ["i", "happening", "going"])
    }

    /// "what should I do if someone is choking".
    private func isIfAnyone(_ start: Int, _ match: Range<Int>) -> Bool {
        let near = max(start, match.lowerBound - 5)..<match.lowerBound
        guard let anyone = near.last(where: { sentence.has(.anyone, at: $0) }) else { return false }
        return (max(start, anyone - 2)..<anyone).contains {
            sentence.isWord($0, in: ["if", "when", "suppose", "put"])
        }
    }

    /// "can stress cause chest pain", "are seizures dangerous", "is a stroke hereditary".
    private func isGeneralQuestion(_ start: Int, _ match: Range<Int>) -> Bool {
        guard sentence.has([.auxiliary, .asking], at: start), !isPersonal(start..<match.lowerBound) else {
            return false
        }
        if (start..<match.lowerBound).contains(where: { sentence.has(.causing, at: $0) }) { return true }
        if sentence.isWord(start + 1, "it"), sentence.has(.quality, at: start + 2) { return true }
        if isAskedOfAnyone(start, match) { return true }
        return after(match, 4).contains { sentence.has(.quality, at: $0) }
    }

    /// "can you get sepsis from a cut": you are nobody in particular.
    private func isAskedOfAnyone(_ start: Int, _ match: Range<Int>) -> Bool {
        let isAboutMany = sentence.isWord(
            start + 1, in: ["people", "children", "kids", "adults", "babies", "toddlers", "women", "men"])
        if isAboutMany, match.lowerBound == start + 2 { return true }
        return (isAboutMany || sentence.isWord(start + 1, in: ["you", "one"]))
            && match.lowerBound <= start + 5
            && sentence.isWord(
                start + 2, in: ["get", "have", "die", "develop", "catch", "survive", "recover"])
            && !sentence.isWord(start + 3, in: ["me", "him", "her", "us", "help", "someone"])
    }

    /// "stroke clinic", "suicide prevention".
    private func isTopic(_ match: Range<Int>) -> Bool {
        sentence.joins(match.upperBound) && sentence.has(.topic, at: match.upperBound)
    }

    // MARK: Media and records

    func isMedia(_ match: Range<Int>) -> Bool {
        let start = clauseStart(match.lowerBound)
        if let medium = (start..<match.lowerBound).last(where: { sentence.has(.media, at: $0) }),
            isStory(medium)
        {
            let between = medium + 1..<match.lowerBound
            if !between.contains(where: { isOwn($0) }), !match.contains(where: { isOwn($0) }) { return true }
        }
        let following = after(match, 6)
        guard let medium = following.first(where: { sentence.has(.media, at: $0) }) else { return false }
        return (following.lowerBound - 1..<medium).contains { sentence.isWord($0, in: ["in", "on", "at"]) }
            && !(following.lowerBound..<medium).contains { isOwn($0) && !sentence.isWord($0, "my") }
    }

    private func isStory(_ medium: Int) -> Bool {
        !sentence.isWord(medium, in: ["show", "story", "scene"])
            || !sentence.isWord(medium + 1, in: ["me", "of"])
    }

    /// "my character" is no person; "my chest" is one's own.
    private func isOwn(_ position: Int) -> Bool {
        guard
            sentence.has(.speaker, at: position)
                || sentence.isWord(position, in: ["mum", "dad", "mom", "hes", "shes"])
        else {
            return false
        }
        return !(position + 1..<min(position + 3, sentence.end)).contains { sentence.has(.media, at: $0) }
            && !sentence.isWord(position, in: ["were", "me"])
    }

    /// "show me patients with chest pain".
    func isQuery(_ match: Range<Int>) -> Bool {
        let start = clauseStart(match.lowerBound)
        guard
            let record = (start..<sentence.end).first(where: {
                $0 < match.upperBound + 6 && sentence.has(.records, at: $0)
            })
        else { return false }
        if sentence.isWord(record - 1, "my"), !sentence.isWord(record - 2, in: ["of", "for", "which"]) {
            return false
        }
        guard
            (start..<min(start + 6, match.lowerBound)).contains(where: {
                sentence.has(.query, at: $0) || sentence.has(.records, at: $0)
            })
        else { return false }
        return !(start..<match.lowerBound).contains {
            sentence.isWord($0, in: ["i", "ive", "im"])
                && sentence.isWord($0 + 1, in: ["have", "had", "think"])
        }
    }

    // MARK: Subjects

    /// "my dog is choking", "the server is not responding".
    func isOfAnimalOrThing(_ match: Range<Int>) -> Bool {
        if let subject = cue([.animal, .thing], before: match.lowerBound, over: .subjectLink, steps: 6) {
            return !isAttacker(subject)
        }
        let start = clauseStart(match.lowerBound)
        guard
            let animal = (start..<min(sentence.end, match.upperBound + 6)).first(where: {
                sentence.has(.animal, at: $0) && (!match.contains($0) || isOwned($0))
            }), animal <= start + 5 || sentence.isWord(animal - 1, in: ["my", "the", "our", "for"]),
            !isAttacker(animal)
        else { return false }
        return !(start..<min(sentence.end, match.upperBound + 8)).contains { position in
            guard sentence.has([.speaker, .person], at: position), position != animal else { return false }
            if sentence.isWord(
                position, in: ["he", "she", "hes", "shes", "his", "her", "this", "these", "they"])
            {
                return false
            }
            return !sentence.isWord(position, in: ["my", "our"]) || !isBefore(animal, position)
        }
    }

    /// "my kitten fell off the balcony": the animal is one that the statement is about, not what caused it.
    private func isOwned(_ animal: Int) -> Bool { sentence.isWord(animal - 1, in: ["my", "our"]) }

    private func isBefore(_ animal: Int, _ position: Int) -> Bool {
        animal > position && animal - position <= 2
    }

    private func isAttacker(_ animal: Int) -> Bool {
        (animal + 1..<min(animal + 3, sentence.end)).contains {
            sentence.has(.attack, at: $0)
                && !(sentence.isWord($0, "jumped") && sentence.isWord($0 + 1, in: ["from", "off", "out"]))
        }
            || sentence.isWord(animal - 1, in: ["by", "off", "from"])
            || sentence.isWord(animal - 2, in: ["by", "off", "from"])
    }

    /// Whether the statement is about somebody else: the nearest person before it decides, else the nearest after it.
    func concernsOthers(_ match: Range<Int>) -> Bool {
        var position = match.upperBound - 1
        // Forty words are far enough, and keep a hostile megabyte linear.
        let first = max(sentence.start, match.lowerBound - 40)
        while position >= first {
            let inside = position >= match.lowerBound
            if !inside || !sentence.has(.filler, at: position) {
                if sentence.has(.speaker, at: position), !sentence.isWord(position, in: ["me", "were"]),
                    !isPossessiveOfOther(position)
                {
                    return false
                }
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

    // MARK: Turns of speech

    func isIdiom(_ match: Range<Int>) -> Bool {
        if let cue = cue(.idiom, before: match.lowerBound, over: .idiomLink) {
            // "nearly drowned" is no turn of speech, "nearly had a heart attack" is.
            return !sentence.isWord(cue, in: ["nearly", "almost"])
                || sentence.isWord(cue + 1, in: ["had", "have", "having", "got", "gave", "give"])
        }
        guard sentence.joins(match.upperBound) else { return false }
        let position = match.upperBound
        if sentence.isWord(position, "of") {
            return sentence.isWord(
                position + 1,
                in: ["luck", "genius", "midnight", "inspiration", "boredom", "embarrassment", "curiosity"])
        }
        guard sentence.isWord(position, in: ["when", "at", "seeing", "after", "over", "from"]) else {
            return false
        }
        return (position..<min(position + 8, sentence.end)).contains { sentence.has(.oddity, at: $0) }
    }
}
