// SPDX-License-Identifier: Apache-2.0
import Diagnostics
import Synchronization
package import Transport

/// The open ports: follows the snapshot, opening new listeners before a swap and closing dropped ones after it.
package final class Listeners: Sendable {
    /// One port a snapshot asks for.
    package struct Wanted: Sendable {
        /// The channel's name, or ``NativeChannel/mainName``.
        package var name: String
        /// The dialect.
        package var type: String
        var address: ListenAddress
        var limits: Limits
        var tls: TLSFiles?

        /// True for the same dialect at the same place: limits alone open no new port.
        func isServed(by open: Wanted) -> Bool {
            name == open.name && type == open.type && address == open.address
        }
    }

    private struct Open {
        var wanted: Wanted
        var server: HTTPServer
        var channel: any Channel
    }

    private struct State {
        var open: [String: Open] = [:]
        /// Opened for a snapshot that is not swapped in yet.
        var prepared: [String: Open] = [:]
        /// Take a port over from a listener that goes away, so they open when that one has closed.
        var successors: [Wanted] = []
        /// What the last snapshot's listeners speak TLS with.
        var identities: [TLSFiles: TLSIdentity] = [:]
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
    private let certificates: CertificateFiles?
    private let channel: @Sendable (Wanted) -> any Channel
    private let refused: @Sendable (String, HTTPRefusal) -> Void
    private let lost: @Sendable (TransportError) -> Void

    /// Listeners on those loops; `channel` makes what answers on one, `only` leaves out others, `lost` is told of a
    /// port that somebody else took in the moment it was handed over; without `certificates` no listener can speak TLS.
    package init(
        group: EventLoopGroup, only: Set<String>?, certificates: CertificateFiles? = nil,
        channel: @escaping @Sendable (Wanted) -> any Channel,
        refused: @escaping @Sendable (String, HTTPRefusal) -> Void = { _, _ in },
        lost: @escaping @Sendable (TransportError) -> Void = { _ in }
    ) {
        self.group = group
        self.only = only
        self.certificates = certificates
        self.channel = channel
        self.refused = refused
        self.lost = lost
    }

    /// Opens what the snapshot needs and is not open; on failure nothing stays opened.
    package func prepare(_ snapshot: Snapshot) throws(TransportError) {
        var prepared: [String: Open] = [:]
        try readIdentities(snapshot)
        var successors: [Wanted] = []
        let all = wanted(snapshot)
        for wanted in all where !isOpen(wanted) {
            guard !takesOver(wanted, among: all) else {
                successors.append(wanted)
                continue
            }
            do throws(TransportError) {
                prepared[wanted.name] = try open(wanted)
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
        let (closing, successors, staying) = state.withLock { state -> ([Open], [Wanted], [any Channel]) in
            let stays = state.open.filter { wanted[$0.key]?.isServed(by: $0.value.wanted) ?? false }
            let closing = state.open.filter { stays[$0.key] == nil }.map(\.value)
            let successors = state.successors
            state.open = stays.merging(state.prepared) { _, new in new }
            state.prepared = [:]
            state.successors = []
            for (name, listener) in state.open {
                guard let wanted = wanted[name] else { continue }
                listener.server.update(limits: wanted.limits.transport)
                // Plain and TLS may follow each other on an open port; open connections stay as they are.
                listener.server.update(identity: wanted.tls.flatMap { state.identities[$0] })
                state.open[name]?.wanted = wanted
            }
            return (closing, successors, stays.values.map(\.channel))
        }
        closing.forEach { $0.server.stopAccepting() }
        for successor in successors { await takeOver(successor) }
        staying.forEach { $0.snapshotChanged() }
        // Ends within its grace; a reload does not wait for clients of a listener that goes away.
        for listener in closing {
            Task {
                await listener.channel.close()
                await listener.server.shutdown(grace: Self.grace, closeCode: Self.dropped)
            }
        }
    }

    /// Gives listeners that use those files the identity which is in them now.
    func renew(_ identity: TLSIdentity, for files: TLSFiles) {
        state.withLock { state in
            state.identities[files] = identity
            for listener in state.open.values where listener.wanted.tls == files {
                listener.server.update(identity: identity)
            }
        }
    }

    private func readIdentities(_ snapshot: Snapshot) throws(TransportError) {
        var identities: [TLSFiles: TLSIdentity] = [:]
        for wanted in wanted(snapshot) {
            guard let files = wanted.tls else { continue }
            // The start and each reload have looked at the files, but they may have changed since.
            guard let identity = try? certificates?.identity(files) else {
                throw TransportError(
                    .noIdentity, listener: wanted.name, host: wanted.address.host, port: wanted.address.port)
            }
            identities[files] = identity
        }
        state.withLock { [identities] in $0.identities = identities }
    }

    /// Stops accepting, lets running requests end, closes WebSockets with 1001.
    package func shutdown(grace: Duration) async {
        let listeners = state.withLock { Array($0.open.values) }
        listeners.forEach { $0.server.stopAccepting() }
        await withTaskGroup { tasks in
            for listener in listeners {
                tasks.addTask {
                    await listener.channel.close()
                    await listener.server.shutdown(grace: grace, closeCode: 1001)
                }
            }
        }
    }

    /// The names of listeners that speak TLS.
    package var secureNames: Set<String> {
        state.withLock { Set($0.open.filter { $0.value.wanted.tls != nil }.keys) }
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
        state.withLock { $0.open[wanted.name].map { wanted.isServed(by: $0.wanted) } ?? false }
    }

    /// True when the port is held by a listener of ours that the snapshot no longer wants there.
    private func takesOver(_ wanted: Wanted, among all: [Wanted]) -> Bool {
        state.withLock { state in
            state.open.contains { name, listener in
                listener.wanted.address.port == wanted.address.port && wanted.address.port != 0
                    && !all.contains { $0.name == name && $0.isServed(by: listener.wanted) }
            }
        }
    }

    private func takeOver(_ wanted: Wanted) async {
        for attempt in 1...Self.takeOverAttempts {
            do throws(TransportError) {
                let listener = try open(wanted)
                return state.withLock { $0.open[wanted.name] = listener }
            } catch {
                guard error.kind == .addressInUse, attempt < Self.takeOverAttempts else { return lost(error) }
            }
            try? await Task.sleep(for: Self.takeOverPause)
        }
    }

    private func open(_ wanted: Wanted) throws(TransportError) -> Open {
        var settings = ListenerSettings(
            name: wanted.name, host: wanted.address.host, port: wanted.address.port,
            limits: wanted.limits.transport)
        settings.identity = wanted.tls.flatMap { files in state.withLock { $0.identities[files] } }
        settings.onRefusal = { [refused] in refused(wanted.name, $0) }
        let channel = channel(wanted)
        settings.streamsBody = { channel.bodyLimits($0) }
        let server = try HTTPServer.start(settings, on: group) { await channel.handle($0) }
        return Open(wanted: wanted, server: server, channel: channel)
    }

    private func wanted(_ snapshot: Snapshot) -> [Wanted] {
        let server = snapshot.parts.server
        let main = server.listen.map {
            Wanted(
                name: NativeChannel.mainName, type: ChannelDialect.native.type, address: $0,
                limits: server.limits, tls: server.listenTLS)
        }
        let channels = server.channels.values.map {
            Wanted(name: $0.name, type: $0.type, address: $0.address, limits: $0.limits, tls: $0.tls)
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
        limits.deflate = webSocketCompression
        limits.pingInterval = pingInterval
        limits.pingGrace = pingGrace
        limits.connections = connections
        return limits
    }
}
