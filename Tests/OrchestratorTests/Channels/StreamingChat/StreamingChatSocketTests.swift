// SPDX-License-Identifier: Apache-2.0

import OrchestratorTesting
import Testing
import Transport
import WireProtocols

@testable import Orchestrator

/// Checklist S0, over the socket; a name begins with the items it is about.
@Suite(.timeLimit(.minutes(1)))
struct StreamingChatSocketTests {
    private func chat(_ text: String) -> String { #"{"type":"chat","content":"\#(text)"}"# }

    @Test func `S0.7 S0.31 S0.34 S0.35 S0.36 S0.37 S0.38 an answer comes in pieces and whole, under one id`()
        async throws
    {
        let fixture = try StreamingChatFixture()
        try await fixture.withSocket { socket in
            socket.put(chat("Hello, how are you?"))
            let frames = await socket.frames(to: "ai-response")
            #expect(
                frames.compactMap { $0["type"]?.text } == [
                    "typing", "stream-start", "stream-token", "stream-token", "stream-end", "ai-response",
                ])
            #expect(frames.first?["message"] == "AI is thinking...")
            var ids: Set<String> = []
            for frame in frames { if let id = frame["messageId"]?.text { ids.insert(id) } }
            #expect(ids.count == 1, "\(ids)")
            #expect(ids.first?.hasPrefix("msg_") == true)
            #expect(frames.compactMap { $0["token"]?.text }.joined() == "Hello. There.")
            #expect(frames.last?["message"] == "Hello. There.")
            #expect(frames.last?["patient_context"] == [])
            #expect(frames.allSatisfy { $0["timestamp"] == "2025-09-12T10:30:00.000Z" })
        }
    }

