// SPDX-License-Identifier: Apache-2.0

import Testing
import Transport
import WireProtocols

@testable import Orchestrator

/// Checklist S0, over REST; a name begins with the items it is about.
@Suite(.timeLimit(.minutes(1)))
struct StreamingChatRESTTests {
    private let ann = #"{"username":"ann","password":"secret1","email":"ann@example.org"}"#

    @Test func `S0.1 S0.21 S0.22 S0.47 S0.49 register and login answer as documented`() async throws {
        let fixture = try StreamingChatFixture()
        let made = try await fixture.ask("POST", "/api/auth/register", body: ann)
        #expect(made.status == 201)
        #expect(made.json == ["success": true, "message": "User created successfully"])
        let first = try await fixture.ask("POST", "/api/auth/login", body: ann)
        #expect(first.status == 200)
        #expect(first.json.members?.members.map(\.name) == ["success", "token", "user"])
        #expect(
            first.json["user"]?.members?.members.map(\.name) == ["id", "username", "email", "lastLogin"])
        #expect(first.json["user"]?["lastLogin"] == .null)
        let second = try await fixture.ask("POST", "/api/auth/login", body: ann)
        #expect(second.json["user"]?["lastLogin"] == "2025-09-12T10:30:00.000Z")
        let user = try #require(try await fixture.store.user(named: "ann"))
        #expect(user.passwordHash.hasPrefix("$2b$"))
        #expect(user.email == "ann@example.org")
    }

    @Test func `S0.23 verify knows the bearer, and says which way it does not`() async throws {
        let fixture = try StreamingChatFixture()
        _ = try await fixture.ask("POST", "/api/auth/register", body: ann)
        let login = try await fixture.ask("POST", "/api/auth/login", body: ann)
        let token = try #require(login.json["token"]?.text)
        let known = try await fixture.ask("POST", "/api/auth/verify", token: token)
        #expect(known.status == 200)
        #expect(known.json["user"]?.members?.members.map(\.name) == ["id", "username", "email"])
        #expect(known.json["user"]?["username"] == "ann")
        for (token, message) in [
            (nil, "No token provided"), ("x", "Invalid token"), (try fixture.token("u9"), "User not found"),
        ] {
            let reply = try await fixture.ask("POST", "/api/auth/verify", token: token)
            #expect(reply.status == 401)
            #expect(reply.json == ["success": false, "message": .string(message)])
        }
    }

    struct Case: Sendable, CustomTestStringConvertible {
        var path: String
        var body: String
        var status: Int
        var message: String
        var testDescription: String { path + " " + body.prefix(60) }
    }

    @Test(arguments: [
        Case(path: "login", body: "{}", status: 400, message: "Username and password are required"),
        Case(path: "login", body: "", status: 400, message: "Username and password are required"),
        Case(
            path: "login", body: #"{"username":{"$ne":null},"password":{"$ne":null}}"#, status: 400,
            message: "Username and password are required"),
        Case(
            path: "login", body: #"{"username":"zoe","password":"secret1"}"#, status: 401,
            message: "Invalid username or password"),
        Case(path: "login", body: "{", status: 400, message: "The request body is not valid JSON"),
        Case(path: "login", body: "[]", status: 400, message: "The request body is not valid JSON"),
        Case(
            path: "register", body: #"{"username":"ann"}"#, status: 400,
            message: "Username and password are required"),
        Case(
            path: "register", body: #"{"username":"ann","password":"five5"}"#, status: 400,
            message: "Password must be at least 6 characters long"),
        Case(
            path: "register", body: #"{"username":"ann","password":"\#(String(repeating: "a", count: 73))"}"#,
            status: 400, message: "Password must be at most 72 bytes long"),
        Case(
            path: "register", body: #"{"username":"ann","password":"secret1","email":7}"#, status: 400,
            message: "Email must be a string"),
    ])
    func `S0.10 S0.11 S0.64 what does not fit is refused in its words`(one: Case) async throws {
        let reply = try await StreamingChatFixture().ask("POST", "/api/auth/\(one.path)", body: one.body)
        #expect(reply.status == one.status)
        #expect(reply.json == ["success": false, "message": .string(one.message)])
    }

    @Test func `S0.50 a disabled account, a wrong password and a taken name`() async throws {
        let fixture = try StreamingChatFixture()
        _ = try await fixture.ask("POST", "/api/auth/register", body: ann)
        let taken = try await fixture.ask("POST", "/api/auth/register", body: ann)
        #expect(taken.status == 400)
        #expect(taken.json["message"] == "User already exists")
        let user = try #require(try await fixture.store.user(named: "ann"))
        try await fixture.accounts.setDisabled(true, of: user)
        let refused = try await fixture.ask("POST", "/api/auth/login", body: ann)
        #expect(refused.status == 401)
        #expect(refused.json["message"] == "Invalid username or password")
    }

    @Test(arguments: ["/health", "/api/health"])
    func `S0.8 S0.24 S0.72 health has its four members`(path: String) async throws {
        let reply = try await StreamingChatFixture().ask("GET", path)
        #expect(reply.status == 200)
        #expect(reply.json.members?.members.map(\.name) == ["status", "timestamp", "uptime", "version"])
        #expect(reply.json["status"] == "healthy")
        #expect(reply.json["timestamp"] == "2025-09-12T10:30:00.000Z")
        #expect(reply.json["uptime"]?.double.map { $0 >= 0 } == true)
    }

    @Test func `S0.25 S0.71 stats count clients and memory`() async throws {
        let fixture = try StreamingChatFixture()
        try await fixture.withSocket { _ in
            let reply = try await fixture.ask("GET", "/api/stats")
            #expect(
                reply.json.members?.members.map(\.name)
                    == ["connectedClients", "uptime", "memory", "timestamp"])
            #expect(reply.json["connectedClients"] == 1)
            let memory = try #require(reply.json["memory"])
            #expect(
                memory.members?.members.map(\.name)
                    == ["rss", "heapTotal", "heapUsed", "external", "arrayBuffers"])
            #expect(memory["rss"]?.int.map { $0 > 1_000_000 } == true)
        }
        #expect(try await fixture.ask("GET", "/api/stats").json["connectedClients"] == 0)
    }

    @Test func `S0.26 the socket's own page says where it is`() async throws {
        let reply = try await StreamingChatFixture().ask("GET", "/api/websocket/info")
        #expect(reply.json["endpoint"] == "/ws")
        #expect(reply.json["example"] == "ws://localhost:3001/ws?token=your-jwt-token")
        #expect(reply.json["connectedClients"] == 0)
        #expect(reply.json["authentication"]?.text != nil)
    }

    @Test(arguments: [
        ("GET", "/nothing"), ("GET", "/"), ("GET", "/ws"), ("GET", "/api/auth/login"), ("DELETE", "/health"),
        ("POST", "/api/stats"),
    ])
    func `anything else is not found, in the dialect's form`(method: String, path: String) async throws {
        let reply = try await StreamingChatFixture().ask(method, path)
        #expect(reply.status == 404)
        #expect(reply.json == ["success": false, "message": "Endpoint not found"])
    }

    @Test func `S0.63 tries are limited, and the answer says when to come again`() async throws {
        let fixture = try StreamingChatFixture()
        var last = NativeReply(status: 0, headers: [:], text: "")
        for _ in 0..<11 {
            last = try await fixture.ask(
                "POST", "/api/auth/login", body: #"{"username":"ann","password":"x"}"#)
        }
        #expect(last.status == 429)
        #expect(last.headers["Retry-After"] == "61")
        #expect(last.json["success"] == false)
    }
}
