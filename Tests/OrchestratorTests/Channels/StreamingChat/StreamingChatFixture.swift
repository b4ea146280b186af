// SPDX-License-Identifier: Apache-2.0

import OrchestratorTesting
import Synchronization
import Testing
import Transport
import WireProtocols

@testable import Orchestrator

/// A channel of the type streaming-chat over a service whose provider does what a test says.
final class StreamingChatFixture: Sendable {
    static let name = "chat"
    let clock = ManualClock("2025-09-12T10:30:00.000Z")
    let store = MemoryStore()
    let snapshots: SnapshotStore
    let sockets = SocketDirectory()
    let service: ConversationService
    let directory: AccountDirectory
    let accounts: Accounts
    let channel: StreamingChatChannel

    /// With a provider that answers, and perhaps the address of a service that takes files.
    init(
        _ provider: ScriptedProvider = ScriptedProvider("upstream", .streams(["Hello. ", "There."])),
        files: String? = nil
    ) throws {
        snapshots = SnapshotStore(Self.snapshot(files: files))
        var wiring = ServiceSettings(
            snapshots: snapshots, store: store, actions: RecordsActionRunner(store: store),
            registries: ProviderRegistries(factories: ["scripted": { _, _ in provider }]))
        wiring.clock = clock
        wiring.delay = ManualDelay()
        wiring.alerts = sockets
        service = ConversationService(wiring)
        directory = AccountDirectory(store: store)
        var parts = AccountsSettings(
            store: store, hasher: try PasswordHasher(threads: 1, cost: 4), directory: directory)
        parts.clock = clock
        accounts = Accounts(parts)
        var services = ChannelServices(
            snapshots: snapshots, service: service, sockets: sockets, store: store, admin: AdminRecorder())
        services.clock = clock
        services.directory = directory
        services.accounts = accounts
        channel = StreamingChatChannel(services, name: Self.name)
        directory.observe { [sockets] in sockets.snapshotChanged() }
    }

    static func snapshot(number: Int = 1, files: String? = nil) -> Snapshot {
        ServiceFixture.snapshot(providers: ["upstream"], number: number) { assistant, whole in
            assistant.intents = [:]
            assistant.escalations = []
            assistant.otherwise = [
                Otherwise(below: nil, times: nil, answer: .route("chat"), history: 10)
            ]
            whole.routes["chat"] = Route(
                name: "chat",
                entries: [
                    .provider(name: "upstream", attempts: 1, total: .seconds(30)),
                    .fail(ServiceFixture.text("ai_failed")),
                ], nextOn: Set(ProviderCause.allCases))
            if let files {
                var service = ProviderSettings(name: "medical_rag", type: "context-http")
                service.url = files
                whole.providers["medical_rag"] = service
            }
            whole.server.roles["DOCTOR"] = Role(
                name: "DOCTOR", requiresSafety: false, isStaff: true, isOperator: false)
            whole.server.roles["PATIENT"] = Role(
                name: "PATIENT", requiresSafety: true, isStaff: false, isOperator: false)
            whole.server.issuers = [
                Issuer(
                    name: "local", secrets: [Secret(NativeFixture.secret)], expires: .seconds(86_400),
                    userClaim: "userId", roleClaim: "role", nameClaim: "username", adminClaim: nil,
                    defaultRole: "PATIENT")
            ]
            var chat = ChannelSettings(
                name: name, type: "streaming-chat", address: ListenAddress(host: "127.0.0.1", port: 3001),
                limits: ChannelDialect.streamingChat.limits)
            chat.assistant = "patient"
            chat.issuer = "local"
            whole.server.channels[name] = chat
        }
    }

    /// Asks over REST.
    func ask(
        _ method: String, _ target: String, token: String? = nil, body: String? = nil
    ) async throws -> NativeReply {
        var headers: HTTPHeaders = ["Host": "localhost:3001"]
        if let token { headers.add("Authorization", "Bearer " + token) }
        let request = try #require(
            HTTPRequest(method: method, target: target, headers: headers, body: Array((body ?? "").utf8)))
        let response = await channel.handle(request)
        var text = ""
        if case .bytes(let bytes) = response.body { text = String(decoding: bytes, as: UTF8.self) }
        return NativeReply(status: response.status, headers: response.headers, text: text)
    }

    /// A token for that person.
    func token(_ user: String = "u1") throws -> String {
        try #require(TokenSigner.first(of: snapshots.current().parts.server, for: "PATIENT"))
            .sign(user: user, role: "PATIENT", name: user, now: clock.now())
    }

    /// Runs `body` with an open socket whose greeting has been read.
    func withSocket(_ user: String = "u1", _ body: (MemorySocket) async throws -> Void) async throws {
        let token = try token(user)
        let identity = try channel.verifier(channel.settings()).verify(
            token, snapshots.current(), now: clock.now())
        let socket = MemorySocket()
        let session = StreamingChatSession(channel, socket, identity: identity, token: token)
        let running = Task { await session.run() }
        let result: Result<Void, any Error>
        do {
            #expect(
                await socket.next() == [
                    "type": "connection", "message": "Connected to chatbot server",
                    "timestamp": "2025-09-12T10:30:00.000Z",
                ])
            result = .success(try await body(socket))
        } catch {
            result = .failure(error)
        }
        socket.leave()
        await running.value
        try result.get()
    }
}

extension MemorySocket {
    /// The frames up to one of that type.
    func frames(to type: String) async -> [JSON] {
        var frames: [JSON] = []
        while true {
            let frame = await next()
            guard frame != .null else { return frames }
            frames.append(frame)
            if frame["type"]?.text == type { return frames }
        }
    }
}
