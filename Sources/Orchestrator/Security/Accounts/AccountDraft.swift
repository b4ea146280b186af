// SPDX-License-Identifier: Apache-2.0

/// An account that somebody wants made.
package struct AccountDraft: Sendable {
    static let nameLength = 1...64
    static let emailLength = 254

    var name: String
    var password: String
    var email: String?
    var role: String
    var minimum: Int

    /// An account of that name; a password has at least `minimum` characters.
    package init(name: String, password: String, email: String? = nil, role: String, minimum: Int) {
        self.name = name
        self.password = password
        self.email = email
        self.role = role
        self.minimum = minimum
    }

    /// Throws for what cannot be a name, an address or a password.
    func check() throws(AccountError) {
        guard Self.nameLength.contains(name.unicodeScalars.count),
            name.unicodeScalars.allSatisfy(Self.isShown),
            name.contains(where: { !$0.isWhitespace })
        else { throw .nameForm }
        if let email {
            let parts = email.split(separator: "@", omittingEmptySubsequences: false)
            guard email.utf8.count <= Self.emailLength, parts.count == 2, parts.allSatisfy({ !$0.isEmpty }),
                email.unicodeScalars.allSatisfy({ Self.isShown($0) && $0 != " " })
            else { throw .emailForm }
        }
        try Self.check(password: password, minimum: minimum)
    }

    /// Throws for a password that is too short, or that bcrypt would cut.
    package static func check(password: String, minimum: Int) throws(AccountError) {
        guard password.unicodeScalars.count >= minimum else { throw .passwordShort(minimum: minimum) }
        guard Bcrypt.takes(password) else { throw .passwordUnusable }
    }

    private static func isShown(_ scalar: Unicode.Scalar) -> Bool {
        scalar.value >= 0x20 && scalar.value != 0x7F
    }
}
