// SPDX-License-Identifier: Apache-2.0

import WireProtocols

/// Answers from files: the best passage is the answer, and all that fit are its sources.
///
/// Works offline.
package struct KnowledgeProvider: Provider {
    /// The name it is configured under.
    package let name: String
    private let index: KnowledgeIndex
    private let minimumScore: Double
    private let limit: Int

    /// A provider over the sets its settings name.
    /// - Throws: ``StorageError`` when they cannot be indexed.
    package init(_ settings: ProviderSettings, knowledge: [String: [KnowledgeFile]]) throws(StorageError) {
        name = settings.name
        minimumScore = settings.minimumScore
        limit = settings.passages
        let files = settings.sets.flatMap { knowledge[$0] ?? [] }
        index = try KnowledgeIndex(files.map { KnowledgeDocument(source: $0.path, text: $0.text) })
    }

    /// Makes providers of the type `knowledge`; one whose sets cannot be indexed is off.
    package static let factory: ProviderFactory = { settings, snapshot in
        try? KnowledgeProvider(settings, knowledge: snapshot.parts.knowledge)
    }

    /// The best passage with its sources; `declined` when nothing fits well enough.
    package func answer(
        _ request: ProviderRequest, stream: AnswerStream
    ) async throws(ProviderError) -> ProviderAnswer {
        let found: [KnowledgePassage]
        do {
            found = try index.search(request.utterance, limit: limit)
        } catch {
            throw ProviderError(.serverError, provider: name)
        }
        let fitting = found.filter { $0.score >= minimumScore }
        guard let best = fitting.first else { throw ProviderError(.declined, provider: name) }
        return ProviderAnswer(text: best.text, sources: .array(fitting.map(\.json)))
    }
}

extension KnowledgePassage {
    /// As it is kept on a message.
    fileprivate var json: JSON {
        ["id": .string(id), "source": .string(source), "score": .number(score), "text": .string(text)]
    }
}
