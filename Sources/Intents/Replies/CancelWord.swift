// SPDX-License-Identifier: Apache-2.0

/// Whether the person wants to leave what is open.
public enum CancelWord {
    /// True if the whole utterance says so: "cancel", "never mind", "forget it please".
    ///
    /// "cancel my appointment" is a wish
    /// of its own and says no such thing.
    public static func isCancel(_ text: String) -> Bool {
        let words = TokenStream(text).tokens.filter { $0.kind != .mark && !fillers.contains($0.text) }.map(
            \.text)
        return !words.isEmpty && words.count <= 6 && phrases.contains(words.joined(separator: " "))
    }

    private static let fillers: Set<String> = [
        "please", "pls", "ok", "okay", "oh", "no", "actually", "just", "sorry", "thanks", "thank", "you",
        "um", "well", "then",
        "i", "want", "to", "id", "like", "would", "can", "we", "lets", "let", "now", "all", "yes", "hey",
    ]

    private static let phrases: Set<String> = [
        "cancel", "cancel that", "cancel this", "cancel it", "cancel everything", "stop", "stop it",
        "stop this", "stop that",
        "quit", "exit", "abort", "nevermind", "never mind", "never mind that", "nvm", "forget it",
        "forget that",
        "forget about it", "forget this", "leave it", "drop it", "skip it", "start over", "changed my mind",
        "ive changed my mind", "have changed my mind", "dont anymore", "dont need this anymore",
        "dont need it anymore",
        "dont bother", "do not bother", "not interested", "go back", "end", "end this", "enough",
        "scrap that", "scratch that",
        "im done", "am done", "get me out of here", "return main menu", "main menu", "stop booking",
        "cancel booking",
        "not anymore", "dont wish continue", "dont continue", "do not continue",
    ]
}
