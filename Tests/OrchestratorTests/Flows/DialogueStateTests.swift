// SPDX-License-Identifier: Apache-2.0

import Testing
import WireProtocols

@testable import Orchestrator

struct DialogueStateTests {
    private func flow(_ name: String, _ waiting: OpenFlow.Waiting?) -> OpenFlow {
        var flow = OpenFlow(name: name, hash: "h", assistant: "d", run: "r")
        flow.slots = ["when": ["from": "2026-03-10"]]
        flow.saved = ["found": [1, 2]]
        flow.position = 3
        flow.attempts = 1
        flow.closed = ["pizzas"]
        flow.waiting = waiting
        return flow
    }

    @Test(arguments: [
        OpenFlow.Waiting.slot("when"), .part(group: "pizzas", item: 2, slot: "size"), .more(group: "pizzas"),
        .choice,
        .confirmation, nil,
    ])
    func `what is written is read back`(_ waiting: OpenFlow.Waiting?) {
        var state = DialogueState()
        state.open = flow("book", waiting)
        state.suspended = [flow("outer", .choice)]
        state.count(.notUnderstood, at: .monday)
        state.otherwiseUsed(1)
        #expect(DialogueState(json: state.json) == state)
    }

    @Test func `the beginning is an empty object`() {
        #expect(DialogueState().json == [:])
        #expect(DialogueState(json: [:]) == DialogueState())
    }

    @Test(arguments: [
        JSON.null, "x", ["version": 2, "open": ["name": "book"]], ["version": 1, "open": ["name": "book"]],
        ["version": 1, "open": 3, "suspended": [1, "x", [:]], "events": [1], "otherwise": ["a": "b"]],
        ["version": 1, "open": ["name": "b", "hash": "h", "assistant": "d", "run": "r", "position": -1]],
    ])
    func `what cannot be read is a fresh state`(_ json: JSON) {
        #expect(DialogueState(json: json) == DialogueState())
    }

    @Test func `events are counted since an instant and kept in bounds`() {
        var state = DialogueState()
        for minute in 0..<40 { state.count(.actionFailed, at: .monday + .seconds(60 * minute)) }
        #expect(state.count(of: .actionFailed, since: nil) == 32)
        #expect(state.count(of: .actionFailed, since: .monday + .seconds(60 * 38)) == 2)
        state.resetCount(.actionFailed)
        #expect(state.count(of: .actionFailed, since: nil) == 0)
    }

    @Test func `of interrupted flows the outermost is given up`() {
        var state = DialogueState()
        for name in ["a", "b", "c", "d"] { state.suspend(flow(name, nil)) }
        #expect(state.suspended.map(\.name) == ["b", "c", "d"])
        #expect(state.revision == "d")
    }
}
