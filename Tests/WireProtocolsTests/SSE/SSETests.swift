// SPDX-License-Identifier: Apache-2.0
import Testing
import WireProtocols

struct SSETests {
    private func parse(_ text: String) throws -> [SSEEvent] {
        var parser = SSEParser()
        return try parser.feed(Array(text.utf8))
    }

    @Test func `an event is written field by field and ends in a blank line`() {
        let event = SSEEvent(event: "message", data: "{}", id: "7", retry: 1500)
        #expect(
            String(decoding: event.encoded(), as: UTF8.self)
                == "event: message\nid: 7\nretry: 1500\ndata: {}\n\n")
        #expect(String(decoding: SSEEvent.comment("hi"), as: UTF8.self) == ": hi\n\n")
    }

    @Test(arguments: [
        "", "one", "a\nb", "a\r\nb", "a\rb", "\n", "a\n\nb\n", " led by a space", "ünï: cödé 🚑",
    ])
    func `any text survives the way, its line ends as line feeds`(text: String) throws {
        let events = try parse(String(decoding: SSEEvent(data: text).encoded(), as: UTF8.self))
        var expected = text
        expected.replace("\r\n", with: "\n")
        expected.replace("\r", with: "\n")
        #expect(events == [SSEEvent(data: expected)])
    }

    @Test func `a type or id cannot smuggle in another field`() throws {
        let events = try parse(
            String(
                decoding: SSEEvent(event: "a\ndata: evil", data: "good", id: "1\r\n\r\n").encoded(),
                as: UTF8.self))
        #expect(events == [SSEEvent(event: "adata: evil", data: "good", id: "1")])
    }

    /// The examples of WHATWG HTML 9.2.6, a byte order mark, the three line ends and the odd fields.
    private static let stream =
        "\u{feff}data: YHOO\ndata: +2\ndata: 10\n\n: test stream\n\ndata: first event\nid: 1\n\ndata:second event\nid\n\n"
        + "data:  third event\r\n\r\ndata\n\ndata\ndata\n\nevent: ping\rdata: x\r\rretry: 10\nretry: 1x\n\n"
        + "nonsense: y\nid: a\0b\ndata: z\n\nevent: empty\n\ndata: unfinished\n"

    private static let events = [
        SSEEvent(data: "YHOO\n+2\n10"), SSEEvent(data: "first event", id: "1"),
        SSEEvent(data: "second event", id: ""),
        SSEEvent(data: " third event"), SSEEvent(data: ""), SSEEvent(data: "\n"),
        SSEEvent(event: "ping", data: "x"),
        SSEEvent(data: "z"),
    ]

    @Test func `the standard's examples are read, wherever they are cut`() throws {
        let bytes = Array(Self.stream.utf8)
        for cut in 0...bytes.count {
            var parser = SSEParser()
            let events = try parser.feed(Array(bytes[..<cut])) + parser.feed(Array(bytes[cut...]))
            #expect(events == Self.events)
            #expect(parser.lastEventID == "")
            #expect(parser.retry == 10)
        }
        var parser = SSEParser()
        var events: [SSEEvent] = []
        for byte in bytes { events += try parser.feed([byte]) }
        #expect(events == Self.events)
    }

    @Test func `an event or a line larger than allowed is an error, not memory`() throws {
        var parser = SSEParser(maxEventBytes: 16)
        #expect(try parser.feed(Array("data: 0123456\n\n".utf8)).count == 1)
        #expect(throws: SSEError.eventTooLarge) { try parser.feed(Array("data: 0123456789ab".utf8)) }
        var lines = SSEParser(maxEventBytes: 16)
        #expect(throws: SSEError.eventTooLarge) {
            for _ in 0..<5 { _ = try lines.feed(Array("data: 0123\n".utf8)) }
        }
    }
}
