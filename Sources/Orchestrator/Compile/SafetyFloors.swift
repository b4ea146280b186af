// SPDX-License-Identifier: Apache-2.0
import Intents
import Synchronization

/// Safety floors by what they were compiled from, so that assistants with the same families share one and a reload that
/// does not touch them compiles none.
///
/// The least recently wanted goes when there are more than `limit`.
final class SafetyFloors: Sendable {
    struct Source: Hashable {
        var families: [SafetyFamily]
        var lists: [String: [String]]
        var ignoresOthers: Bool
    }

    struct Compiled {
        let floor: SafetyFloor
        let remarks: [SafetyRemark]
    }

    private static let limit = 32
    private let kept = Mutex<[(source: Source, compiled: Compiled)]>([])

    /// The floor of these families, with what is odd about them.
    func floor(of source: Source) -> Compiled {
        kept.withLock { kept in
            if let index = kept.firstIndex(where: { $0.source == source }) {
                let known = kept.remove(at: index)
                kept.append(known)
                return known.compiled
            }
            let floor = SafetyFloor(
                families: source.families, lists: source.lists, ignoresOthers: source.ignoresOthers)
            let compiled = Compiled(floor: floor, remarks: floor.remarks(lists: source.lists))
            kept.append((source, compiled))
            if kept.count > Self.limit { kept.removeFirst() }
            return compiled
        }
    }
}
