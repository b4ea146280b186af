// SPDX-License-Identifier: Apache-2.0
import Testing
import Transport

struct HTTPRequestTests {
    @Test func `a target is split before it is decoded`() throws {
        let request = try #require(HTTPRequest(method: "GET", target: "/a%2Fb/%63//d/?x=1&y&x=%41+b"))
        #expect(request.path == "/a%2Fb/c//d/")
        #expect(request.pathSegments == ["a/b", "c", "", "d", ""])
        #expect(request.query.map(\.name) == ["x", "y", "x"])
        #expect(request.query.map(\.value) == ["1", "", "A b"])
        #expect(request.target == "/a%2Fb/%63//d/?x=1&y&x=%41+b")
        #expect(try #require(HTTPRequest(method: "GET", target: "/")).pathSegments == [])
    }

    @Test func `a path that climbs or is not UTF-8 is none`() {
        for target in ["/..", "/a/../b", "/.", "/%2e%2e/", "/%ff"] {
            #expect(HTTPRequest(method: "GET", target: target) == nil)
        }
        #expect(HTTPRequest(method: "GET", target: "/...") != nil)
    }

    @Test func `headers compare names without case, repeat, and can be replaced`() {
        var headers: HTTPHeaders = ["A": "1", "b": "2", "a": "3"]
        #expect(headers["B"] == "2")
        #expect(headers.all("A") == ["1", "3"])
        headers["A"] = "4"
        #expect(headers.fields.map(\.name) == ["b", "A"])
        headers["b"] = nil
        #expect(headers == ["A": "4"])
        #expect(headers["c"] == nil)
    }
}
