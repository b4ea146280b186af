// SPDX-License-Identifier: Apache-2.0
import Testing
import WireProtocols

/// Faults S09: who comes back in time misses nothing and hears nothing twice.
struct SocketRecoveryTests {
    private func frames(_ text: String) -> [EngineFrame] { [EngineFrame(Array(text.utf8))] }

    private func words(_ missed: [[EngineFrame]]?) -> [String]? {
        missed?.map { String(decoding: $0[0].bytes, as: UTF8.self) }
    }

    private func lost(_ pid: String = "p", rooms: [String] = ["a"], at: Int = 0) -> SocketRecovery.Lost {
        .init(pid: pid, sid: "s", rooms: rooms, at: at)
    }

    @Test func `a hundred messages of its rooms are told once, in order, after the offset`() throws {
        var recovery = SocketRecovery(window: 1000)
        recovery.record(frames("seen"), to: "a", now: 0)
        let offset = "1"
        recovery.remember(lost())
        for number in 0..<100 {
            recovery.record(frames("other"), to: "b", now: number)
            recovery.record(frames("m\(number)"), to: "a", now: number)
        }
        let found = recovery.recover(pid: "p", offset: offset, now: 999)
        let back = try #require(found)
        #expect(words(back.missed) == (0..<100).map { "m\($0)" })
        #expect(back.client.sid == "s")
        #expect(recovery.recover(pid: "p", offset: offset, now: 999) == nil)
    }

    @Test func `the offset that a broadcast carries is the one it is recorded under`() throws {
        var recovery = SocketRecovery(window: 1000)
        let first = recovery.nextOffset
        recovery.record(frames("1"), to: "a", now: 0)
        recovery.record(frames("2"), to: "a", now: 0)
        recovery.remember(lost())
        #expect(words(recovery.recover(pid: "p", offset: first, now: 1)?.missed) == ["2"])
    }

    @Test func `without an offset everything of the rooms was missed`() {
        var recovery = SocketRecovery(window: 1000)
        recovery.record(frames("1"), to: "a", now: 0)
        recovery.remember(lost())
        #expect(words(recovery.recover(pid: "p", offset: nil, now: 1)?.missed) == ["1"])
    }

    @Test(arguments: ["zzzz", "-1", "", "x y"]) func `an offset that was never given recovers nothing`(
        offset: String
    ) {
        var recovery = SocketRecovery(window: 1000)
        recovery.remember(lost())
        #expect(recovery.recover(pid: "p", offset: offset, now: 1) == nil)
    }

    @Test func `after the window, and for a stranger, there is nothing to come back to`() {
        var recovery = SocketRecovery(window: 1000)
        recovery.remember(lost())
        #expect(recovery.recover(pid: "q", offset: nil, now: 1) == nil)
        #expect(recovery.recover(pid: "p", offset: nil, now: 1000) == nil)
    }

    @Test func `who may have missed what there was no room for does not come back`() {
        var recovery = SocketRecovery(window: 1000, maxBytes: 200)
        recovery.remember(lost())
        for _ in 0..<10 { recovery.record(frames("text"), to: "a", now: 0) }
        #expect(recovery.recover(pid: "p", offset: "1", now: 1) == nil)
    }

    @Test func `clients that are remembered are bounded, the oldest forgotten first`() {
        var recovery = SocketRecovery(window: 1000, maxLost: 2)
        for name in ["x", "y", "z"] { recovery.remember(lost(name)) }
        #expect(recovery.recover(pid: "x", offset: nil, now: 1) == nil)
        #expect(recovery.recover(pid: "y", offset: nil, now: 1) != nil)
    }
}
