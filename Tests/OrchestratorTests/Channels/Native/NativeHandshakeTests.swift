// SPDX-License-Identifier: Apache-2.0

import OrchestratorTesting
import Testing
import Transport
import WireProtocols

@testable import Orchestrator

@Suite(.timeLimit(.minutes(1)))
struct NativeHandshakeTests {
    private func shake(
        _ fixture: NativeFixture, _ fields: [(String, String)], target: String = "/v1/ws"
    ) async throws -> (status: Int, subprotocol: String?) {
        var headers: HTTPHeaders = ["Host": "127.0.0.1:8090"]
        for (name, value) in fields { headers.add(name, value) }
        let request = try #require(
            HTTPRequest(method: "GET", target: target, headers: headers, isUpgrade: true))
        let response = await fixture.handler(request)
        guard case .webSocket(let subprotocol, _, _) = response.body else { return (response.status, nil) }
        return (101, subprotocol)
    }

    @Test func `a token comes as a header or among the subprotocols, never in the address`() async throws {
        let fixture = try NativeFixture()
        let token = try fixture.token()
        #expect(try await shake(fixture, [("Authorization", "Bearer " + token)]) == (101, nil))
        let list = "orchestrator.v1, bearer.\(token)"
        #expect(try await shake(fixture, [("Sec-WebSocket-Protocol", list)]) == (101, "orchestrator.v1"))
        #expect(try await shake(fixture, []).status == 401)
        #expect(try await shake(fixture, [], target: "/v1/ws?token=\(token)").status == 401)
        #expect(
            try await shake(fixture, [("Sec-WebSocket-Protocol", "orchestrator.v1, bearer.x")]).status == 401)
        fixture.clock.advance(by: .seconds(86_400))
        #expect(try await shake(fixture, [("Sec-WebSocket-Protocol", list)]).status == 401)
    }

    @Test(
        arguments: [
            (["http://127.0.0.1:8090"], 101), (["https://127.0.0.1:8090"], 101), (["null"], 403),
            (["http://127.0.0.1:8090.evil"], 403), (["http://evil"], 403), (["http://127.0.0.1"], 403),
            (["http://127.0.0.1:8090", "http://127.0.0.1:8090"], 403),
        ] as [([String], Int)])
    func `pages of another origin open no socket`(origins: [String], status: Int) async throws {
        let fixture = try NativeFixture()
        let fields = [("Authorization", "Bearer " + (try fixture.token()))] + origins.map { ("Origin", $0) }
        #expect(try await shake(fixture, fields).status == status)
    }

    @Test func `asked without an upgrade the address says what it needs`() async throws {
        let fixture = try NativeFixture()
        try await withClient(.socket, fixture) { client in
            let reply = try await client.ask("GET", "/v1/ws", token: try fixture.token())
            #expect(reply.status == 426)
            #expect(reply.headers["Sec-WebSocket-Version"] == "13")
            #expect(reply.code == "upgrade-required")
        }
    }
}
