// SPDX-License-Identifier: Apache-2.0
import Diagnostics
import Foundation
import OrchestratorTesting
import Testing
import Transport
import WireProtocols

@testable import Orchestrator

/// The clinic channel over the shipped assistants, with `changes` put over the shipped files by path.
final class ClinicFixture: Sendable {
    static let secret = "another-one-that-is-long-enough-too"

    let clock: ManualClock
    let snapshots: SnapshotStore
    let store = MemoryStore()
    let service: ConversationService
    let channel: ClinicChannel
    let sockets = SocketDirectory()
    let health = Health()

    init(
        _ changes: [String: String] = [:], environment: [String: String] = [:],
        now: String = "2026-03-09T09:30:00.000Z"
    ) async throws {
        let snapshot = try Self.snapshot(changes, environment)
        snapshots = SnapshotStore(snapshot)
        clock = ManualClock(now)
        let runner = BackendActionRunner(
            records: RecordsActionRunner(store: store), http: HTTPActionRunner(client: HTTPClient()))
        var wiring = ServiceSettings(
            snapshots: snapshots, store: store, actions: runner,
            registries: ProviderRegistries(factories: ["knowledge": KnowledgeProvider.factory]))
        wiring.clock = clock
        wiring.alerts = sockets
        service = ConversationService(wiring)
        var services = ChannelServices(
            snapshots: snapshots, service: service, sockets: sockets, store: store, admin: AdminRecorder())
        services.clock = clock
        services.health = health
        health.phase = .ready
        services.files = FileStore(
            root: FileManager.default.temporaryDirectory.appendingPathComponent(RandomID.uuid()).path)
        channel = ClinicChannel(name: "clinic", services)
        _ = try await store.applySeeds(snapshot.parts.seeds, now: clock.now()) { _ in 0 }
        await service.lookups.fill(snapshot)
    }

    private static func snapshot(_ changes: [String: String], _ environment: [String: String]) throws
        -> Snapshot
    {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().path + "/../../../../bots"
        var tree = TreeReader(root: root).read()
        for (path, text) in changes {
            tree.files.removeAll { $0.path.hasSuffix(path) }
            tree.files.append(TreeFile(path: "bots/" + path, bytes: Array(text.utf8)))
        }
        var values = ["JWT_SECRET": "a-secret-for-tests-that-is-long-enough", "JWT_SECRET_KEY": secret]
        values.merge(environment) { $1 }
        let result = SnapshotCompiler().compile(tree, environment: EnvironmentValues(values))
        let errors = result.diagnostics.filter { $0.severity == .error }.map { "\($0.code): \($0.message)" }
        try #require(errors == [])
        return Snapshot(try #require(result.parts), number: 1)
    }

    /// A token as the clinic's own system makes it.
    func token(_ user: String = "patient_1", role: String = "PATIENT", name: String? = nil) throws -> String {
        let server = snapshots.current().parts.server
        let signer = try #require(TokenSigner.first(of: server, for: role, named: "medreserve"))
        return signer.sign(user: user, role: role, name: name, now: clock.now())
    }

    func ask(
        _ method: String, _ target: String, token: String? = nil, body: JSON? = nil, raw: String? = nil
    ) async throws -> NativeReply {
        var headers: HTTPHeaders = ["Host": "localhost:8001"]
        if let token { headers.add("Authorization", "Bearer " + token) }
        if body != nil || raw != nil { headers.add("Content-Type", "application/json") }
        let bytes = body?.encoded() ?? Array((raw ?? "").utf8)
        let request = try #require(HTTPRequest(method: method, target: target, headers: headers, body: bytes))
        let response = await channel.handle(request)
        var text = ""
        if case .bytes(let bytes) = response.body { text = String(decoding: bytes, as: UTF8.self) }
        return NativeReply(status: response.status, headers: response.headers, text: text)
    }

    /// Says something to an assistant; the answer.
    func say(
        _ text: String, to who: String = "patient", token: String, in conversation: String? = nil
    ) async throws -> JSON {
        var body: JSONObject = ["message": .string(text)]
        if let conversation { body["conversation_id"] = .string(conversation) }
        let reply = try await ask("POST", "/chat/\(who)", token: token, body: .object(body))
        try #require(reply.status == 200, "\(reply.text)")
        return reply.json
    }

    /// A socket of that person, served; its first frame is still to be read.
    func open(_ user: String, role: String, name: String? = nil) throws -> (MemorySocket, Task<Void, Never>) {
        let token = try token(user, role: role, name: name)
        let snapshot = snapshots.current()
        let identity = try channel.verifier(snapshot).verify(token, now: clock.now())
        let socket = MemorySocket()
        let session = ClinicSocket(channel, socket, identity: identity, token: token, snapshot)
        return (socket, Task { await session.run() })
    }
}
