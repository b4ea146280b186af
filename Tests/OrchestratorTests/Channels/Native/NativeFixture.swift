// SPDX-License-Identifier: Apache-2.0

import Diagnostics
import Foundation
import OrchestratorTesting
import Synchronization
import Testing
import Transport
import WireProtocols

@testable import Orchestrator

/// The native API over a small clinic that is written as its operator would write it.
final class NativeFixture: Sendable {
    static let secret = "a-secret-of-thirty-two-bytes-...."
    static let server = """
        kind: server
        version: 1
        demo: true
        listen: { host: 127.0.0.1, port: 8090 }
        storage: { url: "memory:" }
        roles:
          PATIENT: {}
          DOCTOR: { staff: true }
          ADMIN: { staff: true, operator: true }
          anonymous: {}
        auth:
          issuers:
            local: { algorithm: HS256, secret: "${env.JWT_SECRET}", expires: 24h, claims: { user: userId, role: role, name: username, admin: adminId }, default_role: PATIENT }
        channels:
          lobby: { type: native, port: 8091, assistants: [visitor] }
        """
    static let patient = """
        kind: assistant
        version: 1
        id: patient
        name: Patient desk
        description: Books appointments.
        roles: [PATIENT]
        entities:
          specialty: { choice: { cardiology: [cardiologist], dermatology: [dermatologist] } }
        safety:
          - id: cardiac
            level: emergency
            phrases: [chest pain]
            say: Call 911 now.
        intents:
          greet:
            examples: [hello, good morning, hi there]
            say: Hello!
          book:
            examples:
              - book an appointment
              - I need to see a doctor
              - make an appointment please
            flow: book
        flows:
          book:
            slots:
              specialty: { entity: specialty, ask: Which kind of doctor? }
              note: { entity: specialty, ask: Anything private?, sensitive: true }
            steps:
              - if: { slots.note: cardiology }
                then:
                  - say: Noted.
              - say: Booked with ${slots.specialty}.
        otherwise:
          - say: Please say that again.
        """
    static let visitor = """
        kind: assistant
        version: 1
        id: visitor
        name: Front door
        roles: [anonymous, PATIENT]
        intents:
          greet:
            examples: [hello, good morning, hi there]
            say: Welcome!
        otherwise:
          - say: Please say that again.
        """

    static let desk = """
        kind: library
        version: 1
        id: desk
        queues:
          desk: { roles: [DOCTOR, ADMIN], claim_within: 3m, otherwise: [{ say: Leave a message. }, { end: true }] }
        """

    /// The tree with a library of events, and a role for those who tell them.
    static let withEvents = [
        "server.yaml": server.replacing("  anonymous: {}\n", with: "  SYSTEM: {}\n  anonymous: {}\n")
            .replacing("channels:\n", with: "limits: { events: { max: 5, per: 1m } }\nchannels:\n"),
        "patient.yaml": patient.replacing("roles: [PATIENT]", with: "use: [news]\nroles: [PATIENT]"),
        "news.yaml": """
        kind: library
        version: 1
        id: news
        events:
          visit_moved:
            roles: [SYSTEM]
            data: { doctor: text, starts: datetime }
            say: visit_moved
        responses:
          visit_moved:
            type: moved
            text: "${event.doctor} will see you on ${event.starts | date: 'yyyy-MM-dd HH:mm'}."
            data: { starts: "${event.starts}" }
        """,
    ]

    let clock = ManualClock("2026-03-09T10:00:00.000Z")
    let snapshots: SnapshotStore
    let store = MemoryStore()
    let service: ConversationService
    let channel: NativeChannel
    let lobby: NativeChannel
    let sockets = SocketDirectory()
    let admin = AdminRecorder()
    let log = LogRecorder()
    let metrics = Metrics()
    let health = Health()
    let visitors = VisitorKey()
    let files: FileStore
    let directory: AccountDirectory
    let accounts: Accounts

