// SPDX-License-Identifier: Apache-2.0
import Glibc
import Synchronization
import Testing

@testable import Transport

@Suite(.tags(.integration), .timeLimit(.minutes(1)))
struct HTTPClientStreamTests {
    let client = HTTPClient()

    @Test func `the head is there before the body, and pieces come as they are sent`() async throws {
        let goOn = Signal()
        let server = FakeUpstream { connection in
            _ = connection.readRequest()
            connection.send("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n")
            for piece in ["one", "two", "three"] {
                while !goOn.isSet { usleep(1000) }
                connection.send(piece)
            }
        }
        let stream = try await client.open(HTTPClientRequest(url: server.url))
        #expect(stream.head.status == 200)
        #expect(stream.head.headers["content-type"] == "text/event-stream")
        goOn.set()
        var text = ""
        while let piece = try await stream.next() { text += String(decoding: piece, as: UTF8.self) }
        #expect(text == "onetwothree")
        #expect(try await stream.next() == nil)
    }

    @Test func `a reader that stops makes the server wait`() async throws {
        let sent = Atomic<Int>(0)
        let total = 64 * 1024 * 1024
        let server = FakeUpstream { connection in
            _ = connection.readRequest()
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: \(total)\r\n\r\n")
            let piece = [UInt8](repeating: 0x61, count: 65_536)
            for _ in 0..<(total / piece.count) where connection.send(piece) {
                sent.add(piece.count, ordering: .relaxed)
            }
        }
        var request = HTTPClientRequest(url: server.url)
        request.maxResponseBytes = total
        let stream = try await client.open(request)
        // The server is at a standstill when a while brings no more; what the kernel holds is some megabytes.
        var last = -1
        while sent.load(ordering: .relaxed) != last {
            last = sent.load(ordering: .relaxed)
            try await Task.sleep(for: .milliseconds(50))
        }
        #expect(last < total / 2)
        var received = 0
        while let piece = try await stream.next() {
            #expect(piece.count <= ClientCall.readAhead + 65_536)
            received += piece.count
        }
        #expect(received == total)
    }

    @Test func `while the reader waits the idle deadline stands still`() async throws {
        let server = FakeUpstream { connection in
            _ = connection.readRequest()
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 4000000\r\n\r\n")
            connection.send([UInt8](repeating: 0x61, count: 4_000_000))
        }
        var request = HTTPClientRequest(url: server.url)
        request.maxResponseBytes = 4_000_000
        request.deadlines.idle = .milliseconds(100)
        let stream = try await client.open(request)
        try await Task.sleep(for: .milliseconds(300))
        var received = 0
        while let piece = try await stream.next() { received += piece.count }
        #expect(received == 4_000_000)
    }

    @Test(arguments: [false, true])
    func `a stream that is cut gives what came and then the error`(reset: Bool) async throws {
        let read = Signal()
        let server = FakeUpstream { connection in
            _ = connection.readRequest()
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\npartial")
            while !read.isSet { usleep(1000) }
            if reset { connection.reset() }
        }
        let stream = try await client.open(HTTPClientRequest(url: server.url))
        #expect(try await stream.next() == Array("partial".utf8))
        read.set()
        await #expect(throws: HTTPClientError.self) { try await stream.next() }
    }

    @Test(arguments: [true, false])
    func `cancelling the task closes the connection to the server at once`(duringHead: Bool) async throws {
        let arrived = Signal()
        let gone = Signal()
        let server = FakeUpstream { connection in
            _ = connection.readRequest()
            if !duringHead { connection.send("HTTP/1.1 200 OK\r\n\r\na") }
            arrived.set()
            connection.waitForEnd()
            gone.set()
        }
        let task = Task { [client] in
            let stream = try await client.open(HTTPClientRequest(url: server.url))
            while try await stream.next() != nil {}
        }
        await arrived.wait()
        let started = ContinuousClock.now
        task.cancel()
        await #expect(throws: (any Error).self) { try await task.value }
        await gone.wait()
        #expect(ContinuousClock.now - started < .seconds(1))
    }

    @Test func `letting go of a stream closes the connection`() async throws {
        let gone = Signal()
        let server = FakeUpstream { connection in
            _ = connection.readRequest()
            connection.send("HTTP/1.1 200 OK\r\n\r\na")
            connection.waitForEnd()
            gone.set()
        }
        var stream: HTTPClientStream? = try await client.open(HTTPClientRequest(url: server.url))
        #expect(try await stream?.next() == Array("a".utf8))
        stream = nil
        await gone.wait()
    }

    @Test func `a task that is cancelled before it calls does not call`() async throws {
        let server = FakeUpstream.answering("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
        let task = Task { [client] in
            while !Task.isCancelled { await Task.yield() }
            return try await client.send(HTTPClientRequest(url: server.url))
        }
        task.cancel()
        await #expect(throws: HTTPClientError(.cancelled)) { try await task.value }
    }
}
