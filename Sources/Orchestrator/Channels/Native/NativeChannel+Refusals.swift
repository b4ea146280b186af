// SPDX-License-Identifier: Apache-2.0

import Transport

extension NativeChannel {
    /// More refusals of one person or address are in the log alone: refused requests must not fill the store.
    static let auditedRefusals = RequestLimit(max: 30, per: .seconds(60))

    /// Notes a key or token that proves nothing, and a role that is not enough; not the lack of both.
    func audit(
        _ error: NativeError, _ request: HTTPRequest, _ route: NativeRoute, _ identity: Identity? = nil,
        now: Timestamp
    ) async {
        let isKnown = identity != nil || error.code != NativeError.unauthenticated.code
        guard [401, 403].contains(error.status), isKnown else { return }
        let key = Self.key(identity, peer: request.peer)
        guard case .admitted = refusals.admit(key, Self.auditedRefusals, now: now) else { return }
        let actor = identity?.user ?? Self.keyID(of: request) ?? "unknown"
        let row = AuditRecord(
            at: now, actor: actor, action: "access-refused", subject: route.method + " " + route.path,
            outcome: error.code)
        // A refusal stands whether or not it can be stored; a store that takes no writes is told by `/ready`.
        try? await settings.store.appendAudit([row])
    }

    // The public part of a key; of anything else nothing is kept.
    private static func keyID(of request: HTTPRequest) -> String? {
        guard let text = try? token(of: request), APIKey.isOne(text) else { return nil }
        let id = text.prefix(APIKey.idLength)
        return id.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F } ? String(id) : nil
    }
}
