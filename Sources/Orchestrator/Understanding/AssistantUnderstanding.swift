// SPDX-License-Identifier: Apache-2.0
import Diagnostics
package import Intents

/// What one assistant makes of utterances, apart from any conversation.
///
/// The work behind `parse`, `evaluate` and `explain`: it needs one assistant file and nothing of the server.
package struct AssistantUnderstanding: Sendable {
    package let assistant: Assistant
    /// Warnings of the files, as shown; without notes.
    package let warnings: String
    private let words: WordTable?
    /// The present and the zone that times are read by.
    package let time: LocalTime

    /// Compiles the assistant `id` of a tree that was read from a folder of that name.
    ///
    /// Times are read as of `now`, in `timezone` or, without one, in the assistant's own.
    /// - Throws: ``StartError`` of kind `configuration` for problems in the files or when there is no such assistant.
    package init(
        _ tree: SourceTree, folder: String, environment: EnvironmentValues, assistant id: String,
        now: Timestamp, timezone: String?,
        words: WordTable? = nil
    ) throws(StartError) {
        let result = SnapshotCompiler(folder: folder) { words?.vectors() }.compile(
            tree, environment: environment, purpose: .understanding(assistant: id))
        guard let parts = result.parts else {
            throw StartError(.configuration, Reloader.render(result.diagnostics, result.sources))
        }
        guard let assistant = parts.assistants[id] else {
            throw StartError(.configuration, "there is no assistant '\(id)' in \(folder)/")
        }
        self.assistant = assistant
        // Notes, such as which providers are off, are for `validate` and the start.
        let wrong = result.diagnostics.filter { $0.severity != .note }
        let findings = wrong.isEmpty ? "" : Reloader.render(wrong, result.sources)
        warnings = [findings, words?.problem.map { "warning: \($0)" } ?? ""].filter { !$0.isEmpty }
            .joined(separator: "\n")
        self.words = words
        time = LocalTime(now: now, timezone: timezone ?? assistant.parts.timezone)
    }

    /// What is found in `text`.
    package func read(_ text: String) -> UtteranceReading {
        let entities = assistant.recognizer.find(in: text, context: context)
        return UtteranceReading(
            text: text, safety: assistant.safety.check(text), decision: assistant.model.decide(text),
            entities: entities)
    }

    /// The table of words the model was fitted with.
    var wordVectors: WordVectors? { words?.vectors() }

    package var context: EntityContext {
        EntityContext(now: time.now.seconds, zone: time, monthFirst: assistant.parts.readsMonthFirst)
    }
}
