// SPDX-License-Identifier: Apache-2.0
internal import CBeast

/// One request and its answer, from the front door to the last byte.
///
/// Unchecked: the variables are touched on `loop`'s thread only. The C connection holds the exchange until the
/// answer is out or the client gone (`end`), and the exchange holds the connection's memory.
final class Exchange: @unchecked Sendable {
    let id: RequestID
    let loop: EventLoop
    private let connection: OpaquePointer
    private let speaksHTTP11: Bool, keepsAlive: Bool, isHead: Bool, isUpgrade: Bool

    private var isOver = false
    private var task: Task<Void, Never>?
    private var writer: UnsafeContinuation<Bool, Never>?
    private var requestBody: BodyState

    init(connection: OpaquePointer, loop: EventLoop, view: cb_request) {
        cb_conn_retain(connection)
        self.connection = connection
        self.loop = loop
        id = RequestID(view.id)
        speaksHTTP11 = view.http11
        keepsAlive = view.keep_alive
        isHead = view.is_head
        isUpgrade = view.is_upgrade
        requestBody = view.streams_body ? .open(waiting: nil) : .over(.success(nil))
    }

    deinit { cb_conn_release(connection) }

    /// Starts the handler.
    ///
    /// `end` cancels it when the client is gone.
    func run(_ request: HTTPRequest, for front: ServerFront) {
        task = Task(executorPreference: loop) { [self] in
            let response = await front.handler(request)
            if response.body.isWebSocket, !isUpgrade {
                front.refuse(
                    self, peer: request.peer, status: 426, code: "upgrade-required",
                    message: "this address speaks WebSocket only")
            } else {
                await answer(response)
            }
        }
    }

    private func answer(_ response: HTTPResponse) async {
        switch response.body {
        case .bytes: respond(response, closing: false)
        case .stream(let produce): await stream(response, produce)
        case .webSocket(let subprotocol, let settings, let handler):
            upgrade(response, subprotocol, settings) { $0.run($1, handler) }
        case .received(let receiver, let settings):
            upgrade(response, nil, settings) { $0.run($1, receiver) }
        }
    }

    // MARK: Whole answers

    func respond(_ response: HTTPResponse, closing: Bool) {
        guard case .bytes(let body) = response.body else {
            return respond(HTTPResponse(status: response.status, headers: response.headers), closing: closing)
        }
        let closes = closing || !keepsAlive || requestBody.isUnread
        var head = ResponseHead(response, id: id)
        head.addLength(body.count)
        head.end(date: cb_loop_date(loop.handle.pointer).raw, closes: closes, speaksHTTP11: speaksHTTP11)
        let sendsBody = !isHead && head.allowsBody
        head.bytes.withUnsafeBufferPointer { head in
            body.withUnsafeBufferPointer { body in
                let body = sendsBody ? cb_bytes(base: body.baseAddress, size: body.count) : cb_bytes()
                cb_conn_respond(connection, cb_bytes(base: head.baseAddress, size: head.count), body, closes)
            }
        }
    }

    // MARK: Streams

    private func stream(_ response: HTTPResponse, _ produce: @Sendable (HTTPBodyWriter) async -> Void) async {
        // HTTP/1.0 knows no chunks: there the end of the connection is the end of the body (RFC 9112 6.3).
        let closes = !keepsAlive || !speaksHTTP11 || requestBody.isUnread
        var head = ResponseHead(response, id: id)
        if speaksHTTP11 { head.addChunked() }
        head.end(date: cb_loop_date(loop.handle.pointer).raw, closes: closes, speaksHTTP11: speaksHTTP11)
        let bytes = head.bytes
        if isHead || !head.allowsBody {
            return bytes.withUnsafeBufferPointer {
                cb_conn_respond(
                    connection, cb_bytes(base: $0.baseAddress, size: $0.count), cb_bytes(), closes)
            }
        }
        bytes.withUnsafeBufferPointer {
            cb_conn_start(connection, cb_bytes(base: $0.baseAddress, size: $0.count), speaksHTTP11, closes)
        }
        await produce(HTTPBodyWriter(self))
        if !isOver { cb_conn_finish(connection) }
    }

