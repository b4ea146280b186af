// SPDX-License-Identifier: Apache-2.0

import Diagnostics
import OrchestratorTesting
import Testing
import Transport
import WireProtocols

@testable import Orchestrator

/// A channel of the type widget over vendors that do what a test says.
final class WidgetFixture: Sendable {
    static let server = """
        kind: server
        version: 1
        environment: "${env.NODE_ENV | default: development}"
        storage: { url: "memory:" }
        roles: { anonymous: {} }
        channels:
          widget: { type: widget, port: 3000, assistants: { default: help, technical: tech, bare: bare }, assistant_override: true }
          closed: { type: widget, port: 3001, assistants: { default: help }, cors: ["https://shop.example"], limits: { requests: { max: 2, per: 1m } } }
          lost: { type: widget, port: 3002, assistants: { default: bare } }
          open: { type: widget, port: 3003, assistants: { default: help }, cors: ["https://shop.example"], open_in_development: true }
        """
    static let routing = """
        kind: routing
        version: 1
        providers:
          main: { type: openai-assistants, key: "${env.VENDOR_KEY}", assistant_id: asst_main }
          tech: { type: openai-assistants, key: "${env.VENDOR_KEY}", assistant_id: asst_tech }
          none: { type: openai-assistants, key: "${env.VENDOR_KEY}", assistant_id: "" }
          claude: { type: anthropic, key: "${env.VENDOR_KEY}", model: claude-x }
          gemini: { type: google, key: "${env.NO_KEY | default: ''}" }
        routes:
          help: { mid_stream: stop, try: [{ provider: main }, { route: more }], next_on: [server_error] }
          more: { mid_stream: stop, try: [{ provider: gemini }, { provider: claude, total: 9s }, { fail: sorry }], next_on: [server_error] }
          tech: { mid_stream: stop, try: [{ provider: tech }, { fail: sorry }], next_on: [server_error] }
          bare: { mid_stream: stop, try: [{ provider: none }, { fail: sorry }] }
        """
    static func assistant(_ id: String, _ rest: String = "") -> String {
        """
        kind: assistant
        version: 1
        id: \(id)
        name: "The \(id) desk"
        description: "Answers \(id)"
        roles: [anonymous]
        persona: Be brief.
        safety:
          - id: cardiac
            level: emergency
            phrases:
              - chest pain
            say: Call 911 now.
        responses:
          sorry: Sorry.
        otherwise:
          - { route: \(id), history: 10 }
        """
    }

    let clock = ManualClock("2024-01-01T00:00:00.000Z")
    let store: MemoryStore
    let services: ChannelServices
    let snapshots: SnapshotStore

    init(
        _ providers: [ScriptedProvider], store: MemoryStore = MemoryStore(),
        environment: [String: String] = [:]
    ) throws {
        self.store = store
        var files = ["server.yaml": Self.server, "routing.yaml": Self.routing]
        for id in ["help", "tech", "bare"] { files["\(id).yaml"] = Self.assistant(id) }
        let tree = SourceTree(files.map { TreeFile(path: "bots/" + $0.key, bytes: Array($0.value.utf8)) })
        let result = SnapshotCompiler().compile(
            tree, environment: EnvironmentValues(environment.merging(["VENDOR_KEY": "k"]) { old, _ in old }))
        let errors = result.diagnostics.filter { $0.severity == .error }.map { "\($0.code): \($0.message)" }
        try #require(errors == [])
        snapshots = SnapshotStore(Snapshot(try #require(result.parts), number: 1))
        let byName = Dictionary(uniqueKeysWithValues: providers.map { ($0.name, $0) })
        let factory: ProviderFactory = { settings, _ in settings.isOff ? nil : byName[settings.name] }
        var wiring = ServiceSettings(
            snapshots: snapshots, store: store, actions: RecordsActionRunner(store: store),
            registries: ProviderRegistries(
                factories: ["openai-assistants": factory, "anthropic": factory, "google": factory]))
        wiring.clock = clock
        wiring.delay = ManualDelay()
        var services = ChannelServices(
            snapshots: snapshots, service: ConversationService(wiring), sockets: SocketDirectory(),
            store: store, admin: AdminRecorder())
        services.clock = clock
        self.services = services
    }

    /// A vendor that keeps a thread for each conversation, and answers with how often it was asked there.
    static func vendor(_ name: String = "main", thread: String = "thread_abc") -> ScriptedProvider {
        ScriptedProvider(
            name,
            .replies { request, _ in
                var answer = ProviderAnswer(text: "You said: \(request.utterance)")
                answer.thread = request.threads[name] ?? request.thread ?? thread
                return answer
            })
    }

    /// What answers on a channel, behind what every listener does.
    func handler(_ name: String = "widget") -> @Sendable (HTTPRequest) async -> HTTPResponse {
        let front = ListenerFront(name: name, snapshots: snapshots, log: SilentLog())
        return front.before(WidgetChannel(name: name, services).handler)
    }

    func client(_ name: String = "widget", peer: String = "127.0.0.1") -> WidgetClient {
        WidgetClient(handler: handler(name), port: nil, peer: peer)
    }

    /// Runs `body` with a client in memory, or one over a socket.
    func withClient(
        _ kind: ClientKind, _ name: String = "widget", _ body: @Sendable (WidgetClient) async throws -> Void
    ) async throws {
        guard kind == .socket else { return try await body(client(name)) }
        var settings = ListenerSettings(name: name, port: 0)
        let channel = try #require(snapshots.current().parts.server.channels[name])
        settings.limits = channel.limits.transport
        let handler = handler(name)
        try await withServer(settings, handler) { port in
            try await body(WidgetClient(handler: handler, port: port, peer: "127.0.0.1"))
        }
    }
}

/// Asks the channel of a fixture.
struct WidgetClient: Sendable {
    let handler: @Sendable (HTTPRequest) async -> HTTPResponse
    let port: Int?
    let peer: String

    func ask(
        _ method: String, _ target: String, _ body: String? = nil, headers: HTTPHeaders = [:]
    ) async throws -> NativeReply {
        var headers = headers
        headers.add("Host", "localhost:3000")
        if body != nil { headers.add("Content-Type", "application/json") }
        let bytes = Array((body ?? "").utf8)
        guard let port else {
            let request = try #require(
                HTTPRequest(method: method, target: target, headers: headers, body: bytes, peer: peer))
            let response = await handler(request)
            var text = ""
            if case .bytes(let bytes) = response.body { text = String(decoding: bytes, as: UTF8.self) }
            return NativeReply(status: response.status, headers: response.headers, text: text)
        }
        let wire = try #require(WireClient(port: port))
        var head = "\(method) \(target) HTTP/1.1\r\nConnection: close\r\nContent-Length: \(bytes.count)\r\n"
        for (name, value) in headers.fields { head += "\(name): \(value)\r\n" }
        wire.send(Array((head + "\r\n").utf8) + bytes)
        return try #require(NativeReply(wire.readToEnd()))
    }

    func chat(_ body: String) async throws -> NativeReply { try await ask("POST", "/api/chat", body) }

    func say(_ text: String, _ more: JSONObject = JSONObject()) async throws -> NativeReply {
        var body = more
        body["message"] = .string(text)
        return try await chat(JSON.object(body).encodedText)
    }
}

extension NativeReply {
    var names: [String] { json.members?.members.map(\.name) ?? [] }
    func text(_ key: String) -> String? { json[key]?.text }
}
