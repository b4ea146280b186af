// SPDX-License-Identifier: Apache-2.0
import Synchronization
import Testing
import Transport

extension Tag {
    @Tag static var conformance: Self
    @Tag static var integration: Self
}

/// Runs `body` against a server of its own, with two loops, and shuts it down.
func withServer(
    _ change: (inout ListenerSettings) -> Void = { _ in },
    handler: @escaping @Sendable (HTTPRequest) async -> HTTPResponse = { describe($0) },
    _ body: (HTTPServer) async throws -> Void
) async throws {
    let group = EventLoopGroup(loops: 2)
    let clients = EventLoopGroup(loops: 1)
    group.start()
    clients.start()
    var settings = ListenerSettings(name: "test", port: 0)
    change(&settings)
    let server = try HTTPServer.start(settings, on: group, handler: handler)
    let result: Result<Void, any Error>
    do {
        // The clients block, so they have a thread of their own.
        result = .success(try await withTaskExecutorPreference(clients.next()) { try await body(server) })
    } catch {
        result = .failure(error)
    }
    await server.shutdown(grace: .milliseconds(500))
    #expect(server.openConnections == 0)
    #expect(server.openWebSockets == 0)
    await group.stop()
    await clients.stop()
    try result.get()
}

/// Tells back what arrived.
func describe(_ request: HTTPRequest) -> HTTPResponse {
    let body = String(decoding: request.body, as: UTF8.self)
    return .text("\(request.method) \(request.path) \(body)")
}

extension HTTPResponse {
    static func text(_ text: String) -> HTTPResponse {
        HTTPResponse(status: 200, headers: ["Content-Type": "text/plain"], body: .bytes(Array(text.utf8)))
    }
}

/// A value that a handler sets and a test waits for.
final class Signal: Sendable {
    private struct State {
        var isSet = false
        var waiting: [CheckedContinuation<Void, Never>] = []
    }
    private let state = Mutex(State())

    var isSet: Bool { state.withLock { $0.isSet } }

    func set() {
        let waiting = state.withLock { state in
            state.isSet = true
            defer { state.waiting = [] }
            return state.waiting
        }
        for waiter in waiting { waiter.resume() }
    }

    func wait() async {
        await withCheckedContinuation { (waiter: CheckedContinuation<Void, Never>) in
            let isSet = state.withLock { state in
                if !state.isSet { state.waiting.append(waiter) }
                return state.isSet
            }
            if isSet { waiter.resume() }
        }
    }
}
