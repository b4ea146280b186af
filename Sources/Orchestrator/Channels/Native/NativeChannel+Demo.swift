// SPDX-License-Identifier: Apache-2.0

import Transport
import WireProtocols

extension NativeChannel {
    /// Gives whoever opened the page a token of the role they picked.
    func demoToken(_ call: NativeCall) throws(NativeError) -> HTTPResponse {
        var fields = try call.fields()
        let code = fields.text("code", isRequired: true)
        let role = fields.text("role", isRequired: true)
        let user = fields.text("user")
        try fields.check()
        guard let code, let role, settings.demo?.opens(code) == true else {
            throw NativeError(403, "wrong-code", "open the page at the address that the server printed")
        }
        guard call.snapshot.parts.server.roles[role] != nil, call.snapshot.isOpen(to: role) else {
            throw .unprocessable([NativeError.Detail(path: "role", message: "has nobody to talk to")])
        }
        return .json(200, try demoToken(role, user: user ?? "", call))
    }

    private func demoToken(_ role: String, user: String, _ call: NativeCall) throws(NativeError) -> JSON {
        let server = call.snapshot.parts.server
        if role == Identity.anonymousRole {
            let visitor = settings.visitors.newVisitor(server, now: call.now)
            return [
                "token": .string(visitor.token), "user": .string(visitor.identity.user),
                "role": .string(role),
            ]
        }
        guard let signer = TokenSigner.first(of: server, for: role) else {
            throw .unprocessable([
                NativeError.Detail(path: "role", message: "no issuer can sign tokens for it")
            ])
        }
        let user = user.isEmpty ? Self.demoUser(role) : user
        return [
            "token": .string(signer.sign(user: user, role: role, now: call.now)), "user": .string(user),
            "role": .string(role),
        ]
    }

    /// Who somebody in the demo is when they do not say: `patient_1`, whom the shipped records know.
    static func demoUser(_ role: String) -> String { role.lowercased() + "_1" }
}
