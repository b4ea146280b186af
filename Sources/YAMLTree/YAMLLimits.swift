// SPDX-License-Identifier: Apache-2.0

/// How much one YAML file may ask of the reader; what goes beyond is refused with its place.
public struct YAMLLimits: Sendable, Hashable {
    /// How deep lists and maps may stand inside each other: 64.
    public var depth: Int
    /// How many values aliases may repeat in all: 1,000, which stops files that blow up when expanded.
    public var aliasNodes: Int
    /// The size of a file in bytes: 4 MiB.
    public var bytes: Int
    /// How many keys and values a file may hold: 500,000, which keeps a file of the largest size below 100 MiB.
    public var nodes: Int

    /// The limits, each with its default.
    public init(
        depth: Int = 64, aliasNodes: Int = 1_000, bytes: Int = 4 * 1_024 * 1_024, nodes: Int = 500_000
    ) {
        self.depth = depth
        self.aliasNodes = aliasNodes
        self.bytes = bytes
        self.nodes = nodes
    }
}
