// SPDX-License-Identifier: Apache-2.0
internal import CCurl
internal import Glibc

/// A call while libcurl carries it; everything here happens on the client's thread.
final class CarriedCall {
    let call: ClientCall
    let easy: UnsafeMutableRawPointer

    private var headerList: UnsafeMutablePointer<curl_slist>?
    private let errorText = UnsafeMutablePointer<CChar>.allocate(capacity: Int(CURL_ERROR_SIZE))
    private let started = Monotonic.now
    private var firstByte: Int64?
    private var lastByte: Int64
    private var isPaused = false
    private var headLines: [UInt8] = []
    private var headBytes = 0
    private var hasHead = false
    private var bodyBytes = 0
    private var sent = 0
    /// Why a callback ended the call.
    private var refusal: HTTPClientError.Kind?

    /// Bytes of all lines of an answer's head together.
    private static let maxHeadBytes = 64 * 1024

    init(_ call: ClientCall, easy: UnsafeMutableRawPointer) {
        self.call = call
        self.easy = easy
        lastByte = started
        errorText.pointee = 0
    }

    deinit { errorText.deallocate() }

    /// The call that a handle carries.
    static func of(_ easy: UnsafeMutableRawPointer) -> CarriedCall? {
        var pointer: UnsafeMutableRawPointer?
        cc_get_pointer(easy, CURLINFO_PRIVATE, &pointer)
        return pointer.map { Unmanaged<CarriedCall>.fromOpaque($0).takeUnretainedValue() }
    }

    /// Sets the handle up; false when libcurl refuses the request.
    func prepare() -> Bool {
        guard let lines = CurlOptions.headerLines(call.request) else { return false }
        headerList = lines
        return CurlOptions.set(
            call.request, on: easy, context: Unmanaged.passUnretained(self).toOpaque(),
            headers: lines, errorText: errorText)
    }

    /// Frees what libcurl was lent.
    func free() {
        curl_slist_free_all(headerList)
        headerList = nil
    }

    /// The next moment at which the call is too late, and for what.
    var deadline: (at: Int64, phase: HTTPClientError.Phase) {
        let deadlines = call.request.deadlines
        let total = Monotonic.after(deadlines.total, from: started)
        let next: (Int64, HTTPClientError.Phase) =
            if firstByte == nil {
                (Monotonic.after(deadlines.firstByte, from: started), .firstByte)
            } else {
                (isPaused ? Monotonic.never : Monotonic.after(deadlines.idle, from: lastByte), .idle)
            }
        return next.0 < total ? next : (total, .total)
    }

    /// The earliest moment at which a deadline may pass, whatever happens until then.
    ///
    /// Bytes only move deadlines further away, but for the first, after which the idle time counts.
    var nextLook: Int64 {
        let soonest =
            firstByte == nil ? Monotonic.after(call.request.deadlines.idle, from: Monotonic.now) : .max
        return min(deadline.at, soonest)
    }

    /// The reader has caught up; the server gets its whole idle time again.
    func wasResumed() {
        isPaused = false
        lastByte = Monotonic.now
    }

    /// Tells the task how it went.
    func finish(_ result: CURLcode) {
        guard result != CURLE_OK else {
            // libcurl takes a head that breaks off for a whole one.
            var status = 0
            cc_get_long(easy, CURLINFO_RESPONSE_CODE, &status)
            call.finish(hasHead ? .success(()) : .failure(HTTPClientError(status >= 200 ? .cut : .malformed)))
            return
        }
        let kind = refusal ?? HTTPClientError.Kind(result, easy: easy, text: errorText)
        call.finish(.failure(HTTPClientError(kind, code: refusal == nil ? Int32(result.rawValue) : 0)))
    }

    // MARK: - What libcurl calls

    /// Takes a line of the head; false ends the call.
    func receivedLine(_ line: UnsafeRawBufferPointer) -> Bool {
        noteBytes()
        guard !hasHead else { return true }  // a trailer
        headBytes += line.count
        guard headBytes <= Self.maxHeadBytes else { return refuse(.tooLarge) }
        if line.starts(with: "HTTP/".utf8) {
            headLines = []
        } else if line.first == UInt8(ascii: "\r") || line.first == UInt8(ascii: "\n") {
            endHead()
        } else if let first = line.first, first > 0x20, line.contains(UInt8(ascii: ":")) {
            headLines.append(contentsOf: line)
        }
        return true
    }

    private func endHead() {
        var status = 0, connections = 0
        cc_get_long(easy, CURLINFO_RESPONSE_CODE, &status)
        guard status >= 200 else { return }
        hasHead = true
        var timings = HTTPClientTimings()
        var connected: curl_off_t = 0
        cc_get_offset(easy, CURLINFO_PRETRANSFER_TIME_T, &connected)
        cc_get_long(easy, CURLINFO_NUM_CONNECTS, &connections)
        timings.connected = .microseconds(connected)
        timings.firstByte = .nanoseconds((firstByte ?? started) - started)
        timings.reusedConnection = connections == 0
        let headers = headLines.withUnsafeBytes { HTTPHeaders(block: $0) }
        call.received(HTTPClientHead(status: status, headers: headers, timings: timings))
    }

    /// Takes a piece of the body, or says why not.
    func receivedBody(_ piece: UnsafeRawBufferPointer) -> BodyVerdict {
        noteBytes()
        guard bodyBytes + piece.count <= call.request.maxResponseBytes else {
            _ = refuse(.tooLarge)
            return .stop
        }
        guard call.received(piece) else {
            isPaused = true
            return .pause
        }
        bodyBytes += piece.count
        return .taken
    }

    enum BodyVerdict { case taken, pause, stop }

    /// Fills `buffer` with the next bytes of the request's body.
    func sendBody(_ buffer: UnsafeMutableRawBufferPointer) -> Int {
        let body = call.request.body
        let count = min(buffer.count, body.count - sent)
        buffer.copyBytes(from: body[sent..<(sent + count)])
        sent += count
        return count
    }

    /// Whether the connection may lead to that address.
    func mayConnect(_ address: AddressBytes?) -> Bool {
        guard let address else { return refuse(.blockedAddress) }
        return call.request.destinations.allow(address) || refuse(.blockedAddress)
    }

    private func refuse(_ kind: HTTPClientError.Kind) -> Bool {
        refusal = kind
        return false
    }

    private func noteBytes() {
        lastByte = Monotonic.now
        if firstByte == nil { firstByte = lastByte }
    }
}
