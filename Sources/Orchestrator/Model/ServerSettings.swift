// SPDX-License-Identifier: Apache-2.0

/// The compiled `server.yaml`.
package struct ServerSettings: Sendable {
    /// Development warns where production refuses.
    package enum Environment: String, Sendable, Hashable, CaseIterable {
        case development, production
    }

    /// The environment.
    package var environment = Environment.development
    /// The chat page with its role picker is served.
    package var isDemo = false
    /// The main port; nil without `listen`.
    package var listen: ListenAddress?
    /// What the main port speaks TLS with; nil for plain.
    package var listenTLS: TLSFiles?
    /// `sqlite:PATH` or `memory:`.
    package var storageURL = "memory:"
    /// Messages older than this are removed; nil keeps them.
    package var keepMessages: Duration?
    /// By name.
    package var roles: [String: Role] = [:]
    /// In file order: the first that can sign a role is used for tokens we make.
    package var issuers: [Issuer] = []
    /// The account in the configuration; nil when there is none, or it is off.
    package var admin: AdminAccount?
    /// People may make their own accounts.
    package var takesRegistrations = true
    /// Characters of a new password, at least.
    package var minPassword = 8
    /// By name.
    package var channels: [String: ChannelSettings] = [:]
    /// The main port's.
    package var limits = Limits()
    /// The main port's.
    package var cors = CORSPolicy()
    /// Whose word about a client's address counts, on every port.
    package var proxies = TrustedProxies()
    /// What is logged, and where.
    package var log = LogSettings()
    /// How edits are taken.
    package var reload = ReloadSettings()
    /// The files of all listeners that speak TLS.
    package var allTLS: [TLSFiles] { [listenTLS].compactMap { $0 } + channels.values.compactMap(\.tls) }

    package init() {}

    /// Which pages of other origins may speak to the listener of that name.
    package func cors(of listener: String) -> CORSPolicy {
        listener == NativeChannel.mainName ? cors : channels[listener]?.cors ?? CORSPolicy()
    }

    /// The limits of a channel; the main port's for every other name.
    package func limits(of channel: String) -> Limits { channels[channel]?.limits ?? limits }
}

/// An address to listen on.
package struct ListenAddress: Sendable, Hashable {
    /// A host name or address.
    package var host: String
    /// A TCP port; 0 asks for a free one (tests).
    package var port: Int

    /// An address to listen on.
    package init(host: String, port: Int) {
        self.host = host
        self.port = port
    }

    /// True when only this machine can reach it.
    ///
    /// A name that only begins like such an address, `127.0.0.1.example`, is anybody's.
    package var isLoopback: Bool {
        if host == "localhost" || host == "::1" { return true }
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
    }
}

/// What a proven role may do beyond talking.
package struct Role: Sendable, Hashable {
    /// The role as spelt in tokens.
    package var name: String
    /// Assistants for it must have safety families.
    package var requiresSafety: Bool
    /// Answers people.
    package var isStaff: Bool
    /// Runs the server.
    package var isOperator: Bool

    /// A declared role.
    package init(name: String, requiresSafety: Bool, isStaff: Bool, isOperator: Bool) {
        self.name = name
        self.requiresSafety = requiresSafety
        self.isStaff = isStaff
        self.isOperator = isOperator
    }
}

/// A secret: never printed, logged or encoded.
package struct Secret: Sendable, Hashable, CustomStringConvertible, CustomDebugStringConvertible,
    CustomReflectable
{
    private let value: String

    /// Keeps a value from being shown.
    package init(_ value: String) { self.value = value }

    /// Always `***`.
    package var description: String { "***" }
    /// Always `***`.
    package var debugDescription: String { "***" }
    /// Shows nothing.
    package var customMirror: Mirror { Mirror(self, children: []) }
    /// The value itself, for the one place that needs it.
    package var revealed: String { value }
}

/// Who signs tokens, and how their claims are read.
package struct Issuer: Sendable {
    /// The issuer's name.
    package var name: String
    /// The one way its tokens are signed.
    package var algorithm = TokenAlgorithm.hs256
    /// What verifies its tokens, for other algorithms than HS256.
    package var publicKeys: [VerificationKey] = []
    /// What `iss` must be; nil takes the issuer's name or no `iss`.
    package var expectedIssuer: String?
    /// One of these must be in `aud`; without any, a token with an `aud` is somebody else's.
    package var audiences: [String] = []
    /// For HS256: newest first; the first signs, all verify.
    package var secrets: [Secret]
    /// How long tokens we make are valid.
    package var expires: Duration
    /// The claim that holds the user id.
    package var userClaim: String
    /// The claim that holds the role; absent means `defaultRole`.
    package var roleClaim: String
    /// The claim that holds the person's name.
    package var nameClaim: String
    /// A claim whose presence makes the token an ADMIN's; nil when there is none.
    package var adminClaim: String?
    /// The role of a token without the role claim; nil refuses such tokens.
    package var defaultRole: String?

    /// An issuer of these parts.
    package init(
        name: String, secrets: [Secret], expires: Duration, userClaim: String, roleClaim: String,
        nameClaim: String,
        adminClaim: String?, defaultRole: String?
    ) {
        self.name = name
        self.secrets = secrets
        self.expires = expires
        self.userClaim = userClaim
        self.roleClaim = roleClaim
        self.nameClaim = nameClaim
        self.adminClaim = adminClaim
        self.defaultRole = defaultRole
    }
}

/// What a listener accepts (DESIGN 9).
///
/// The defaults are declared with the keys in `LimitsConfig`.
package struct Limits: Sendable, Hashable {
    package var headerBytes = 16_384
    package var headerCount = 100
    package var targetBytes = 8_192
    package var bodyBytes = 1_048_576
    package var jsonDepth = 64
    package var webSocketMessageBytes = 1_048_576
    package var sendQueueBytes = 1_048_576
    package var webSocketCompression = true
    package var connections = 100_000
    package var headerDeadline = Duration.seconds(10)
    package var bodyDeadline = Duration.seconds(60)
    package var idleDeadline = Duration.seconds(75)
    package var pingInterval = Duration.seconds(20)
    package var pingGrace = Duration.seconds(10)
    package var malformedFrames = 20
    package var messageCharacters = 8_192
    /// Which files are taken.
    package var files = FileRules()
    /// Requests and messages per person (or address, where no person is known).
    package var requests = RequestLimit()
    /// Tries of a password.
    package var logins = LoginLimit()
    /// Events about one person.
    package var events = RequestLimit(max: 30, per: .seconds(60))

    package init() {}
}

/// So many tries of a password in so much time.
package struct LoginLimit: Sendable, Hashable {
    /// Of one address on one account.
    package var perAccount = 10
    /// Of one address on all accounts.
    package var perAddress = 100
    package var per = Duration.seconds(60)

    package init() {}
}

/// So many requests in so much time.
package struct RequestLimit: Sendable, Hashable {
    package var max = 600
    package var per = Duration.seconds(60)

    package init() {}
    /// That many in that time.
    package init(max: Int, per: Duration) {
        self.max = max
        self.per = per
    }
}

/// How edits are taken.
package struct ReloadSettings: Sendable, Hashable {
    /// Changes of files are noticed.
    package var watches = true
    /// What a change must pass: `validate`.
    package var gate = ["validate"]
    /// How long a burst of changes is let settle.
    package var settle = Duration.milliseconds(20)
    /// The Unix socket for `reload` and `status`, relative to the folder that holds `bots/`.
    package var control = "data/control.sock"

    package init() {}
}
