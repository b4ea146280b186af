// SPDX-License-Identifier: Apache-2.0

/// What clients that lost their connection may still be told when they come back: connection state recovery.
///
///     a broadcast: room, frames, offset      -> log, for `window`
///     a client that is gone: pid, sid, rooms -> lost, for `window`
///     back with pid and offset               -> rooms as before, and what the log has after the offset
///
/// Offsets are counted, so order is a comparison. Both lists are bounded, oldest out first; a client that may have
/// missed what the log had no room for is not recovered, rather than told with a gap. The log is kept twice as long as
/// clients, since what was sent to a connection that was already dead is missed too.
package struct SocketRecovery: Sendable {
    /// A client that is gone.
    package struct Lost: Sendable, Hashable {
        /// The private id, with which it comes back.
        package var pid: String
        /// The id it had.
        package var sid: String
        /// The rooms it was in.
        package var rooms: [String]
        /// When it went.
        package var at: Int

        /// A client that went then.
        package init(pid: String, sid: String, rooms: [String], at: Int) {
            self.pid = pid
            self.sid = sid
            self.rooms = rooms
            self.at = at
        }
    }

    private struct Entry: Sendable {
        let offset: Int
        let room: String
        let frames: [EngineFrame]
        let at: Int
        let bytes: Int
    }

    /// Milliseconds for which both are kept.
    package let window: Int
    private let maxBytes: Int
    private let maxLost: Int
    private var log: [Entry] = []
    private var first = 0
    private var bytes = 0
    private var next = 1
    /// The last offset that was dropped for want of room.
    private var crowdedOut = 0
    private var lost: [String: Lost] = [:]
    private var order: [(pid: String, at: Int)] = []

    /// A memory of so many milliseconds, bounded in bytes and clients.
    package init(window: Int, maxBytes: Int = 16 * 1024 * 1024, maxLost: Int = 16_384) {
        self.window = window
        self.maxBytes = maxBytes
        self.maxLost = maxLost
    }

    /// The offset that the next broadcast will have, as the last argument of its event.
    package var nextOffset: String { String(next, radix: 36) }

    /// Remembers a broadcast under ``nextOffset``.
    package mutating func record(_ frames: [EngineFrame], to room: String, now: Int) {
        forget(now: now)
        let size = frames.reduce(64) { $0 + $1.bytes.count }
        log.append(Entry(offset: next, room: room, frames: frames, at: now, bytes: size))
        next += 1
        bytes += size
        while bytes > maxBytes, first < log.count {
            crowdedOut = log[first].offset
            dropFirst()
        }
    }

    /// Remembers a client that is gone.
    package mutating func remember(_ client: Lost) {
        forget(now: client.at)
        lost[client.pid] = client
        order.append((client.pid, client.at))
        while order.count > maxLost { lost[order.removeFirst().pid] = nil }
    }

    /// Takes a client back: who it was, and what it missed, in order; nil when that is no longer known in full.
    package mutating func recover(
        pid: String, offset: String?, now: Int
    ) -> (client: Lost, missed: [[EngineFrame]])? {
        forget(now: now)
        guard let client = lost.removeValue(forKey: pid), client.at + window > now else { return nil }
        // Without an offset it has heard nothing at all.
        guard let seen = offset.map({ Int($0, radix: 36) }) ?? 0, seen >= crowdedOut, seen < next else {
            return nil
        }
        let rooms = Set(client.rooms)
        return (client, log[first...].filter { $0.offset > seen && rooms.contains($0.room) }.map(\.frames))
    }

    private mutating func forget(now: Int) {
        while first < log.count, log[first].at + 2 * window <= now { dropFirst() }
        let gone = order.prefix { $0.at + window <= now }
        for client in gone where lost[client.pid]?.at == client.at { lost[client.pid] = nil }
        order.removeFirst(gone.count)
    }

    private mutating func dropFirst() {
        bytes -= log[first].bytes
        first += 1
        guard first > 1024, first * 2 > log.count else { return }
        log.removeFirst(first)
        first = 0
    }
}
