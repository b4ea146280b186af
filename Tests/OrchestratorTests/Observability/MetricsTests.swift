// SPDX-License-Identifier: Apache-2.0

import Testing
import WireProtocols

@testable import Orchestrator

struct MetricsTests {
    @Test func `the exposition names each metric once with its kind`() {
        let kinds = Metrics().exposition().split(separator: "\n").filter { $0.hasPrefix("# TYPE ") }
        #expect(
            kinds.map { String($0.dropFirst(7)) } == [
                "orchestrator_turns_total counter",
                "orchestrator_emergencies_total counter",
                "orchestrator_provider_requests_total counter",
                "orchestrator_provider_tokens_total counter",
                "orchestrator_provider_cost_microusd_total counter",
                "orchestrator_config_reloads_total counter",
                "orchestrator_messages_total counter",
                "orchestrator_safety_unstored_total counter",
                "orchestrator_webhooks_total counter",
                "orchestrator_config_revision_info gauge",
                "orchestrator_sockets gauge",
                "orchestrator_handoffs gauge",
                "orchestrator_turn_seconds histogram",
                "orchestrator_provider_first_token_seconds histogram",
                "orchestrator_store_commit_seconds histogram",
            ])
    }

    @Test func `counters are listed by their labels`() {
        let metrics = Metrics()
        metrics.turnEnded(assistant: "patient", outcome: "answered", took: .milliseconds(3))
        metrics.turnEnded(assistant: "patient", outcome: "answered", took: .milliseconds(3))
        metrics.emergency(family: #"odd"name\"#)
        metrics.serving(revision: "r1-aaaa")
        metrics.serving(revision: "r2-bbbb")
        let lines = Set(metrics.exposition().split(separator: "\n").map(String.init))
        #expect(
            lines.isSuperset(of: [
                #"orchestrator_turns_total{assistant="patient",outcome="answered"} 2"#,
                #"orchestrator_emergencies_total{family="odd\"name\\"} 1"#,
                #"orchestrator_config_revision_info{revision="r2-bbbb"} 1"#,
                #"orchestrator_turn_seconds_bucket{le="0.0025"} 0"#,
                #"orchestrator_turn_seconds_bucket{le="0.005"} 2"#,
                #"orchestrator_turn_seconds_bucket{le="+Inf"} 2"#,
                "orchestrator_turn_seconds_sum 0.006",
                "orchestrator_turn_seconds_count 2",
                "orchestrator_safety_unstored_total 0",
            ]))
        #expect(!lines.contains { $0.contains("r1-aaaa") })
    }

    @Test func `a gauge goes back to where it was`() {
        let metrics = Metrics()
        metrics.socketsChanged(channel: "main", by: 1)
        #expect(metrics.openSockets(channel: "main") == 1)
        metrics.socketsChanged(channel: "main", by: -1)
        #expect(metrics.openSockets(channel: "main") == 0)
    }

    @Test func `labels beyond the most are counted as other`() {
        let family = MetricFamily("name", "help", labels: ["label"], initial: 0)
        for index in 0..<1200 { family.change(["\(index)"]) { $0 += 1 } }
        #expect(family.all.count == 1001)
        #expect(family.value(["other"]) == 200)
        #expect(family.value(["5"]) == 1)
    }

    @Test func `the summary has the same totals`() {
        let metrics = Metrics()
        metrics.turnEnded(assistant: "patient", outcome: "answered", took: .zero)
        #expect(metrics.summary()["turns_total"] == ["patient/answered": 1])
    }
}
