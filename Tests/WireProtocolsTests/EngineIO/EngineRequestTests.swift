// SPDX-License-Identifier: Apache-2.0
import Testing
import WireProtocols

/// Faults S01: what a request must be before any session sees it.
struct EngineRequestTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var name: String
        var method = "GET"
        var isUpgrade = false
        var version: String? = "4"
        var transport: String? = "polling"
        var session: String?
        var expected: Result<EngineRequest, EngineRefusal>
        var testDescription: String { name }
    }

    static let cases: [Case] = [
        Case(name: "polling opens", expected: .success(.open(.polling))),
        Case(
            name: "a WebSocket opens", isUpgrade: true, transport: "websocket",
            expected: .success(.open(.websocket))),
        Case(name: "no transport", transport: nil, expected: .failure(.unknownTransport)),
        Case(name: "another transport", transport: "abc", expected: .failure(.unknownTransport)),
        Case(name: "revision 3", version: "3", expected: .failure(.unsupportedProtocol)),
        Case(name: "no revision", version: nil, expected: .failure(.unsupportedProtocol)),
        Case(name: "no number", version: "abc", expected: .failure(.unsupportedProtocol)),
        Case(name: "POST opens nothing", method: "POST", expected: .failure(.badHandshakeMethod)),
        Case(name: "PUT opens nothing", method: "PUT", expected: .failure(.badHandshakeMethod)),
        Case(
            name: "a WebSocket without an upgrade", transport: "websocket", expected: .failure(.badRequest)),
        Case(name: "an upgrade to polling", isUpgrade: true, expected: .failure(.badRequest)),
        Case(name: "nobody's session", session: "x", expected: .failure(.unknownSession)),
        Case(name: "a poll", session: "p", expected: .success(.poll(session: "p"))),
        Case(name: "a push", method: "POST", session: "p", expected: .success(.push(session: "p"))),
        Case(name: "PUT to a session", method: "PUT", session: "p", expected: .failure(.badRequest)),
        Case(name: "a poll of an upgraded session", session: "w", expected: .failure(.badRequest)),
        Case(
            name: "a push to an upgraded session", method: "POST", session: "w",
            expected: .failure(.badRequest)),
        Case(
            name: "a probe", isUpgrade: true, transport: "websocket", session: "p",
            expected: .success(.probe(session: "p"))),
    ]

    @Test(arguments: cases) func `a request is judged by its method and query`(_ one: Case) {
        let parts = EngineRequest.Parts(
            method: one.method, isUpgrade: one.isUpgrade, version: one.version, transport: one.transport,
            session: one.session)
        let found = Result<EngineRequest, EngineRefusal> { () throws(EngineRefusal) in
            try EngineRequest(parts) { ["p": .polling, "w": .websocket][$0] }
        }
        #expect(found == one.expected)
    }

    @Test func `refusals have the numbers and sentences that clients know`() {
        let bodies = EngineRefusal.allCases.map { "\($0.status) " + String(decoding: $0.body, as: UTF8.self) }
        #expect(
            bodies == [
                #"400 {"code":0,"message":"Transport unknown"}"#,
                #"400 {"code":1,"message":"Session ID unknown"}"#,
                #"400 {"code":2,"message":"Bad handshake method"}"#,
                #"400 {"code":3,"message":"Bad request"}"#,
                #"403 {"code":4,"message":"Forbidden"}"#,
                #"400 {"code":5,"message":"Unsupported protocol version"}"#,
            ])
    }
}
