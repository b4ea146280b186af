// SPDX-License-Identifier: Apache-2.0

/// Why a file was not taken or is not there.
package struct FileError: Error, Sendable, Hashable {
    /// What was wrong.
    package enum Kind: String, Sendable, Hashable, CaseIterable {
        /// Not a correct `multipart/form-data` body with one part `file`.
        case malformed = "malformed-upload"
        case tooLarge = "file-too-large"
        /// With this file the conversation would hold more than it may.
        case quota = "file-quota"
        /// The content is of no type that is taken here, whatever the client called it.
        case type = "file-type"
        case name = "file-name"
        case empty = "file-empty"
        case tooSlow = "request-timeout"
        case notFound = "not-found"
        case full = "storage-full"
        case unavailable = "storage-unavailable"
    }

    /// What was wrong.
    package let kind: Kind

    /// An error of that kind.
    package init(_ kind: Kind) { self.kind = kind }
}
