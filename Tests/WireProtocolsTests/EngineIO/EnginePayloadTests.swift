// SPDX-License-Identifier: Apache-2.0
import Testing
import WireProtocols

struct EnginePayloadTests {
    @Test(arguments: ["", "f", "fo", "foo", "foob", "fooba", "foobar"])
    func `base64 of RFC 4648 section 10 goes there and back`(text: String) throws {
        var digits: [UInt8] = []
        Base64.encode(Array(text.utf8), into: &digits)
        let known = ["", "Zg==", "Zm8=", "Zm9v", "Zm9vYg==", "Zm9vYmE=", "Zm9vYmFy"]
        #expect(String(decoding: digits, as: UTF8.self) == known[text.utf8.count])
        #expect(Base64.decode(digits) == Array(text.utf8))
    }

    @Test(arguments: ["Zg=", "Zg", "Z===", "Zg==Zg==", "Z*==", "====", "Zm9v\n"])
    func `what is no base64 is refused`(text: String) { #expect(Base64.decode(Array(text.utf8)) == nil) }

    @Test func `packets of a body are read in their order`() {
        let body = Array("4hello\u{1e}3\u{1e}bAQIDBA==\u{1e}1".utf8)
        #expect(
            EnginePayload.decode(body) == [
                .text(.message, [0x20, 0x68, 0x65, 0x6C, 0x6C, 0x6F][1...]), .text(.pong, []),
                .binary([1, 2, 3, 4]), .text(.close, []),
            ])
    }

    @Test func `frames as a body are what a client would send`() {
        let frames = [EngineFrame(.message, "hi".utf8), EngineFrame([1, 2, 3, 4], isText: false)]
        #expect(String(decoding: EnginePayload.encode(frames), as: UTF8.self) == "4hi\u{1e}bAQIDBA==")
    }

    @Test func `the size of a frame in a body is never less than what it takes`() {
        for count in 0...7 {
            let frame = EngineFrame(Array(repeating: 7, count: count), isText: false)
            #expect(EnginePayload.encode([frame]).count + 1 <= EnginePayload.size(of: frame))
        }
    }

    @Test(arguments: ["", "abc", "9", "4a\u{1e}", "\u{1e}4a", "b!", "4\u{1e}\u{1e}4"])
    func `a body with something that is no packet is none`(text: String) {
        #expect(EnginePayload.decode(Array(text.utf8)) == nil)
    }

    @Test func `text that is not UTF-8 is no packet`() {
        #expect(EnginePayload.decode([0x34, 0xC3, 0x28]) == nil)
    }

    @Test func `a million separators are refused without being read to the end`() {
        let body = [UInt8](repeating: 0x1E, count: 1_000_000)
        #expect(EnginePayload.decode(body) == nil)
        let noops = Array(String(repeating: "6\u{1e}", count: EnginePayload.maxPackets).utf8) + [0x36]
        #expect(EnginePayload.decode(noops) == nil)
    }
}
