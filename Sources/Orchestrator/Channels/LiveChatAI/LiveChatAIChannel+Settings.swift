// SPDX-License-Identifier: Apache-2.0

import Synchronization
import Transport
import WireProtocols

extension LiveChatAIChannel {
    /// The members that a change of the settings may have; others are let pass.
    private static let configKeys = [
        "isEnabled", "provider", "model", "systemPrompt", "temperature", "maxTokens",
    ]

    /// Gives an admin their token: `auth.admin`, or an account of that role.
    func login(_ request: HTTPRequest) async throws(Failure) -> JSON {
        let fields = request.body.isEmpty ? JSONObject() : try fields(request)
        let server = services.snapshots.current().parts.server
        guard let email = fields["email"]?.text, let password = fields["password"]?.text, !email.isEmpty,
            !password.isEmpty, let accounts = services.accounts, let settings
        else { throw .badCredentials }
        let user: UserRecord
        do throws(AccountError) {
            user = try await accounts.login(
                email, password: password, peer: request.peer, server, limits: settings.limits)
        } catch {
            throw Failure(error)
        }
        guard user.role == TokenVerifier.adminRole,
            let signer = TokenSigner.first(of: server, for: user.role, named: settings.issuer)
        else { throw .badCredentials }
        let token = signer.sign(
            user: user.id, role: user.role, name: user.name, now: services.clock.now(),
            notBefore: user.tokensFrom)
        return ["token": .string(token), "message": "Login successful"]
    }

    func changeConfig(_ request: HTTPRequest) async throws(Failure) -> JSON {
        _ = try checkAdmin(request)
        return try await apply(try fields(request))
    }

    func toggleAI(_ request: HTTPRequest) async throws(Failure) -> JSON {
        _ = try checkAdmin(request)
        guard let isEnabled = try fields(request)["isEnabled"], isEnabled.flag != nil else {
            throw Failure(400, "isEnabled must be true or false")
        }
        return try await apply(JSONObject([.init(name: "isEnabled", value: isEnabled)]))
    }

    // An edit of the files like any other: checked, kept, and effective from the next message on.
    private func apply(_ fields: JSONObject) async throws(Failure) -> JSON {
        let change = try Self.change(fields)
        guard Self.configKeys.contains(where: { fields[$0] != nil }) else { return config() }
        guard let live = services.live else { throw .readOnly }
        do throws(LiveSettingsError) { _ = try await live.change(name, change) } catch {
            switch error {
            case .readOnly: throw .readOnly
            case .rejected(let diagnostics):
                throw Failure(
                    409, "The change does not pass the checks of the configuration",
                    diagnostics: ReloadReport.findings(diagnostics))
            }
        }
        state.withLock { [now = services.clock.now()] in $0.aiChangedAt = now }
        return config()
    }
}

extension LiveChatAIChannel.Failure {
    /// The same for an unknown address, a wrong password and missing fields.
    fileprivate static let badCredentials = Self(401, "Invalid credentials")
    fileprivate static let readOnly = Self(409, "The configuration of this server cannot be written to")

    fileprivate init(_ error: AccountError) {
        switch error {
        case .limited(let seconds):
            self.init(429, "Too many attempts, please try again later", retryAfter: seconds)
        case .busy: self.init(503, "Server is busy, please try again later", retryAfter: 5)
        case .store: self.init(500, "Something went wrong!")
        default: self = .badCredentials
        }
    }
}
