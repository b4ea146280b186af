// SPDX-License-Identifier: Apache-2.0

import Transport
import WireProtocols

extension NativeChannel {
    func login(_ call: NativeCall) async throws(NativeError) -> HTTPResponse {
        var fields = try call.fields()
        let name = fields.text("username", isRequired: true)
        let password = fields.text("password", isRequired: true, atMost: 1024)
        try fields.check()
        let accounts = try accounts()
        guard let name, let password else { throw .unprocessable([]) }
        let user = try await Self.answer { () async throws(AccountError) in
            try await accounts.login(
                name, password: password, peer: call.request.peer, call.snapshot.parts.server,
                limits: call.limits)
        }
        return try session(of: user, 200, call)
    }

    func register(_ call: NativeCall) async throws(NativeError) -> HTTPResponse {
        var fields = try call.fields()
        let name = fields.text("username", isRequired: true)
        let password = fields.text("password", isRequired: true, atMost: 1024)
        let email = fields.text("email")
        try fields.check()
        let accounts = try accounts()
        let server = call.snapshot.parts.server
        guard server.takesRegistrations, let role = server.registeredRole else { throw NativeError(.closed) }
        guard let name, let password else { throw .unprocessable([]) }
        let user = try await Self.answer { () async throws(AccountError) in
            try await accounts.register(
                AccountDraft(
                    name: name, password: password, email: email, role: role, minimum: server.minPassword),
                peer: call.request.peer, limits: call.limits)
        }
        return try session(of: user, 201, call)
    }

    func changePassword(_ call: NativeCall) async throws(NativeError) -> HTTPResponse {
        let identity = try call.bearer()
        var fields = try call.fields()
        let old = fields.text("current_password", isRequired: true, atMost: 1024)
        let new = fields.text("new_password", isRequired: true, atMost: 1024)
        try fields.check()
        let accounts = try accounts()
        guard let old, let new else { throw .unprocessable([]) }
        // A key is no person, and neither is a visitor.
        guard identity.issuer != nil else { throw .forbidden }
        let user = try await Self.answer { () async throws(AccountError) in
            try await accounts.changePassword(
                of: identity.user, from: old, to: new, minimum: call.snapshot.parts.server.minPassword,
                peer: call.request.peer, limits: call.limits)
        }
        return try session(of: user, 200, call)
    }

    func resetPassword(_ call: NativeCall) async throws(NativeError) -> HTTPResponse {
        var fields = try call.fields()
        let token = fields.text("token", isRequired: true)
        let new = fields.text("new_password", isRequired: true, atMost: 1024)
        try fields.check()
        let accounts = try accounts()
        guard let token, let new else { throw .unprocessable([]) }
        let user = try await Self.answer { () async throws(AccountError) in
            try await accounts.resetPassword(
                token, to: new, minimum: call.snapshot.parts.server.minPassword, peer: call.request.peer,
                limits: call.limits)
        }
        return try session(of: user, 200, call)
    }

    private func accounts() throws(NativeError) -> Accounts {
        guard let accounts = settings.accounts else { throw .unknownRoute }
        return accounts
    }

    // A token for the account, and who it is.
    private func session(of user: UserRecord, _ status: Int, _ call: NativeCall) throws(NativeError)
        -> HTTPResponse
    {
        guard !user.isDisabled else { throw NativeError(.wrongCredentials) }
        let server = call.snapshot.parts.server
        guard server.roles[user.role] != nil, let signer = TokenSigner.first(of: server, for: user.role)
        else {
            throw NativeError(.noIssuer)
        }
        var person = JSONObject()
        person["id"] = .string(user.id)
        person["name"] = .string(user.name)
        if let email = user.email { person["email"] = .string(email) }
        person["role"] = .string(user.role)
        var body = JSONObject()
        body["token"] = .string(
            signer.sign(
                user: user.id, role: user.role, name: user.name, now: call.now, notBefore: user.tokensFrom))
        body["expires_at"] = .string((call.now + signer.validity).iso8601)
        body["user"] = .object(person)
        if let last = user.lastLogin { body["previous_login"] = .string(last.iso8601) }
        return .json(status, .object(body))
    }

    private static func answer<Value>(
        _ body: () async throws(AccountError) -> Value
    ) async throws(NativeError) -> Value {
        do throws(AccountError) { return try await body() } catch { throw NativeError(error) }
    }
}

extension ServerSettings {
    /// The role of people who make their own account: the default of the first issuer that can sign for it.
    var registeredRole: String? {
        issuers.lazy.filter { !$0.keys.isEmpty }.compactMap(\.defaultRole).first { roles[$0] != nil }
    }
}

extension NativeError {
    /// What came of an account.
    init(_ error: AccountError) {
        switch error {
        case .wrongCredentials:
            self.init(401, "wrong-credentials", "the name or the password is wrong")
        case .limited(let seconds):
            self.init(
                429, "rate-limited", "too many tries; try again later",
                headers: [Header(name: "Retry-After", value: String(seconds))])
        case .busy:
            self.init(
                503, "busy", "too many passwords are being checked; try again",
                headers: [Header(name: "Retry-After", value: "5")])
        case .nameTaken: self.init(409, "name-taken", "there is an account of that name")
        case .nameForm:
            self = .field("username", "must have 1 to 64 characters, none of them a control character")
        case .emailForm: self = .field("email", "must be an e-mail address")
        case .passwordShort(let minimum):
            self = .field("password", "must have at least \(minimum) characters")
        case .passwordUnusable: self = .field("password", "must have at most 72 bytes, none of them 0")
        case .closed: self.init(403, "registration-closed", "nobody may make an account here")
        case .resetUnknown: self.init(401, "unknown-reset", "the reset token is not valid, or not any more")
        case .noIssuer: self.init(403, "no-issuer", "nobody signs tokens for the role of this account")
        case .store(let error): self.init(ServiceError(error))
        }
    }

    private static func field(_ name: String, _ message: String) -> NativeError {
        .unprocessable([Detail(path: name, message: message)])
    }
}
