// SPDX-License-Identifier: Apache-2.0

import Intents

/// Lets a model's words out: whole sentences, cleaned and checked, or what there is when the wait is over.
///
/// Where nothing needs a whole sentence, nothing is held back.
struct OutputGate: Sendable {
    /// So long, and no longer, words wait for the end of their sentence.
    static let patience = Duration.milliseconds(200)
    /// A text that goes on without an end of a sentence for so many bytes is let out as it is: looking for the
    /// end again with each piece must not cost more than the answer.
    static let longestSentence = 4096
    /// Stands in the place of an address that may not be shown.
    static let removed = "[link removed]"

    /// Words that may be seen now.
    struct Release: Sendable, Hashable {
        var text = ""
        /// Set when the safety floor has stopped the answer.
        var finding: SafetyFinding?
        /// True when nothing more is let out.
        var isEnded = false
        /// True when the answer was longer than it may be.
        var isTooLong = false
    }

    private let rules: OutputRules
    private let check: (@Sendable (String) -> SafetyFinding?)?
    private var held = ""
    /// The sentence that is going out, as far as it is out.
    private var sentence = ""
    private var count = 0
    private var isEnded = false

    /// A gate with these rules; `check` is the safety floor, if it reads along.
    init(_ rules: OutputRules, check: (@Sendable (String) -> SafetyFinding?)?) {
        self.rules = rules
        self.check = rules.isScreened ? check : nil
    }

    /// True while words wait for the end of their sentence.
    var holdsBack: Bool { !held.isEmpty && !isEnded }

    /// Bytes that wait.
    var heldBytes: Int { held.utf8.count }

    private var needsSentences: Bool { check != nil || rules.links != .all }

    /// Takes words.
    mutating func take(_ piece: String) -> Release {
        guard !isEnded else { return Release(isEnded: true) }
        let clean = piece.withoutControls
        guard needsSentences else { return out(clean) }
        held += clean
        guard let end = held.endOfLastSentence else {
            return held.utf8.count > Self.longestSentence ? release(upTo: held.endIndex) : Release()
        }
        return release(upTo: end)
    }

    /// The wait is over: whole words go out.
    mutating func hurry() -> Release {
        guard !isEnded, let end = held.lastIndex(where: \.isWhitespace) else { return Release() }
        return release(upTo: held.index(after: end))
    }

    /// The answer has ended: everything goes out.
    mutating func finish() -> Release {
        guard !isEnded else { return Release(isEnded: true) }
        return release(upTo: held.endIndex)
    }

    private mutating func release(upTo end: String.Index) -> Release {
        let part = String(held[..<end])
        held = String(held[end...])
        guard let check else { return out(part.showing(rules.links)) }
        // Sentence by sentence, so that what stands before the alarm is still said.
        var said = ""
        for piece in part.sentences {
            sentence += piece
            if let finding = check(sentence), finding.level == .emergency {
                var release = out(said.showing(rules.links))
                (isEnded, held) = (true, "")
                (release.finding, release.isEnded) = (finding, true)
                return release
            }
            said += piece
            if piece.endOfLastSentence == piece.endIndex || sentence.utf8.count > Self.longestSentence {
                sentence = ""
            }
        }
        return out(said.showing(rules.links))
    }

    private mutating func out(_ text: String) -> Release {
        let size = text.unicodeScalars.count
        guard count + size > rules.maxCharacters else {
            count += size
            return Release(text: text)
        }
        let left = text.unicodeScalars.prefix(rules.maxCharacters - count)
        (isEnded, held, count) = (true, "", rules.maxCharacters)
        return Release(text: String(String.UnicodeScalarView(left)), isEnded: true, isTooLong: true)
    }
}

extension String {
    /// Without what moves the cursor or turns the writing round; line feeds and tabs stay.
    var withoutControls: String {
        let isClean = utf8.allSatisfy { ($0 >= 0x20 && $0 < 0x7F) || $0 == 0x0A || $0 == 0x09 }
        if isClean { return self }
        return String(String.UnicodeScalarView(unicodeScalars.filter { !$0.isControl }))
    }

    /// Behind the last sentence that has ended; nil when none has.
    fileprivate var endOfLastSentence: String.Index? {
        var end: String.Index?
        var isAfterStop = false
        for index in indices {
            let character = self[index]
            if character.isNewline || (isAfterStop && character.isWhitespace) || "。！？".contains(character) {
                end = self.index(after: index)
            }
            isAfterStop = ".!?".contains(character) || (isAfterStop && "\"')*”’".contains(character))
        }
        return end
    }

    /// Cut behind each sentence, and the rest.
    fileprivate var sentences: [String] {
        var rest = self[...]
        var found: [String] = []
        while !rest.isEmpty {
            var end = rest.startIndex
            var piece = Substring()
            while end < rest.endIndex {
                end = rest.index(after: end)
                piece = rest[..<end]
                if piece.last.map({ $0.isWhitespace || "。！？".contains($0) }) == true,
                    String(piece).endOfLastSentence == String(piece).endIndex
                {
                    break
                }
            }
            found.append(String(piece))
            rest = rest[end...]
        }
        return found
    }

    /// With a word in place of each address that may not be shown.
    fileprivate func showing(_ links: OutputRules.Links) -> String {
        if links == .all { return self }
        var out = ""
        var word = ""
        for character in self {
            guard character.isWhitespace || "()[]<>\"".contains(character) else {
                word.append(character)
                continue
            }
            out += word.asLink(links)
            word = ""
            out.append(character)
        }
        return out + word.asLink(links)
    }

    private func asLink(_ links: OutputRules.Links) -> String {
        let small = lowercased()
        guard let start = ["https://", "http://", "www."].first(where: small.hasPrefix) else { return self }
        let rest = start == "www." ? small[...] : small.dropFirst(start.count)
        let authority = rest.prefix { !"/?#".contains($0) }
        // What stands before an `@` is a name to log in with, not the host.
        let host = (authority.split(separator: "@").last ?? "").prefix { $0 != ":" }
        let bare = host.reversed().drop { ".,;:!".contains($0) }.reversed()
        return links.allows(String(bare)) ? self : OutputGate.removed
    }
}

extension Unicode.Scalar {
    fileprivate var isControl: Bool {
        switch value {
        case 0x09, 0x0A: false
        case 0...0x1F, 0x7F...0x9F, 0x202A...0x202E, 0x2066...0x2069, 0xFEFF, 0x2028, 0x2029: true
        default: false
        }
    }
}
