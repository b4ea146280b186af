// SPDX-License-Identifier: Apache-2.0
import Dispatch
import Foundation
import Glibc
import Synchronization
package import WireProtocols

/// Why the control socket cannot be used.
package struct ControlError: Error, Sendable {
    /// One sentence for the operator.
    package let message: String
}

/// A Unix socket on which `orchestratord reload` and `status` ask the running server: one line of JSON each way.
///
/// Its mode is 0600, so it needs no token: whoever may open it may also edit the files.
package final class ControlSocket: Sendable {
    private let descriptor: Int32
    private let path: String
    private let isStopped = Mutex(false)
    private let answer: @Sendable (JSON) async -> JSON
    private static let maxRequestBytes = 64 * 1024
    private static let timeoutSeconds = 5

    /// Listens at that path.
    ///
    /// A socket that a killed server left behind is removed; one that answers is not.
    package init(path: String, answer: @escaping @Sendable (JSON) async -> JSON) throws(ControlError) {
        self.path = path
        self.answer = answer
        if (try? Self.connect(path)).map({ close($0) }) != nil {
            throw ControlError(message: "another server already answers at \(path)")
        }
        unlink(path)
        descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        let mask = umask(0o177)
        defer { umask(mask) }
        let bound = try Self.withAddress(path) { bind(descriptor, $0, $1) }
        guard bound == 0, listen(descriptor, 16) == 0 else {
            close(descriptor)
            throw ControlError(
                message: "the control socket \(path) cannot be made: \(String(cString: strerror(errno)))")
        }
    }

    /// Starts the thread that answers.
    package func start() {
        let thread = Thread { [self] in serve() }
        thread.name = "control"
        thread.start()
    }

    /// Stops answering and removes the socket.
    package func stop() {
        isStopped.withLock { $0 = true }
        shutdown(descriptor, Int32(SHUT_RDWR))
        unlink(path)
    }

    private func serve() {
        while true {
            let client = accept(descriptor, nil, nil)
            if isStopped.withLock({ $0 }) { return }
            guard client >= 0 else { continue }
            reply(to: client)
            close(client)
        }
    }

    private func reply(to client: Int32) {
        Self.setTimeout(client, seconds: Self.timeoutSeconds)
        guard let line = Self.readLine(client, limit: Self.maxRequestBytes),
            let request = try? JSON.parse(line)
        else { return }
        let done = DispatchSemaphore(value: 0)
        let result = Mutex(JSON.null)
        // Awaited right here, on the control thread.
        Task { [answer] in
            let reply = await answer(request)
            result.withLock { $0 = reply }
            done.signal()
        }
        done.wait()
        Self.writeAll(client, result.withLock { $0 }.encoded() + [0x0A])
    }

    // MARK: - The other end

    /// Asks the server that listens at that path and waits for its answer, at most a minute.
    package static func ask(_ path: String, _ request: JSON) throws(ControlError) -> JSON {
        let client = try connect(path)
        defer { close(client) }
        setTimeout(client, seconds: 60)
        writeAll(client, request.encoded() + [0x0A])
        guard let line = readLine(client, limit: 64 << 20), let answer = try? JSON.parse(line) else {
            throw ControlError(message: "the server at \(path) gave no answer")
        }
        return answer
    }

    private static func connect(_ path: String) throws(ControlError) -> Int32 {
        let client = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        if try withAddress(path, { Glibc.connect(client, $0, $1) }) == 0 { return client }
        close(client)
        throw ControlError(message: "no server answers at \(path); is it running?")
    }

    private static func withAddress(_ path: String, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32)
        throws(ControlError) -> Int32
    {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let bytes = Array(path.utf8)
        guard bytes.count < MemoryLayout.size(ofValue: address.sun_path) else {
            throw ControlError(
                message:
                    "the path of the control socket is longer than \(MemoryLayout.size(ofValue: address.sun_path) - 1) bytes: \(path)"
            )
        }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                body($0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
    }

    private static func setTimeout(_ descriptor: Int32, seconds: Int) {
        // A `timeval`, spelt out: optimised builds take the type for another module's, and no import names that.
        var time = (seconds, 0)
        let size = socklen_t(MemoryLayout<(Int, Int)>.size)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &time, size)
        setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &time, size)
    }

    private static func readLine(_ descriptor: Int32, limit: Int) -> [UInt8]? {
        var line: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while line.count <= limit {
            let count = Glibc.read(descriptor, &chunk, chunk.count)
            guard count > 0 else { return nil }
            line += chunk[..<count]
            if line.last == 0x0A { return line.dropLast() }
        }
        return nil
    }

    private static func writeAll(_ descriptor: Int32, _ bytes: [UInt8]) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes {
                send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return }
            rest = rest.dropFirst(count)
        }
    }
}
