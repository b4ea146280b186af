// SPDX-License-Identifier: Apache-2.0
internal import CBeast

/// What the C server calls: makes an ``Exchange`` of each request.
final class ServerFront: Sendable {
    let settings: ListenerSettings
    let handler: @Sendable (HTTPRequest) async -> HTTPResponse

    init(settings: ListenerSettings, handler: @escaping @Sendable (HTTPRequest) async -> HTTPResponse) {
        self.settings = settings
        self.handler = handler
    }

    /// Retains `self` until `on_free`.
    func callbacks() -> cb_callbacks {
        cb_callbacks(
            context: Unmanaged.passRetained(self).toOpaque(), on_request: receiveRequest,
            on_refusal: receiveRefusal, on_head: settings.streamsBody == nil ? nil : examineHead,
            on_body: receiveBody, on_ended: endExchange, on_writable: resumeWriter,
            on_ws_message: receiveMessage,
            on_ws_closing: closeWebSocket, on_ws_closed: endWebSocket, on_free: freeFront)
    }

    func refuse(_ exchange: Exchange, peer: String, status: Int, code: String, message: String) {
        let refusal = HTTPRefusal(
            status: status, code: code, message: message, requestID: exchange.id.text, peer: peer)
        settings.onRefusal(refusal)
        var response = settings.refusalResponse(refusal)
        response.status = status
        if status == 426 { response.headers = response.headers.addingUpgradeHint() }
        if status == 503 { response.headers["Retry-After"] = "1" }
        exchange.respond(response, closing: true)
    }
}

// Callbacks are free functions, called on the loop thread of the connection.

private func front(_ context: UnsafeMutableRawPointer) -> ServerFront {
    Unmanaged<ServerFront>.fromOpaque(context).takeUnretainedValue()
}

private func exchange(_ pointer: UnsafeMutableRawPointer) -> Exchange {
    Unmanaged<Exchange>.fromOpaque(pointer).takeUnretainedValue()
}

private func webSocket(_ pointer: UnsafeMutableRawPointer) -> WebSocket {
    Unmanaged<WebSocket>.fromOpaque(pointer).takeUnretainedValue()
}

private func makeExchange(_ connection: OpaquePointer, _ view: cb_request) -> Exchange {
    guard let loop = Unmanaged<LoopHandle>.fromOpaque(view.loop).takeUnretainedValue().loop else {
        preconditionFailure("a loop called back after its end")
    }
    return Exchange(connection: connection, loop: loop, view: view)
}

private func receiveRequest(
    _ context: UnsafeMutableRawPointer, _ connection: OpaquePointer, _ view: UnsafePointer<cb_request>
) -> UnsafeMutableRawPointer {
    let front = front(context)
    let exchange = makeExchange(connection, view.pointee)
    let reader = view.pointee.streams_body ? HTTPBodyReader(exchange) : nil
    if let request = HTTPRequest(view.pointee, reader: reader) {
        exchange.run(request, for: front)
    } else {
        front.refuse(
            exchange, peer: String(cString: view.pointee.peer), status: 400, code: "bad-request",
            message: "the request target cannot be decoded")
    }
    return Unmanaged.passRetained(exchange).toOpaque()
}

private func examineHead(
    _ context: UnsafeMutableRawPointer, _ view: UnsafePointer<cb_request>,
    _ limits: UnsafeMutablePointer<cb_body_limits>
) -> Bool {
    guard let streams = front(context).settings.streamsBody, let request = HTTPRequest(view.pointee),
        let own = streams(request)
    else { return false }
    limits.pointee = cb_body_limits(
        bytes: UInt64(clamping: max(0, own.bytes)), ms: own.deadline.clampedMilliseconds)
    return true
}

private func receiveBody(_ pointer: UnsafeMutableRawPointer, _ part: cb_bytes, _ state: Int32) {
    exchange(pointer).receivedBody(part, state)
}

private func receiveRefusal(
    _ context: UnsafeMutableRawPointer, _ connection: OpaquePointer, _ view: UnsafePointer<cb_request>,
    _ status: Int32, _ code: UnsafePointer<CChar>, _ message: UnsafePointer<CChar>
) -> UnsafeMutableRawPointer {
    let exchange = makeExchange(connection, view.pointee)
    front(context).refuse(
        exchange, peer: String(cString: view.pointee.peer), status: Int(status), code: String(cString: code),
        message: String(cString: message))
    return Unmanaged.passRetained(exchange).toOpaque()
}

private func endExchange(_ pointer: UnsafeMutableRawPointer, _ isGone: Bool) {
    Unmanaged<Exchange>.fromOpaque(pointer).takeRetainedValue().end(isGone: isGone)
}

private func resumeWriter(_ pointer: UnsafeMutableRawPointer) { exchange(pointer).becameWritable() }

private func receiveMessage(_ pointer: UnsafeMutableRawPointer, _ message: cb_bytes, _ isText: Bool) -> Bool {
    webSocket(pointer).received(WebSocketMessage(bytes: Array(message.raw), isText: isText))
}

private func closeWebSocket(_ pointer: UnsafeMutableRawPointer, _ code: UInt16) {
    webSocket(pointer).closing(code: code)
}

private func endWebSocket(_ pointer: UnsafeMutableRawPointer, _ code: UInt16) {
    Unmanaged<WebSocket>.fromOpaque(pointer).takeRetainedValue().ended(code: code)
}

private func freeFront(_ context: UnsafeMutableRawPointer) {
    Unmanaged<ServerFront>.fromOpaque(context).release()
}
