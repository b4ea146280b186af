// SPDX-License-Identifier: Apache-2.0
import Testing
import WireProtocols

/// A session with its outputs in words.
struct SessionBench {
    private(set) var session: EngineSession
    private(set) var said: [String] = []

    init(_ transport: EngineTransport, _ change: (inout EngineSettings) -> Void = { _ in }) {
        var settings = EngineSettings()
        settings.pingInterval = 300
        settings.pingTimeout = 200
        change(&settings)
        var outputs: [EngineSession.Output] = []
        session = EngineSession(id: "s", over: transport, settings: settings, now: 0, into: &outputs)
        say(outputs)
    }

    mutating func take() -> [String] {
        defer { said = [] }
        return said
    }

    @discardableResult
    mutating func run<Value>(_ body: (inout EngineSession, inout [EngineSession.Output]) -> Value) -> Value {
        var outputs: [EngineSession.Output] = []
        let value = body(&session, &outputs)
        say(outputs)
        return value
    }

    mutating func poll(at now: Int = 1) -> EngineSession.Poll { run { $0.poll(now: now, into: &$1) } }
    @discardableResult
    mutating func push(_ text: String, at now: Int = 1) -> EngineSession.Push {
        run { $0.push(Array(text.utf8), now: now, into: &$1) }
    }
    mutating func tick(_ now: Int) { run { $0.tick(now: now, into: &$1) } }
    mutating func send(_ text: String) { run { $0.send(EngineFrame(.message, text.utf8), into: &$1) } }
    mutating func receive(_ text: String, at now: Int = 1) {
        run { $0.receive(EngineFrame(Array(text.utf8)), now: now, into: &$1) }
    }
    mutating func probe(_ text: String, at now: Int = 1) {
        run { $0.receiveProbe(EngineFrame(Array(text.utf8)), now: now, into: &$1) }
    }

    private mutating func say(_ outputs: [EngineSession.Output]) { said += outputs.map(Self.word) }

    private static func word(_ output: EngineSession.Output) -> String {
        switch output {
        case .answerPoll(let body): "answer " + String(decoding: body, as: UTF8.self)
        case .send(let frame): "send " + String(decoding: frame.bytes, as: UTF8.self)
        case .sendToProbe(let frame): "probe " + String(decoding: frame.bytes, as: UTF8.self)
        case .promoteProbe: "promote"
        case .closeProbe: "close probe"
        case .closeSocket: "close socket"
        case .message(.text(let text)): "message " + String(decoding: text, as: UTF8.self)
        case .message(.binary(let bytes)): "bytes \(bytes)"
        case .closed(let reason): "closed: \(reason.rawValue)"
        }
    }
}

struct EngineSessionTests {
    static let opening =
        #"{"sid":"s","upgrades":["websocket"],"pingInterval":300,"pingTimeout":200,"maxPayload":1000000}"#

    private func polled() -> SessionBench {
        var bench = SessionBench(.polling)
        _ = bench.poll()
        _ = bench.take()
        return bench
    }

    @Test func `the first poll opens a session and says what it can become`() {
        var bench = SessionBench(.polling)
        #expect(bench.poll() == .taken)
        #expect(bench.take() == ["answer 0" + Self.opening])
    }

    @Test func `a session on a WebSocket says at once that it can become nothing else`() {
        var bench = SessionBench(.websocket)
        #expect(bench.take() == ["send 0" + Self.opening.replacing(#"["websocket"]"#, with: "[]")])
    }

    @Test func `what is pushed goes up, and what is said waits for the poll`() {
        var bench = polled()
        #expect(bench.push("4a\u{1e}bAQID\u{1e}4b") == .taken)
        #expect(bench.take() == ["message a", "bytes [1, 2, 3]", "message b"])
        bench.send("x")
        bench.send("y")
        #expect(bench.poll() == .taken)
        #expect(bench.take() == ["answer 4x\u{1e}4y"])
    }

    @Test func `a poll waits for what is said after it`() {
        var bench = polled()
        _ = bench.poll()
        #expect(bench.take() == [])
        bench.send("x")
        #expect(bench.take() == ["answer 4x"])
    }