    @Test(arguments: ["content", "message", "query"])
    func `the text may stand under three names`(name: String) async throws {
        let provider = ScriptedProvider("upstream", .says("Yes."))
        let fixture = try StreamingChatFixture(provider)
        try await fixture.withSocket { socket in
            socket.put(#"{"type":"chat","\#(name)":"  What are the symptoms?\n"}"#)
            let frames = await socket.frames(to: "ai-response")
            #expect(frames.compactMap { $0["token"]?.text } == ["Yes."])
            #expect(provider.requests.map(\.utterance) == ["What are the symptoms?"])
        }
    }

    @Test func `S0.33 a ping is answered at once, even while an answer is pending`() async throws {
        let provider = ScriptedProvider("upstream", .hangs(after: []))
        let fixture = try StreamingChatFixture(provider)
        try await fixture.withSocket { socket in
            socket.put(chat("hello"))
            #expect(await socket.next()["type"] == "typing")
            await provider.waitForRequests(1)
            socket.put(#"{"type":"ping"}"#)
            #expect(await socket.next() == ["type": "pong", "timestamp": "2025-09-12T10:30:00.000Z"])
        }
    }

    @Test func `S0.5 S0.32 S0.39 whoever asks for a person is told so, and it is noted`() async throws {
        let fixture = try StreamingChatFixture()
        try await fixture.withSocket { socket in
            socket.put(#"{"type":"human-escalation","message":"I need to speak with a human agent"}"#)
            #expect(
                await socket.next() == [
                    "type": "human-escalation-response", "message": "A human agent will contact you soon.",
                    "timestamp": "2025-09-12T10:30:00.000Z",
                ])
            // That is all they are told.
            socket.put(#"{"type":"ping"}"#)
            #expect(await socket.next()["type"] == "pong")
        }
        let alias = ConversationAlias(channel: "chat", user: "u1", externalID: StreamingChatSession.alias)
        let kept = try #require(try await fixture.service.aliased(alias))
        #expect(kept.attributes["escalation_at"] == "2025-09-12T10:30:00.000Z")
        #expect(kept.conversation.state == .waiting)
        let said = try await fixture.service.latestMessages(in: kept.conversation.id, limit: 10).map(\.text)
        #expect(said == ["I need to speak with a human agent"])
    }

    @Test func `S0.5 an emergency in the words of an escalation is answered at once`() async throws {
        let fixture = try StreamingChatFixture()
        try await fixture.withSocket { socket in
            socket.put(#"{"type":"human-escalation","message":"I have crushing chest pain"}"#)
            let frames = await socket.frames(to: "ai-response")
            #expect(frames.first?["type"] == "human-escalation-response")
            #expect(frames.last?["message"] == "Call 911 now.")
        }
    }

    @Test func `S0.32 what staff say to it reaches every socket of the person, and nobody else's`()
        async throws
    {
        let fixture = try StreamingChatFixture()
        try await fixture.withSocket("u2") { other in
            try await fixture.withSocket { socket in
                socket.put(#"{"type":"human-escalation"}"#)
                _ = await socket.next()
                let alias = ConversationAlias(
                    channel: "chat", user: "u1", externalID: StreamingChatSession.alias)
                let id = try #require(try await fixture.service.aliased(alias)?.conversation.id)
                let doctor = StaffMember(Caller(user: "d1", role: "DOCTOR"), channel: NativeChannel.mainName)
                _ = try await fixture.service.reply(ChannelMessage("Ann here"), to: id, by: doctor)
                #expect(await socket.frames(to: "ai-response").last?["message"] == "Ann here")
                other.put(#"{"type":"ping"}"#)
                #expect(await other.next()["type"] == "pong")
            }
        }
    }

    @Test func `the service's own words and its own time are shown`() async throws {
        let failing = ScriptedProvider(
            "upstream",
            .replies { _, _ throws(ProviderError) in
                throw ProviderError(
                    .rejected, provider: "upstream", status: 422, detail: "the query is too long")
            })
        try await StreamingChatFixture(failing).withSocket { socket in
            socket.put(chat("hello"))
            #expect(
                await socket.frames(to: "error").last?["message"] == "AI service error: the query is too long"
            )
        }
        let dated = ScriptedProvider(
            "upstream",
            .replies { _, stream throws(ProviderError) in
                stream.append("Hi.")
                var answer = ProviderAnswer(text: "Hi.")
                answer.timestamp = "2024-01-02T03:04:05.678Z"
                return answer
            })
        try await StreamingChatFixture(dated).withSocket { socket in
            socket.put(chat("hello"))
            let whole = await socket.frames(to: "ai-response").last
            #expect(whole?["timestamp"] == "2024-01-02T03:04:05.678Z")
        }
    }

    struct Wrong: Sendable, CustomTestStringConvertible {
        var frame: String
        var message: String
        var testDescription: String { String(frame.prefix(50)) }
    }

    @Test(arguments: [
        Wrong(frame: "no json", message: "Invalid message format"),
        Wrong(frame: "[]", message: "Invalid message format"),
        Wrong(frame: "null", message: "Invalid message format"),
        Wrong(frame: "7", message: "Invalid message format"),
        Wrong(frame: #"{"type":"dance"}"#, message: "Unknown message type"),
        Wrong(frame: "{}", message: "Unknown message type"),
        Wrong(frame: #"{"type":7}"#, message: "Unknown message type"),
        Wrong(frame: #"{"type":"chat"}"#, message: "Message content must be a string"),
        Wrong(frame: #"{"type":"chat","content":""}"#, message: "Message content must be a string"),
        Wrong(frame: #"{"type":"chat","content":7}"#, message: "Message content must be a string"),
        Wrong(frame: #"{"type":"chat","content":{"a":1}}"#, message: "Message content must be a string"),
        Wrong(frame: #"{"type":"chat","content":"  \n\t"}"#, message: "Message content cannot be empty"),
        Wrong(
            frame: #"{"type":"chat","content":"\#(String(repeating: "😀", count: 1001))"}"#,
            message: "Message content cannot exceed 2000 characters"),
    ])
    func `S0.40 S0.59 a bad frame is an error and the socket stays`(wrong: Wrong) async throws {
        let fixture = try StreamingChatFixture()
        try await fixture.withSocket { socket in
            socket.put(wrong.frame)
            #expect(
                await socket.next() == [
                    "type": "error", "message": .string(wrong.message),
                    "timestamp": "2025-09-12T10:30:00.000Z",
                ])
            socket.put(#"{"type":"ping"}"#)
            #expect(await socket.next()["type"] == "pong")
        }
    }

    @Test func `a binary frame and the longest text`() async throws {
        let fixture = try StreamingChatFixture()
        try await fixture.withSocket { socket in
            socket.put(#"{"type":"ping"}"#, isText: false)
            #expect(await socket.next()["message"] == "Invalid message format")
            socket.put(chat(String(repeating: "😀", count: 1000)))
            #expect(await socket.frames(to: "ai-response").last?["message"] == "Hello. There.")
        }
    }

    struct Failure: Sendable, CustomTestStringConvertible {
        var cause: ProviderCause
        var message: String
        var testDescription: String { cause.rawValue }
    }

    @Test(arguments: [
        Failure(
            cause: .connectionRefused,
            message: "AI service is currently unavailable. Please try again later."),
        Failure(cause: .timeout, message: "Request timeout - please try again"),
        Failure(cause: .unreachable, message: "Request timeout - please try again"),
        Failure(cause: .serverError, message: "AI service error: AI service error"),
        Failure(cause: .rejected, message: "AI service error: AI service error"),
        Failure(cause: .malformed, message: "Failed to connect to AI service"),
        Failure(cause: .cut, message: "Failed to connect to AI service"),
    ])
    func `S0.56 S0.73 S0.75 a failing service is told in its words, once`(failure: Failure) async throws {
        let fixture = try StreamingChatFixture(ScriptedProvider("upstream", .fails(failure.cause)))
        try await fixture.withSocket { socket in
            socket.put(chat("hello"))
            socket.put(#"{"type":"ping"}"#)
            var frames = await socket.frames(to: "error")
            if frames.contains(where: { $0["type"] == "pong" }) == false {
                frames.append(await socket.next())
            }
            #expect(
                frames.compactMap { $0["type"]?.text }.filter { $0 != "pong" } == ["typing", "error"])
            #expect(frames.first { $0["type"] == "error" }?["message"] == .string(failure.message))
        }
    }

    @Test func `an answer that breaks off ends its stream after the error`() async throws {
        let fixture = try StreamingChatFixture(ScriptedProvider("upstream", .cut(after: ["Hel"])))
        try await fixture.withSocket { socket in
            socket.put(chat("hello"))
            let types = await socket.frames(to: "stream-end").compactMap { $0["type"]?.text }
            #expect(types.filter { $0 == "error" }.count <= 1)
            #expect(types.first == "typing")
            #expect(types.dropFirst().first == "stream-start")
        }
    }

    @Test func `questions of one socket are answered in their order, and an emergency at once`() async throws
    {
        let provider = ScriptedProvider("upstream", .hangs(after: ["One. "]))
        let fixture = try StreamingChatFixture(provider)
        try await fixture.withSocket { socket in
            socket.put(chat("first"))
            _ = await socket.frames(to: "stream-token")
            socket.put(chat("I have crushing chest pain"))
            let frames = await socket.frames(to: "ai-response")
            #expect(frames.last?["message"] == "Call 911 now.")
        }
    }

    @Test func `S0.51 nothing of a turn reaches another socket`() async throws {
        let fixture = try StreamingChatFixture()
        try await fixture.withSocket("u1") { first in
            try await fixture.withSocket("u1") { second in
                try await fixture.withSocket("u2") { third in
                    first.put(chat("hello"))
                    _ = await first.frames(to: "ai-response")
                    for other in [second, third] {
                        other.put(#"{"type":"ping"}"#)
                        #expect(await other.next()["type"] == "pong")
                    }
                }
            }
        }
    }

    @Test func `S0.52 S0.66 the last messages are the context, over a new connection too`() async throws {
        let provider = ScriptedProvider("upstream", .says("Yes."))
        let fixture = try StreamingChatFixture(provider)
        for text in ["one", "two"] {
            try await fixture.withSocket { socket in
                socket.put(chat(text))
                _ = await socket.frames(to: "ai-response")
            }
        }
        #expect(provider.requests.last?.history.map(\.text) == ["one", "Yes."])
    }

    @Test func `S0.27 S0.28 S0.29 S0.30 a socket opens by the query or the header, else 401`() async throws {
        let fixture = try StreamingChatFixture()
        let token = try fixture.token()
        let upgrade: HTTPHeaders = [
            "Host": "localhost", "Connection": "Upgrade", "Upgrade": "websocket",
            "Sec-WebSocket-Version": "13", "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
        ]
        func open(_ target: String, _ bearer: String? = nil) async throws -> Int {
            var headers = upgrade
            if let bearer { headers.add("Authorization", "Bearer " + bearer) }
            let request = try #require(
                HTTPRequest(method: "GET", target: target, headers: headers, body: [], isUpgrade: true))
            return await fixture.channel.handle(request).status
        }
        #expect(try await open("/ws?token=\(token)") == 101)
        #expect(try await open("/?token=\(token)") == 101)
        #expect(try await open("/ws", token) == 101)
        #expect(try await open("/ws") == 401)
        #expect(try await open("/ws?token=") == 401)
        #expect(try await open("/ws?token=x.y.z") == 401)
        #expect(try await open("/elsewhere?token=\(token)") == 404)
        fixture.clock.advance(by: .seconds(86_400))
        #expect(try await open("/ws?token=\(token)") == 401)
    }

    @Test func `W18 an expired token and a disabled account close the socket`() async throws {
        let fixture = try StreamingChatFixture()
        try await fixture.withSocket { socket in
            socket.fireTimer()
            #expect(await socket.next()["type"] == "error")
            #expect(socket.closed?.code == 4401)
        }
        let user = try await fixture.accounts.add(
            AccountDraft(name: "ann", password: "secret1", role: "PATIENT", minimum: 6), by: nil)
        try await fixture.withSocket(user.id) { socket in
            socket.put(#"{"type":"ping"}"#)
            #expect(await socket.next()["type"] == "pong")
            try await fixture.accounts.setDisabled(true, of: user)
            try await fixture.directory.refresh()
            #expect(await socket.next()["type"] == "error")
            #expect(socket.closed?.code == 4401)
        }
    }

    @Test func `S0.4 S0.43 the passages of an answer are its patient_context`() {
        let sources: JSON = [
            [
                "id": "chunk_abc123", "source": "fastapi", "score": 0.895, "text": "An excerpt.",
                "metadata": ["patient_id": "PATIENT_001", "source": "medical_report.pdf"],
            ], ["id": "faq#1", "source": "faq/opening.md", "score": 0.5, "text": "Open at nine."],
        ]
        #expect(
            StreamingChatPayload.records(sources) == [
                [
                    "record_id": "chunk_abc123", "content": "An excerpt.", "score": 0.895,
                    "metadata": ["patient_id": "PATIENT_001", "source": "medical_report.pdf"],
                ],
                [
                    "record_id": "faq#1", "content": "Open at nine.", "score": 0.5,
                    "metadata": ["source": "faq/opening.md"],
                ],
            ])
        #expect(StreamingChatPayload.records(nil) == [])
    }
}
