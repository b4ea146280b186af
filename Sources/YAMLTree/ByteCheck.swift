// SPDX-License-Identifier: Apache-2.0
import Diagnostics
import Glibc

/// What is looked at before parsing and what the parser cannot say itself: encodings and forbidden characters.
struct ByteCheck {
    let bytes: UnsafeBufferPointer<UInt8>
    let file: String

    /// The finding that makes the bytes unreadable as a UTF-8 file, if there is one.
    func problem(limits: YAMLLimits) -> Diagnostic? {
        if bytes.count > limits.bytes {
            return Diagnostic(
                code: "yaml-size", at: .top(of: file),
                "this file has \(bytes.count) bytes; the limit is \(limits.bytes)",
                help: "split it into several files: every file of the folder is read")
        }
        return encodingProblem() ?? lineSeparatorProblem()
    }

    /// The finding for a byte that libyaml's reader refused.
    func problem(at found: Int, reason: String) -> Diagnostic {
        let offset = reason.contains("trailing") ? lead(before: found) : found
        let range = SourceRange(file: file, start: position(of: offset))
        let byte = offset < bytes.count ? bytes[offset] : 0
        guard reason.contains("control characters") else {
            return Diagnostic(
                code: "yaml-utf8", at: range,
                "the byte \(hex(UInt32(byte), digits: 2)) here is not UTF-8 text",
                help: "save the file with the encoding UTF-8")
        }
        guard byte != 0 else {
            return Diagnostic(
                code: "yaml-control-character", at: range,
                "there is a NUL character here, so this is no text file",
                help: "delete the character, or save the file again as text")
        }
        let value = scalar(at: offset)?.value ?? UInt32(byte)
        return Diagnostic(
            code: "yaml-control-character", at: range,
            "there is an invisible control character here (U+\(hex(value, digits: 4)))",
            help: "delete the character")
    }

    private func encodingProblem() -> Diagnostic? {
        let head = Array(bytes.prefix(4))
        let isUTF32 =
            head == [0, 0, 0xFE, 0xFF] || head == [0xFF, 0xFE, 0, 0]
            || (head.count == 4 && (head.prefix(3) == [0, 0, 0] || head.suffix(3) == [0, 0, 0])
                && head != [0, 0, 0, 0])
        let isUTF16 =
            head.starts(with: [0xFE, 0xFF]) || head.starts(with: [0xFF, 0xFE])
            || (head.count >= 2 && (head[0] == 0) != (head[1] == 0))
        guard isUTF32 || isUTF16 else { return nil }
        return Diagnostic(
            code: "yaml-encoding", at: .top(of: file),
            "this file is written in \(isUTF32 ? "UTF-32" : "UTF-16"); only UTF-8 is read",
            help: "save the file with the encoding UTF-8")
    }

    /// libyaml takes U+0085, U+2028 and U+2029 for line ends; editors show them as blanks, so nothing would match.
    private func lineSeparatorProblem() -> Diagnostic? {
        let separators: [([UInt8], String)] = [
            ([0xE2, 0x80, 0xA8], "2028"), ([0xE2, 0x80, 0xA9], "2029"), ([0xC2, 0x85], "0085"),
        ]
        let found = separators.compactMap { pattern, name in offset(of: pattern).map { ($0, name) } }
        guard let (offset, name) = found.min(by: { $0.0 < $1.0 }) else { return nil }
        return Diagnostic(
            code: "yaml-control-character", at: SourceRange(file: file, start: position(of: offset)),
            "there is an invisible line separator here (U+\(name))",
            help:
                "it often comes with text pasted from a word processor: replace it with a space or a line end"
        )
    }

    private func offset(of pattern: [UInt8]) -> Int? {
        guard let base = bytes.baseAddress, let lead = pattern.first else { return nil }
        var from = 0
        while from < bytes.count, let hit = memchr(base + from, Int32(lead), bytes.count - from) {
            let offset = UnsafeRawPointer(hit) - UnsafeRawPointer(base)
            if bytes[offset...].starts(with: pattern) { return offset }
            from = offset + 1
        }
        return nil
    }

    /// The line and column of a byte: lines end with LF, CR LF or CR, columns count scalars.
    private func position(of offset: Int) -> SourcePosition {
        var line = 1
        var lineStart = 0
        for index in 0..<min(offset, bytes.count) where bytes[index] == 0x0A || bytes[index] == 0x0D {
            let isPair = bytes[index] == 0x0A && index > 0 && bytes[index - 1] == 0x0D
            line += isPair ? 0 : 1
            lineStart = index + 1
        }
        let column = bytes[lineStart..<max(min(offset, bytes.count), lineStart)].count { $0 & 0xC0 != 0x80 }
        return SourcePosition(line: line, column: column + 1)
    }

    /// The first byte of the sequence that the byte at the offset cuts short.
    private func lead(before offset: Int) -> Int {
        var index = min(offset, bytes.count) - 1
        while index > 0, bytes[index] & 0xC0 == 0x80 { index -= 1 }
        return max(index, 0)
    }

    private func scalar(at offset: Int) -> Unicode.Scalar? {
        String(decoding: bytes[offset..<min(offset + 4, bytes.count)], as: UTF8.self).unicodeScalars.first
    }

    private func hex(_ value: UInt32, digits: Int) -> String {
        let text = String(value, radix: 16, uppercase: true)
        return String(repeating: "0", count: max(digits - text.count, 0)) + text
    }
}
