// SPDX-License-Identifier: Apache-2.0
import Glibc

/// A TCP client that says exactly the bytes it is given.
///
/// Calls block for at most five seconds.
final class RawClient {
    private(set) var descriptor: Int32
    private var buffer: [UInt8] = []

    init(port: Int, receiveBuffer: Int32? = nil) {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var one: Int32 = 1
        setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &one, 4)
        if var receiveBuffer { setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &receiveBuffer, 4) }
        var patience = timeval(tv_sec: 5, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(UInt16(port).bigEndian)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        let size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let result = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(descriptor, $0, size) }
        }
        if result != 0 { close() }
    }

    /// Speaks over a connection that was accepted.
    init(accepted: Int32) {
        descriptor = accepted
        var patience = timeval(tv_sec: 5, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
    }

    deinit { close() }

    func close() {
        if descriptor >= 0 { _ = Glibc.close(descriptor) }
        descriptor = -1
    }

    /// Closes with a reset instead of a FIN.
    func reset() {
        var option = linger(l_onoff: 1, l_linger: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
        close()
    }

    func setSendPatience(milliseconds: Int) { setPatience(SO_SNDTIMEO, milliseconds) }

    func setReceivePatience(milliseconds: Int) { setPatience(SO_RCVTIMEO, milliseconds) }

    private func setPatience(_ option: Int32, _ milliseconds: Int) {
        var patience = timeval(tv_sec: milliseconds / 1000, tv_usec: milliseconds % 1000 * 1000)
        setsockopt(descriptor, SOL_SOCKET, option, &patience, socklen_t(MemoryLayout<timeval>.size))
    }

    func endSending() { _ = shutdown(descriptor, Int32(SHUT_WR)) }

    @discardableResult
    func send(_ bytes: [UInt8]) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes {
                Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            if count <= 0 { return false }
            rest = rest.dropFirst(count)
        }
        return true
    }

    @discardableResult
    func send(_ text: String) -> Bool { send(Array(text.utf8)) }

    /// Reads more; false at the end of input, on a reset, or when the patience is over.
    private func fill() -> Bool {
        var chunk = [UInt8](repeating: 0, count: 65_536)
        let count = recv(descriptor, &chunk, chunk.count, 0)
        if count > 0 { buffer.append(contentsOf: chunk[..<count]) }
        return count > 0
    }

    /// Exactly that many bytes, or nil.
    func read(_ count: Int) -> [UInt8]? {
        while buffer.count < count { if !fill() { return nil } }
        let bytes = Array(buffer[..<count])
        buffer.removeFirst(count)
        return bytes
    }

    /// Everything until the server closes.
    func readToEnd() -> String {
        while fill() {}
        defer { buffer = [] }
        return String(decoding: buffer, as: UTF8.self)
    }

    /// Everything up to and including `mark`, or nil.
    func read(through mark: String) -> String? {
        let mark = Array(mark.utf8)
        var from = 0
        while true {
            if let end = find(mark, from: from) {
                let text = String(decoding: buffer[..<end], as: UTF8.self)
                buffer.removeFirst(end)
                return text
            }
            from = max(0, buffer.count - mark.count)
            if !fill() { return nil }
        }
    }

    private func find(_ mark: [UInt8], from: Int) -> Int? {
        guard buffer.count >= mark.count else { return nil }
        for start in from...(buffer.count - mark.count) where buffer[start...].starts(with: mark) {
            return start + mark.count
        }
        return nil
    }

    /// Whether the server closes without another byte.
    var isAtEnd: Bool { buffer.isEmpty && !fill() && buffer.isEmpty }

    struct Reply: Equatable {
        var status = 0
        var headers: [String: String] = [:]
        var body = ""
    }

    /// One answer with a length, a chunked one, or one without a body (`hasBody` false for HEAD).
    func readReply(hasBody: Bool = true) -> Reply? {
        guard let head = read(through: "\r\n\r\n") else { return nil }
        let lines = head.split(separator: "\r\n")
        var reply = Reply()
        reply.status = lines.first.flatMap { Int($0.dropFirst(9).prefix(3)) } ?? 0
        for line in lines.dropFirst() {
            let parts = line.split(separator: ": ", maxSplits: 1)
            reply.headers[parts[0].lowercased()] = parts.count > 1 ? String(parts[1]) : ""
        }
        guard hasBody, reply.status >= 200 else { return reply }
        if let length = reply.headers["content-length"].flatMap({ Int($0) }) {
            guard let body = read(length) else { return nil }
            reply.body = String(decoding: body, as: UTF8.self)
        } else if reply.headers["transfer-encoding"] == "chunked" {
            while let line = read(through: "\r\n"), let size = Int(line.dropLast(), radix: 16) {
                guard let piece = read(size + 2) else { return nil }
                if size == 0 { break }
                reply.body += String(decoding: piece.dropLast(2), as: UTF8.self)
            }
        }
        return reply
    }

    /// Sends a request and reads its answer.
    func ask(_ text: String) -> Reply? {
        send(text)
        return readReply(hasBody: !text.hasPrefix("HEAD"))
    }

    func get(_ target: String) -> Reply? { ask("GET \(target) HTTP/1.1\r\nHost: x\r\n\r\n") }
}
