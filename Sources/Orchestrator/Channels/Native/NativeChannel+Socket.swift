// SPDX-License-Identifier: Apache-2.0

import Transport

extension NativeChannel {
    /// The subprotocol that carries our frames.
    static let subprotocol = "orchestrator.v1"

    /// Turns the request into a socket session.
    func openSocket(_ call: NativeCall) throws(NativeError) -> HTTPResponse {
        let request = call.request
        guard request.isUpgrade else { throw .upgradeNeeded }
        let identity = try call.bearer()
        let token = try Self.token(of: request) ?? ""
        let chosen = request.subprotocols.contains(Self.subprotocol) ? Self.subprotocol : nil
        return HTTPResponse(
            status: 101,
            body: .webSocket(subprotocol: chosen) { [self] socket in
                await SocketSession(self, socket, identity: identity, token: token, peer: request.peer).run()
            })
    }
}
