// SPDX-License-Identifier: Apache-2.0
import Testing
import WireProtocols

struct SocketDecoderTests {
    private func decode(_ text: String) throws(SocketDecoder.Failure) -> SocketPacket? {
        var decoder = SocketDecoder(maxAttachmentBytes: 1000)
        return try decoder.take(.text(Array(text.utf8)[...]))
    }

    struct Form: Sendable, CustomTestStringConvertible {
        var text: String
        var packet: SocketPacket
        var testDescription: String { text }
    }

    static let forms: [Form] = [
        Form(text: "0", packet: SocketPacket(.connect)),
        Form(text: #"0{"token":"123"}"#, packet: SocketPacket(.connect, data: ["token": "123"])),
        Form(
            text: #"0/admin,{"sid":"x"}"#,
            packet: SocketPacket(.connect, namespace: "/admin", data: ["sid": "x"])),
        Form(text: "1/admin,", packet: SocketPacket(.disconnect, namespace: "/admin")),
        Form(text: #"2["foo"]"#, packet: SocketPacket(.event, data: ["foo"])),
        Form(text: #"2/admin,["bar"]"#, packet: SocketPacket(.event, namespace: "/admin", data: ["bar"])),
        Form(text: #"212["foo"]"#, packet: SocketPacket(.event, id: 12, data: ["foo"])),
        Form(
            text: #"3/admin,13["bar"]"#,
            packet: SocketPacket(.ack, namespace: "/admin", id: 13, data: ["bar"])),
        Form(
            text: #"4{"message":"Not authorized"}"#,
            packet: SocketPacket(.connectError, data: ["message": "Not authorized"])),
    ]

    @Test(arguments: forms) func `a packet is read and written in the protocol's own form`(form: Form) throws
    {
        #expect(try decode(form.text) == form.packet)
        #expect(form.packet.frames.map { String(decoding: $0.bytes, as: UTF8.self) } == ["4" + form.text])
    }

    @Test func `attachments complete their packet, wherever they stand in it`() throws {
        var decoder = SocketDecoder(maxAttachmentBytes: 1000)
        let text = #"52-/admin,7["baz",{"_placeholder":true,"num":0},[{"_placeholder":true,"num":1}]]"#
        #expect(try decoder.take(.text(Array(text.utf8)[...])) == nil)
        #expect(try decoder.take(.binary([1, 2])) == nil)
        let packet = try #require(try decoder.take(.binary([3])))
        #expect(packet.attachments == [[1, 2], [3]])
        #expect(packet.id == 7)
        #expect(packet.frames.map(\.isText) == [true, false, false])
        #expect(String(decoding: packet.frames[0].bytes, as: UTF8.self) == "4" + text)
    }

    struct Bad: Sendable, CustomTestStringConvertible {
        var text: String
        var failure: SocketDecoder.Failure
        var testDescription: String { text }
    }

    static let bad: [Bad] = [
        Bad(text: "", failure: .unknownType),
        Bad(text: "abc", failure: .unknownType),
        Bad(text: "9", failure: .unknownType),
        Bad(text: "2", failure: .badPayload),
        Bad(text: "2{}", failure: .badPayload),
        Bad(text: "2[]", failure: .badPayload),
        Bad(text: #"2[{"a":1}]"#, failure: .badPayload),
        Bad(text: #"2["connect"]"#, failure: .badPayload),
        Bad(text: #"2["disconnect"]"#, failure: .badPayload),
        Bad(text: #"2abc["x"]"#, failure: .badJSON),
        Bad(text: #"29223372036854775808["x"]"#, failure: .badID),
        Bad(text: "3{}", failure: .badPayload),
        Bad(text: "0[]", failure: .badPayload),
        Bad(text: #"0"x""#, failure: .badPayload),
        Bad(text: "1[]", failure: .badPayload),
        Bad(text: "4", failure: .badPayload),
        Bad(text: #"5["x"]"#, failure: .badAttachmentCount),
        Bad(text: #"51["x"]"#, failure: .badAttachmentCount),
        Bad(text: #"599999-["x"]"#, failure: .tooManyAttachments),
        Bad(text: #"599999999999999999999-["x"]"#, failure: .badAttachmentCount),
        Bad(text: #"51-["x",{"_placeholder":true,"num":1}]"#, failure: .badPlaceholder),
        Bad(text: #"51-["x",{"_placeholder":true,"num":-1}]"#, failure: .badPlaceholder),
        Bad(text: #"51-["x",{"_placeholder":true,"num":"splice"}]"#, failure: .badPlaceholder),
        Bad(text: #"2["x""#, failure: .badJSON),
        Bad(text: "2" + String(repeating: "[", count: 100_000), failure: .badJSON),
        Bad(text: "0/" + String(repeating: "n", count: 300), failure: .badNamespace),
    ]

    @Test(arguments: bad) func `what is no packet is refused with its reason`(bad: Bad) {
        #expect(throws: bad.failure) { try decode(bad.text) }
    }

    @Test func `names that only other languages fear are names, and numbers too`() throws {
        #expect(try decode(#"2["__proto__",{"constructor":1}]"#)?.data == ["__proto__", ["constructor": 1]])
        #expect(try decode("2[1]")?.data == [1])
    }

    @Test func `attachments come when they are due and not before, and are bounded`() throws {
        var decoder = SocketDecoder(maxAttachmentBytes: 4)
        #expect(throws: SocketDecoder.Failure.bytesWithoutPacket) { try decoder.take(.binary([1])) }
        let text = EngineMessage.text(Array(#"52-["x"]"#.utf8)[...])
        _ = try decoder.take(text)
        #expect(throws: SocketDecoder.Failure.textAmongAttachments) { try decoder.take(text) }
        _ = try decoder.take(.binary([1, 2, 3]))
        #expect(throws: SocketDecoder.Failure.attachmentsTooLarge) { try decoder.take(.binary([4, 5])) }
    }

    @Test func `every piece of a packet is refused or read, never more than that`() {
        for form in Self.forms {
            let bytes = Array(form.text.utf8)
            for cut in 0...bytes.count {
                var decoder = SocketDecoder(maxAttachmentBytes: 10)
                let head = try? decoder.take(.text(bytes[..<cut]))
                #expect(cut < bytes.count || head == form.packet)
            }
        }
    }
}
