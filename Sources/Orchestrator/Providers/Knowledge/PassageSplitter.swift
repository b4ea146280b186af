// SPDX-License-Identifier: Apache-2.0

/// Takes a document apart: a passage never crosses a heading, and holds whole paragraphs where it can.
struct PassageSplitter {
    /// The most characters of a passage: two or three short paragraphs, what one chat message can carry.
    static let limit = 800

    private let source: String
    private var passages: [KnowledgePassage] = []
    private var headings: [(level: Int, title: String)] = []
    private var paragraph: [Substring] = []
    private var gathered = ""
    private var isInFence = false

    private init(source: String) { self.source = source }

    /// The passages of a document, in order.
    static func passages(of document: KnowledgeDocument) -> [KnowledgePassage] {
        var splitter = PassageSplitter(source: document.source)
        for line in body(of: document.text) { splitter.read(line) }
        splitter.endSection()
        return splitter.passages
    }

    // Without the YAML block that some editors put on top.
    private static func body(of text: String) -> ArraySlice<Substring> {
        let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        guard lines.first == "---", let end = lines.dropFirst().firstIndex(of: "---") else {
            return lines[...]
        }
        return lines[(end + 1)...]
    }

    private mutating func read(_ line: Substring) {
        let trimmed = line.trimmed
        if trimmed.hasPrefix("```") || trimmed.hasPrefix("~~~") {
            isInFence.toggle()
            paragraph.append(line)
        } else if isInFence {
            paragraph.append(line)
        } else if trimmed.isEmpty {
            endParagraph()
        } else if trimmed.hasPrefix("<!--"), trimmed.hasSuffix("-->") {
            return
        } else if let level = Self.headingLevel(trimmed) {
            begin(Self.title(trimmed), level: level)
        } else if paragraph.count == 1, let level = Self.underlineLevel(trimmed),
            let title = paragraph.popLast()
        {
            begin(String(title.trimmed), level: level)
        } else {
            paragraph.append(line)
        }
    }

    private mutating func begin(_ title: String, level: Int) {
        endSection()
        headings.removeAll { $0.level >= level }
        headings.append((level, title))
    }

    private mutating func endSection() {
        endParagraph()
        endPassage()
    }

    private mutating func endParagraph() {
        guard !paragraph.isEmpty else { return }
        let text = paragraph.joined(separator: "\n")
        paragraph = []
        for piece in Self.pieces(of: text) {
            if !gathered.isEmpty, gathered.count + piece.count + 2 > Self.limit { endPassage() }
            gathered += gathered.isEmpty ? piece : "\n\n" + piece
        }
    }

    private mutating func endPassage() {
        let text = String(gathered[...].trimmed)
        gathered = ""
        guard text.contains(where: { $0.isLetter || $0.isNumber }) else { return }
        passages.append(
            KnowledgePassage(
                id: "\(source)#\(passages.count + 1)", source: source,
                heading: headings.map(\.title).joined(separator: " > "), text: text))
    }

    // A paragraph longer than a passage is cut behind a sentence, else between words, else where it must be.
    private static func pieces(of text: String) -> [String] {
        var pieces: [String] = []
        var rest = text[...]
        while rest.count > limit {
            let window = rest.prefix(limit)
            let minimum = window.index(window.startIndex, offsetBy: limit / 2)
            let sentence = window[minimum...].lastIndex { ".!?\n".contains($0) }.map {
                window.index(after: $0)
            }
            let cut = sentence ?? window[minimum...].lastIndex { $0.isWhitespace } ?? window.endIndex
            pieces.append(String(rest[..<cut].trimmed))
            rest = rest[cut...]
        }
        return pieces + [String(rest.trimmed)]
    }

    private static func headingLevel(_ line: Substring) -> Int? {
        let marks = line.prefix { $0 == "#" }.count
        guard (1...6).contains(marks), line.dropFirst(marks).first?.isWhitespace == true else { return nil }
        return marks
    }

    private static func title(_ line: Substring) -> String {
        var title = line.drop { $0 == "#" }.trimmed
        while title.last == "#" { title = title.dropLast().trimmed }
        return String(title)
    }

    private static func underlineLevel(_ line: Substring) -> Int? {
        guard line.count >= 2 else { return nil }
        if line.allSatisfy({ $0 == "=" }) { return 1 }
        return line.allSatisfy({ $0 == "-" }) ? 2 : nil
    }
}

extension Substring {
    fileprivate var trimmed: Substring {
        var rest = self
        while rest.first?.isWhitespace == true { rest.removeFirst() }
        while rest.last?.isWhitespace == true { rest.removeLast() }
        return rest
    }
}