    @Test func `two polls at once end the session`() {
        var bench = polled()
        _ = bench.poll()
        #expect(bench.poll() == .refused(.badRequest))
        #expect(bench.take() == ["answer 1", "closed: overlap of poll requests"])
        #expect(bench.poll() == .refused(.unknownSession))
    }

    @Test func `a body that cannot be read ends the session`() {
        var bench = polled()
        #expect(bench.push("abc") == .refused(.badRequest))
        #expect(bench.take() == ["closed: parse error"])
        #expect(bench.push("4a") == .refused(.unknownSession))
    }

    @Test func `a body that is too large is refused, and the session goes on`() {
        var bench = SessionBench(.polling) { $0.maxPayload = 8 }
        _ = bench.poll()
        #expect(bench.push("4" + String(repeating: "x", count: 8)) == .tooLarge)
        #expect(bench.push("4ok") == .taken)
    }

    @Test func `what waits for a poll is bounded`() {
        var bench = SessionBench(.polling) { $0.maxBuffered = 100 }
        _ = bench.poll()
        _ = bench.take()
        for _ in 0..<11 { bench.send("1234567") }
        #expect(bench.take() == [])
        bench.send("1234567")
        #expect(bench.take() == ["closed: too much waits for the client"])
    }

    @Test func `a body holds no more than the client takes`() {
        var bench = SessionBench(.polling) { $0.maxPayload = 12 }
        _ = bench.poll()
        _ = bench.take()
        for _ in 0..<3 { bench.send("1234") }
        _ = bench.poll()
        #expect(bench.take() == ["answer 41234\u{1e}41234"])
        _ = bench.poll()
        #expect(bench.take() == ["answer 41234"])
    }

    @Test func `a client that closes has its poll ended well, even one that comes just after`() {
        var waiting = polled()
        _ = waiting.poll()
        waiting.push("1")
        #expect(waiting.take() == ["answer 6", "closed: transport close"])
        #expect(waiting.poll() == .refused(.unknownSession))

        var late = polled()
        late.push("1")
        #expect(late.take() == ["closed: transport close"])
        #expect(late.poll() == .taken)
        #expect(late.take() == ["answer 6"])
        #expect(late.poll() == .refused(.unknownSession))
    }

    @Test func `a client that hangs up on its poll is gone`() {
        var bench = polled()
        _ = bench.poll()
        bench.run { $0.pollAbandoned(into: &$1) }
        #expect(bench.take() == ["closed: transport close"])
    }
}

/// Faults S08 and the heartbeat.
struct EngineHeartbeatTests {
    @Test func `a ping is answered in time, three times`() {
        var bench = SessionBench(.websocket)
        _ = bench.take()
        var now = 0
        for _ in 0..<3 {
            bench.tick(now + 299)
            #expect(bench.take() == [])
            bench.tick(now + 300)
            #expect(bench.take() == ["send 2"])
            now += 310
            bench.receive("3", at: now)
        }
        #expect(!bench.session.isClosed)
    }

    @Test
    func `without a pong the session ends at interval and timeout together, however late the ticks are`() {
        var bench = SessionBench(.websocket)
        _ = bench.take()
        bench.tick(350)
        bench.tick(499)
        #expect(bench.take() == ["send 2"])
        bench.tick(500)
        #expect(bench.take() == ["close socket", "closed: ping timeout"])
    }

    @Test func `a server that slept leaves the client its time`() {
        var bench = SessionBench(.websocket)
        _ = bench.take()
        bench.tick(10_000)
        #expect(bench.take() == ["send 2"])
        bench.tick(10_199)
        bench.receive("3", at: 10_199)
        #expect(!bench.session.isClosed)
    }

    @Test func `a pong that nobody asked for is ignored`() {
        var bench = SessionBench(.websocket)
        bench.receive("3", at: 299)
        _ = bench.take()
        bench.tick(300)
        #expect(bench.take() == ["send 2"])
    }

