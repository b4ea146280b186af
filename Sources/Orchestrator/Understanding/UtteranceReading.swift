// SPDX-License-Identifier: Apache-2.0
package import Intents
package import WireProtocols

/// All that was found in one utterance.
package struct UtteranceReading: Sendable {
    package let text: String
    package let safety: SafetyFinding?
    package let decision: IntentDecision
    package let entities: [EntityMatch]

    /// As `parse` prints it, every key always present; spans count scalars, end exclusive.
    package var json: JSON {
        [
            "text": .string(text), "safety": safety.map(Self.json) ?? .null,
            "intent": decision.intent.map(JSON.string) ?? .null, "score": Self.rounded(decision.score),
            "ranking": .array(
                decision.ranking.map { ["intent": .string($0.intent), "score": Self.rounded($0.score)] }),
            "entities": .array(
                entities.map { match in
                    [
                        "entity": .string(match.entity), "text": .string(match.text),
                        "span": Self.json(match.span), "value": match.value.json,
                    ]
                }),
        ]
    }

    private static func json(_ finding: SafetyFinding) -> JSON {
        [
            "level": .string(finding.level.rawValue), "family": .string(finding.family),
            "span": json(finding.span),
        ]
    }

    private static func json(_ span: Range<Int>) -> JSON {
        [.integer(span.lowerBound), .integer(span.upperBound)]
    }

    /// Four digits say all that a score means.
    private static func rounded(_ score: Double) -> JSON { .number((score * 10_000).rounded() / 10_000) }
}
