// SPDX-License-Identifier: Apache-2.0
internal import CBeast
internal import Glibc
internal import Synchronization

/// One listener: HTTP/1.1 and WebSocket on one port, over the loops of a group.
///
/// Unchecked: the C server takes calls from any thread.
public final class HTTPServer: @unchecked Sendable {
    private let pointer: OpaquePointer
    /// The loops must outlive the server.
    private let group: EventLoopGroup
    private let isDraining = Atomic<Bool>(false)

    private init(_ pointer: OpaquePointer, group: EventLoopGroup) {
        self.pointer = pointer
        self.group = group
    }

    deinit {
        cb_server_stop_accepting(pointer)
        cb_server_cut(pointer)
        cb_server_release(pointer)
    }

    /// Binds and listens.
    ///
    /// Each request that passes the front door is given to `handler`, as a task on its connection's loop; the
    /// task is cancelled when the connection breaks.
    /// - Throws: ``TransportError``.
    public static func start(
        _ settings: ListenerSettings, on group: EventLoopGroup,
        handler: @escaping @Sendable (HTTPRequest) async -> HTTPResponse
    ) throws(TransportError) -> HTTPServer {
        guard let port = UInt16(exactly: settings.port) else {
            throw TransportError(errno: EINVAL, settings: settings)
        }
        let front = ServerFront(settings: settings, handler: handler)
        let loops = group.loops.map(\.handle.pointer)
        var code: Int32 = 0
        let pointer = cb_server_new(
            loops, loops.count, settings.host, port, settings.limits.native, settings.identity?.pointer,
            front.callbacks(), &code)
        guard let pointer else { throw TransportError(errno: code, settings: settings) }
        return HTTPServer(pointer, group: group)
    }

    /// The bound port.
    public var port: Int { Int(cb_server_port(pointer)) }

    /// Connections that are not WebSockets.
    public var openConnections: Int { cb_server_connections(pointer) }

    /// WebSockets.
    public var openWebSockets: Int { cb_server_websockets(pointer) }

    /// Replaces the limits: at once for requests to come, for WebSockets at their next ping or when they are
    /// new.
    public func update(limits: HTTPLimits) { cb_server_set_limits(pointer, limits.native) }

    /// Replaces the identity for connections to come; those that are open keep theirs.
    ///
    /// Nil: they come plain.
    public func update(identity: TLSIdentity?) { cb_server_set_tls(pointer, identity?.pointer) }

    /// Frees the port; what is open goes on.
    public func stopAccepting() { cb_server_stop_accepting(pointer) }

    /// Stops accepting, lets running requests finish, closes WebSockets with `closeCode`; what is still open
    /// after `grace` is cut.
    ///
    /// Returns when nothing is open. To be called once; later calls return at once.
    public func shutdown(grace: Duration, closeCode: UInt16 = 1001) async {
        guard !isDraining.exchange(true, ordering: .relaxed) else { return }
        let deadline = group.next().after(grace) { [self] in cb_server_cut(pointer) }
        await withUnsafeContinuation { (drained: UnsafeContinuation<Void, Never>) in
            let call = OwedCall { _ in drained.resume() }
            cb_server_drain(pointer, closeCode, { OwedCall.make($0) }, call.retained())
        }
        deadline.cancel()
    }
}
