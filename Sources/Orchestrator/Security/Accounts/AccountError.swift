// SPDX-License-Identifier: Apache-2.0

/// Why an account could not be made, used or changed; each channel says it in its own words.
package enum AccountError: Error, Sendable, Hashable {
    /// Unknown name, wrong password, or a disabled account: nobody is told which.
    case wrongCredentials
    /// Too many tries; again after so many seconds.
    case limited(retryAfter: Int)
    /// Too many passwords wait to be looked at.
    case busy
    case nameTaken
    /// A name must have 1 to 64 characters, none of them a control character.
    case nameForm
    /// An e-mail address must have at most 254 characters, and an `@` between others.
    case emailForm
    case passwordShort(minimum: Int)
    /// More than 72 bytes, or a NUL in it.
    case passwordUnusable
    /// The server lets nobody make an account.
    case closed
    /// The reset token is none, or was used, or has ended.
    case resetUnknown
    /// No issuer of this server can sign a token for the role.
    case noIssuer
    case store(StorageError)

    init(_ error: PasswordError) {
        self = error == .busy ? .busy : .passwordUnusable
    }
}
