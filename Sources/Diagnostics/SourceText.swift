// SPDX-License-Identifier: Apache-2.0

/// One file's text, cut into lines the way the YAML reader counts them.
public struct SourceText: Sendable {
    /// The path as diagnostics name it.
    public let file: String
    /// The whole text.
    public let text: String
    /// The lines without their ends; line 1 is `lines[0]`.
    public let lines: [Substring]

    /// A text to look lines up in; lines end with LF, CR LF or CR.
    public init(file: String, text: String) {
        self.file = file
        self.text = text
        self.lines = SourceText.split(text)
    }

    /// The text of a file as read from disk; bytes that are not UTF-8 become U+FFFD, a byte order mark is dropped.
    public init(file: String, bytes: some Collection<UInt8>) {
        let hasMark = bytes.starts(with: [0xEF, 0xBB, 0xBF])
        self.init(file: file, text: String(decoding: bytes.dropFirst(hasMark ? 3 : 0), as: UTF8.self))
    }

    /// The line with that number, counted from 1; nil when the file has no such line.
    public func line(_ number: Int) -> Substring? {
        lines.indices.contains(number - 1) ? lines[number - 1] : nil
    }

    private static func split(_ text: String) -> [Substring] {
        let bytes = text.utf8
        var lines: [Substring] = []
        var start = bytes.startIndex
        var index = start
        while index < bytes.endIndex {
            let byte = bytes[index]
            let next = bytes.index(after: index)
            guard byte == 0x0A || byte == 0x0D else {
                index = next
                continue
            }
            lines.append(text[start..<index])
            let isPair = byte == 0x0D && next < bytes.endIndex && bytes[next] == 0x0A
            index = isPair ? bytes.index(after: next) : next
            start = index
        }
        lines.append(text[start...])
        return lines
    }
}
