// SPDX-License-Identifier: Apache-2.0

import Testing
import Transport

@testable import Orchestrator

/// The headers of every answer, whatever the dialect behind.
struct ListenerFrontTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var isSecure: Bool
        var headers: HTTPHeaders = [:]
        var proxies = ""
        var expected: String?
    }

    private static let strict = "max-age=31536000; includeSubDomains"
    private static let cases = [
        Case(testDescription: "TLS of our own", isSecure: true, expected: strict),
        Case(testDescription: "plain", isSecure: false),
        Case(
            testDescription: "TLS that a trusted proxy has ended", isSecure: false,
            headers: ["X-Forwarded-Proto": "https"], proxies: "127.0.0.1", expected: strict),
        Case(
            testDescription: "TLS that anybody claims", isSecure: false,
            headers: ["X-Forwarded-Proto": "https"]),
    ]

    @Test(arguments: cases)
    func `browsers are held to TLS where the connection has it`(_ example: Case) async throws {
        let server = NativeFixture.server.replacing(
            "port: 8090 }", with: "port: 8090, trusted_proxies: [\(example.proxies)] }")
        let fixture = try NativeFixture(["server.yaml": server])
        let request = try #require(
            HTTPRequest(
                method: "GET", target: "/health", headers: example.headers, isSecure: example.isSecure))
        let response = await fixture.handler(request)
        #expect(response.headers.all("Strict-Transport-Security") == (example.expected.map { [$0] } ?? []))
    }
}
