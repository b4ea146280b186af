// SPDX-License-Identifier: Apache-2.0
import Diagnostics
import WireProtocols
import YAMLTree

/// What carries out an intent.
struct FlowConfig: ConfigMap {
    static let title = "a flow"

    let slots: [Named<SlotConfig>]
    let steps: [StepConfig]
    let anchor: SourceRange
    /// The flow as written, without places: what its hash is made of.
    let fingerprint: String

    init(_ map: MapReader) {
        slots =
            map.optional(
                "slots", .names(.object(SlotConfig.self)),
                "The values it gathers, in the order they are asked for.") ?? []
        steps = map.required(
            "steps", .list(.object(StepConfig.self)), "What is done once the values are there.")
        anchor = map.anchor
        fingerprint = [map.node("slots"), map.node("steps")].map { $0?.fingerprint ?? "" }.joined(
            separator: "\n")
    }
}

extension YAMLNode {
    /// The content without places and quotation styles.
    var fingerprint: String {
        switch content {
        case .scalar(let text, _): "\"\(text)\""
        case .sequence(let items, _): "[" + items.map(\.fingerprint).joined(separator: ",") + "]"
        case .mapping(let entries, _):
            "{" + entries.map { "\($0.key.fingerprint):\($0.value.fingerprint)" }.joined(separator: ",") + "}"
        }
    }
}

/// A value a flow gathers.
struct SlotConfig: ConfigMap {
    static let title = "a slot"

    let entity: Located<String>?
    let each: [Named<SlotConfig>]?
    let more: SayConfig?
    let ask: SayConfig?
    let when: Condition?
    let list: Located<Bool>
    let attempts: Located<Int>?
    let otherwise: OutcomeConfig?
    let sensitive: Located<Bool>
    let listen: Located<String>?
    let anchor: SourceRange

    init(_ map: MapReader) {
        entity = map.optional("entity", .name(), "The kind of value.")
        each = map.optional(
            "each", .names(.object(SlotConfig.self)), "With `list: true`: the slots of one item.")
        more = map.optional(
            "more", .say, "With `each`: the question after each item whether there is another.")
        ask = map.optional(
            "ask", .say, "The question; without it the slot is only filled when the value is said.")
        when = map.optional("when", .condition, "Asked for only while this holds.")
        list = map.value("list", .boolean, default: "false", "Gathers several values.")
        attempts = map.optional(
            "attempts", .integer(1...20),
            "After so many answers that were not understood, `otherwise` applies.")
        otherwise = map.optional(
            "otherwise", .object(OutcomeConfig.self),
            "What happens when `attempts` are used up; the flow ends when left out.")
        sensitive = map.value(
            "sensitive", .boolean, default: "false", "Never kept in the history, logged or sent to a model.")
        listen = map.optional(
            "listen", .word(["free"]), "`free`: any text is the answer; only safety and cancel may interrupt."
        )
        anchor = map.anchor
        map.exactlyOne(of: ["entity", "each"])
    }
}

/// What follows when a step does not go the usual way.
struct OutcomeConfig: ConfigMap {
    static let title = "an outcome"

    let say: SayConfig?
    let clear: [Located<String>]
    let handoff: Located<String>?
    let end: Located<Bool>

    init(_ map: MapReader) {
        say = map.optional("say", .say, "Said first.")
        clear =
            map.optional(
                "clear", .list(.name()), "Slots to forget; they are asked for again and the steps begin anew."
            ) ?? []
        handoff = map.optional("handoff", .name(), "A queue to hand over to.")
        end = map.value("end", .boolean, default: "false", "The flow ends.")
    }
}

/// One step of a flow: just one verb and its keys.
struct StepConfig: ConfigMap {
    static let title = "a step"
    static let verbs = [
        "say", "call", "choose", "confirm", "set", "default", "clear", "if", "repeat_while", "alert", "audit",
        "handoff", "end",
    ]

    let say: SayConfig?
    let call: Located<String>?
    let with: [Named<ValueTemplate>]
    let choose: Template?
    let show: Template?
    let save: Located<String>?
    let limit: Located<Int>
    let single: Located<String>
    let confirm: SayConfig?
    let set: [Named<ValueTemplate>]?
    let setMissing: [Named<ValueTemplate>]?
    let clear: [Located<String>]?
    let condition: Condition?
    let then: [StepConfig]
    let otherwise: [StepConfig]
    let repeatWhile: Condition?
    let steps: [StepConfig]
    let alert: AlertConfig?
    let audit: Located<String>?
    let handoff: Located<String>?
    let end: Located<String>?
    let ifEmpty: OutcomeConfig?
    let ifError: [Named<OutcomeConfig>]
    let ifNo: OutcomeConfig?
    let ifNone: OutcomeConfig?
    let anchor: SourceRange
    /// The keys written beside the verb, for the check that they belong to it.
    let keys: [Located<String>]

