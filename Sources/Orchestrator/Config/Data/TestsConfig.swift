// SPDX-License-Identifier: Apache-2.0

import WireProtocols
import YAMLTree

/// `kind: tests`: conversations with expectations.
struct TestsConfig: ConfigMap {
    static let title = "a tests file"
    let assistant: Located<String>
    let role: Located<String>?
    let user: Located<String>
    let clock: Located<String>
    let tests: [Named<TestConfig>]

    init(_ map: MapReader) {
        FileKind.declare(in: map, .tests)
        assistant = map.required("assistant", .name(), "The assistant that is talked to.")
        role = map.optional(
            "as", .name(.role), "The role of the person; the assistant's first when left out.")
        user = map.value("user", .text, default: "test_user", "The person's user id.")
        clock = map.value(
            "clock", .text, default: "2026-03-02T09:00:00Z",
            "The time at which every test begins, ISO 8601; a Monday morning by default.")
        tests = map.required("tests", .names(.object(TestConfig.self)), "Tests by name.")
    }
}

struct TestConfig: ConfigMap {
    static let title = "a test"
    let role: Located<String>?
    let user: Located<String>?
    let providers: [Named<Located<String>>]
    let steps: [TestStepConfig]

    init(_ map: MapReader) {
        role = map.optional("as", .name(.role), "The role of the person in this test.")
        user = map.optional("user", .text, "The user id in this test.")
        providers =
            map.optional(
                "providers", .names(.word(ProviderCause.allCases.map(\.rawValue))),
                "Providers that fail in this test, and how.") ?? []
        steps = map.required(
            "steps", .list(.object(TestStepConfig.self)), "What is said, and what is expected.")
    }
}

struct TestStepConfig: ConfigMap {
    static let title = "a step of a test"
    let say: Located<String>?
    let wait: Located<Duration>?
    let expect: ExpectationConfig?

    init(_ map: MapReader) {
        say = map.optional("user", .text, "What the person says.")
        wait = map.optional("wait", .duration, "Time that passes.")
        expect = map.optional(
            "expect", .expectation, "What must follow: a fragment of the reply, or several expectations.")
        map.exactlyOne(of: ["user", "wait"])
    }
}

/// What one message must lead to.
struct ExpectationConfig: ConfigMap {
    static let title = "'expect'"
    var says: [Located<String>]
    let saysNot: [Located<String>]
    let type: Located<String>?
    let intent: Located<String>?
    let flow: Located<String>?
    let state: Located<String>?
    let safety: Located<String>?
    let slots: [Named<Located<String>>]

    init(_ map: MapReader) {
        says =
            map.optional("says", .oneOrMore(.text), "Fragments that the replies of this message must hold.")
            ?? []
        saysNot = map.optional("says_not", .oneOrMore(.text), "Fragments that they must not hold.") ?? []
        type = map.optional("type", .name(), "The type of the last reply.")
        intent = map.optional("intent", .name(), "The intent that was recognised.")
        flow = map.optional("flow", .name(), "The flow that is open afterwards; `none` for no flow.")
        state = map.optional(
            "state", .word(["assistant", "waiting", "human", "closed"]),
            "The state of the conversation afterwards.")
        safety = map.optional("safety", .name(), "The safety family that was recognised; `none` for none.")
        slots = map.optional("slots", .names(.text), "Values of slots afterwards, as text.") ?? []
    }
}

extension Codec where Value == ExpectationConfig {
    static var expectation: Codec {
        let full = Codec.object(ExpectationConfig.self)
        let fragments = Codec<[Located<String>]>.oneOrMore(.text)
        return Codec(
            schema: {
                [
                    "anyOf": [
                        ["type": "string"], ["type": "array", "items": ["type": "string"]], full.schema($0),
                    ]
                ]
            },
            placeholder: full.placeholder,
            read: { node, context in
                if node.entries != nil { return full.read(node, context) }
                return fragments.read(node, context).map {
                    var expectation = full.placeholder()
                    expectation.says = $0
                    return expectation
                }
            })
    }
}
