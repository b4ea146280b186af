// SPDX-License-Identifier: Apache-2.0

import Synchronization
import Testing
import Transport

@testable import Orchestrator

@Suite(.timeLimit(.minutes(1))) struct ListenersTests {
    private func snapshot(_ channels: [String: Int]) -> Snapshot {
        var parts = Snapshot.Parts()
        for (name, port) in channels {
            parts.server.channels[name] = ChannelSettings(
                name: name, type: "native", address: ListenAddress(host: "127.0.0.1", port: port))
        }
        return Snapshot(parts, number: 1)
    }

    @Test func `a port may go from one channel to another in one edit`() async throws {
        let group = EventLoopGroup(loops: 1)
        group.start()
        let lost = Mutex(0)
        let listeners = Listeners(
            group: group, only: nil, channel: { _ in Silence() },
            lost: { _ in lost.withLock { $0 += 1 } })
        // A free port, as the system gives one; closed again before the first channel asks for it.
        let probe = try HTTPServer.start(
            ListenerSettings(name: "probe", host: "127.0.0.1", port: 0, limits: HTTPLimits()), on: group
        ) { _ in HTTPResponse(status: 200) }
        let port = probe.port
        await probe.shutdown(grace: .seconds(1))
        for name in ["first", "second"] {
            try listeners.prepare(snapshot([name: port]))
            await listeners.finish(snapshot([name: port]))
            #expect(listeners.addresses.map(\.name) == [name])
            #expect(listeners.addresses.map(\.address.port) == [port])
        }
        #expect(lost.withLock { $0 } == 0)
        await listeners.shutdown(grace: .seconds(1))
        await group.stop()
    }
}

/// Answers everything with nothing.
private struct Silence: Channel {
    func handle(_ request: HTTPRequest) async -> HTTPResponse { HTTPResponse(status: 200) }
}
