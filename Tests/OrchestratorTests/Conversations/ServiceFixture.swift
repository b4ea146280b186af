// SPDX-License-Identifier: Apache-2.0

import Intents
import OrchestratorTesting
import Synchronization
import Testing
import Transport
import WireProtocols

@testable import Orchestrator

/// A conversation service over a small clinic, with everything outside it in a test's hands.
struct ServiceFixture {
    let clock = ManualClock("2026-03-09T10:00:00.000Z")
    let delay = ManualDelay()
    let store: any ConversationStore & RecordStore
    let service: ConversationService
    let snapshots: SnapshotStore
    let patient = Caller(user: "p1", role: "PATIENT", name: "Pat")
    let alerts = AlertRecorder()

    init(
        store: any ConversationStore & RecordStore = MemoryStore(),
        conversations: (any ConversationStore)? = nil,
        providers: [ScriptedProvider] = [], tellsOthers: Bool = false,
        change: (inout Assistant.Parts, inout Snapshot.Parts) -> Void = { _, _ in }
    ) {
        self.store = store
        let byName = Dictionary(uniqueKeysWithValues: providers.map { ($0.name, $0) })
        snapshots = SnapshotStore(Self.snapshot(providers: providers.map(\.name), change))
        var settings = ServiceSettings(
            snapshots: snapshots, store: conversations ?? store, actions: RecordsActionRunner(store: store),
            registries: ProviderRegistries(factories: ["scripted": { settings, _ in byName[settings.name] }]))
        settings.clock = clock
        settings.delay = delay
        settings.alerts = alerts
        if tellsOthers {
            settings.webhooks = WebhookSender(WebhookSettings(snapshots: snapshots, client: HTTPClient()))
        }
        service = ConversationService(settings)
    }

    /// Begins a conversation with the patient assistant.
    func begin(_ assistant: String = "patient") async throws -> String {
        try await service.begin(assistant: assistant, caller: patient, channel: "native").id
    }

    /// Says something and returns what is answered.
    func say(_ text: String, in id: String, clientMessageID: String? = nil) async throws -> [String] {
        try await service.submit(text, to: id, caller: patient, clientMessageID: clientMessageID).replies.map(
            \.text)
    }

    /// Everything stored: `1 user hello`.
    func stored(_ id: String) async throws -> [String] {
        try await store.messages(in: id, after: 0, limit: 1000).map(\.line)
    }

    static func snapshot(
        providers: [String], number: Int = 1,
        _ change: (inout Assistant.Parts, inout Snapshot.Parts) -> Void = { _, _ in }
    ) -> Snapshot {
        var parts = Assistant.Parts()
        parts.id = "patient"
        parts.roles = ["PATIENT"]
        parts.intents = [
            "greet": Intent(name: "greet", handler: .say(text("Hello!"))),
            "human": Intent(name: "human", handler: .handoff(queue: "desk")),
            "chat": Intent(name: "chat", handler: .route("chat")),
        ]
        parts.families = [
            "cardiac": SafetyRule(
                family: "cardiac", level: .emergency, say: text("Call 911 now."),
                consequences: [
                    .alert(Alert(role: "DOCTOR", who: nil)), .handoff(queue: "on_call"), .audit("emergency"),
                ]),
            "fainting": SafetyRule(
                family: "fainting", level: .possible, say: text("Is this an emergency? Call 911."),
                consequences: []),
        ]
        parts.otherwise = [
            Otherwise(below: nil, times: 1, answer: .say(text("Please say that again.")), history: 0),
            Otherwise(below: nil, times: nil, answer: .route("chat"), history: 2),
        ]
        parts.escalations = [
            EscalationRule(
                counter: .notUnderstood, count: 2, within: .seconds(600), queue: "desk",
                say: text("I will get help."))
        ]
        var whole = Snapshot.Parts()
        whole.queues = [
            "desk": Queue(
                name: "desk", roles: ["DOCTOR"], hours: nil, claimWithin: .seconds(180),
                otherwise: [.say(text("Leave a message.")), .end]),
            "on_call": Queue(
                name: "on_call", roles: ["DOCTOR"], hours: nil, claimWithin: .seconds(30),
                otherwise: [.say(text("Nobody is free.")), .handoff(queue: "desk")]),
        ]
        for name in providers {
            whole.providers[name] = ProviderSettings(
                name: name, type: "scripted", sets: [], minimumScore: 0, passages: 1)
        }
        let asked = providers.map { Route.Entry.provider(name: $0, attempts: 1, total: .seconds(30)) }
        whole.routes["chat"] = Route(
            name: "chat", entries: asked + [.reply(text("I cannot answer that."))],
            nextOn: Set(ProviderCause.allCases))
        change(&parts, &whole)
        whole.assistants["patient"] = assistant(parts, digest: "digest-\(number)")
        return Snapshot(whole, number: number)
    }

