// SPDX-License-Identifier: Apache-2.0

/// What opens the demo page: the code that `serve` prints in the page's address.
///
/// The page has it after `#`, where it reaches no server, log or proxy; a page elsewhere that gets a browser to ask
/// this server cannot know it.
package struct DemoAccess: Sendable {
    /// The code, for the address `/#k=CODE`.
    package let code: String

    /// A code to compare with; ``random()`` makes one.
    package init(code: String) { self.code = code }

    /// A new code of 128 bits.
    package static func random() -> DemoAccess {
        var generator = SystemRandomNumberGenerator()
        let bytes = (0..<16).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
        return DemoAccess(code: Base64URL.encode(bytes))
    }

    /// True when it is the code; an empty code opens nothing.
    func opens(_ attempt: String) -> Bool {
        !code.isEmpty && HMACSHA256.areEqual(Array(attempt.utf8), Array(code.utf8))
    }
}
