// SPDX-License-Identifier: Apache-2.0

import Synchronization
import Transport
import WireProtocols

extension ClinicChannel {
    static let product = "MedReserve AI Chatbot System"

    private func totalRooms() async -> Int {
        if let count = roomCount.withLock({ $0 }) { return count }
        var query = AliasQuery(channel: name, limit: 100_000)
        query.user = ""
        let count = (try? await services.service.aliased(query).compactMap(ClinicRoom.init).count) ?? 0
        roomCount.withLock { $0 = $0 ?? count }
        return count
    }

    func health(_ snapshot: Snapshot) async -> HTTPResponse {
        let now = services.clock.now()
        var isStored = true
        do throws(StorageError) { try await services.store.probe() } catch { isStored = false }
        let isUp = isStored && services.health.phase == .ready
        let settings = snapshot.parts.server
        let limits = limits(snapshot)
        return .json(
            isUp ? 200 : 503,
            [
                "status": .string(isUp ? "healthy" : "unhealthy"), "timestamp": .string(now.iso8601),
                "service": .string(Self.product), "version": .string(snapshot.revision),
                "environment": .string(settings.environment.rawValue),
                "components": [
                    "storage": .string(isStored ? "healthy" : "unavailable"),
                    "configuration": .string(services.health.isStale ? "stale" : "healthy"),
                ],
                "metrics": [
                    "active_connections": .integer(sockets.count),
                    "total_rooms": .integer(isStored ? await totalRooms() : 0),
                    "uptime_seconds": .number(Double(services.health.uptime / .milliseconds(1)) / 1000),
                ],
                "configuration": [
                    "max_message_length": .integer(limits.messageCharacters),
                    "rate_limit_requests": .integer(limits.requests.max),
                    "websocket_ping_interval": .integer(Int(limits.pingInterval.components.seconds)),
                    "websocket_ping_timeout": .integer(Int(limits.pingGrace.components.seconds)),
                ],
            ])
    }

    func chatHealth() async -> HTTPResponse {
        let snapshot = services.snapshots.current()
        return .json(
            200,
            [
                "status": "healthy", "service": .string(Self.product), "version": .string(snapshot.revision),
                "active_connections": .integer(sockets.count), "active_rooms": .integer(await totalRooms()),
                "timestamp": .string(services.clock.now().iso8601),
            ])
    }

    func info(_ snapshot: Snapshot) -> HTTPResponse {
        .json(
            200,
            [
                "service": .string(Self.product), "version": .string(snapshot.revision), "status": "running",
                "features": [
                    "patient assistant", "doctor assistant", "rooms between doctors and patients",
                    "notifications",
                ],
                "endpoints": .object(
                    JSONObject(ClinicRoute.all.map { .init(name: $0.0.pattern, value: .string($0.1)) })),
                "documentation": "/docs",
            ])
    }
}

/// The description of the channel's API.
enum ClinicDocument {
    static let openAPI: HTTPResponse = .json(200, document)

    private static let document: JSON = [
        "openapi": "3.1.0", "info": ["title": .string(ClinicChannel.product), "version": "1"],
        "paths": .object(
            JSONObject(
                ClinicRoute.all.map { route, summary in
                    .init(name: route.pattern, value: .object(operation(route, summary)))
                })),
        "components": [
            "securitySchemes": ["bearer": ["type": "http", "scheme": "bearer", "bearerFormat": "JWT"]]
        ],
    ]

    private static func operation(_ route: ClinicRoute, _ summary: String) -> JSONObject {
        let names = route.pattern.split(separator: "/").filter { $0.hasPrefix("{") }.map {
            $0.dropFirst().dropLast()
        }
        let parameters = names.map { name -> JSON in
            ["name": .string(String(name)), "in": "path", "required": true, "schema": ["type": "string"]]
        }
        var operation = JSONObject()
        operation["summary"] = .string(summary)
        operation["parameters"] = .array(parameters)
        operation["responses"] = [
            "200": ["description": "Done"], "401": ["description": "No token, or a bad one"],
        ]
        let isOpen = [ClinicRoute.health, .chatHealth, .info].contains(route)
        if !isOpen { operation["security"] = [["bearer": []]] }
        if route.method == "POST" {
            operation["requestBody"] = ["content": ["application/json": ["schema": ["type": "object"]]]]
        }
        return JSONObject([.init(name: route.method.lowercased(), value: .object(operation))])
    }

    static let page: HTTPResponse = .text(
        """
        <!doctype html><html lang="en"><meta charset="utf-8"><title>\(ClinicChannel.product)</title>
        <h1>\(ClinicChannel.product)</h1><p>Machine-readable: <a href="/openapi.json">openapi.json</a></p>
        <table>\(ClinicRoute.all.map { "<tr><td>\($0.0.method)<td><code>\($0.0.pattern)</code><td>\($0.1)" }.joined())
        <tr><td>GET<td><code>/chat/ws/{user_id}?token=</code><td>WebSocket</table></html>
        """, type: "text/html; charset=utf-8")
}
