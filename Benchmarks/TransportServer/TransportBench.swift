// SPDX-License-Identifier: Apache-2.0
// The bare transport for `Benchmarks/run.py`: a fixed answer at /health, an echo at /ws.
import Glibc
import Transport

@main
struct TransportBench {
    static func main() async throws {
        let arguments = CommandLine.arguments.dropFirst().compactMap { Int($0) }
        let group = EventLoopGroup(loops: arguments.dropFirst().first ?? 1)
        group.start()
        let settings = ListenerSettings(name: "bench", port: arguments.first ?? 0)
        let server = try HTTPServer.start(settings, on: group, handler: answer)
        // Not `print`: a pipe would keep it back.
        let line = "listening on 127.0.0.1:\(server.port)\n"
        _ = line.withCString { write(STDOUT_FILENO, $0, strlen($0)) }
        while true { try await Task.sleep(for: .seconds(3600)) }
    }
}

@Sendable private func answer(_ request: HTTPRequest) async -> HTTPResponse {
    if request.isUpgrade { return HTTPResponse(status: 101, body: .webSocket(subprotocol: nil, echo)) }
    return HTTPResponse(
        status: 200, headers: ["Content-Type": "application/json"],
        body: .bytes(Array(#"{"status":"ok"}"#.utf8)))
}

@Sendable private func echo(_ socket: WebSocket) async {
    while let message = await socket.receive() { socket.send(bytes: message.bytes, isText: message.isText) }
}
