// SPDX-License-Identifier: Apache-2.0

import OrchestratorTesting
import Synchronization
import Testing
import Transport
import WireProtocols

@testable import Orchestrator

/// A socket whose both ends are in the test.
final class MemorySocket: NativeSocket {
    struct Closed: Sendable, Equatable {
        var code: UInt16
        var reason: String
    }

    private struct State {
        var incoming: [WebSocketMessage] = []
        var outgoing: [JSON] = []
        var reader: UnsafeContinuation<WebSocketMessage?, Never>?
        var watcher: UnsafeContinuation<Void, Never>?
        var closed: Closed?
        var timer: (@Sendable () -> Void)?
    }

    private let state = Mutex(State())

    func receive() async -> WebSocketMessage? {
        await withUnsafeContinuation { reader in
            let next: WebSocketMessage?? = state.withLock { state in
                if !state.incoming.isEmpty { return state.incoming.removeFirst() }
                if state.closed != nil { return .some(nil) }
                state.reader = reader
                return nil
            }
            if let next { reader.resume(returning: next) }
        }
    }

    func send(bytes: [UInt8], isText: Bool) -> Bool {
        let watcher: UnsafeContinuation<Void, Never>? = state.withLock { state in
            guard state.closed == nil else { return nil }
            state.outgoing.append((try? JSON.parse(bytes)) ?? .null)
            defer { state.watcher = nil }
            return state.watcher
        }
        watcher?.resume()
        return true
    }

    func close(code: UInt16, reason: String) { end(Closed(code: code, reason: reason)) }

    func schedule(_ delay: Duration, _ action: @escaping @Sendable () -> Void) -> @Sendable () -> Void {
        state.withLock { $0.timer = action }
        return {}
    }

    /// The client leaves.
    func leave() { end(Closed(code: 1000, reason: "")) }

    /// The time of the last `schedule` has come.
    func fireTimer() { state.withLock { $0.timer }?() }

    /// The client sends.
    func put(_ text: String, isText: Bool = true) {
        let message = WebSocketMessage(bytes: Array(text.utf8), isText: isText)
        let reader: UnsafeContinuation<WebSocketMessage?, Never>? = state.withLock { state in
            defer { state.reader = nil }
            if state.reader == nil { state.incoming.append(message) }
            return state.reader
        }
        reader?.resume(returning: message)
    }

    /// The next frame the client gets.
    func next() async -> JSON {
        while true {
            let frame: JSON? = state.withLock { $0.outgoing.isEmpty ? nil : $0.outgoing.removeFirst() }
            if let frame { return frame }
            if state.withLock({ $0.closed != nil }) { return .null }
            await withUnsafeContinuation { watcher in
                let isReady = state.withLock { state in
                    if !state.outgoing.isEmpty || state.closed != nil { return true }
                    state.watcher = watcher
                    return false
                }
                if isReady { watcher.resume() }
            }
        }
    }

    var closed: Closed? { state.withLock { $0.closed } }

    private func end(_ closed: Closed) {
        let (reader, watcher) = state.withLock { state in
            if state.closed == nil { state.closed = closed }
            defer { (state.reader, state.watcher) = (nil, nil) }
            return (state.reader, state.watcher)
        }
        reader?.resume(returning: nil)
        watcher?.resume()
    }
}

@Suite(.timeLimit(.minutes(2)))
struct NativeSocketTests {
    /// Runs `body` with a socket of that person.
    private func withSocket(
        _ fixture: NativeFixture, user: String = "p1", role: String = "PATIENT",
        _ body: (MemorySocket) async throws -> Void
    ) async throws {
        let token = try fixture.token(user, role: role)
        let identity = try fixture.channel.credentials.verify(
            token, fixture.snapshots.current(), now: fixture.clock.now())
        let socket = MemorySocket()
        let session = SocketSession(
            fixture.channel, socket, identity: identity, token: token, peer: "127.0.0.1")
        let running = Task { await session.run() }
        let result: Result<Void, any Error>
        do { result = .success(try await body(socket)) } catch { result = .failure(error) }
        socket.leave()
        await running.value
        try result.get()
    }

    private func begin(_ fixture: NativeFixture) async throws -> ConversationRecord {
        try await fixture.service.begin(
            assistant: "patient", caller: Caller(user: "p1", role: "PATIENT"), channel: "main")
    }

