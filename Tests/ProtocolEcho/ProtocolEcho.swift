// SPDX-License-Identifier: Apache-2.0
// The bare layers for suites of other people: `protocol-echo [--port PORT]`.
//
// /echo         a WebSocket that says back what it is told, text and bytes
// /engine.io/   Engine.IO that does the same
// /socket.io/   Socket.IO with the namespaces / and /custom
import Glibc
import Transport
import WireProtocols

@main
struct ProtocolEcho {
    static func main() async throws {
        guard let port = port(CommandLine.arguments.dropFirst()) else {
            say("usage: protocol-echo [--port PORT]\n", to: STDERR_FILENO)
            exit(2)
        }
        let group = EventLoopGroup(loops: EventLoopGroup.usableCores)
        group.start()
        let endpoints = Endpoints()
        let server = try HTTPServer.start(settings(port), on: group) { await endpoints.answer($0) }
        say("listening on 127.0.0.1:\(server.port)\n", to: STDOUT_FILENO)
        while true { try await Task.sleep(for: .seconds(3600)) }
    }

    private static func port(_ arguments: ArraySlice<String>) -> Int? {
        let words = Array(arguments)
        if words.isEmpty { return 3000 }
        guard words.count == 2, words[0] == "--port", let port = Int(words[1]) else { return nil }
        return (0...65535).contains(port) ? port : nil
    }

    private static func settings(_ port: Int) -> ListenerSettings {
        var limits = HTTPLimits()
        // /echo is sent messages of 16 MiB by conformance suites; the layers above have limits of their own.
        limits.webSocketMessageBytes = 32 * 1024 * 1024
        limits.sendQueueBytes = 64 * 1024 * 1024
        limits.bodyBytes = 2 * 1024 * 1024
        limits.pingInterval = .seconds(600)
        return ListenerSettings(name: "protocol-echo", port: port, limits: limits)
    }

    // Not `print`: a pipe would keep it back.
    private static func say(_ line: String, to descriptor: Int32) {
        _ = line.withCString { write(descriptor, $0, strlen($0)) }
    }
}

/// The three endpoints.
final class Endpoints: Sendable {
    private let engine: EngineServer
    private let socketIO: EngineServer

    init() {
        var settings = SocketSettings()
        settings.engine.pingInterval = 300
        settings.engine.pingTimeout = 200
        settings.engine.maxPayload = 1_000_000
        settings.connectTimeout = 1_000
        let custom = EchoNamespace()
        let sockets = SocketServer(settings: settings, namespaces: ["/": custom, "/custom": custom])
        engine = EngineServer(settings: settings.engine, application: EngineEcho()) { .any }
        socketIO = EngineServer(settings: settings.engine, application: sockets) { .any }
    }

    func answer(_ request: HTTPRequest) async -> HTTPResponse {
        switch request.path {
        case "/echo": HTTPResponse(status: 101, body: .received(by: WebSocketEcho()))
        case "/engine.io", "/engine.io/": await engine.handle(request)
        case "/socket.io", "/socket.io/": await socketIO.handle(request)
        default: HTTPResponse(status: 404)
        }
    }
}
