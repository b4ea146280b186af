// SPDX-License-Identifier: Apache-2.0
import Foundation
package import Intents
import Synchronization

/// The table of word meanings beside the tree, `data/words.bin`, if there is one.
///
/// Read once, when the first model is fitted; without the file nothing is read and models know only their examples
/// (ADR 27).
package final class WordTable: Sendable {
    private enum State {
        case unread
        case read(WordVectors?, problem: String?)
    }

    /// A larger file is no table of words.
    static let maxBytes = 64 << 20

    private let path: String
    private let state = Mutex(State.unread)

    /// The table of the folder that holds `bots/`.
    package init(base: String) { path = base + "/data/words.bin" }

    /// The table; nil when there is none, or none that can be read.
    package func vectors() -> WordVectors? { read().vectors }

    /// Why a file that is there is not used; nil when all is well or nothing was read yet.
    package var problem: String? {
        state.withLock { if case .read(_, let problem) = $0 { problem } else { nil } }
    }

    private func read() -> (vectors: WordVectors?, problem: String?) {
        state.withLock { state in
            if case .read(let vectors, let problem) = state { return (vectors, problem) }
            let found = load()
            state = .read(found.vectors, problem: found.problem)
            return found
        }
    }

    private func load() -> (vectors: WordVectors?, problem: String?) {
        let attributes = try? FileManager.default.attributesOfItem(atPath: path)
        guard let size = attributes?[.size] as? Int else { return (nil, nil) }
        guard size <= Self.maxBytes, let data = FileManager.default.contents(atPath: path) else {
            return (nil, "data/words.bin cannot be read, so models know only their examples")
        }
        do { return (try WordVectors(Array(data)), nil) } catch {
            return (nil, "data/words.bin \(error.reason), so models know only their examples")
        }
    }
}
