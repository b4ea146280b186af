// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// The snapshot the server runs on: one pointer that turns read once and a reload swaps.
package final class SnapshotStore: Sendable {
    private let snapshot: Mutex<Snapshot>

    /// Serves this one until the first swap.
    package init(_ first: Snapshot) { snapshot = Mutex(first) }

    /// The snapshot new turns run on.
    package func current() -> Snapshot { snapshot.withLock { $0 } }

    /// Gives new turns another snapshot; turns that run keep theirs.
    package func replace(with next: Snapshot) { snapshot.withLock { $0 = next } }
}
