// SPDX-License-Identifier: Apache-2.0

import OrchestratorTesting
import Synchronization
import Testing
import WireProtocols

@testable import Orchestrator

struct JSONLinesLogTests {
    private final class Lines: Sendable {
        let all = Mutex<[String]>([])
        var texts: [String] { all.withLock { $0 } }
    }

    private let clock = ManualClock("2026-03-09T10:00:00Z")
    private let lines = Lines()
    private var log: JSONLinesLog {
        JSONLinesLog(clock: clock) { [lines] bytes in
            lines.all.withLock { $0.append(String(decoding: bytes, as: UTF8.self)) }
        }
    }

    @Test func `an entry is one line of JSON`() {
        var fields = JSONObject()
        fields["request_id"] = "r1"
        fields["status"] = 401
        log.log(.warning, "token-refused", "the token has expired\n", fields)
        #expect(
            lines.texts == [
                #"{"time":"2026-03-09T10:00:00.000Z","level":"warning","cause":"token-refused","#
                    + #""message":"the token has expired\n","request_id":"r1","status":401}"# + "\n"
            ])
    }

    @Test func `entries below the level are left out`() {
        log.log(.debug, "detail")
        #expect(lines.texts.isEmpty)
    }

    @Test func `a cause gets ten lines a second and then says how many were left out`() {
        let log = log
        for _ in 0..<25 { log.log(.info, "rejected") }
        log.log(.info, "another")
        #expect(lines.texts.count == 11)
        clock.advance(by: .seconds(1))
        log.log(.info, "rejected")
        #expect(lines.texts.last?.hasSuffix(#""cause":"rejected","suppressed":15}"# + "\n") == true)
        log.log(.info, "rejected")
        #expect(lines.texts.last?.contains("suppressed") == false)
    }
}