    init(_ changes: [String: String] = [:], demo: DemoAccess? = DemoAccess(code: "open-sesame")) throws {
        let snapshot = try Self.snapshot(changes)
        snapshots = SnapshotStore(snapshot)
        var wiring = ServiceSettings(
            snapshots: snapshots, store: store, actions: RecordsActionRunner(store: store),
            registries: ProviderRegistries(factories: [:]))
        wiring.clock = clock
        wiring.alerts = sockets
        service = ConversationService(wiring)
        var settings = ChannelServices(
            snapshots: snapshots, service: service, sockets: sockets, store: store, admin: admin)
        settings.clock = clock
        settings.metrics = metrics
        settings.log = log
        settings.health = health
        settings.visitors = visitors
        settings.demo = demo
        files = FileStore(root: NSTemporaryDirectory() + "files-" + RandomID.uuid())
        settings.files = files
        directory = AccountDirectory(store: store)
        var parts = AccountsSettings(
            store: store, hasher: try PasswordHasher(threads: 1, cost: 4), directory: directory)
        parts.clock = clock
        accounts = Accounts(parts)
        settings.directory = directory
        settings.accounts = accounts
        health.phase = .ready
        channel = NativeChannel(settings)
        lobby = NativeChannel(settings, name: "lobby")
    }

    /// Answers on the main port, with all that stands before the dialect.
    var handler: @Sendable (HTTPRequest) async -> HTTPResponse {
        ListenerFront(name: NativeChannel.mainName, snapshots: snapshots, log: log).before(channel.handler)
    }

    /// The clinic's tree with some files replaced; an empty text leaves a file out.
    static func snapshot(_ changes: [String: String] = [:], number: Int = 1) throws -> Snapshot {
        // A queue names no role that the server file does not have.
        let hasDoctors = (changes["server.yaml"] ?? server).contains("DOCTOR:")
        let desk = hasDoctors ? desk : desk.replacing("roles: [DOCTOR, ADMIN]", with: "roles: [ADMIN]")
        let files = [
            "server.yaml": server, "patient.yaml": patient, "visitor.yaml": visitor, "desk.yaml": desk,
        ]
        .merging(changes) { $1 }.filter { !$0.value.isEmpty }
        let tree = SourceTree(files.map { TreeFile(path: "bots/" + $0.key, bytes: Array($0.value.utf8)) })
        let environment = EnvironmentValues([
            "JWT_SECRET": secret, "OTHER_SECRET": "another-secret-of-32-bytes-.....",
        ])
        let result = SnapshotCompiler().compile(tree, environment: environment)
        let errors = result.diagnostics.filter { $0.severity == .error }.map { "\($0.code): \($0.message)" }
        try #require(errors == [])
        return Snapshot(try #require(result.parts), number: number)
    }

    /// A key of that role.
    func key(role: String, assistants: [String]? = nil) async throws -> String {
        let key = try await accounts.addKey(name: "system", role: role, assistants: assistants, valid: nil)
        try await directory.refresh()
        return key.text
    }

    /// A token of that person.
    func token(_ user: String = "p1", role: String = "PATIENT", name: String? = nil) throws -> String {
        let server = snapshots.current().parts.server
        let signer = try #require(TokenSigner.first(of: server, for: role))
        return signer.sign(user: user, role: role, name: name, now: clock.now())
    }
}

/// Remembers what operators asked for.
final class AdminRecorder: AdminControl {
    let reloads = Mutex<[Bool]>([])

    func reload(dryRun: Bool) async -> JSON {
        reloads.withLock { $0.append(dryRun) }
        return ["outcome": "applied"]
    }
    func status() async -> JSON { ["revision": "r1"] }
    func diagnostics() async -> JSON { ["diagnostics": []] }
}

/// Remembers what was logged.
final class LogRecorder: LogSink {
    private let all = Mutex<[LogEntry]>([])
    var entries: [LogEntry] { all.withLock { $0 } }
    func write(_ entry: LogEntry) { all.withLock { $0.append(entry) } }
}
