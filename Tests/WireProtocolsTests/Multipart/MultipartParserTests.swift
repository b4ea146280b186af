// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import WireProtocols

struct MultipartParserTests {
    private let type = "multipart/form-data; boundary=XyZ"

    private func events(
        _ body: [UInt8], type: String? = nil, cutAt cuts: [Int] = [], maxParts: Int = 16
    ) throws -> [MultipartEvent] {
        var parser = try #require(MultipartParser(contentType: type ?? self.type, maxParts: maxParts))
        var events: [MultipartEvent] = []
        var start = 0
        for cut in cuts + [body.count] {
            try parser.take(body[start..<cut], into: &events)
            start = cut
        }
        return Self.joined(events)
    }

    // Neighbouring pieces of content count as one.
    private static func joined(_ events: [MultipartEvent]) -> [MultipartEvent] {
        events.reduce(into: []) { all, event in
            if case .content(let more) = event, case .content(let before)? = all.last {
                all[all.count - 1] = .content(before + more)
            } else {
                all.append(event)
            }
        }
    }

    private func file(_ content: String, name: String = "a.pdf") -> [UInt8] {
        Array(
            ("--XyZ\r\nContent-Disposition: form-data; name=\"file\"; filename=\"\(name)\"\r\n"
                + "Content-Type: application/pdf\r\n\r\n\(content)\r\n--XyZ--\r\n").utf8)
    }

    private func read(_ text: String) -> MultipartPart? { MultipartPart(Array(text.utf8)[...]) }

    @Test func `a body with a file is read`() throws {
        let part = try #require(
            read(
                "\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.pdf\"\r\nContent-Type: application/pdf"
            ))
        #expect(part.name == "file")
        #expect(part.fileName == "a.pdf")
        #expect(part.contentType == "application/pdf")
        #expect(
            try events(file("%PDF-1.7"))
                == [.partBegan(part), .content(Array("%PDF-1.7".utf8)), .partEnded, .finished])
    }

    @Test(arguments: ["%PDF", "", "\r\n", "\r\n--Xy", "-", "\r\n\r\n--XyY\r\n--X", "a\r\nb"])
    func `content is the same wherever the body is cut`(content: String) throws {
        let body = file(content)
        let whole = try events(body)
        let expected: [MultipartEvent] = content.isEmpty ? [] : [.content(Array(content.utf8))]
        #expect(Array(whole.dropFirst().dropLast(2)) == expected)
        for cut in 0...body.count { #expect(try events(body, cutAt: [cut]) == whole) }
        #expect(try events(body, cutAt: Array(0..<body.count)) == whole)
    }

    @Test func `parts follow each other, after a preamble that means nothing`() throws {
        let body =
            "ignored\r\n--XyZ\r\nContent-Disposition: form-data; name=a\r\n\r\n1\r\n--XyZ  \r\n"
            + "Content-Disposition: form-data; name=\"b\"\r\n\r\n2\r\n--XyZ--ignored"
        let names = try events(Array(body.utf8)).compactMap { event -> String? in
            if case .partBegan(let part) = event { part.name } else { nil }
        }
        #expect(names == ["a", "b"])
    }

    @Test(arguments: [
        ("filename=\"a\\\"b.pdf\"", "a\"b.pdf"), ("filename=\"a;b.pdf\"", "a;b.pdf"),
        ("filename=plain.pdf", "plain.pdf"),
        ("filename=\"x\"; filename*=UTF-8''na%C3%AFve%20name.pdf", "naïve name.pdf"),
        ("filename=\"x\"; filename*=UTF-8''%zz", "x"), ("filename=\"\"", ""),
    ])
    func `a file's name is read in all its spellings`(written: String, name: String) throws {
        #expect(read("Content-Disposition: form-data; name=\"file\"; \(written)")?.fileName == name)
    }

    @Test(arguments: [
        "Content-Disposition: attachment; name=\"file\"", "Content-Disposition: form-data",
        "Content-Type: a/b",
        "no colon here",
        "Content-Disposition: form-data; name=\"file\"; filename=\"a\r\nX-Evil: 1.pdf\"",
    ])
    func `a part that is no form field is malformed`(headers: String) {
        #expect(read(headers) == nil)
    }

    @Test func `what follows a boundary must be a line end or the end`() {
        #expect(throws: MultipartError.malformed) { try events(Array("--XyZxx\r\n".utf8)) }
    }

    @Test func `so many parts are read and no more`() throws {
        let one = "--XyZ\r\nContent-Disposition: form-data; name=a\r\n\r\n1\r\n"
        let three = Array(String(repeating: one, count: 3).utf8)
        #expect(throws: MultipartError.tooManyParts) { try events(three, maxParts: 2) }
        #expect(try events(three, maxParts: 3).count == 7)
    }

    @Test func `headers longer than the limit are refused before they have ended`() {
        let long = "--XyZ\r\nX: " + String(repeating: "a", count: MultipartParser.maxHeaderBytes)
        #expect(throws: MultipartError.headersTooLong) { try events(Array(long.utf8)) }
    }

    @Test func `a body whose boundary never closes is not finished`() throws {
        var parser = try #require(MultipartParser(contentType: type))
        var events: [MultipartEvent] = []
        try parser.take(file("abc").dropLast(6), into: &events)
        #expect(!parser.isFinished)
    }

    @Test func `a long content does not pile up`() throws {
        var parser = try #require(MultipartParser(contentType: type))
        var events: [MultipartEvent] = []
        try parser.take(file("").dropLast(11), into: &events)
        events = []
        let piece = [UInt8](repeating: 13, count: 65_536)
        var seen = 0
        for _ in 0..<16 {
            try parser.take(piece, into: &events)
            for case .content(let bytes) in events { seen += bytes.count }
            events = []
        }
        #expect(seen > 16 * 65_536 - 64)
    }

    @Test(arguments: [
        "multipart/form-data", "multipart/form-data; boundary=", "multipart/mixed; boundary=a", "text/plain",
        "multipart/form-data; boundary=" + String(repeating: "a", count: 71),
    ])
    func `without a boundary there is nothing to read by`(type: String) {
        #expect(MultipartParser(contentType: type) == nil)
    }

    @Test func `random bytes are read or refused`() throws {
        var generator = SystemRandomNumberGenerator()
        let alphabet = Array("--XyZ\r\n:;=\"ab ".utf8)
        for _ in 0..<2_000 {
            let body = (0..<Int.random(in: 0...120, using: &generator)).map { _ in
                alphabet[Int.random(in: 0..<alphabet.count, using: &generator)]
            }
            let whole = Result { try events(body) }
            let cut = Int.random(in: 0...body.count, using: &generator)
            let pieces = Result { try events(body, cutAt: [cut]) }
            switch (whole, pieces) {
            case (.success(let a), .success(let b)): #expect(a == b)
            case (.failure, .failure): continue
            default: Issue.record("cut at \(cut) of \(body)")
            }
        }
    }
}
