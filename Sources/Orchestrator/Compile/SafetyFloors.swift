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
    }

    /// Made when it is asked for, in this order: only the first is needed to tell what is wrong with phrases.
    private struct Entry {
        let source: Source
        let reading: SafetyReading
        var floor: SafetyFloor?
        var remarks: [SafetyRemark]?

        mutating func compiled() -> SafetyFloor {
            let made = floor ?? SafetyFloor(reading, ignoresOthers: source.ignoresOthers)
            floor = made
            return made
        }
    }

    private static let limit = 32
    private let kept = Mutex<[Entry]>([])

    /// Why phrases of these families cannot be used.
    func problems(of source: Source) -> [String: SafetyPhraseProblem] {
        with(source) { $0.reading.problems }
    }

    /// The floor of these families.
    func floor(of source: Source) -> SafetyFloor { with(source) { $0.compiled() } }

    /// What is odd about these families.
    func remarks(on source: Source) -> [SafetyRemark] {
        with(source) { entry in
            let found = entry.remarks ?? entry.compiled().remarks(on: entry.reading)
            entry.remarks = found
            return found
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
