// SPDX-License-Identifier: Apache-2.0
import Intents
import Synchronization

/// Safety floors by what they are compiled from, so that assistants with the same families share one and a reload that
/// does not touch them compiles none.
///
/// The least recently wanted goes when there are more than `limit`.
final class SafetyFloors: Sendable {
    struct Source: Hashable {
        var families: [SafetyFamily]
        var lists: [String: [String]]
        var ignoresOthers: Bool
        var examples: DangerModel.Examples
    }

    /// Made when it is asked for, in this order: only the first is needed to tell what is wrong with phrases.
    private struct Entry {
        let source: Source
        let reading: SafetyReading
        var floor: SafetyFloor?
        var remarks: [SafetyRemark]?
    }

    private static let limit = 32
    private static let modelLimit = 4
    private let kept = Mutex<[Entry]>([])
    /// Models by their examples, for the whole process: floors of different families share one, and so do trees of one
    /// library that are compiled apart.
    private static let models = Mutex<[(examples: DangerModel.Examples, model: DangerModel?)]>([])

    /// Why phrases of these families cannot be used.
    func problems(of source: Source) -> [String: SafetyPhraseProblem] {
        with(source) { $0.reading.problems }
    }

    /// The floor of these families.
    func floor(of source: Source) -> SafetyFloor {
        let model = model(of: source.examples)
        return with(source) { entry in
            let made =
                entry.floor
                ?? SafetyFloor(entry.reading, ignoresOthers: source.ignoresOthers, model: model)
            entry.floor = made
            return made
        }
    }

    /// What is odd about these families.
    func remarks(on source: Source) -> [SafetyRemark] {
        with(source) { entry in
            // No model is fitted for it: `validate` would take three times as long.
            let found =
                entry.remarks
                ?? SafetyFloor(entry.reading, ignoresOthers: source.ignoresOthers).remarks(on: entry.reading)
            entry.remarks = found
            return found
        }
    }

    private func model(of examples: DangerModel.Examples) -> DangerModel? {
        Self.models.withLock { models in
            if let known = models.first(where: { $0.examples == examples }) { return known.model }
            let model = DangerModel(examples)
            models.append((examples, model))
            if models.count > Self.modelLimit { models.removeFirst() }
            return model
        }
    }

    private func with<Result: Sendable>(_ source: Source, _ body: (inout Entry) -> Result) -> Result {
        kept.withLock { kept in
            let known = kept.firstIndex { $0.source == source }
            var entry =
                known.map { kept.remove(at: $0) }
                ?? Entry(source: source, reading: SafetyReading(source.families, lists: source.lists))
            let result = body(&entry)
            kept.append(entry)
            if kept.count > Self.limit { kept.removeFirst() }
            return result
        }
    }
}
