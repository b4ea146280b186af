// SPDX-License-Identifier: Apache-2.0

import Synchronization
import WireProtocols

/// Keeps answers to questions that nothing but their words decides about.
package final class AnswerCache: Sendable {
    /// Answers kept; the oldest goes first.
    static let maxAnswers = 1000

    /// What makes two questions the same.
    struct Key: Hashable {
        var route: String
        var assistant: String
        var persona: String?
        var role: String
        var language: String
        var utterance: String
    }

    /// An answer with who gave it.
    struct Answer {
        var text: String
        var sources: JSON?
        var provider: String
        var model: String?
    }

    private struct Entry {
        var answer: Answer
        var until: Duration
        var number: Int
    }

    private struct State {
        var entries: [Key: Entry] = [:]
        var next = 0
    }

    private let state = Mutex(State())

    /// An empty cache.
    package init() {}

    /// The answer kept for a question.
    func answer(to key: Key, at now: Duration) -> Answer? {
        state.withLock { state in
            guard let entry = state.entries[key] else { return nil }
            guard now < entry.until else {
                state.entries[key] = nil
                return nil
            }
            return entry.answer
        }
    }

    /// Keeps an answer for so long.
    func keep(_ answer: Answer, for key: Key, at now: Duration, _ length: Duration) {
        state.withLock { state in
            if state.entries.count >= Self.maxAnswers, state.entries[key] == nil {
                state.entries = state.entries.filter { $0.value.until > now }
                let oldest = state.entries.min { $0.value.number < $1.value.number }
                if state.entries.count >= Self.maxAnswers, let oldest { state.entries[oldest.key] = nil }
            }
            state.next += 1
            state.entries[key] = Entry(answer: answer, until: now + length, number: state.next)
        }
    }
}

extension AnswerCache.Key {
    /// White space and capitals do not make another question.
    init(_ request: ProviderRequest, route: String) {
        self.route = route
        assistant = request.assistant
        persona = request.persona
        role = request.role
        language = request.language
        utterance = request.utterance.lowercased().split(whereSeparator: \.isWhitespace)
            .joined(separator: " ")
    }
}
