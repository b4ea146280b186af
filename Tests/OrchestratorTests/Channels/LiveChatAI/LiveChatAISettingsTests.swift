// SPDX-License-Identifier: Apache-2.0

import Foundation
import OrchestratorTesting
import Testing
import WireProtocols

@testable import Orchestrator

/// Logging in, and changing the AI settings while the server runs.
@Suite(.timeLimit(.minutes(1))) struct LiveChatAISettingsTests {
    let tree: TemporaryTree
    let channel: LiveChatAIChannel
    let snapshots: SnapshotStore

    init() throws {
        tree = try TemporaryTree()
        let admin = "auth:\n  admin: { email: Admin@example.com, password: \"${env.ADMIN_PASSWORD}\" }"
        try tree.write("server.yaml", SocketChannelFixture.server.replacing("auth:", with: admin))
        try tree.write("desk.yaml", SocketChannelFixture.desk)
        try tree.write(
            "routing.yaml",
            """
            kind: routing
            version: 1
            providers:
              openrouter: { type: scripted, says: ["Hi."] }
            routes:
              chat: { mid_stream: stop, try: [{ provider: openrouter }, { reply: { text: Later. } }] }
            """)
        let clock = ManualClock("2026-03-09T10:00:00.000Z")
        let (reloader, snapshots) = try tree.reloader(
            clock: clock,
            environment: EnvironmentValues([
                "JWT_SECRET": SocketChannelFixture.secret, "ADMIN_PASSWORD": "a good long password",
            ]))
        self.snapshots = snapshots
        let store = MemoryStore()
        var wiring = ServiceSettings(
            snapshots: snapshots, store: store, actions: RecordsActionRunner(store: store),
            registries: ProviderRegistries(factories: [:]))
        wiring.clock = clock
        var services = ChannelServices(
            snapshots: snapshots, service: ConversationService(wiring), sockets: SocketDirectory(),
            store: store, admin: AdminRecorder())
        services.clock = clock
        services.live = LiveSettings(reloader: reloader, snapshots: snapshots)
        var parts = AccountsSettings(
            store: store, hasher: try PasswordHasher(threads: 1, cost: 4), directory: services.directory)
        parts.clock = clock
        services.accounts = Accounts(parts)
        channel = LiveChatAIChannel(name: "quiet", services)
    }

    private func login(_ body: String) async throws -> (status: Int, json: JSON) {
        let answer = try await channel.ask("POST", "/api/auth/login", body: body)
        return (answer.status, answer.json)
    }

    private func token() async throws -> String {
        let answer = try await login(#"{"email":"admin@example.com","password":"a good long password"}"#)
        return try #require(answer.json["token"]?.text)
    }

    @Test func `S2.5 S2.6 S2.15 the admin logs in, and the token opens what is closed`() async throws {
        let answer = try await login(#"{"email":"admin@example.com","password":"a good long password"}"#)
        #expect(answer.status == 200)
        #expect(answer.json.members?.members.map(\.name) == ["token", "message"])
        #expect(answer.json["message"] == "Login successful")
        let verified = try await channel.ask(
            "GET", "/api/auth/verify", token: try #require(answer.json["token"]?.text))
        #expect(verified.json == ["valid": true])
    }

    @Test(arguments: [
        #"{"email":"admin@example.com","password":"wrong"}"#,
        #"{"email":"who@example.com","password":"a good long password"}"#,
        #"{"email":"admin@example.com"}"#, #"{"email":{"a":1},"password":["b"]}"#, "{}", "",
    ])
    func `S2.15 whatever is wrong, the answer is the same`(body: String) async throws {
        let answer = try await login(body)
        #expect(answer.status == 401)
        #expect(answer.json == ["error": "Invalid credentials"])
    }

    @Test func `too many tries are told when to try again`() async throws {
        var last = try await login(#"{"email":"a@b.c","password":"x"}"#)
        for _ in 0..<20 where last.status == 401 {
            last = try await login(#"{"email":"a@b.c","password":"x"}"#)
        }
        #expect(last.status == 429)
    }

    @Test func `S2.23 S2.25 S2.50-55 settings are changed while it runs, and kept in a file of the tree`()
        async throws
    {
        let token = try await token()
        let changed = try await channel.ask(
            "PUT", "/api/ai/config", token: token,
            body:
                #"{"isEnabled":true,"model":"m-1","systemPrompt":"Be kind.","temperature":0.2,"maxTokens":99}"#
        )
        #expect(changed.status == 200)
        #expect(changed.json["isEnabled"] == true)
        #expect(changed.json["model"] == "m-1")
        #expect(changed.json["maxTokens"] == 99)
        #expect(changed.json["provider"] == "openrouter")
        #expect(try await channel.ask("GET", "/api/ai/config", token: token).json == changed.json)
        #expect(snapshots.current().parts.server.channels["quiet"]?.ai.systemPrompt == "Be kind.")
        let file = FileManager.default.contents(atPath: tree.bots + "/overlays/quiet.yaml") ?? Data()
        #expect(String(decoding: file, as: UTF8.self).contains("model: \"m-1\""))
        let off = try await channel.ask("POST", "/api/ai/toggle", token: token, body: #"{"isEnabled":false}"#)
        #expect(off.json["isEnabled"] == false)
        #expect(off.json["model"] == "m-1")
        let nothing = try await channel.ask("PUT", "/api/ai/config", token: token, body: #"{"other":1}"#)
        #expect(nothing.json == off.json)
    }

    @Test(arguments: [
        #"{"isEnabled":"yes"}"#, #"{"provider":"acme"}"#, #"{"provider":null}"#, #"{"temperature":3}"#,
        #"{"temperature":"0.7"}"#, #"{"maxTokens":0}"#, #"{"maxTokens":1.5}"#, #"{"model":""}"#,
        #"{"systemPrompt":7}"#, "[]", "{",
    ])
    func `a change that is none is 400 and changes nothing`(body: String) async throws {
        let token = try await token()
        let answer = try await channel.ask("PUT", "/api/ai/config", token: token, body: body)
        #expect(answer.status == 400)
        #expect(answer.json["error"]?.text?.isEmpty == false)
        #expect(snapshots.current().parts.server.channels["quiet"]?.ai.isDeclared == false)
    }

    @Test func `without a token nothing changes, and a toggle needs its one value`() async throws {
        #expect(try await channel.ask("PUT", "/api/ai/config", body: #"{"isEnabled":true}"#).status == 401)
        #expect(try await channel.ask("POST", "/api/ai/toggle", body: #"{"isEnabled":true}"#).status == 401)
        let token = try await token()
        #expect(try await channel.ask("POST", "/api/ai/toggle", token: token, body: "{}").status == 400)
    }

    @Test func `a change that does not pass the checks is 409 with what they say`() async throws {
        // The tree has no provider of that name.
        let answer = try await channel.ask(
            "PUT", "/api/ai/config", token: try await token(), body: #"{"provider":"openai"}"#)
        #expect(answer.status == 409)
        #expect(answer.json["diagnostics"]?.list?.map { $0["code"] } == ["provider-unknown"])
    }

    @Test func `a tree that cannot be written to is 409`() async throws {
        try tree.write("overlays", "not a folder")
        let answer = try await channel.ask(
            "POST", "/api/ai/toggle", token: try await token(), body: #"{"isEnabled":true}"#)
        #expect(answer.status == 409)
        #expect(answer.json == ["error": "The configuration of this server cannot be written to"])
    }
}
