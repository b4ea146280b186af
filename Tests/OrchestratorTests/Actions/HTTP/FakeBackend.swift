// SPDX-License-Identifier: Apache-2.0
import Synchronization
import Transport
import WireProtocols

@testable import Orchestrator

/// Somebody else's system: a real server whose answers a test writes, and which remembers what it was asked.
///
/// It holds itself until the process ends, so that no test has to keep it.
final class FakeBackend: Sendable {
    struct Call: Sendable, Equatable {
        var method: String
        var target: String
        var headers: [String: String]
        var body: JSON?
    }

    private let log = Mutex<[Call]>([])
    private let group = EventLoopGroup(loops: 1)
    private let server: HTTPServer
    let port: Int

    /// All calls so far.
    var calls: [Call] { log.withLock { $0 } }
    var url: String { "http://127.0.0.1:\(port)/api" }

    /// The answer may depend on the call and on how many came before it.
    init(_ answer: @escaping @Sendable (Call, Int) async -> HTTPResponse) throws {
        group.start()
        let log = Mutex<(@Sendable (Call) -> Int)?>(nil)
        server = try HTTPServer.start(ListenerSettings(name: "backend", port: 0), on: group) { request in
            let call = Call(request)
            let number = log.withLock { $0 }?(call) ?? 0
            return await answer(call, number)
        }
        port = server.port
        log.withLock { $0 = { [self] in remember($0) } }
    }

    private func remember(_ call: Call) -> Int {
        log.withLock { log in
            log.append(call)
            return log.count - 1
        }
    }

    /// The same answer to everything.
    convenience init(_ status: Int, _ body: String, headers: HTTPHeaders = HTTPHeaders()) throws {
        try self.init { _, _ in .backend(status, body, headers: headers) }
    }
}

extension FakeBackend.Call {
    init(_ request: HTTPRequest) {
        method = request.method
        target = request.target
        headers = Dictionary(request.headers.fields.map { ($0.name.lowercased(), $0.value) }) { first, _ in
            first
        }
        body =
            request.body.isEmpty
            ? nil : (try? JSON.parse(request.body)) ?? .string(String(decoding: request.body, as: UTF8.self))
    }
}

extension HTTPResponse {
    static func backend(_ status: Int, _ body: String, headers: HTTPHeaders = HTTPHeaders()) -> HTTPResponse {
        var headers = headers
        headers.add("Content-Type", "application/json")
        return HTTPResponse(status: status, headers: headers, body: .bytes(Array(body.utf8)))
    }
}
