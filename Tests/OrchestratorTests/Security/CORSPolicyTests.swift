// SPDX-License-Identifier: Apache-2.0

import Testing
import Transport

@testable import Orchestrator

struct CORSPolicyTests {
    private let listed = CORSPolicy(.listed(["http://localhost:3000", "https://clinic.example"]))

    private func request(
        _ method: String = "GET", headers: HTTPHeaders, isUpgrade: Bool = false
    ) throws -> HTTPRequest {
        try #require(HTTPRequest(method: method, target: "/v1/ws", headers: headers, isUpgrade: isUpgrade))
    }

    private func allowed(_ policy: CORSPolicy, _ origin: String) throws -> String? {
        var response = HTTPResponse(status: 200)
        policy.mark(&response, for: try request(headers: ["Origin": origin]))
        return response.headers["Access-Control-Allow-Origin"]
    }

    @Test(arguments: ["http://localhost:3000", "https://clinic.example"])
    func `a listed origin is repeated`(origin: String) throws {
        #expect(try allowed(listed, origin) == origin)
    }

    @Test(arguments: [
        "null", "http://localhost:3000.evil.example", "http://localhost:30000", "https://localhost:3000",
        "http://evil.example", "https://clinic.example.evil", "https://xclinic.example", "*", "",
    ])
    func `an origin that only looks like a listed one gets nothing`(origin: String) throws {
        #expect(try allowed(listed, origin) == nil)
    }

    @Test func `two origins in one request get nothing`() throws {
        var response = HTTPResponse(status: 200)
        var headers: HTTPHeaders = ["Origin": "http://localhost:3000"]
        headers.add("Origin", "https://clinic.example")
        listed.mark(&response, for: try request(headers: headers))
        #expect(response.headers["Access-Control-Allow-Origin"] == nil)
    }

    @Test func `any origin is allowed by a star and never with credentials`() throws {
        var policy = CORSPolicy(.any)
        policy.allowsCredentials = true
        var response = HTTPResponse(status: 200)
        policy.mark(&response, for: try request(headers: ["Origin": "null"]))
        #expect(response.headers["Access-Control-Allow-Origin"] == "*")
        #expect(response.headers["Access-Control-Allow-Credentials"] == nil)
    }

    @Test func `credentials are allowed to listed origins where the policy says so`() throws {
        var policy = listed
        policy.allowsCredentials = true
        var response = HTTPResponse(status: 200)
        policy.mark(&response, for: try request(headers: ["Origin": "http://localhost:3000"]))
        #expect(response.headers["Access-Control-Allow-Credentials"] == "true")
        #expect(response.headers["Vary"] == "Origin")
    }

    @Test func `a preflight of a listed origin names methods and headers`() throws {
        let asked: HTTPHeaders = [
            "Origin": "http://localhost:3000", "Access-Control-Request-Method": "POST",
            "Access-Control-Request-Headers": "authorization",
        ]
        let answer = try #require(listed.preflight(try request("OPTIONS", headers: asked)))
        #expect(answer.status == 204)
        #expect(answer.headers["Access-Control-Allow-Origin"] == "http://localhost:3000")
        #expect(answer.headers["Access-Control-Allow-Methods"] == "GET, POST, PUT, PATCH, DELETE, OPTIONS")
        #expect(answer.headers["Access-Control-Max-Age"] == "600")
    }

    @Test func `a preflight of another origin is answered without a permission`() throws {
        let asked: HTTPHeaders = ["Origin": "http://evil.example", "Access-Control-Request-Method": "POST"]
        let answer = try #require(listed.preflight(try request("OPTIONS", headers: asked)))
        #expect(answer.status == 204)
        #expect(answer.headers.fields.map(\.name) == ["Vary"])
    }

    @Test func `without a policy a preflight is left to the dialect`() throws {
        let asked: HTTPHeaders = ["Origin": "http://evil.example", "Access-Control-Request-Method": "POST"]
        #expect(CORSPolicy().preflight(try request("OPTIONS", headers: asked)) == nil)
    }

    @Test(arguments: [
        ("http://127.0.0.1:8090", true), ("http://localhost:3000", true),
        ("http://127.0.0.1:8090.evil", false),
        ("null", false), ("http://evil.example", false),
    ])
    func `a socket is opened for our own pages and for listed ones`(origin: String, isAllowed: Bool) throws {
        let headers: HTTPHeaders = ["Host": "127.0.0.1:8090", "Origin": origin]
        #expect(listed.allowsSocket(try request(headers: headers, isUpgrade: true)) == isAllowed)
    }

    @Test(arguments: [
        ("http://localhost:3000", "http://localhost:3000"),
        ("HTTPS://Clinic.Example", "https://clinic.example"),
        ("http://[::1]:3000", "http://[::1]:3000"), ("localhost:3000", nil), ("http://a/", nil),
        ("http://a:99999", nil), ("http://", nil), ("http://a b", nil), ("null", nil), ("ftp://a", nil),
    ])
    func `an origin is a scheme, a host and a port`(text: String, origin: String?) {
        #expect(CORSPolicy.origin(text) == origin)
    }
}