    private func open(_ socket: MemorySocket, _ record: ConversationRecord, after: Int? = nil) async -> JSON {
        let place = after.map { #","after":\#($0)"# } ?? ""
        socket.put(#"{"type":"open","conversation":"\#(record.id)","epoch":"\#(record.epoch)"\#(place)}"#)
        return await socket.next()
    }

    @Test func `a message is accepted, stored, and answered in frames`() async throws {
        let fixture = try NativeFixture()
        let record = try await begin(fixture)
        try await withSocket(fixture) { socket in
            let opened = await open(socket, record)
            #expect(
                opened == [
                    "type": "opened", "conversation": .string(record.id), "epoch": .string(record.epoch),
                    "sequence": 0, "resumed": false,
                ])
            socket.put(
                #"{"type":"message","conversation":"\#(record.id)","text":"hello","client_message_id":"m1"}"#)
            #expect(
                await socket.next() == [
                    "type": "accepted", "conversation": .string(record.id), "client_message_id": "m1",
                    "sequence": 1,
                ])
            let mine = await socket.next()
            #expect(mine["type"] == "message")
            #expect(mine["message"]?["author"] == "user")
            let reply = await socket.next()
            #expect(reply["message"]?["text"] == "Hello!")
            #expect(reply["message"]?["sequence"] == 2)
        }
    }

    @Test func `an open that names an assistant begins a conversation`() async throws {
        let fixture = try NativeFixture()
        try await withSocket(fixture) { socket in
            socket.put(#"{"type":"open","assistant":"patient"}"#)
            let opened = await socket.next()
            #expect(opened["type"] == "opened")
            #expect(opened["resumed"] == false)
            socket.put(#"{"type":"open","assistant":"nobody"}"#)
            #expect(await socket.next()["code"] == "unknown-assistant")
        }
    }

    @Test func `after a gap what was missed comes first, once and in order`() async throws {
        let fixture = try NativeFixture()
        let record = try await begin(fixture)
        let caller = Caller(user: "p1", role: "PATIENT")
        for _ in 0..<10 { _ = try await fixture.service.submit("hello", to: record.id, caller: caller) }
        try await withSocket(fixture) { socket in
            let opened = await open(socket, record, after: 3)
            #expect(opened["resumed"] == true)
            #expect(opened["sequence"] == 20)
            _ = try await fixture.service.submit("hello", to: record.id, caller: caller)
            var sequences: [Int] = []
            while sequences.last != 22 {
                sequences.append(try #require(await socket.next()["message"]?["sequence"]?.int))
            }
            #expect(sequences == Array(4...22))
        }
    }

    @Test func `a resume while a hundred messages are sent gets each once and in order`() async throws {
        let fixture = try NativeFixture()
        let record = try await begin(fixture)
        let caller = Caller(user: "p1", role: "PATIENT")
        _ = try await fixture.service.submit("hello", to: record.id, caller: caller)
        try await withSocket(fixture) { socket in
            async let sending: Void = {
                for _ in 0..<50 {
                    _ = try await fixture.service.submit("hello", to: record.id, caller: caller)
                }
            }()
            #expect(await open(socket, record, after: 1)["resumed"] == true)
            var sequences: [Int] = []
            while sequences.last != 102 {
                sequences.append(try #require(await socket.next()["message"]?["sequence"]?.int))
            }
            try await sending
            #expect(sequences == Array(2...102))
        }
    }

    @Test func `an unknown epoch, or a gap too wide, is not resumed`() async throws {
        let fixture = try NativeFixture()
        let record = try await begin(fixture)
        try await withSocket(fixture) { socket in
            socket.put(#"{"type":"open","conversation":"\#(record.id)","epoch":"other","after":0}"#)
            #expect(await socket.next()["resumed"] == false)
            #expect(await open(socket, record, after: 7)["resumed"] == false)
        }
    }

    @Test func `a repeated client message id is accepted again and answered once`() async throws {
        let fixture = try NativeFixture()
        let record = try await begin(fixture)
        let frame =
            #"{"type":"message","conversation":"\#(record.id)","text":"hello","client_message_id":"m1"}"#
        try await withSocket(fixture) { socket in
            _ = await open(socket, record)
            socket.put(frame)
            for _ in 0..<3 { _ = await socket.next() }
            socket.put(frame)
            #expect(await socket.next()["type"] == "accepted")
            socket.put(#"{"type":"ping"}"#)
            #expect(await socket.next() == ["type": "pong"])
        }
        try await withSocket(fixture) { socket in
            _ = await open(socket, record)
            socket.put(frame)
            #expect(await socket.next()["type"] == "accepted")
            #expect(await socket.next()["message"]?["text"] == "Hello!")
        }
        #expect(try await fixture.store.messages(in: record.id, after: 0, limit: 10).count == 2)
    }

    @Test func `typing and reading reach the others and not the one who types`() async throws {
        let fixture = try NativeFixture()
        let record = try await begin(fixture)
        _ = try await fixture.service.submit(
            "hello", to: record.id, caller: Caller(user: "p1", role: "PATIENT"))
        try await withSocket(fixture) { socket in
            _ = await open(socket, record)
            socket.put(#"{"type":"typing","conversation":"\#(record.id)","on":true}"#)
            socket.put(#"{"type":"read","conversation":"\#(record.id)","sequence":4}"#)
            #expect(
                await socket.next() == [
                    "type": "read", "conversation": .string(record.id), "user": "p1", "sequence": 2,
                ])
        }
    }

    @Test func `other people's conversations cannot be opened or written to`() async throws {
        let fixture = try NativeFixture()
        let record = try await begin(fixture)
        try await withSocket(fixture, user: "p2") { socket in
            #expect(await open(socket, record)["code"] == "not-found")
            for type in [
                #""message","text":"hello""#, #""typing","on":true"#, #""read","sequence":1"#, #""stop""#,
            ] {
                socket.put(#"{"type":\#(type),"conversation":"\#(record.id)"}"#)
                #expect(await socket.next()["code"] == "not-found")
            }
        }
        #expect(try await fixture.store.messages(in: record.id, after: 0, limit: 10).isEmpty)
    }

    @Test(arguments: [
        "", "x", "[]", "7", "null", "{}", #"{"type":null}"#, #"{"type":7}"#, #"{"type":"dance"}"#,
        #"{"type":"message"}"#, #"{"type":"message","conversation":"c","text":7}"#,
        #"{"type":"message","conversation":7,"text":"a"}"#,
        #"{"type":"typing","conversation":"c","on":"yes"}"#,
        #"{"type":"read","conversation":"c","sequence":-1}"#, #"{"type":"open"}"#,
        #"{"type":"open","conversation":"c","after":"1"}"#, #"{"type":"open","assistant":["a"]}"#,
    ])
    func `a malformed frame is told and twenty of them close the socket`(text: String) async throws {
        let fixture = try NativeFixture()
        try await withSocket(fixture) { socket in
            for _ in 0..<19 {
                socket.put(text)
                #expect(await socket.next()["code"] == "malformed-frame")
            }
            #expect(socket.closed == nil)
            socket.put(text)
            _ = await socket.next()
            #expect(await socket.next()["code"] == "too-many-malformed-frames")
            _ = await socket.next()
            #expect(socket.closed == MemorySocket.Closed(code: 1008, reason: "too-many-malformed-frames"))
        }
    }

    @Test func `a binary frame is malformed`() async throws {
        let fixture = try NativeFixture()
        try await withSocket(fixture) { socket in
            socket.put(#"{"type":"ping"}"#, isText: false)
            #expect(await socket.next()["message"] == "frames are text")
        }
    }

    @Test func `the end of the token is the end of the socket`() async throws {
        let fixture = try NativeFixture()
        try await withSocket(fixture) { socket in
            socket.put(#"{"type":"ping"}"#)
            _ = await socket.next()
            socket.fireTimer()
            #expect(await socket.next()["code"] == "expired-token")
            #expect(socket.closed == MemorySocket.Closed(code: 4401, reason: "expired-token"))
        }
    }

    struct Edit: Sendable, CustomTestStringConvertible {
        var name: String
        var file: String
        var old: String
        var new: String
        var closed: MemorySocket.Closed?
        var testDescription: String { name }
    }

    @Test(arguments: [
        Edit(
            name: "role removed", file: "server.yaml", old: "  DOCTOR: { staff: true }\n", new: "",
            closed: nil),
        Edit(
            name: "assistant closed to the role", file: "patient.yaml", old: "roles: [PATIENT]",
            new: "roles: [DOCTOR]",
            closed: .init(code: 4403, reason: "unknown-assistant")),
        Edit(
            name: "secret replaced", file: "server.yaml", old: "${env.JWT_SECRET}",
            new: "${env.OTHER_SECRET}", closed: .init(code: 4401, reason: "token-no-longer-valid")),
        Edit(
            name: "a sentence", file: "patient.yaml", old: "say: Hello!", new: "say: Good day!", closed: nil),
    ])
    func `a reload closes the sockets that lost their ground and no others`(edit: Edit) async throws {
        let fixture = try NativeFixture()
        let record = try await begin(fixture)
        try await withSocket(fixture) { socket in
            _ = await open(socket, record)
            let files = ["server.yaml": NativeFixture.server, "patient.yaml": NativeFixture.patient]
            let text = try #require(files[edit.file]).replacing(edit.old, with: edit.new)
            fixture.snapshots.replace(with: try NativeFixture.snapshot([edit.file: text], number: 2))
            fixture.sockets.snapshotChanged()
            if edit.closed != nil { #expect(await socket.next()["type"] == "error") }
            #expect(socket.closed == edit.closed)
        }
    }

    @Test func `too many frames close the socket`() async throws {
        let server = NativeFixture.server + "\nlimits: { requests: { max: 2, per: 1m } }"
        let fixture = try NativeFixture(["server.yaml": server])
        try await withSocket(fixture) { socket in
            for _ in 0..<40 {
                socket.put(#"{"type":"ping"}"#)
                #expect(await socket.next() == ["type": "pong"])
            }
            socket.put(#"{"type":"ping"}"#)
            #expect(await socket.next()["code"] == "rate-limited")
            #expect(await socket.next() == .null)
            #expect(socket.closed == MemorySocket.Closed(code: 1008, reason: "rate-limited"))
        }
    }

    @Test func `an alert reaches the sockets it is for`() async throws {
        let fixture = try NativeFixture()
        try await withSocket(fixture, user: "d1", role: "DOCTOR") { doctor in
            doctor.put(#"{"type":"ping"}"#)
            _ = await doctor.next()
            for users in [["d2"], nil, ["d1"]] as [[String]?] {
                let alert = ConversationAlert(conversation: "c1", role: "DOCTOR", users: users, safety: nil)
                fixture.sockets.raise(ConversationDelivery(.alert(alert), of: "c1"))
            }
            doctor.put(#"{"type":"ping"}"#)
            let alert: JSON = ["type": "alert", "conversation": "c1", "role": "DOCTOR"]
            #expect(await [doctor.next(), doctor.next(), doctor.next()] == [alert, alert, ["type": "pong"]])
        }
    }

    @Test func `the gauge and the directory are back where they were when sockets leave`() async throws {
        let fixture = try NativeFixture()
        let record = try await begin(fixture)
        try await withSocket(fixture) { socket in
            _ = await open(socket, record)
            #expect(fixture.sockets.count == 1)
            #expect(fixture.metrics.openSockets(channel: "main") == 1)
        }
        #expect(fixture.sockets.count == 0)
        #expect(fixture.metrics.openSockets(channel: "main") == 0)
    }

    // W18: what a person's account or key loses, their open sockets lose.
    @Test func `a disabled account's socket is closed`() async throws {
        let fixture = try NativeFixture()
        fixture.directory.observe { [sockets = fixture.sockets] in sockets.snapshotChanged() }
        let ann = try await fixture.accounts.add(
            AccountDraft(name: "ann", password: "correct horse", role: "PATIENT", minimum: 8), by: nil)
        try await withSocket(fixture, user: ann.id) { socket in
            socket.put(#"{"type":"ping"}"#)
            #expect(await socket.next()["type"] == "pong")
            try await fixture.accounts.setDisabled(true, of: ann)
            try await fixture.directory.refresh()
            #expect(await socket.next()["code"] == "token-no-longer-valid")
            #expect(socket.closed?.code == 4401)
        }
    }

    @Test func `a socket that opens just after its account was disabled is closed`() async throws {
        let fixture = try NativeFixture()
        let ann = try await fixture.accounts.add(
            AccountDraft(name: "ann", password: "correct horse", role: "PATIENT", minimum: 8), by: nil)
        let token = try fixture.token(ann.id)
        let identity = try fixture.channel.credentials.verify(
            token, fixture.snapshots.current(), now: fixture.clock.now())
        try await fixture.accounts.setDisabled(true, of: ann)
        try await fixture.directory.refresh()
        let socket = MemorySocket()
        await SocketSession(fixture.channel, socket, identity: identity, token: token, peer: "p").run()
        #expect(socket.closed?.code == 4401)
    }
}