    @Test func `a poll finds a session that is overdue gone`() {
        var bench = SessionBench(.polling)
        _ = bench.poll()
        bench.tick(310)
        #expect(bench.poll(at: 500) == .refused(.unknownSession))
    }

    @Test(arguments: ["2", "abc", "", "9"]) func `what a client may not send ends the session`(text: String) {
        var bench = SessionBench(.websocket)
        _ = bench.take()
        bench.receive(text)
        #expect(bench.take() == ["close socket", "closed: parse error"])
    }

    @Test func `a message that is too large ends the session`() {
        var bench = SessionBench(.websocket) { $0.maxPayload = 4 }
        _ = bench.take()
        bench.receive("4abcd")
        #expect(bench.take() == ["close socket", "closed: payload too large"])
    }
}

struct EngineUpgradeTests {
    private func polled() -> SessionBench {
        var bench = SessionBench(.polling)
        _ = bench.poll()
        _ = bench.take()
        return bench
    }

    @Test func `a probe takes over, the poll is let go, and what waited goes out in order`() {
        var bench = polled()
        _ = bench.poll()
        bench.probe("2probe")
        #expect(bench.take() == ["probe 3probe", "answer 6"])
        bench.send("x")
        bench.probe("5")
        bench.send("y")
        #expect(bench.take() == ["promote", "send 4x", "send 4y"])
        #expect(bench.poll() == .refused(.badRequest))
        #expect(bench.session.transport == .websocket)
    }

    @Test func `a poll while the probe waits returns at once`() {
        var bench = polled()
        bench.probe("2probe")
        _ = bench.take()
        _ = bench.poll()
        #expect(bench.take() == ["answer 6"])
    }

    @Test(arguments: ["5", "2", "4hi", "abc"]) func `a probe that says anything else is closed`(text: String)
    {
        var bench = polled()
        bench.probe(text)
        #expect(bench.take() == ["close probe"])
        #expect(bench.session.transport == .polling)
    }

    @Test func `a probe that dawdles is closed, and the session polls on`() {
        var bench = SessionBench(.polling) { $0.upgradeTimeout = 100 }
        _ = bench.poll()
        bench.probe("2probe")
        _ = bench.take()
        bench.tick(101)
        #expect(bench.take() == ["close probe"])
        #expect(bench.session.acceptsProbe)
    }

    @Test func `one probe at a time, none after the upgrade`() {
        var bench = polled()
        #expect(bench.session.acceptsProbe)
        bench.probe("2probe")
        #expect(!bench.session.acceptsProbe)
        bench.run { session, _ in session.probeEnded() }
        #expect(bench.session.acceptsProbe)
        bench.probe("2probe")
        bench.probe("5")
        #expect(!bench.session.acceptsProbe)
    }
}

struct EngineRandomInputTests {
    @Test func `no sequence of calls leaves a session that says anything after its end`() {
        var random = SystemRandomNumberGenerator()
        let texts = ["4a", "3", "2", "1", "5", "2probe", "6", "0", "", "b", "bAQ==", "4\u{1e}3", "abc"]
        for round in 0..<20_000 {
            var bench = SessionBench(round % 2 == 0 ? .polling : .websocket) { $0.maxBuffered = 40 }
            var hasEnded = false
            for step in 0..<Int.random(in: 1...20, using: &random) {
                let text = texts.randomElement(using: &random) ?? ""
                switch Int.random(in: 0..<7, using: &random) {
                case 0: _ = bench.poll(at: step * 50)
                case 1: bench.push(text, at: step * 50)
                case 2: bench.receive(text, at: step * 50)
                case 3: bench.probe(text, at: step * 50)
                case 4: bench.send("hello")
                case 5: bench.tick(step * 50)
                default: bench.run { $0.pollAbandoned(into: &$1) }
                }
                let said = bench.take()
                if hasEnded { #expect(said.allSatisfy { $0 == "answer 6" }, "\(said)") }
                hasEnded = hasEnded || said.contains { $0.hasPrefix("closed") }
            }
            #expect(hasEnded == bench.session.isClosed)
        }
    }
}
