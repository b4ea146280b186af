// SPDX-License-Identifier: Apache-2.0

import Diagnostics
import OrchestratorTesting
import Testing
import Transport
import WireProtocols

@testable import Orchestrator

/// A Socket.IO client that polls a channel without any wire.
final class PollingClient {
    private let channel: any Channel
    private let headers: HTTPHeaders
    private let peer: String
    private var path = "/socket.io/?EIO=4&transport=polling"
    private var queue: [String] = []
    private(set) var id = ""

    /// Opens a session and joins the namespace `/`.
    init(
        _ channel: any Channel, auth: String = "", agent: String = "tests", peer: String = "192.0.2.7"
    ) async throws {
        self.channel = channel
        headers = ["User-Agent": agent]
        self.peer = peer
        let opening = try await next()
        let sid = try #require(try JSON.parse(String(opening.dropFirst()))["sid"]?.text)
        path += "&sid=" + sid
        try await post("40" + auth)
        let joined = try await next()
        guard joined.hasPrefix("40{") else { throw ConnectRefusal(answer: joined) }
        id = try #require(try JSON.parse(String(joined.dropFirst(2)))["sid"]?.text)
    }

    /// Sends a body of packets; its answer's status.
    @discardableResult
    func post(_ body: String) async throws -> Int { try await send(Array(body.utf8)) }

    /// The same for bytes.
    func send(_ body: [UInt8]) async throws -> Int {
        let request = try #require(
            HTTPRequest(method: "POST", target: path, headers: headers, body: body, peer: peer))
        return await channel.handle(request).status
    }

    /// Says something.
    func emit(_ name: String, _ arguments: JSON...) async throws {
        try await post("42" + JSON.array([.string(name)] + arguments).encodedText)
    }

    /// Says something and waits for the answer, letting events pass.
    func ask(_ name: String, _ arguments: JSON...) async throws -> JSON {
        try await post("427" + JSON.array([.string(name)] + arguments).encodedText)
        while true {
            let packet = try await next()
            guard packet.hasPrefix("437") else {
                passed.append(packet)
                continue
            }
            return try JSON.parse(String(packet.dropFirst(3))).list?.first ?? .null
        }
    }

    /// Events that came while it waited for an answer.
    private var passed: [String] = []

    /// The next event: its name and first argument.
    func event() async throws -> JSON {
        let packet: String
        if passed.isEmpty { packet = try await next() } else { packet = passed.removeFirst() }
        return try JSON.parse(String(packet.dropFirst(2)))
    }

    /// Events that have come without waiting: asked after an answer, all that there are for this client.
    var pending: [String] {
        let all = passed
        passed = []
        return all
    }

    /// The next packet of the session.
    func next() async throws -> String {
        while queue.isEmpty {
            let request = try #require(
                HTTPRequest(method: "GET", target: path, headers: headers, peer: peer))
            let response = await channel.handle(request)
            guard response.status == 200, case .bytes(let bytes) = response.body else {
                throw Closed(status: response.status)
            }
            queue = String(decoding: bytes, as: UTF8.self).split(separator: "\u{1e}").map(String.init)
        }
        return queue.removeFirst()
    }

    struct Closed: Error, Equatable { var status: Int }
}

/// A server with the two channels of this protocol, without ports.
final class SocketChannelFixture: Sendable {
    static let secret = "a-secret-of-thirty-two-bytes-...."
    static let server = """
        kind: server
        version: 1
        listen: { host: 127.0.0.1, port: 8090 }
        storage: { url: "memory:" }
        roles:
          PATIENT: {}
          ADMIN: { staff: true, operator: true }
          anonymous: {}
        auth:
          issuers:
            local: { algorithm: HS256, secret: "${env.JWT_SECRET}", expires: 24h, claims: { user: userId, role: role, name: username, admin: adminId }, default_role: PATIENT }
        channels:
          live-chat: { type: live-chat, port: 4000, assistant: none, staff_access: open }
          closed: { type: live-chat, port: 4001, assistant: none, issuer: local, trust_unknown: false, recovery: 2m }
          answered: { type: live-chat, port: 4002, assistant: desk }
          live-chat-ai: { type: live-chat-ai, port: 5000, issuer: local, assistant: desk, ai: { enabled: true } }
          quiet: { type: live-chat-ai, port: 5001, issuer: local, assistant: desk }
          legacy: { type: live-chat-ai, port: 5002, issuer: local, assistant: desk, legacy_admins: true }
        """
    static let desk = """
        kind: assistant
        version: 1
        id: desk
        name: Desk
        roles: [anonymous]
        safety:
          - id: cardiac
            level: emergency
            phrases: [chest pain]
            say: Call 911 now.
        intents:
          greet:
            examples: [hello, good morning, hi there]
            say: Hello from the desk.
        otherwise:
          - say: Please say that again.
        """

    let clock = ManualClock("2026-03-09T10:00:00.000Z")
    let snapshots: SnapshotStore
    let services: ChannelServices

    /// With these files besides, and `change` made to the text of the server file.
    init(_ more: [String: String] = [:], change: (String) -> String = { $0 }) throws {
        var files = ["server.yaml": change(Self.server), "desk.yaml": Self.desk]
        files.merge(more) { $1 }
        let tree = SourceTree(files.map { TreeFile(path: "bots/" + $0.key, bytes: Array($0.value.utf8)) })
        let result = SnapshotCompiler().compile(
            tree, environment: EnvironmentValues(["JWT_SECRET": Self.secret]))
        let errors = result.diagnostics.filter { $0.severity == .error }.map { "\($0.code): \($0.message)" }
        try #require(errors == [])
        snapshots = SnapshotStore(Snapshot(try #require(result.parts), number: 1))
        let store = MemoryStore()
        var wiring = ServiceSettings(
            snapshots: snapshots, store: store, actions: RecordsActionRunner(store: store),
            registries: ProviderRegistries(factories: [:]))
        wiring.clock = clock
        let sockets = SocketDirectory()
        wiring.alerts = sockets
        var services = ChannelServices(
            snapshots: snapshots, service: ConversationService(wiring), sockets: sockets, store: store,
            admin: AdminRecorder())
        services.clock = clock
        self.services = services
    }

    func liveChat(_ name: String = "live-chat") -> LiveChatChannel { LiveChatChannel(name: name, services) }
    func liveChatAI(_ name: String = "live-chat-ai") -> LiveChatAIChannel {
        LiveChatAIChannel(name: name, services)
    }

    func token(_ user: String = "admin-1", role: String = "ADMIN") throws -> String {
        let signer = try #require(TokenSigner.first(of: snapshots.current().parts.server, for: role))
        return signer.sign(user: user, role: role, now: clock.now())
    }
}

extension Channel {
    /// Asks without any wire.
    func ask(
        _ method: String, _ target: String, token: String? = nil, body: String = ""
    ) async throws -> (status: Int, json: JSON, headers: HTTPHeaders) {
        var headers = HTTPHeaders()
        if let token { headers.add("Authorization", "Bearer " + token) }
        let request = try #require(
            HTTPRequest(method: method, target: target, headers: headers, body: Array(body.utf8)))
        let response = await handle(request)
        guard case .bytes(let bytes) = response.body else {
            return (response.status, .null, response.headers)
        }
        return (response.status, (try? JSON.parse(bytes)) ?? .null, response.headers)
    }
}

/// What a client is told instead of being let in.
struct ConnectRefusal: Error {
    var answer: String
}
