// SPDX-License-Identifier: Apache-2.0

/// What a file is, judged by its first bytes: what the client says of it counts for nothing.
package enum FileType: String, Sendable, Hashable, CaseIterable {
    case pdf = "application/pdf"
    case png = "image/png"
    case jpeg = "image/jpeg"
    case gif = "image/gif"
    case webp = "image/webp"
    case text = "text/plain"

    /// So many first bytes decide.
    static let sample = 512

    private static let signatures: [(FileType, [UInt8])] = [
        (.pdf, Array("%PDF-".utf8)), (.png, [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]),
        (.jpeg, [0xFF, 0xD8, 0xFF]), (.gif, Array("GIF87a".utf8)), (.gif, Array("GIF89a".utf8)),
    ]

    /// The type of content that begins so; nil when it is none of these.
    package init?(beginning bytes: some Collection<UInt8>) {
        if let known = Self.signatures.first(where: { bytes.starts(with: $0.1) }) {
            self = known.0
        } else if bytes.starts(with: "RIFF".utf8), bytes.dropFirst(8).starts(with: "WEBP".utf8) {
            self = .webp
        } else if !bytes.isEmpty, Self.isText(bytes) {
            self = .text
        } else {
            return nil
        }
    }

    // UTF-8, perhaps cut within its last character, without control characters and without markup at its start.
    private static func isText(_ bytes: some Collection<UInt8>) -> Bool {
        guard !bytes.contains(where: { $0 < 0x20 && ![9, 10, 12, 13].contains($0) || $0 == 0x7F }) else {
            return false
        }
        guard bytes.first(where: { ![9, 10, 12, 13, 0x20].contains($0) }) != UInt8(ascii: "<") else {
            return false
        }
        return (0...3).contains { cut in
            String(validating: bytes.dropLast(bytes.count == sample ? cut : 0), as: UTF8.self) != nil
        }
    }
}
