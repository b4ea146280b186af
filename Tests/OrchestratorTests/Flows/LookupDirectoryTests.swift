// SPDX-License-Identifier: Apache-2.0

import Testing
import WireProtocols

@testable import Orchestrator

struct LookupDirectoryTests {
    private let assistant = Clinic.assistant { parts in
        parts.lookups = ["doctor": Lookup(action: "list", label: "name", value: "id", keep: .seconds(600))]
        parts.actions["list"] = Action(name: "list", backend: .records([]), input: [], output: .any, isWrite: false)
    }
    private let rows: JSON = [["id": 7, "name": "Ann Smith"], ["id": "d2", "name": "Bo Jones"], ["name": "no id"]]

    @Test func `names are fetched once and renewed after their time`() async {
        let runner = ScriptedRunner(["list": [.success(rows)]])
        let directory = LookupDirectory(runner: runner)
        for seconds in [0, 10, 599, 600, 700] {
            let tables = await directory.tables(for: assistant, collections: [:], now: .monday + .seconds(seconds))
            #expect(tables["doctor"]?.slotValue("7", said: "smith") == ["value": "7", "label": "Ann Smith"])
        }
        #expect(runner.calls.count == 2)
    }

    @Test func `while the backend is away the old names serve and it is asked again soon`() async {
        let runner = ScriptedRunner(["list": [.success(rows), .failure(ActionError("unavailable", "")), .success([])]])
        let directory = LookupDirectory(runner: runner)
        var labels: [JSON?] = []
        for seconds in [0, 600, 620, 630] {
            let tables = await directory.tables(for: assistant, collections: [:], now: .monday + .seconds(seconds))
            labels.append(tables["doctor"]?.slotValue("d2", said: "said")["label"])
        }
        #expect(labels == ["Bo Jones", "Bo Jones", "Bo Jones", "said"])
        #expect(runner.calls.count == 3)
    }

    @Test func `names that were never fetched are unknown`() async {
        let directory = LookupDirectory(runner: ScriptedRunner(["list": [.failure(ActionError("timeout", ""))]]))
        #expect(await directory.tables(for: assistant, collections: [:], now: .monday).isEmpty)
    }
}