    static func text(_ text: String) -> ResponseReference { .inline(Response([Template(literal: text)])) }

    static func assistant(_ parts: Assistant.Parts, digest: String) -> Assistant {
        Assistant(
            parts,
            safety: SafetyFloor(families: [
                SafetyFamily(id: "cardiac", level: .emergency, phrases: ["chest pain"]),
                SafetyFamily(id: "fainting", level: .possible, phrases: ["feel faint"]),
            ]),
            model: IntentModel([
                IntentExamples(id: "greet", examples: ["hello", "good morning", "hi there"]),
                IntentExamples(id: "human", examples: ["I want a human", "real person please"]),
                IntentExamples(id: "chat", examples: ["explain my results", "explain this report to me"]),
            ]), recognizer: EntityRecognizer(Array(parts.entities.values)), digest: digest)
    }
}

/// Keeps the alerts that were raised.
final class AlertRecorder: AlertSink {
    let recorder = EventRecorder()

    func raise(_ delivery: ConversationDelivery) { recorder.deliver(delivery) }
}

/// A store whose commits wait, or fail, when a test says so.
final class GatedStore: ConversationStore {
    enum Mode: Sendable {
        case open, closed, failing(StorageError.Kind)
        /// Takes so many more commits, as if the process then ended.
        case dying(after: Int)
    }

    private struct State {
        var mode = Mode.open
        var waiting: [CheckedContinuation<Void, Never>] = []
        var watchers: [(count: Int, continuation: CheckedContinuation<Void, Never>)] = []

        mutating func failure() -> StorageError.Kind? {
            switch mode {
            case .open, .closed: return nil
            case .failing(let kind): return kind
            case .dying(after: let count):
                mode = .dying(after: count - 1)
                return count > 0 ? nil : .unavailable
            }
        }
    }

    let base: any ConversationStore
    private let state = Mutex(State())

    init(_ base: any ConversationStore) { self.base = base }

    func set(_ mode: Mode) {
        let waiting: [CheckedContinuation<Void, Never>] = state.withLock { state in
            state.mode = mode
            if case .closed = mode { return [] }
            defer { state.waiting = [] }
            return state.waiting
        }
        for continuation in waiting { continuation.resume() }
    }

    /// Returns when so many commits wait.
    func waitForCommits(_ count: Int) async {
        await withCheckedContinuation { continuation in
            let isReached = state.withLock { state in
                if state.waiting.count >= count { return true }
                state.watchers.append((count, continuation))
                return false
            }
            if isReached { continuation.resume() }
        }
    }

    func commit(_ write: TurnWrite) async throws(StorageError) {
        await withCheckedContinuation { continuation in
            let ready: [CheckedContinuation<Void, Never>] = state.withLock { state in
                guard case .closed = state.mode else { return [continuation] }
                state.waiting.append(continuation)
                let count = state.waiting.count
                defer { state.watchers.removeAll { $0.count <= count } }
                return state.watchers.filter { $0.count <= count }.map(\.continuation)
            }
            for one in ready { one.resume() }
        }
        if let kind = state.withLock({ $0.failure() }) { throw StorageError(kind, "said the test") }
        try await base.commit(write)
    }

