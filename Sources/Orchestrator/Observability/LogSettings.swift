// SPDX-License-Identifier: Apache-2.0

/// What is logged, and where.
package struct LogSettings: Sendable, Hashable {
    /// Which requests get a line.
    package enum Requests: String, Sendable, Hashable, CaseIterable {
        /// Only those that are turned away.
        case none
        /// At most ten a second, and a count of the rest.
        case sampled
        case all
    }

    /// Lines below are left out.
    package var level = LogLevel.info
    /// Which requests get a line.
    package var requests = Requests.sampled
    /// A file, relative to the folder that holds `bots/`; nil writes to standard error.
    package var file: String?
    /// The file is begun anew before it grows over so many bytes.
    package var rotateBytes = 67_108_864
    /// So many old files stay, as `FILE.1` and on.
    package var keep = 5

    package init() {}
}
