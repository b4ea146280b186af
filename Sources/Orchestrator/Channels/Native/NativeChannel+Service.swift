// SPDX-License-Identifier: Apache-2.0

import Transport
import WireProtocols

extension NativeChannel {
    func health() -> HTTPResponse {
        let state = settings.health
        // Written by hand: this is what a load balancer asks all day.
        let tenths = Int(state.uptime / .milliseconds(100))
        var out: [UInt8] = []
        out.reserveCapacity(96)
        MessagePayload.literal(#"{"status":"ok","revision":""#, &out)
        MessagePayload.literal(settings.snapshots.current().revision, &out)
        MessagePayload.literal(state.isStale ? #"","config":"stale""# : #"","config":"ok""#, &out)
        MessagePayload.literal(#","uptime_seconds":"#, &out)
        MessagePayload.literal(String(tenths / 10), &out)
        out += [UInt8(ascii: "."), UInt8(ascii: "0") + UInt8(tenths % 10), UInt8(ascii: "}")]
        var response = HTTPResponse.json(200, encoded: out)
        response.route = "/health"
        return response
    }

    func ready() async -> HTTPResponse {
        var status = settings.health.phase.rawValue
        if status == Health.Phase.ready.rawValue {
            do { try await settings.store.probe() } catch { status = "storage_unavailable" }
        }
        return .json(status == Health.Phase.ready.rawValue ? 200 : 503, ["status": .string(status)])
    }

    func whoAmI(_ call: NativeCall) throws(NativeError) -> HTTPResponse {
        let identity = try call.bearer()
        let role = call.snapshot.parts.server.roles[identity.role]
        var object = JSONObject()
        object["user"] = .string(identity.user)
        object["role"] = .string(identity.role)
        if let name = identity.name { object["name"] = .string(name) }
        if let issuer = identity.issuer { object["issuer"] = .string(issuer) }
        object["staff"] = .bool(role?.isStaff ?? false)
        object["operator"] = .bool(role?.isOperator ?? false)
        if let expires = identity.expires { object["expires_at"] = .string(expires.iso8601) }
        return .json(200, .object(object))
    }

    func stats() -> HTTPResponse {
        let snapshot = settings.snapshots.current()
        return .json(
            200,
            [
                "revision": .string(snapshot.revision),
                "assistants": .integer(snapshot.parts.assistants.count),
                "sockets": .integer(settings.sockets.count), "counters": settings.metrics.summary(),
            ])
    }
}
