// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// The provider type `scripted`: says what its author wrote, one text after the other, word by word.
///
/// For trying a route out without a vendor.
package final class RehearsedProvider: Provider {
    /// The name it is configured under.
    package let name: String
    /// It costs nothing.
    package var isFree: Bool { true }
    /// It says what it says.
    package var canContinue: Bool { false }
    private let texts: [String]
    private let next = Mutex(0)

    /// A provider that says these texts in turn, and begins anew behind the last.
    package init(name: String, says texts: [String]) {
        self.name = name
        self.texts = texts
    }

    /// Makes providers of the type `scripted`; one without a text is off.
    package static let factory: ProviderFactory = { settings, _ in
        settings.says.isEmpty ? nil : RehearsedProvider(name: settings.name, says: settings.says)
    }

    /// Says the next text.
    package func answer(
        _ request: ProviderRequest, stream: AnswerStream
    ) async throws(ProviderError) -> ProviderAnswer {
        let text = next.withLock { next in
            defer { next = (next + 1) % max(1, texts.count) }
            return texts.isEmpty ? "" : texts[next]
        }
        for piece in text.wordsWithSpaces where !stream.append(piece) { break }
        return ProviderAnswer(text: text)
    }
}

extension String {
    /// Cut before each space, with nothing left out.
    var wordsWithSpaces: [String] {
        var pieces: [String] = []
        for character in self {
            if pieces.isEmpty || (character == " " && pieces.last != " ") {
                pieces.append(String(character))
            } else {
                pieces[pieces.count - 1].append(character)
            }
        }
        return pieces
    }
}
