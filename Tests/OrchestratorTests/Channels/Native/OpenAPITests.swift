// SPDX-License-Identifier: Apache-2.0

import Testing
import Transport
import WireProtocols

@testable import Orchestrator

@Suite(.timeLimit(.minutes(2)))
struct OpenAPITests {
    private var operations: [(method: String, path: String, operation: JSON)] {
        (OpenAPIDocument.document["paths"]?.members?.members ?? []).flatMap { path in
            (path.value.members?.members ?? []).map { ($0.name.uppercased(), path.name, $0.value) }
        }
    }

    @Test func `the document has exactly the routes that are dispatched`() {
        let documented = operations.map { "\($0.method) \($0.path)" }
        #expect(Set(documented) == Set(NativeRoute.all.map { "\($0.method) \($0.path)" }))
        #expect(documented.count == NativeRoute.all.count)
        #expect(Set(NativeRoute.all.map(\.operation)).count == NativeRoute.Operation.allCases.count)
    }

    @Test func `every reference leads somewhere`() {
        var references: Set<String> = []
        func walk(_ value: JSON) {
            for member in value.members?.members ?? [] {
                if member.name == "$ref", let target = member.value.text { references.insert(target) }
                walk(member.value)
            }
            value.list?.forEach(walk)
        }
        walk(OpenAPIDocument.document)
        #expect(references.count > 10)
        for reference in references {
            let target = reference.split(separator: "/").dropFirst()
                .reduce(Optional(OpenAPIDocument.document)) { $0?[String($1)] }
            #expect(target != nil, "\(reference)")
        }
    }

    /// What fills a body schema, so that the route is reached.
    private static let bodies: [String: String] = [
        "NewConversation": #"{"assistant":"patient"}"#, "NewMessage": #"{"text":"hello"}"#,
        "DemoRequest": #"{"code":"open-sesame","role":"PATIENT"}"#,
        "FileForm": NativeFilesTests.form("%PDF-1.7"),
        "NewCompletion": #"{"model":"patient","messages":[{"role":"user","content":"hello"}]}"#,
        "NewAccount": #"{"username":"cid","password":"correct horse"}"#,
        "Credentials": #"{"username":"bob","password":"correct horse"}"#,
        "PasswordChange": #"{"current_password":"correct horse","new_password":"battery staple"}"#,
        "NewEvent": #"{"user":"p1","data":{"doctor":"Dr. Day","starts":"2026-03-10T09:30:00Z"}}"#,
        "HandoffRequest": "{}", "Transfer": #"{"queue":"desk"}"#, "NewNote": #"{"text":"worried"}"#,
    ]

    /// Only whoever has a conversation may do these.
    private static let needsClaim = ["/release", "/transfer", "/close", "/notes"]

