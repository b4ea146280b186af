// SPDX-License-Identifier: Apache-2.0

import Testing
import Transport

@testable import Orchestrator

struct TrustedProxiesTests {
    private func proxies(_ ranges: String...) -> TrustedProxies {
        TrustedProxies(ranges.compactMap(AddressRange.init))
    }

    private func resolved(_ proxies: TrustedProxies, peer: String, _ forwarded: String...) throws -> String {
        var headers = HTTPHeaders()
        for value in forwarded { headers.add("X-Forwarded-For", value) }
        let request = try #require(HTTPRequest(method: "GET", target: "/", headers: headers, peer: peer))
        return proxies.resolve(request).peer
    }

    @Test func `nobody is believed by default`() throws {
        #expect(try resolved(proxies(), peer: "127.0.0.1", "203.0.113.9") == "127.0.0.1")
    }

    @Test func `a client's own word about its address is ignored`() throws {
        #expect(try resolved(proxies("10.0.0.0/8"), peer: "203.0.113.9", "1.2.3.4") == "203.0.113.9")
    }

    @Test func `a trusted proxy names the client`() throws {
        #expect(try resolved(proxies("10.0.0.0/8"), peer: "10.1.2.3", "203.0.113.9") == "203.0.113.9")
    }

    @Test func `what the client put before the proxy's own entry is ignored`() throws {
        #expect(
            try resolved(proxies("10.0.0.0/8"), peer: "10.1.2.3", "1.1.1.1, 203.0.113.9, 10.9.9.9")
                == "203.0.113.9")
        #expect(
            try resolved(proxies("10.0.0.0/8"), peer: "10.1.2.3", "1.1.1.1", "203.0.113.9") == "203.0.113.9")
    }

    @Test func `a chain of proxies alone ends at its first`() throws {
        #expect(try resolved(proxies("10.0.0.0/8"), peer: "10.1.2.3", "10.0.0.1, 10.0.0.2") == "10.0.0.1")
    }

    @Test(arguments: ["unknown", "", "203.0.113.9:4711", "<script>", "1.2.3"])
    func `what is no address changes nothing`(text: String) throws {
        #expect(try resolved(proxies("10.0.0.0/8"), peer: "10.1.2.3", text) == "10.1.2.3")
    }

    @Test func `an endless chain changes nothing`() throws {
        let chain = Array(repeating: "10.0.0.1", count: 33).joined(separator: ",")
        #expect(try resolved(proxies("10.0.0.0/8"), peer: "10.1.2.3", chain) == "10.1.2.3")
    }

    @Test func `a client behind a proxy on this machine is not local`() throws {
        let request = try #require(
            HTTPRequest(
                method: "GET", target: "/", headers: ["X-Forwarded-For": "127.0.0.1"], peer: "127.0.0.1"))
        let resolved = proxies("127.0.0.1").resolve(request)
        #expect(!resolved.isLoopbackPeer)
    }

    @Test(arguments: [
        ("10.0.0.0/8", "10.255.1.1", true), ("10.0.0.0/8", "11.0.0.1", false),
        ("192.168.4.0/22", "192.168.7.255", true), ("192.168.4.0/22", "192.168.8.0", false),
        ("10.0.0.7", "10.0.0.7", true), ("10.0.0.7", "10.0.0.8", false), ("0.0.0.0/0", "8.8.8.8", true),
        ("::1", "::1", true), ("fd00::/8", "fd12::1", true), ("fd00::/8", "fe00::1", false),
        ("10.0.0.0/8", "::ffff:10.1.1.1", true), ("10.0.0.0/8", "fd00::1", false),
    ])
    func `a range holds the addresses that begin like it`(range: String, address: String, isIn: Bool) throws {
        #expect(try #require(AddressRange(range)).contains(address) == isIn)
    }

    @Test(arguments: ["", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/x", "10.0.0", "proxy.example", "::1/129"])
    func `other texts are no range`(text: String) { #expect(AddressRange(text) == nil) }
}