    func create(
        _ conversation: ConversationRecord, alias: ConversationAlias?, attributes: JSONObject
    ) async throws(StorageError) -> ConversationRecord {
        try await base.create(conversation, alias: alias, attributes: attributes)
    }
    func conversation(_ id: String) async throws(StorageError) -> ConversationRecord? {
        try await base.conversation(id)
    }
    func aliased(_ alias: ConversationAlias) async throws(StorageError) -> AliasedConversation? {
        try await base.aliased(alias)
    }
    func aliased(_ query: AliasQuery) async throws(StorageError) -> [AliasedConversation] {
        try await base.aliased(query)
    }
    func counts(of channel: String, activeSince: Timestamp) async throws(StorageError) -> ChannelCounts {
        try await base.counts(of: channel, activeSince: activeSince)
    }
    func aliases(of conversation: String) async throws(StorageError) -> [ConversationAlias] {
        try await base.aliases(of: conversation)
    }
    func setAttributes(_ changes: JSONObject, of alias: ConversationAlias) async throws(StorageError)
        -> JSONObject?
    {
        try await base.setAttributes(changes, of: alias)
    }
    func remove(_ conversation: String) async throws(StorageError) -> Bool {
        try await base.remove(conversation)
    }
    func claimed(by staff: String?, limit: Int) async throws(StorageError) -> [ConversationRecord] {
        try await base.claimed(by: staff, limit: limit)
    }
    func addNote(_ note: NoteRecord) async throws(StorageError) { try await base.addNote(note) }
    func notes(of conversation: String, limit: Int) async throws(StorageError) -> [NoteRecord] {
        try await base.notes(of: conversation, limit: limit)
    }
    func search(_ text: String, for user: String, limit: Int) async throws(StorageError) -> [MessageRecord] {
        try await base.search(text, for: user, limit: limit)
    }
    func message(_ id: String) async throws(StorageError) -> MessageRecord? { try await base.message(id) }
    func markRead(upTo sequence: Int, in conversation: String, by reader: String, at: Timestamp)
        async throws(StorageError)
    {
        try await base.markRead(upTo: sequence, in: conversation, by: reader, at: at)
    }
    func markRead(_ message: String, at: Timestamp) async throws(StorageError) -> MessageRecord? {
        try await base.markRead(message, at: at)
    }
    func bind(_ alias: ConversationAlias, to conversation: String) async throws(StorageError) {
        try await base.bind(alias, to: conversation)
    }
    func conversations(of user: String, cursor: String?, limit: Int) async throws(StorageError)
        -> ConversationPage
    {
        try await base.conversations(of: user, cursor: cursor, limit: limit)
    }
    func waiting(in queues: [String], limit: Int) async throws(StorageError) -> [ConversationRecord] {
        try await base.waiting(in: queues, limit: limit)
    }
    func messages(in conversation: String, after sequence: Int, limit: Int) async throws(StorageError)
        -> [MessageRecord]
    {
        try await base.messages(in: conversation, after: sequence, limit: limit)
    }
    func latestMessages(in conversation: String, limit: Int) async throws(StorageError) -> [MessageRecord] {
        try await base.latestMessages(in: conversation, limit: limit)
    }
    func replies(to clientMessageID: String, in conversation: String) async throws(StorageError)
        -> StoredTurn?
    {
        try await base.replies(to: clientMessageID, in: conversation)
    }
    func putRevision(_ hash: String, body: JSON, at: Timestamp) async throws(StorageError) {
        try await base.putRevision(hash, body: body, at: at)
    }
    func revision(_ hash: String) async throws(StorageError) -> JSON? { try await base.revision(hash) }
    func pruneRevisions(before: Timestamp, keeping most: Int) async throws(StorageError) -> Int {
        try await base.pruneRevisions(before: before, keeping: most)
    }
    func appendAudit(_ rows: [AuditRecord]) async throws(StorageError) { try await base.appendAudit(rows) }
    func latestAudit(limit: Int) async throws(StorageError) -> [AuditRecord] {
        try await base.latestAudit(limit: limit)
    }
    func prune(before: Timestamp) async throws(StorageError) -> Int { try await base.prune(before: before) }
    func probe() async throws(StorageError) { try await base.probe() }
    func close() async { await base.close() }
}
