// SPDX-License-Identifier: Apache-2.0
import Diagnostics
import Synchronization
package import Transport

/// The open ports: follows the snapshot, opening new listeners before a swap and closing dropped ones after it.
package final class Listeners: Sendable {
    /// One port a snapshot asks for.
    struct Wanted: Sendable {
        var name: String
        var address: ListenAddress
        var limits: Limits
    }

    private struct Open {
        var wanted: Wanted
        var server: HTTPServer
    }

    private struct State {
        var open: [String: Open] = [:]
        /// Opened for a snapshot that is not swapped in yet.
        var prepared: [String: Open] = [:]
    }

    /// How long sockets of a closing listener have for their running turns.
    static let grace = Duration.seconds(5)
    /// Service restart (RFC 6455 7.4.1 registry): what clients of a dropped listener are told.
    static let dropped: UInt16 = 1012

    private let state = Mutex(State())
    private let group: EventLoopGroup
    private let only: Set<String>?
    private let handler: @Sendable (String) -> @Sendable (HTTPRequest) async -> HTTPResponse
    private let refused: @Sendable (String, HTTPRefusal) -> Void

    /// Listeners on those loops; `handler` makes what answers on a listener of that name, `only` leaves out others.
    package init(
        group: EventLoopGroup, only: Set<String>?,
        handler: @escaping @Sendable (String) -> @Sendable (HTTPRequest) async -> HTTPResponse,
        refused: @escaping @Sendable (String, HTTPRefusal) -> Void = { _, _ in }
    ) {
        self.group = group
        self.only = only
        self.handler = handler
        self.refused = refused
    }

    /// Opens what the snapshot needs and is not open; on failure nothing stays opened.
    package func prepare(_ snapshot: Snapshot) throws(TransportError) {
        var prepared: [String: Open] = [:]
        for wanted in wanted(snapshot) where !isOpen(wanted) {
            do throws(TransportError) {
                prepared[wanted.name] = Open(wanted: wanted, server: try open(wanted))
            } catch {
                for listener in prepared.values { listener.server.stopAccepting() }
                throw error
            }
        }
        state.withLock { [prepared] in $0.prepared = prepared }
    }

    /// Closes what the snapshot no longer names and gives the rest their new limits.
    package func finish(_ snapshot: Snapshot) async {
        let wanted = Dictionary(wanted(snapshot).map { ($0.name, $0) }) { first, _ in first }
        let closing = state.withLock { state -> [HTTPServer] in
            let closing = state.open.filter { wanted[$0.key] == nil || state.prepared[$0.key] != nil }.map(
                \.value.server)
            state.open = state.open.filter { wanted[$0.key] != nil }.merging(state.prepared) { _, new in new }
            state.prepared = [:]
            for (name, listener) in state.open {
                wanted[name].map { listener.server.update(limits: $0.limits.transport) }
            }
            return closing
        }
        // Ends within its grace; a reload does not wait for clients of a listener that goes away.
        for server in closing { Task { await server.shutdown(grace: Self.grace, closeCode: Self.dropped) } }
    }

    /// Stops accepting, lets running requests end, closes WebSockets with 1001.
    package func shutdown(grace: Duration) async {
        let servers = state.withLock { $0.open.values.map(\.server) }
        servers.forEach { $0.stopAccepting() }
        await withTaskGroup { tasks in
            for server in servers { tasks.addTask { await server.shutdown(grace: grace, closeCode: 1001) } }
        }
    }

    /// The open ports by name, as bound.
    package var addresses: [(name: String, address: ListenAddress)] {
        state.withLock { state in
            state.open.map {
                ($0.key, ListenAddress(host: $0.value.wanted.address.host, port: $0.value.server.port))
            }
        }.sorted { $0.name < $1.name }
    }

    private func isOpen(_ wanted: Wanted) -> Bool {
        state.withLock { $0.open[wanted.name]?.wanted.address == wanted.address }
    }

    private func open(_ wanted: Wanted) throws(TransportError) -> HTTPServer {
        var settings = ListenerSettings(
            name: wanted.name, host: wanted.address.host, port: wanted.address.port,
            limits: wanted.limits.transport)
        settings.onRefusal = { [refused] in refused(wanted.name, $0) }
        return try HTTPServer.start(settings, on: group, handler: handler(wanted.name))
    }

    private func wanted(_ snapshot: Snapshot) -> [Wanted] {
        let server = snapshot.parts.server
        let main = server.listen.map {
            Wanted(name: NativeChannel.mainName, address: $0, limits: server.limits)
        }
        let channels = server.channels.values.map {
            Wanted(name: $0.name, address: $0.address, limits: $0.limits)
        }
        return ([main].compactMap { $0 } + channels.sorted { $0.name < $1.name }).filter {
            only?.contains($0.name) ?? true
        }
    }
}

extension Limits {
    /// The part of the limits that the transport keeps.
    var transport: HTTPLimits {
        var limits = HTTPLimits()
        limits.headerBytes = headerBytes
        limits.headerCount = headerCount
        limits.targetBytes = targetBytes
        limits.bodyBytes = bodyBytes
        limits.headerDeadline = headerDeadline
        limits.bodyDeadline = bodyDeadline
        limits.idleDeadline = idleDeadline
        limits.webSocketMessageBytes = webSocketMessageBytes
        limits.sendQueueBytes = sendQueueBytes
        limits.pingInterval = pingInterval
        limits.pingGrace = pingGrace
        limits.connections = connections
        return limits
    }
}
