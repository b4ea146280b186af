// SPDX-License-Identifier: Apache-2.0

import Testing
import WireProtocols

@testable import Orchestrator

struct TemplateTests {
    let scope = Scope(
        [
            "slots": [
                "size": "large", "count": 3, "doctor": ["value": "d1", "label": "Dr. Ann Smith"],
                "when": [
                    "from": "2026-03-10T00:00:00+00:00", "to": "2026-03-11T00:00:00+00:00", "grain": "day",
                ],
                "day": "2026-03-10", "empty": "",
            ],
            "found": [["id": "a", "price": 2.5], ["id": "b", "price": 10]],
        ], time: .monday)

    @Test(arguments: [
        ("${slots.count}", JSON.integer(3)), ("${slots.size}", "large"), ("n: ${slots.count}", "n: 3"),
        ("${slots.nothing}", .null), ("a${slots.nothing}b", "ab"), ("", ""), ("plain", "plain"),
        ("${found | count}", 2), ("${found.1.id}", "b"), ("${found.7.id}", .null),
        ("${slots.day.from}", "2026-03-10"), ("${slots.day.to}", "2026-03-11"), ("${slots.size.from}", .null),
        ("${now}", "2026-03-09T10:00:00+00:00"),
    ])
    func `one whole expression keeps its type, anything else is text`(_ source: String, _ expected: JSON) {
        #expect(template(source).value(in: scope) == expected)
    }

    @Test(arguments: [
        ("With ${slots.doctor}.", "With Dr. Ann Smith."), ("${slots.when}", "Tue 10 Mar"),
        ("${slots.doctor.value}", "d1"), ("${found}", "a, 2.5, b, 10"),
    ])
    func `inside a sentence a name is its label and a date is written out`(
        _ source: String, _ expected: String
    ) {
        #expect(template(source).text(in: scope) == expected)
    }

    @Test func `a tree of templates keeps its shape`() {
        let tree = ValueTemplate.object([
            .init(name: "n", value: value("${slots.count}")),
            .init(name: "list", value: .list([value("${slots.size}")])),
            .init(name: "fixed", value: .literal(true)),
        ])
        #expect(tree.value(in: scope) == ["n": 3, "list": ["large"], "fixed": true])
    }

    @Test(arguments: [
        (condition("slots.size", .equals("large")), true), (condition("slots.size", .equals("small")), false),
        (condition("slots.nothing", .equals(.null)), true), (condition("slots.doctor", .equals("d1")), true),
        (condition("slots.doctor", .equals("Dr. Ann Smith")), true),
        (condition("slots.size", .isOneOf(["small", "large"])), true),
        (condition("slots.size", .isOneOf([])), false),
        (condition("slots.size", .isPresent(true)), true),
        (condition("slots.empty", .isPresent(true)), false),
        (condition("slots.nothing", .isPresent(false)), true), (condition("slots.count", .isAbove(2)), true),
        (condition("slots.count", .isAbove(3)), false), (condition("slots.count", .isBelow(4)), true),
        (condition("slots.size", .isBelow(4)), false), (condition("found", .isAbove(1)), true),
        (Condition([]), true),
    ])
    func `a condition holds when every test does`(_ condition: Condition, _ expected: Bool) {
        #expect(condition.holds(in: scope) == expected)
    }
}
