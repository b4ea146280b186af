// SPDX-License-Identifier: Apache-2.0

import Glibc
import Transport
import WireProtocols

extension StreamingChatChannel {
    /// The version that clients of this dialect are shown.
    static let version = "1.0.0"

    func health(_ call: StreamingChatCall) -> HTTPResponse {
        .json(
            200,
            [
                "status": "healthy", "timestamp": .string(call.now.iso8601), "uptime": .number(uptime),
                "version": .string(Self.version),
            ])
    }

    func stats(_ call: StreamingChatCall) -> HTTPResponse {
        .json(
            200,
            [
                "connectedClients": .integer(connectedClients), "uptime": .number(uptime),
                "memory": ProcessMemory.current.json, "timestamp": .string(call.now.iso8601),
            ])
    }

    func socketInfo(_ call: StreamingChatCall) -> HTTPResponse {
        let host = call.request.headers["Host"] ?? "localhost:\(call.settings.address.port)"
        return .json(
            200,
            [
                "endpoint": "/ws",
                "authentication": "JWT token required via query parameter or Authorization header",
                "example": .string("ws://\(host)/ws?token=your-jwt-token"),
                "connectedClients": .integer(connectedClients),
            ])
    }

    private var uptime: Double { services.health.uptime / .seconds(1) }
}

/// What this process has in memory, in bytes, under the names its clients know.
struct ProcessMemory: Sendable, Hashable {
    var rss = 0
    var heapTotal = 0
    var heapUsed = 0
    var external = 0

    /// As the kernel counts it now.
    static var current: ProcessMemory {
        // proc(5): pages in all, resident, shared, of code, 0, of data.
        let pages = statm().map { $0 * Int(sysconf(Int32(_SC_PAGESIZE))) }
        guard pages.count > 5 else { return ProcessMemory() }
        return ProcessMemory(
            rss: pages[1], heapTotal: pages[5], heapUsed: max(0, pages[1] - pages[2]), external: pages[2])
    }

    var json: JSON {
        [
            "rss": .integer(rss), "heapTotal": .integer(heapTotal), "heapUsed": .integer(heapUsed),
            "external": .integer(external), "arrayBuffers": 0,
        ]
    }

    // The file is made by the kernel when it is read: this does not block.
    private static func statm() -> [Int] {
        guard let file = fopen("/proc/self/statm", "r") else { return [] }
        defer { fclose(file) }
        var line = [CChar](repeating: 0, count: 128)
        guard fgets(&line, 128, file) != nil else { return [] }
        let text = String(decoding: line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        return text.split(whereSeparator: \.isWhitespace).compactMap { Int($0) }
    }
}
