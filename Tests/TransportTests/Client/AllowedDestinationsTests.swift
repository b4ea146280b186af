// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import Transport

@Suite(.timeLimit(.minutes(1)))
struct AllowedDestinationsTests {
    @Test(arguments: [
        "127.0.0.1", "127.255.0.9", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1", "0.0.0.0", "224.0.0.1", "255.255.255.255", "::", "::1", "fe80::1", "fc00::1", "fd12::1",
        "::ffff:127.0.0.1", "::ffff:a9fe:a9fe", "64:ff9b::7f00:1", "::127.0.0.1", "ff02::1", "2002:7f00:1::",
    ])
    func `addresses that are not for everybody are private`(text: String) throws {
        let address = try #require(AddressBytes(text))
        #expect(address.isPrivate)
        #expect(!AllowedDestinations.publicOnes(and: []).allow(address))
        #expect(AllowedDestinations.any.allow(address))
    }

    @Test(arguments: [
        "1.1.1.1", "172.15.255.255", "172.32.0.0", "192.167.255.255", "100.63.255.255", "2606:4700::1",
        "::ffff:1.1.1.1",
    ])
    func `all others are public`(text: String) throws {
        #expect(AllowedDestinations.publicOnes(and: []).allow(try #require(AddressBytes(text))))
    }

    @Test func `a private range may be allowed`() throws {
        let allowed = AllowedDestinations.publicOnes(and: [try #require(NetworkRange("10.2.0.0/15"))])
        let verdicts = [
            "10.1.255.255", "10.2.0.0", "10.3.255.255", "::ffff:10.3.2.1", "10.4.0.0", "127.0.0.1",
        ].map {
            AddressBytes($0).map(allowed.allow)
        }
        #expect(verdicts == [false, true, true, true, false, false])
    }

    @Test(arguments: [
        "", "10", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/8/8", "::/129", "localhost", "10.0.0.0/",
    ])
    func `what is no range is refused`(text: String) { #expect(NetworkRange(text) == nil) }

    @Test(.tags(.integration)) func `the address is judged when it connects, whatever its name`() async throws
    {
        let server = FakeUpstream.answering("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
        let client = HTTPClient()
        for host in ["127.0.0.1", "localhost", "2130706433", "0x7f.1", "[::ffff:127.0.0.1]"] {
            var request = HTTPClientRequest(url: "http://\(host):\(server.port)/")
            request.destinations = .publicOnes(and: [])
            await #expect(throws: HTTPClientError(.blockedAddress), "\(host)") {
                try await client.send(request)
            }
        }
        #expect(server.connections == 0)
    }

    @Test(.tags(.integration)) func `a kept connection is judged as well`() async throws {
        let server = FakeUpstream.answering("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
        let client = HTTPClient()
        var request = HTTPClientRequest(url: server.url)
        #expect(try await client.send(request).status == 200)
        request.destinations = .publicOnes(and: [])
        await #expect(throws: HTTPClientError(.blockedAddress)) { try await client.send(request) }
        request.destinations = .publicOnes(and: [try #require(NetworkRange("127.0.0.1"))])
        #expect(try await client.send(request).status == 200)
    }
}
