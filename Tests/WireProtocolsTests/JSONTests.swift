// SPDX-License-Identifier: Apache-2.0
import Testing
import WireProtocols

struct JSONTests {
    @Test(arguments: [
        #"{"a":[1,-2,3.5,1e3,true,false,null],"b":{"c":"x"}}"#, #""\u003c b \" \\ \n""#, "[]", "{}", "0",
    ])
    func `a document survives reading, writing and reading again`(text: String) throws {
        let value = try JSON.parse(text)
        #expect(try JSON.parse(value.encoded()) == value)
    }

    @Test func `members keep their order and equality ignores it`() throws {
        let value = try JSON.parse(#"{"z":1,"a":2}"#)
        #expect(value.encodedText == #"{"z":1,"a":2}"#)
        #expect(try JSON.parse(#"{"a":2,"z":1}"#) == value)
    }

    @Test(arguments: [
        ("", JSONError.Kind.unexpectedEnd, 0), ("{", .unexpectedEnd, 1), ("[1,]", .unexpectedByte, 3),
        ("1 2", .trailingBytes, 2), (#"{"a":1,"a":2}"#, .duplicateName, 7), (#""\x""#, .badEscape, 3),
        (#""\ud800""#, .badEscape, 7), ("\"\u{1}\"", .controlCharacter, 1), ("01", .trailingBytes, 1),
        ("1e999", .badNumber, 0), ("-", .unexpectedEnd, 1), ("\u{FEFF}1", .unexpectedByte, 0),
    ])
    func `a broken document is refused with its place`(text: String, kind: JSONError.Kind, offset: Int) {
        #expect(throws: JSONError(kind: kind, offset: offset)) { try JSON.parse(text) }
    }

    @Test func `bytes that are not UTF-8 are refused`() {
        #expect(throws: JSONError(kind: .badUTF8, offset: 1)) { try JSON.parse([0x22, 0xC0, 0xAF, 0x22]) }
    }

    @Test func `nesting ends at the limit, whatever the depth of the bomb`() throws {
        #expect(throws: JSONError(kind: .tooDeep, offset: 64)) {
            try JSON.parse(String(repeating: "[", count: 100_000))
        }
        let fits = String(repeating: "[", count: 64) + String(repeating: "]", count: 64)
        #expect(throws: Never.self) { try JSON.parse(fits) }
    }

    @Test(arguments: ["0000", "0041", "d7ff", "d800", "dbff", "e000", "ffff"])
    func `what follows the first half of a surrogate pair and is not the second is refused`(low: String) {
        #expect(throws: JSONError(kind: .badEscape, offset: 13)) {
            try JSON.parse(#""\ud83d\u"# + low + "\"")
        }
    }

    @Test func `a surrogate pair is one character`() throws {
        #expect(try JSON.parse(#""\ud83d\ude00""#) == .string("😀"))
    }
}
