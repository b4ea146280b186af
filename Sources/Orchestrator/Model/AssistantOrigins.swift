// SPDX-License-Identifier: Apache-2.0
package import Diagnostics
package import Intents

/// Where in the files the things stand that decide what an utterance means.
package struct AssistantOrigins: Sendable {
    /// What the intent model was fitted from, in the order of the files.
    package var examples: [IntentExamples] = []
    /// Sentences that mean none of the intents.
    package var outOfScope: [String] = []
    package var intents: [String: SourceRange] = [:]
    /// The places of an intent's examples, in their order.
    package var exampleRanges: [String: [SourceRange]] = [:]
    package var patternRanges: [String: [SourceRange]] = [:]
    package var entities: [String: SourceRange] = [:]
    package var families: [String: SourceRange] = [:]
    /// The lines of `otherwise`.
    package var otherwise: [SourceRange] = []

    package init() {}
}
