// SPDX-License-Identifier: Apache-2.0
import Glibc
import Synchronization

/// A server that says exactly what its script says, one thread for each connection.
///
/// It goes on listening until the process ends, so that no test has to keep it.
final class FakeUpstream: Sendable {
    let port: Int
    private let listener: Int32
    private let script: @Sendable (RawClient) -> Void
    private let accepted = Atomic<Int>(0)

    /// How many connections came.
    var connections: Int { accepted.load(ordering: .relaxed) }
    var url: String { "http://127.0.0.1:\(port)/" }

    /// The script is called for each connection, which is closed when it returns.
    init(_ script: @escaping @Sendable (RawClient) -> Void) {
        self.script = script
        (listener, port) = Self.listen(backlog: 512)
        onThread { [self] in
            while true {
                let descriptor = accept(listener, nil, nil)
                guard descriptor >= 0 else { break }
                accepted.add(1, ordering: .relaxed)
                onThread { [script] in
                    let connection = RawClient(accepted: descriptor)
                    script(connection)
                    connection.close()
                }
            }
        }
    }

    /// Reads one request and answers it with `answer`, again and again.
    static func answering(_ answer: String) -> FakeUpstream {
        FakeUpstream { connection in
            while connection.readRequest() != nil { connection.send(answer) }
        }
    }

    /// Reads one request, sends `answer` and closes.
    static func answeringOnce(_ answer: String, reset: Bool = false) -> FakeUpstream {
        FakeUpstream { connection in
            guard connection.readRequest() != nil else { return }
            connection.send(answer)
            if reset { connection.reset() }
        }
    }

    /// A listener that completes the handshake of `backlog` connections and never accepts one.
    static func listen(backlog: Int32) -> (descriptor: Int32, port: Int) {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                _ = bind(descriptor, pointer, size)
                _ = Glibc.listen(descriptor, backlog)
                _ = getsockname(descriptor, pointer, &size)
            }
        }
        return (descriptor, Int(UInt16(bigEndian: address.sin_port)))
    }
}

extension RawClient {
    /// Head and body of a request with a length; nil at the end of input.
    func readRequest() -> (head: String, body: [UInt8])? {
        guard let head = read(through: "\r\n\r\n") else { return nil }
        let length = head.split(separator: "\r\n").first { $0.lowercased().hasPrefix("content-length:") }
        let count = length.flatMap { Int($0.drop { $0 != " " }.dropFirst()) } ?? 0
        guard let body = read(count) else { return nil }
        return (head, body)
    }

    /// Waits until the other side is gone.
    func waitForEnd() { while read(1) != nil {} }
}

private final class ThreadBody: Sendable {
    let run: @Sendable () -> Void
    init(_ run: @escaping @Sendable () -> Void) { self.run = run }
}

private func enter(_ context: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    if let context { Unmanaged<ThreadBody>.fromOpaque(context).takeRetainedValue().run() }
    return nil
}

private func onThread(_ run: @escaping @Sendable () -> Void) {
    var thread = pthread_t()
    pthread_create(&thread, nil, enter, Unmanaged.passRetained(ThreadBody(run)).toOpaque())
    pthread_detach(thread)
}
