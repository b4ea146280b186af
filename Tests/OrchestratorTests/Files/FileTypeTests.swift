// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Orchestrator

struct FileTypeTests {
    @Test(arguments: [
        (Array("%PDF-1.4".utf8), FileType.pdf), ([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0], .png),
        ([0xFF, 0xD8, 0xFF, 0xE0], .jpeg), (Array("GIF89a...".utf8), .gif),
        (Array("RIFF....WEBPVP8 ".utf8), .webp), (Array("Dear doctor,\r\nnaïve".utf8), .text),
    ])
    func `content is known by how it begins`(bytes: [UInt8], type: FileType) {
        #expect(FileType(beginning: bytes) == type)
    }

    @Test(
        arguments: [
            [], Array("PK\u{3}\u{4}".utf8), Array("  <svg onload=x>".utf8), [0x7F, 0x45, 0x4C, 0x46],
            [0xFF, 0xFE, 0x41],
            Array("RIFF\u{0}...WAVE".utf8), Array("a\u{0}b".utf8), [0xC3, 0x28],
        ] as [[UInt8]])
    func `other content is of no type`(bytes: [UInt8]) { #expect(FileType(beginning: bytes) == nil) }

    @Test func `a sample that ends within a character is still text`() {
        let text = Array(String(repeating: "é", count: 300).utf8)
        #expect(FileType(beginning: ([97] + text).prefix(FileType.sample)) == .text)
    }
}