    /// On the loop.
    ///
    /// False when the client is gone or the answer is over.
    func write(_ bytes: [UInt8]) async -> Bool {
        guard !isOver, !bytes.isEmpty else { return !isOver }
        let taken = bytes.withUnsafeBufferPointer {
            cb_conn_write(connection, cb_bytes(base: $0.baseAddress, size: $0.count))
        }
        guard taken == 0 else { return taken > 0 }
        precondition(writer == nil, "two writes at once to one answer")
        return await withUnsafeContinuation { writer = $0 }
    }

    func becameWritable() { resumeWriter(true) }

    private func resumeWriter(_ canGoOn: Bool) {
        let waiting = writer
        writer = nil
        waiting?.resume(returning: canGoOn)
    }

    // MARK: Bodies that come piece by piece

    typealias BodyOutcome = Result<[UInt8]?, HTTPBodyError>

    private enum BodyState {
        /// More may come -> over.
        case open(waiting: UnsafeContinuation<BodyOutcome, Never>?)
        /// What every further call is told.
        case over(BodyOutcome)

        /// Whether the client may still be sending, so that its next request cannot be found.
        var isUnread: Bool {
            if case .over(.success) = self { return false }
            return true
        }
    }

    /// On the loop.
    func readBody() async -> BodyOutcome {
        switch requestBody {
        case .over(let outcome): return outcome
        case .open(let waiting):
            precondition(waiting == nil, "two reads at once of one body")
            return await withUnsafeContinuation { reader in
                requestBody = .open(waiting: reader)
                cb_conn_pull_body(connection)
            }
        }
    }

    func receivedBody(_ part: cb_bytes, _ state: Int32) {
        guard Int(state) == cb_body_part else { return endBody(Self.outcome(state)) }
        guard case .open(let waiting) = requestBody else { return }
        requestBody = .open(waiting: nil)
        waiting?.resume(returning: .success(Array(part.raw)))
    }

    private func endBody(_ outcome: BodyOutcome) {
        guard case .open(let waiting) = requestBody else { return }
        requestBody = .over(outcome)
        waiting?.resume(returning: outcome)
    }

    private static func outcome(_ state: Int32) -> BodyOutcome {
        switch Int(state) {
        case cb_body_end: .success(nil)
        case cb_body_too_large: .failure(HTTPBodyError(.tooLarge))
        case cb_body_too_slow: .failure(HTTPBodyError(.tooSlow))
        case cb_body_malformed: .failure(HTTPBodyError(.malformed))
        default: .failure(HTTPBodyError(.gone))
        }
    }

    // MARK: WebSockets

    private func upgrade(
        _ response: HTTPResponse, _ subprotocol: String?, _ settings: WebSocketSettings,
        _ run: (WebSocket, OpaquePointer) -> Void
    ) {
        var headers = response.headers
        if let subprotocol { headers.add("Sec-WebSocket-Protocol", subprotocol) }
        headers.add("X-Request-Id", id.text)
        let socket = WebSocket(loop: loop)
        let retained = Unmanaged.passRetained(socket)
        let handle = headers.block.withUnsafeBufferPointer {
            cb_conn_upgrade(
                connection, cb_bytes(base: $0.baseAddress, size: $0.count), settings.native,
                retained.toOpaque())
        }
        guard let handle else { return retained.release() }
        run(socket, handle)
    }

    // MARK: The end

    func end(isGone: Bool) {
        isOver = true
        if isGone { task?.cancel() }
        // Breaks the circle of exchange, task and closure.
        task = nil
        resumeWriter(false)
        endBody(.failure(HTTPBodyError(.gone)))
    }
}

extension HTTPBody {
    var isWebSocket: Bool {
        switch self {
        case .bytes, .stream: false
        case .webSocket, .received: true
        }
    }
}
