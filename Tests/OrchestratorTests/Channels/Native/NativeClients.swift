// SPDX-License-Identifier: Apache-2.0

import Foundation
import Glibc
import Testing
import Transport
import WireProtocols

@testable import Orchestrator

/// A way to ask the native API: in memory, or over a socket.
enum ClientKind: String, Sendable, CaseIterable, CustomTestStringConvertible {
    case memory, socket
    var testDescription: String { rawValue }
}

/// What was answered.
struct NativeReply: Sendable {
    var status: Int
    var headers: HTTPHeaders
    var text: String

    var json: JSON { (try? JSON.parse(text)) ?? .null }
    var code: String? { json["error"]?["code"]?.text }
    var details: [String] { (json["error"]?["details"]?.list ?? []).compactMap { $0["path"]?.text } }
}

/// Asks the channel of a fixture.
struct NativeClient: Sendable {
    let fixture: NativeFixture
    let kind: ClientKind
    let port: Int

    func ask(
        _ method: String, _ target: String, token: String? = nil, body: String? = nil,
        headers: HTTPHeaders = [:]
    ) async throws -> NativeReply {
        var headers = headers
        if headers["Host"] == nil { headers.add("Host", "127.0.0.1:\(port)") }
        if let token { headers.add("Authorization", "Bearer " + token) }
        if body != nil, headers["Content-Type"] == nil { headers.add("Content-Type", "application/json") }
        let bytes = Array((body ?? "").utf8)
        switch kind {
        case .memory: return try await askInMemory(method, target, headers, bytes)
        case .socket: return try askOverSocket(method, target, headers, bytes)
        }
    }

    private func askInMemory(
        _ method: String, _ target: String, _ headers: HTTPHeaders, _ body: [UInt8]
    ) async throws -> NativeReply {
        let request = try #require(HTTPRequest(method: method, target: target, headers: headers, body: body))
        let response = await fixture.handler(request)
        var text = ""
        if case .bytes(let bytes) = response.body { text = String(decoding: bytes, as: UTF8.self) }
        return NativeReply(status: response.status, headers: response.headers, text: text)
    }

    private func askOverSocket(
        _ method: String, _ target: String, _ headers: HTTPHeaders, _ body: [UInt8]
    ) throws -> NativeReply {
        let wire = try #require(WireClient(port: port))
        var head = "\(method) \(target) HTTP/1.1\r\nConnection: close\r\nContent-Length: \(body.count)\r\n"
        for (name, value) in headers.fields { head += "\(name): \(value)\r\n" }
        wire.send(Array((head + "\r\n").utf8) + body)
        return try #require(NativeReply(wire.readToEnd()))
    }
}

extension NativeReply {
    /// Reads a whole answer off the wire.
    init?(_ raw: String) {
        guard let end = raw.range(of: "\r\n\r\n") else { return nil }
        let lines = raw[..<end.lowerBound].split(separator: "\r\n")
        guard let status = lines.first.flatMap({ Int($0.dropFirst(9).prefix(3)) }) else { return nil }
        self.status = status
        headers = HTTPHeaders()
        for line in lines.dropFirst() {
            let parts = line.split(separator: ":", maxSplits: 1)
            headers.add(String(parts[0]), String(parts[1].drop { $0 == " " }))
        }
        let body = String(raw[end.upperBound...])
        text = headers["Transfer-Encoding"] == "chunked" ? Self.unchunked(body) : body
    }

    private static func unchunked(_ body: String) -> String {
        var rest = body.utf8[...]
        var out: [UInt8] = []
        while let line = rest.firstIndex(of: 13), let size = Int(String(rest[..<line]) ?? "", radix: 16),
            size > 0
        {
            let start = rest.index(line, offsetBy: 2)
            let end = rest.index(start, offsetBy: size)
            out += rest[start..<end]
            rest = rest[rest.index(end, offsetBy: 2)...]
        }
        return String(decoding: out, as: UTF8.self)
    }
}

/// A TCP client; calls block for at most five seconds, so tests give it a thread of its own.
final class WireClient {
    private let descriptor: Int32

    init?(port: Int) {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var patience = timeval(tv_sec: 40, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(UInt16(port).bigEndian)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        let size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let result = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(descriptor, $0, size) }
        }
        if result != 0 { return nil }
    }

    deinit { close(descriptor) }

    func send(_ bytes: [UInt8]) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes {
                Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            if count <= 0 { return }
            rest = rest.dropFirst(count)
        }
    }

    func readToEnd() -> String {
        var all: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = recv(descriptor, &chunk, chunk.count, 0)
            if count <= 0 { return String(decoding: all, as: UTF8.self) }
            all += chunk[..<count]
        }
    }
}

/// Runs `body` with a client of that kind.
func withClient(
    _ kind: ClientKind, _ fixture: NativeFixture, _ body: @Sendable (NativeClient) async throws -> Void
) async throws {
    guard kind == .socket else {
        return try await body(NativeClient(fixture: fixture, kind: .memory, port: 8090))
    }
    var settings = ListenerSettings(name: "main", port: 0)
    settings.limits = fixture.snapshots.current().parts.server.limits.transport
    settings.streamsBody = { fixture.channel.bodyLimits($0) }
    try await withServer(settings, fixture.handler) { port in
        try await body(NativeClient(fixture: fixture, kind: .socket, port: port))
    }
}

/// Runs `body` while a server of these settings listens on the port it is given.
func withServer(
    _ settings: ListenerSettings, _ handler: @escaping @Sendable (HTTPRequest) async -> HTTPResponse,
    _ body: @Sendable (_ port: Int) async throws -> Void
) async throws {
    let group = EventLoopGroup(loops: 1)
    let clients = EventLoopGroup(loops: 1)
    group.start()
    clients.start()
    let server = try HTTPServer.start(settings, on: group, handler: handler)
    let result: Result<Void, any Error>
    do {
        // The client blocks, so it has a thread of its own.
        result = .success(
            try await withTaskExecutorPreference(clients.next()) { try await body(server.port) })
    } catch {
        result = .failure(error)
    }
    await server.shutdown(grace: .milliseconds(500))
    await group.stop()
    await clients.stop()
    try result.get()
}
