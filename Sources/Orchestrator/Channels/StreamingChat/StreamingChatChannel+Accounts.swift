// SPDX-License-Identifier: Apache-2.0

import Transport
import WireProtocols

extension StreamingChatChannel {
    /// Characters of a password, as its clients know it.
    static let minPassword = 6
    private static let bothRequired = HTTPResponse.refused(400, "Username and password are required")
    private static let noJSON = HTTPResponse.refused(400, "The request body is not valid JSON")

    func register(_ call: StreamingChatCall) async -> HTTPResponse {
        guard let fields = call.fields else { return Self.noJSON }
        guard let (name, password) = Self.credentials(fields) else { return Self.bothRequired }
        let email = fields["email"] ?? .null
        guard email.isNull || email.text != nil else { return .refused(400, "Email must be a string") }
        let server = call.snapshot.parts.server
        guard let accounts = services.accounts, server.takesRegistrations,
            let role = server.defaultRole(of: call.settings.issuer)
        else { return .refused(403, "Registration is closed") }
        let address = email.text.flatMap { $0.isEmpty ? nil : $0 }
        let draft = AccountDraft(
            name: name, password: password, email: address, role: role, minimum: Self.minPassword)
        do throws(AccountError) {
            _ = try await accounts.register(draft, peer: call.request.peer, limits: call.settings.limits)
        } catch {
            return Self.response(error)
        }
        return .json(201, ["success": true, "message": "User created successfully"])
    }

    func login(_ call: StreamingChatCall) async -> HTTPResponse {
        guard let fields = call.fields else { return Self.noJSON }
        guard let (name, password) = Self.credentials(fields) else { return Self.bothRequired }
        guard let accounts = services.accounts else { return .endpointNotFound }
        let server = call.snapshot.parts.server
        do throws(AccountError) {
            let user = try await accounts.login(
                name, password: password, peer: call.request.peer, server, limits: call.settings.limits)
            guard server.roles[user.role] != nil,
                let signer = TokenSigner.first(of: server, for: user.role, named: call.settings.issuer)
            else { throw AccountError.noIssuer }
            let token = signer.sign(
                user: user.id, role: user.role, name: user.name, now: call.now, notBefore: user.tokensFrom)
            var person = Self.payload(user)
            person["lastLogin"] = user.lastLogin.map { .string($0.iso8601) } ?? .null
            return .json(200, ["success": true, "token": .string(token), "user": .object(person)])
        } catch {
            return Self.response(error)
        }
    }

    func verify(_ call: StreamingChatCall) async -> HTTPResponse {
        guard let token = call.bearer else { return .refused(401, "No token provided") }
        let identity: Identity
        do throws(TokenError) {
            identity = try verifier(call.settings).verify(token, call.snapshot, now: call.now)
        } catch {
            return .refused(401, "Invalid token")
        }
        do throws(AccountError) {
            guard let user = try await services.accounts?.user(identity.user), !user.isDisabled else {
                return .refused(401, "User not found")
            }
            return .json(200, ["success": true, "user": .object(Self.payload(user))])
        } catch {
            return Self.response(error)
        }
    }

    // Texts only: an object in the place of a name was a query for the database of the original.
    private static func credentials(_ fields: JSONObject) -> (name: String, password: String)? {
        guard let name = fields["username"]?.text, let password = fields["password"]?.text, !name.isEmpty,
            !password.isEmpty
        else { return nil }
        return (name, password)
    }

    private static func payload(_ user: UserRecord) -> JSONObject {
        JSONObject([
            .init(name: "id", value: .string(user.id)), .init(name: "username", value: .string(user.name)),
            .init(name: "email", value: user.email.map { .string($0) } ?? .null),
        ])
    }

    private static func response(_ error: AccountError) -> HTTPResponse {
        switch error {
        case .wrongCredentials: .refused(401, "Invalid username or password")
        case .limited(let seconds):
            .refused(429, "Too many attempts, please try again later", retryAfter: seconds)
        case .busy: .refused(503, "Server is busy, please try again later", retryAfter: 5)
        case .nameTaken: .refused(400, "User already exists")
        case .nameForm: .refused(400, "Username must be 1 to 64 characters long")
        case .emailForm: .refused(400, "Email is not valid")
        case .passwordShort(let minimum):
            .refused(400, "Password must be at least \(minimum) characters long")
        case .passwordUnusable: .refused(400, "Password must be at most 72 bytes long")
        case .closed, .noIssuer, .resetUnknown: .refused(403, "This account cannot be used here")
        case .store: .refused(500, "Internal server error")
        }
    }
}

extension ServerSettings {
    /// The role of people who make their own account with an issuer; with any, when none is named.
    func defaultRole(of issuer: String?) -> String? {
        guard let issuer else { return registeredRole }
        return issuers.first { $0.name == issuer && !$0.keys.isEmpty }?.defaultRole.flatMap {
            roles[$0] == nil ? nil : $0
        }
    }
}
