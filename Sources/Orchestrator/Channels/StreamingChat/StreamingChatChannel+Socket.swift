// SPDX-License-Identifier: Apache-2.0

import Transport

extension StreamingChatChannel {
    /// Opens a socket for the bearer of a token in the address or the header.
    func openSocket(_ call: StreamingChatCall) -> HTTPResponse {
        guard let token = call.request.queryValue("token") ?? call.bearer, !token.isEmpty else {
            return .refused(401, "No token provided")
        }
        let identity: Identity
        do throws(TokenError) {
            identity = try verifier(call.settings).verify(token, call.snapshot, now: call.now)
        } catch {
            var response = HTTPResponse.refused(401, "Invalid token")
            response.rejection = error.kind.rawValue
            return response
        }
        return HTTPResponse(
            status: 101,
            body: .webSocket(subprotocol: nil) { [self] socket in
                await StreamingChatSession(self, socket, identity: identity, token: token).run()
            })
    }
}
