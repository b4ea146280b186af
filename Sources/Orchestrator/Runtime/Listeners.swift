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
        /// Take a port over from a listener that goes away, so they open when that one has closed.
        var successors: [Wanted] = []
    }

    /// How long sockets of a closing listener have for their running turns.
    static let grace = Duration.seconds(5)
    /// Service restart (RFC 6455 7.4.1 registry): what clients of a dropped listener are told.
    static let dropped: UInt16 = 1012
    /// A listener that stops accepting frees its port on its own loop: so often, and so long apart, its successor tries.
    static let takeOverAttempts = 200
    static let takeOverPause = Duration.milliseconds(10)

    private let state = Mutex(State())
    private let group: EventLoopGroup
    private let only: Set<String>?
    private let handler: @Sendable (String) -> @Sendable (HTTPRequest) async -> HTTPResponse
    private let refused: @Sendable (String, HTTPRefusal) -> Void
    private let lost: @Sendable (TransportError) -> Void

    /// Listeners on those loops; `handler` makes what answers on a listener of that name, `only` leaves out others,
    /// `lost` is told of a port that somebody else took in the moment it was handed over.
    package init(
        group: EventLoopGroup, only: Set<String>?,
        handler: @escaping @Sendable (String) -> @Sendable (HTTPRequest) async -> HTTPResponse,
        refused: @escaping @Sendable (String, HTTPRefusal) -> Void = { _, _ in },
        lost: @escaping @Sendable (TransportError) -> Void = { _ in }
    ) {
        self.group = group
        self.only = only
        self.handler = handler
        self.refused = refused
        self.lost = lost
    }

    /// Opens what the snapshot needs and is not open; on failure nothing stays opened.
    package func prepare(_ snapshot: Snapshot) throws(TransportError) {
        var prepared: [String: Open] = [:]
        var successors: [Wanted] = []
        let all = wanted(snapshot)
        for wanted in all where !isOpen(wanted) {
            guard !takesOver(wanted, among: all) else {
                successors.append(wanted)
                continue
            }
            do throws(TransportError) {
                prepared[wanted.name] = Open(wanted: wanted, server: try open(wanted))
            } catch {
                for listener in prepared.values { listener.server.stopAccepting() }
                throw error
            }
        }
        state.withLock { [prepared, successors] state in
            state.prepared = prepared
            state.successors = successors
        }
    }

    /// Closes what the snapshot no longer names and gives the rest their new limits.
    package func finish(_ snapshot: Snapshot) async {
        let wanted = Dictionary(wanted(snapshot).map { ($0.name, $0) }) { first, _ in first }
        let (closing, successors) = state.withLock { state -> ([HTTPServer], [Wanted]) in
            let stays = state.open.filter { wanted[$0.key]?.address == $0.value.wanted.address }
            let closing = state.open.filter { stays[$0.key] == nil }.map(\.value.server)
            let successors = state.successors
            state.open = stays.merging(state.prepared) { _, new in new }
            state.prepared = [:]
            state.successors = []
            for (name, listener) in state.open {
                wanted[name].map { listener.server.update(limits: $0.limits.transport) }
            }
            return (closing, successors)
        }
        closing.forEach { $0.stopAccepting() }
        for successor in successors { await takeOver(successor) }
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

    /// True when the port is held by a listener of ours that the snapshot no longer wants there.
    private func takesOver(_ wanted: Wanted, among all: [Wanted]) -> Bool {
        state.withLock { state in
            state.open.contains { name, listener in
                listener.wanted.address.port == wanted.address.port && wanted.address.port != 0
                    && !all.contains { $0.name == name && $0.address == listener.wanted.address }
            }
        }
    }

    private func takeOver(_ wanted: Wanted) async {
        for attempt in 1...Self.takeOverAttempts {
            do throws(TransportError) {
                let server = try open(wanted)
                return state.withLock { $0.open[wanted.name] = Open(wanted: wanted, server: server) }
            } catch {
                guard error.kind == .addressInUse, attempt < Self.takeOverAttempts else { return lost(error) }
            }
            try? await Task.sleep(for: Self.takeOverPause)
        }
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
