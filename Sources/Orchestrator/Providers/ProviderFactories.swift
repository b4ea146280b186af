// SPDX-License-Identifier: Apache-2.0

/// The makers of all provider types of this build.
package enum ProviderFactories {
    /// Those that work without a network.
    package static let offline: [String: ProviderFactory] = [
        "knowledge": KnowledgeProvider.factory, "scripted": RehearsedProvider.factory,
    ]
}
