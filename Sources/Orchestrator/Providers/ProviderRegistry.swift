// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// Makes a provider of one type from its settings; nil when it is off (an empty key or address).
package typealias ProviderFactory = @Sendable (ProviderSettings, Snapshot) -> (any Provider)?

/// The providers of one snapshot, by name.
package final class ProviderRegistry: Sendable {
    private let providers: [String: any Provider]

    /// Makes every provider that a snapshot configures and that is on.
    package init(_ snapshot: Snapshot, factories: [String: ProviderFactory]) {
        providers = snapshot.parts.providers.compactMapValues { factories[$0.type]?($0, snapshot) }
    }

    /// The provider of that name; nil when it is off.
    package func provider(_ name: String) -> (any Provider)? { providers[name] }
}

/// The registries of the current snapshot and the one before it, whose turns may still run.
package final class ProviderRegistries: Sendable {
    private let factories: [String: ProviderFactory]
    private let recent = Mutex<[(snapshot: Snapshot, registry: ProviderRegistry)]>([])

    /// Registries made by these factories, one for each provider type.
    package init(factories: [String: ProviderFactory]) { self.factories = factories }

    /// The providers of a snapshot.
    ///
    /// Made on first use; a reload asks before it swaps, so that no turn waits.
    package func registry(for snapshot: Snapshot) -> ProviderRegistry {
        if let known = recent.withLock({ recent in recent.first { $0.snapshot === snapshot }?.registry }) {
            return known
        }
        let made = ProviderRegistry(snapshot, factories: factories)
        recent.withLock { recent in
            recent.removeAll { $0.snapshot === snapshot }
            recent.append((snapshot, made))
            if recent.count > 2 { recent.removeFirst() }
        }
        return made
    }
}
