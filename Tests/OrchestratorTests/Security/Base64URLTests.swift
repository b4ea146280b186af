// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Orchestrator

struct Base64URLTests {
    @Test(arguments: [
        ("", ""), ("f", "Zg"), ("fo", "Zm8"), ("foo", "Zm9v"), ("foob", "Zm9vYg"), ("fooba", "Zm9vYmE"),
        ("foobar", "Zm9vYmFy"),
    ])
    func `the examples of RFC 4648 10 go both ways without padding`(plain: String, encoded: String) {
        #expect(Base64URL.encode(plain.utf8) == encoded)
        #expect(Base64URL.decode(encoded.utf8) == Array(plain.utf8))
    }

    @Test func `the alphabet is the one for URLs`() {
        #expect(Base64URL.encode([0xFB, 0xFF]) == "-_8")
        #expect(Base64URL.decode("-_8".utf8) == [0xFB, 0xFF])
    }

    @Test(arguments: ["Z", "Zg==", "Zh", "+/8", "Zm9v\n", "Zm9vYm F", "Zm9é"])
    func `a second spelling of the same bytes is refused`(text: String) {
        #expect(Base64URL.decode(text.utf8) == nil)
    }
}
