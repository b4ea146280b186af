// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// Something that happens once.
final class Flag: Sendable {
    private let isRaised = Atomic(false)

    /// True for the first caller only.
    func raise() -> Bool { !isRaised.exchange(true, ordering: .acquiringAndReleasing) }
}
