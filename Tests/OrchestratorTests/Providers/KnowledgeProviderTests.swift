// SPDX-License-Identifier: Apache-2.0

import Testing
import WireProtocols

@testable import Orchestrator

@Suite struct KnowledgeProviderTests {
    private func provider(minimumScore: Double = 0) throws -> KnowledgeProvider {
        let settings = ProviderSettings(
            name: "faq", type: "knowledge", sets: ["clinic"], minimumScore: minimumScore, passages: 2)
        let file = KnowledgeFile(
            path: "faq/clinic.md",
            text: """
                # Parking
                Parking is free for two hours behind the building.

                # Visits
                Visits end at eight.

                """
        )
        return try KnowledgeProvider(settings, knowledge: ["clinic": [file]])
    }

    @Test func `the best passage is the answer and is cited`() async throws {
        let answer = try await provider().answer(
            ProviderRequest(assistant: "a", utterance: "is parking free?"), stream: AnswerStream())
        #expect(answer.text == "Parking is free for two hours behind the building.")
        let first = try #require(answer.sources?.list?.first)
        #expect(first["source"]?.text == "faq/clinic.md")
        #expect(first["text"]?.text == answer.text)
        #expect(try #require(first["score"]?.double) > 0)
    }

    @Test func `what no passage answers is declined`() async throws {
        let provider = try provider()
        await #expect(throws: ProviderError(.declined, provider: "faq")) {
            try await provider.answer(
                ProviderRequest(assistant: "a", utterance: "who won the football match"),
                stream: AnswerStream())
        }
    }
}