    @Test func `each route answers as the document declares`() async throws {
        let fixture = try NativeFixture(NativeFixture.withEvents)
        let record = try await fixture.service.begin(
            assistant: "patient", caller: Caller(user: "p1", role: "PATIENT"), channel: "main")
        let file = try await NativeFilesTests.store("%PDF-1.7", in: record.id, fixture)
        func account(_ name: String) async throws -> UserRecord {
            let draft = AccountDraft(name: name, password: "correct horse", role: "PATIENT", minimum: 8)
            return try await fixture.accounts.add(draft, by: nil)
        }
        let (ann, bob) = (try await account("ann"), try await account("bob"))
        let reset = try await fixture.accounts.makeReset(of: bob)
        let bodies = Self.bodies.merging([
            "PasswordReset": #"{"token":"\#(reset)","new_password":"battery staple"}"#
        ]) { $1 }
        let key = try await fixture.key(role: "SYSTEM")
        let tokens = [
            nil, key, try fixture.token("p1"), try fixture.token("root", role: "ADMIN"), "a.b.c",
            try fixture.token(ann.id),
        ]
        try await withClient(.memory, fixture) { client in
            for (method, path, operation) in operations {
                let declared = Set((operation["responses"]?.members?.members ?? []).map(\.name))
                let content = operation["requestBody"]?["content"]?.members?.members.first
                let schema = content?.value["schema"]?["$ref"]?.text
                let type = content?.name == "multipart/form-data" ? NativeFilesTests.type : "application/json"
                let body = schema.flatMap { bodies[String($0.split(separator: "/").last ?? "")] }
                let id =
                    path.hasPrefix("/v1/files/")
                    ? file.id.text : path.hasPrefix("/v1/models/") ? "patient" : record.id
                let target = path.replacing("{id}", with: id).replacing("{name}", with: "visit_moved")
                    .replacing("/v1/search", with: "/v1/search?q=hello")
                if Self.needsClaim.contains(where: path.hasSuffix) {
                    _ = try await fixture.service.claim(
                        record.id, by: StaffMember(Caller(user: "root", role: "ADMIN"), channel: "main"))
                }
                var statuses: Set<Int> = []
                for token in tokens {
                    for body in body.map({ [$0, "{", #"{"x":1}"#] }) ?? [nil] {
                        let reply = try await client.ask(
                            method, target, token: token, body: body,
                            headers: body == nil ? [:] : ["Content-Type": type])
                        #expect(declared.contains(String(reply.status)), "\(method) \(path) \(reply.status)")
                        statuses.insert(reply.status)
                        try check(reply, operation)
                    }
                }
                let succeeds = path == "/v1/ws" ? statuses.contains(426) : statuses.contains { $0 < 300 }
                #expect(succeeds, "\(method) \(path) \(statuses)")
            }
        }
    }

    private func check(_ reply: NativeReply, _ operation: JSON) throws {
        var answer = operation["responses"]?[String(reply.status)]
        if let reference = answer?["$ref"]?.text, let name = reference.split(separator: "/").last {
            answer = OpenAPIDocument.document["components"]?["responses"]?[String(name)]
        }
        let type = String((reply.headers["Content-Type"] ?? "").prefix { $0 != ";" })
        let content = answer?["content"]?[type]
        #expect(content != nil, "\(operation["operationId"]?.text ?? "") \(reply.status) \(type)")
        guard type == "application/json", let schema = content?["schema"] else { return }
        #expect(problems(reply.json, schema) == [])
    }

    /// A small validator for the schemas we write.
    private func problems(_ value: JSON, _ schema: JSON, at path: String = "$") -> [String] {
        if let reference = schema["$ref"]?.text, let name = reference.split(separator: "/").last,
            let target = OpenAPIDocument.document["components"]?["schemas"]?[String(name)]
        {
            return problems(value, target, at: path)
        }
        if let allowed = schema["enum"]?.list, !allowed.contains(value) {
            return ["\(path) is none of the values"]
        }
        switch schema["type"]?.text {
        case "string": return value.text == nil ? ["\(path) is no text"] : []
        case "integer": return value.int == nil ? ["\(path) is no whole number"] : []
        case "number": return value.double == nil ? ["\(path) is no number"] : []
        case "boolean": return value.flag == nil ? ["\(path) is no flag"] : []
        case "array":
            guard let items = value.list else { return ["\(path) is no list"] }
            return items.enumerated().flatMap { problems($1, schema["items"] ?? [:], at: "\(path)[\($0)]") }
        case "object":
            guard let object = value.members else { return ["\(path) is no object"] }
            let missing = (schema["required"]?.list ?? []).compactMap(\.text).filter { object[$0] == nil }
            let properties = schema["properties"]?.members ?? JSONObject()
            let inner = object.members.flatMap { member in
                let known = properties[member.name].map {
                    problems(member.value, $0, at: "\(path).\(member.name)")
                }
                return known ?? (properties.count > 0 ? ["\(path).\(member.name) is not declared"] : [])
            }
            return missing.map { "\(path).\($0) is missing" } + inner
        default: return []
        }
    }

    @Test func `the page names every route and lets no script run`() async throws {
        let fixture = try NativeFixture()
        try await withClient(.memory, fixture) { client in
            let page = try await client.ask("GET", "/docs")
            #expect(page.status == 200)
            for route in NativeRoute.all {
                #expect(page.text.contains("\(route.method) \(route.path)</code>"))
            }
            #expect(!page.text.contains("<script"))
            #expect(page.headers["Content-Security-Policy"]?.hasPrefix("default-src 'none'") == true)
        }
    }
}