    init(_ map: MapReader) {
        say = map.optional("say", .say, "Says a response; with `choose`, what is said above the items.")
        call = map.optional("call", .name(), "Carries out an action.")
        with = map.optional("with", .names(.values), "The action's input.") ?? []
        choose = map.optional("choose", .template, "Lets the person pick one item of a list.")
        show = map.optional("show", .template, "With `choose`: one item's line; sees `item`.")
        save = map.optional("save", .name(), "The name under which the result is kept: `${name.field}`.")
        limit = map.value(
            "limit", .integer(1...50), default: "5", "With `choose`: at most so many items are shown.")
        single = map.value(
            "single", .word(["take", "ask"]), default: "take",
            "With `choose`: whether a list of one item is taken unasked.")
        confirm = map.optional("confirm", .say, "Asks for a yes or a no.")
        set = map.optional("set", .names(.values), "Gives slots or saved names a value.")
        setMissing = map.optional("default", .names(.values), "Gives a value to those that have none.")
        clear = map.optional(
            "clear", .list(.name()), "Forgets slots; they are asked for again and the steps begin anew.")
        condition = map.optional("if", .condition, "Whether `then` or `else` is done.")
        then =
            map.optional("then", .list(.object(StepConfig.self)), "With `if`: the steps when it holds.") ?? []
        otherwise =
            map.optional("else", .list(.object(StepConfig.self)), "With `if`: the steps when it does not.")
            ?? []
        repeatWhile = map.optional("repeat_while", .condition, "Repeats `steps` while this holds.")
        steps =
            map.optional("steps", .list(.object(StepConfig.self)), "With `repeat_while`: what is repeated.")
            ?? []
        alert = map.optional("alert", .object(AlertConfig.self), "Tells staff at once.")
        audit = map.optional("audit", .name(), "Writes a row of that name to the audit, with ids only.")
        handoff = map.optional("handoff", .name(), "Hands over to a queue.")
        end = map.optional("end", .word(["true"]), "Ends the flow. Write `true`.")
        ifEmpty = map.optional(
            "if_empty", .object(OutcomeConfig.self), "With `call`: when there is no result.")
        ifError =
            map.optional(
                "if_error", .names(.object(OutcomeConfig.self)),
                "With `call`: by the error's name; `any` for the rest.") ?? []
        ifNo = map.optional(
            "if_no", .object(OutcomeConfig.self), "With `confirm`: after a no; the flow ends when left out.")
        ifNone = map.optional(
            "if_none", .object(OutcomeConfig.self), "With `choose`: when none of the items will do.")
        anchor = map.anchor
        keys = Self.qualifiers.keys.filter { map.has($0) }.map { Located($0, at: map.range(of: $0)) }
        if map.has("choose") {
            map.exactlyOne(of: Self.verbs.filter { $0 != "say" })
        } else {
            map.exactlyOne(of: Self.verbs)
        }
    }

    /// Which verbs a key beside the verb belongs to.
    static let qualifiers: [String: [String]] = [
        "with": ["call"], "if_empty": ["call"], "if_error": ["call"], "save": ["call", "choose"],
        "show": ["choose"],
        "limit": ["choose"], "single": ["choose"], "if_none": ["choose"], "if_no": ["confirm"],
        "then": ["if"],
        "else": ["if"], "steps": ["repeat_while"],
    ]

    /// The verb that was written; nil when there is none.
    var verb: String? {
        if choose != nil { return "choose" }
        let present: [(String, Bool)] = [
            ("say", say != nil), ("call", call != nil), ("confirm", confirm != nil), ("set", set != nil),
            ("default", setMissing != nil), ("clear", clear != nil), ("if", condition != nil),
            ("repeat_while", repeatWhile != nil), ("alert", alert != nil), ("audit", audit != nil),
            ("handoff", handoff != nil), ("end", end != nil),
        ]
        return present.first { $0.1 }?.0
    }
}

extension Codec where Value == Condition {
    /// `{ path: value }`, or `{ path: { in: [...], present: true, above: 1, below: 5 } }`.
    static var condition: Codec {
        let tests = Codec<ConditionTestsConfig>.object(ConditionTestsConfig.self)
        return Codec(
            schema: {
                [
                    "type": "object", "minProperties": 1,
                    "additionalProperties": [
                        "anyOf": [["type": ["string", "number", "boolean", "null"]], tests.schema($0)]
                    ],
                ]
            },
            placeholder: { Condition([]) },
            read: { node, context in
                guard let entries = node.entries, !entries.isEmpty else {
                    context.reportType(node, wants: "a path and its value, as in { slots.size: large }")
                    return nil
                }
                return Condition(
                    entries.flatMap { entry -> [Condition.Test] in
                        let path = (entry.key.text ?? "").split(
                            separator: ".", omittingEmptySubsequences: false
                        ).map(String.init)
                        let range = entry.key.range
                        guard entry.value.entries != nil else {
                            return [
                                .init(
                                    path: path, kind: .equals(context.plainJSON(entry.value)), range: range,
                                    valueRanges: [entry.value.range])
                            ]
                        }
                        context.key = entry.key.text ?? ""
                        let values = entry.value["in"]?.items?.map(\.range) ?? []
                        return (tests.read(entry.value, context)?.kinds ?? []).map {
                            .init(path: path, kind: $0, range: range, valueRanges: values)
                        }
                    })
            })
    }
}

struct ConditionTestsConfig: ConfigMap {
    static let title = "a test"
    let kinds: [Condition.Test.Kind]

    init(_ map: MapReader) {
        let values = map.optional("in", .list(.json), "Equal to one of these.")
        let present = map.optional("present", .boolean, "Has a value, or has none.")
        let above = map.optional("above", .number(-1e15...1e15), "Greater than this.")
        let below = map.optional("below", .number(-1e15...1e15), "Less than this.")
        kinds = [
            values.map { .isOneOf($0) }, present.map { .isPresent($0.value) },
            above.map { .isAbove($0.value) },
            below.map { .isBelow($0.value) },
        ].compactMap { $0 }
    }
}
