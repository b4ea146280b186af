// SPDX-License-Identifier: Apache-2.0
import Glibc
import Synchronization
import Testing

@testable import Transport

@Suite(.tags(.integration), .timeLimit(.minutes(1)))
struct HTTPClientFaultTests {
    let client = HTTPClient()

    /// The kind of failure that the request ends in; nil when it does not fail.
    private func failure(_ request: HTTPClientRequest) async -> HTTPClientError.Kind? {
        do throws(HTTPClientError) {
            _ = try await client.send(request)
            return nil
        } catch { return error.kind }
    }

    private func failure(_ url: String) async -> HTTPClientError.Kind? {
        await failure(HTTPClientRequest(url: url))
    }

    private func failure(of server: FakeUpstream) async -> HTTPClientError.Kind? {
        await failure(server.url)
    }

    @Test func `nobody listens`() async {
        let (descriptor, port) = FakeUpstream.listen(backlog: 1)
        close(descriptor)
        #expect(await failure("http://127.0.0.1:\(port)/") == .connectionRefused)
    }

    @Test func `a name that does not exist`() async {
        #expect(await failure("http://nowhere.invalid/") == .unreachable)
    }

    @Test func `a black hole costs the connect deadline and not more`() async {
        // A full backlog drops the SYN, as a firewall does.
        let (descriptor, port) = FakeUpstream.listen(backlog: 0)
        defer { close(descriptor) }
        let full = (0..<3).map { _ in NonBlockingConnect(port: port) }
        var request = HTTPClientRequest(url: "http://127.0.0.1:\(port)/")
        request.deadlines.connect = .milliseconds(200)
        let started = ContinuousClock.now
        #expect(await failure(request) == .timeout(.connect))
        #expect(ContinuousClock.now - started < .seconds(30))
        withExtendedLifetime(full) {}
    }

    @Test func `a server that accepts and never answers`() async {
        let server = FakeUpstream { $0.waitForEnd() }
        var request = HTTPClientRequest(url: server.url)
        request.deadlines.firstByte = .milliseconds(100)
        #expect(await failure(request) == .timeout(.firstByte))
    }

    @Test func `a server that stops in the middle of the body`() async {
        let server = FakeUpstream { connection in
            _ = connection.readRequest()
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc")
            connection.waitForEnd()
        }
        var request = HTTPClientRequest(url: server.url)
        request.deadlines.idle = .milliseconds(100)
        #expect(await failure(request) == .timeout(.idle))
    }

    @Test func `a server that drips keeps the idle deadline but not the total`() async {
        let server = FakeUpstream { connection in
            _ = connection.readRequest()
            connection.send("HTTP/1.1 200 OK\r\n\r\n")
            while connection.send("a") { usleep(10_000) }
        }
        var request = HTTPClientRequest(url: server.url)
        request.deadlines.idle = .milliseconds(2000)
        request.deadlines.total = .milliseconds(300)
        #expect(await failure(request) == .timeout(.total))
    }

    @Test(
        arguments: [false, true],
        ["", "HTTP/1.1 200 OK\r\nX: y", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc"])
    func `a connection that ends too early`(reset: Bool, answer: String) async {
        #expect(await failure(of: FakeUpstream.answeringOnce(answer, reset: reset)) == .cut)
    }

    @Test func `a chunked answer without its end`() async {
        let answer = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n"
        #expect(await failure(of: FakeUpstream.answeringOnce(answer)) == .cut)
    }

    @Test(arguments: [
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\nabc\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 5\r\n\r\nplain",
        "<html>not http</html>\r\n\r\n", "HTTP/1.1 OK\r\n\r\n", "SSH-2.0-OpenSSH\r\n",
    ])
    func `what is not HTTP`(answer: String) async {
        #expect(await failure(of: FakeUpstream.answeringOnce(answer)) == .malformed)
    }

    @Test func `an announced length beyond the limit fails before the body`() async {
        let server = FakeUpstream { connection in
            _ = connection.readRequest()
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 104857600\r\n\r\n")
            connection.waitForEnd()
        }
        #expect(await failure(of: server) == .tooLarge)
    }

    @Test(arguments: [
        "HTTP/1.1 200 OK\r\n\r\n", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n6400000\r\n",
    ])
    func `100 MiB that were not announced end at the limit`(head: String) async {
        let sent = Atomic<Int>(0)
        let over = Signal()
        let server = FakeUpstream { connection in
            _ = connection.readRequest()
            connection.send(head)
            let piece = [UInt8](repeating: 0x61, count: 65_536)
            for _ in 0..<1600 where connection.send(piece) { sent.add(1, ordering: .relaxed) }
            over.set()
        }
        #expect(await failure(of: server) == .tooLarge)
        await over.wait()
        #expect(sent.load(ordering: .relaxed) < 400)
    }

    @Test func `a small answer that unpacks to more than the limit ends there`() async {
        let packed = zeroes
        let server = FakeUpstream { connection in
            _ = connection.readRequest()
            connection.send(
                "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: \(packed.count)\r\n\r\n")
            connection.send(packed)
        }
        var request = HTTPClientRequest(url: server.url)
        request.maxResponseBytes = 99_999
        #expect(await failure(request) == .tooLarge)
    }

    @Test func `a head without an end ends at its limit`() async {
        let server = FakeUpstream { connection in
            _ = connection.readRequest()
            connection.send("HTTP/1.1 200 OK\r\n")
            let line = "X-Long: " + String(repeating: "a", count: 1000) + "\r\n"
            while connection.send(line) {}
        }
        #expect(await failure(of: server) == .tooLarge)
    }

    @Test func `a call that changes something is not sent twice over a dead connection`() async throws {
        let requests = Atomic<Int>(0)
        let server = FakeUpstream { connection in
            if connection.readRequest() != nil { requests.add(1, ordering: .relaxed) }
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
            if connection.readRequest() != nil { requests.add(1, ordering: .relaxed) }
        }
        let request = HTTPClientRequest(method: "POST", url: server.url, body: Array("book".utf8))
        #expect(await failure(request) == nil)
        #expect(await failure(request) == .cut)
        #expect(requests.load(ordering: .relaxed) == 2)
    }

    @Test func `a call that may be repeated is`() async throws {
        let server = FakeUpstream { connection in
            _ = connection.readRequest()
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
            _ = connection.readRequest()
        }
        #expect(await failure(of: server) == nil)
        #expect(await failure(of: server) == nil)
        #expect(server.connections == 2)
    }

    /// 100,000 zeros, packed with gzip.
    private var zeroes: [UInt8] {
        [
            0x1f, 0x8b, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0x03, 0xed, 0xc1, 0x31, 0x01, 0x00, 0x00,
            0x00, 0xc2, 0xa0, 0x4a, 0xeb, 0x9f, 0xce, 0x1a, 0x1e, 0x40, 0x01,
        ]
            + [UInt8](repeating: 0, count: 96) + [0xaf, 0x06, 0x85, 0xc2, 0x4d, 0xc5, 0xa0, 0x86, 0x01, 0x00]
    }
}

/// A connection attempt that nobody waits for.
private final class NonBlockingConnect {
    private let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue), 0)

    init(port: Int) {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(UInt16(port).bigEndian)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        let size = socklen_t(MemoryLayout<sockaddr_in>.size)
        _ = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(descriptor, $0, size) }
        }
    }

    deinit { close(descriptor) }
}
