// SPDX-License-Identifier: Apache-2.0

import WireProtocols

/// Answers from files: the best passage is the answer, and all that fit are its sources.
///
/// Works offline.
package struct KnowledgeProvider: PassageSource {
    /// The name it is configured under.
    package let name: String
    /// A passage is no continuation of a sentence.
    package var canContinue: Bool { false }
    /// It costs nothing.
    package var isFree: Bool { true }
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
        let fitting: [ProviderRequest.Passage]
        do {
            fitting = try search(request.utterance)
        } catch {
            throw ProviderError(.serverError, provider: name)
        }
        guard let best = fitting.first else { throw ProviderError(.declined, provider: name) }
        return ProviderAnswer(text: best.text, sources: .array(fitting.map(\.json)))
    }

    /// What fits the question, best first; nothing when the index cannot be read.
    func passages(for utterance: String) -> [ProviderRequest.Passage] { (try? search(utterance)) ?? [] }

    private func search(_ utterance: String) throws(StorageError) -> [ProviderRequest.Passage] {
        try index.search(utterance, limit: limit).filter { $0.score >= minimumScore }.map {
            ProviderRequest.Passage(id: $0.id, source: $0.source, score: $0.score, text: $0.text)
        }
    }
}
