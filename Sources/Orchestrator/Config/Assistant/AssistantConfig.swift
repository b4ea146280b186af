// SPDX-License-Identifier: Apache-2.0
import Diagnostics
import WireProtocols
import YAMLTree

/// `kind: assistant`.
struct AssistantConfig: ConfigMap {
    static let title = "an assistant file"

    let id: Located<String>
    let name: Located<String>?
    let description: Located<String>?
    let roles: [Located<String>]
    let settings: SettingsConfig
    let persona: Template?
    var shared: SharedConfig
    let otherwise: [OtherwiseConfig]?
    let escalate: [EscalationConfig]
    let human: HumanConfig?
    let aboutOthers: Located<String>?
    let mask: [Located<String>]
    let output: OutputConfig?
    let tools: [ToolConfig]
    let record: Located<String>?
    let outOfScope: [Located<String>]
    let didYouMean: DidYouMeanConfig?

    init(_ map: MapReader) {
        FileKind.declare(in: map, .assistant)
        id = map.required("id", .name(), "The assistant's id, unique in the tree.")
        name = map.optional("name", .text, "What people see; the id when left out.")
        description = map.optional("description", .text, "One sentence for those who choose an assistant.")
        roles = map.required(
            "roles", .list(.name(.role)), "The roles that may talk to it; `anonymous` must be written out.")
        settings =
            map.optional(
                "settings", .settings,
                "Values of `${settings.NAME}`; `timezone` and `languages` are also used by the server.")
            ?? SettingsConfig()
        persona = map.optional("persona", .template, "Who the assistant is, for AI providers.")
        shared = SharedConfig(map)
        otherwise = map.optional(
            "otherwise", .list(.object(OtherwiseConfig.self)),
            "What happens when no intent is recognised; the first line that applies.")
        escalate =
            map.optional(
                "escalate", .list(.object(EscalationConfig.self)),
                "When people are called in without being asked for.") ?? []
        human = map.optional("human", .object(HumanConfig.self), "How a conversation comes back from people.")
        aboutOthers = map.optional(
            "about_others", .word(["alarm", "ignore"]),
            "`ignore` for professionals, who speak of other people's emergencies; what they say of themselves still counts."
        )
        mask =
            map.optional(
                "mask", .list(.word(MaskKind.allCases.map(\.rawValue))),
                "What providers do not get to see of people's words; it is put back in the answer.") ?? []
        output = map.optional(
            "output", .object(OutputConfig.self), "What a provider's answer must keep to.")
        tools =
            map.optional(
                "tools", .list(.object(ToolConfig.self)), "Actions that a model may ask for.") ?? []
        record = map.optional(
            "record", .name(),
            "An action without input whose output, the person's own record, a model is shown.")
        outOfScope =
            map.optional(
                "out_of_scope", .sentences,
                "Sentences that mean none of the intents but sound like one; a few are enough.") ?? []
        didYouMean = map.optional(
            "did_you_mean", .object(DidYouMeanConfig.self),
            "Asks which of two intents is meant when both fit about as well; without it the better one is taken."
        )
    }
}

/// `kind: library`.
struct LibraryConfig: ConfigMap {
    static let title = "a library file"

    let id: Located<String>
    let shared: SharedConfig
    let backends: [Named<BackendConfig>]
    let queues: [Named<QueueConfig>]
    let events: [Named<EventConfig>]
    let webhooks: [Named<WebhookConfig>]
    let standsInFor: Located<String>?

    init(_ map: MapReader) {
        FileKind.declare(in: map, .library)
        id = map.required("id", .name(), "The library's id, which assistants `use`.")
        standsInFor = map.optional(
            "stands_in_for", .name(),
            "The library in whose place `replace` of the server file may put this one: it has the same actions."
        )
        shared = SharedConfig(map)
        backends =
            map.optional(
                "backends", .names(.object(BackendConfig.self)), "The systems that carry out actions.") ?? []
        queues =
            map.optional(
                "queues", .names(.object(QueueConfig.self)),
                "Where conversations wait for people; known in the whole tree.") ?? []
        events =
            map.optional(
                "events", .names(.object(EventConfig.self)),
                "What other systems may tell people, by `POST /v1/events/NAME` with a key.") ?? []
        webhooks =
            map.optional(
                "webhooks", .names(.object(WebhookConfig.self)),
                "Other systems that are told what happens in conversations.") ?? []
    }
}

/// The keys that assistants and libraries share.
struct SharedConfig {
    let use: [Located<String>]
    let entities: [Named<EntityConfig>]
    let actions: [Named<ActionConfig>]
    let safety: [SafetyFamilyConfig]
    let safetyWords: [Named<[Located<String>]>]
    let safetyExamples: [Named<[Located<String>]>]
    let intents: [Named<IntentConfig>]
    let flows: [Named<FlowConfig>]
    let responses: [Named<ResponseConfig>]

    init(_ map: MapReader) {
        use = map.optional("use", .list(.name()), "Libraries whose names exist here too.") ?? []
        entities =
            map.optional(
                "entities", .names(.object(EntityConfig.self)), "Kinds of values found in what people say.")
            ?? []
        actions =
            map.optional("actions", .names(.object(ActionConfig.self)), "What can be looked up and done.")
            ?? []
        safety =
            map.optional(
                "safety", .list(.object(SafetyFamilyConfig.self)),
                "Families of dangerous statements, answered before anything else.") ?? []
        safetyWords =
            map.optional(
                "safety_words", .names(.list(.text)), "Lists of words that safety phrases name as `<list>`.")
            ?? []
        safetyExamples =
            map.optional(
                "safety_examples", .names(.sentences),
                "What people say in danger, by family, and under `harmless` what only sounds like it.") ?? []
        intents = map.optional("intents", .names(.object(IntentConfig.self)), "What people may want.") ?? []
        flows =
            map.optional(
                "flows", .names(.object(FlowConfig.self)), "What carries out an intent in several steps.")
            ?? []
        responses = map.optional("responses", .names(.response), "Texts by name.") ?? []
    }
}

struct DidYouMeanConfig: ConfigMap {
    static let title = "'did_you_mean'"

    let within: Located<Double>
    let say: SayConfig?

    init(_ map: MapReader) {
        within = map.value(
            "within", .number(0...1), default: "0.15",
            "Asks when the scores of the best two intents are no further apart, and the better one is from 0.4 to 0.8."
        )
        say = map.optional(
            "say", .say,
            "The question, with `${first}` and `${second}`; the response `did_you_mean` if left out.")
    }
}

struct IntentConfig: ConfigMap {
    static let title = "an intent"

    let label: Located<String>?
    let examples: [Located<String>]
    let patterns: [Located<String>]
    let flow: Located<String>?
    let say: SayConfig?
    let handoff: Located<String>?
    let route: Located<String>?
    let anchor: SourceRange

    init(_ map: MapReader) {
        label = map.optional(
            "label", .text,
            "What people are shown for it, as in `Did you mean ...`; its name in words when left out.")
        examples =
            map.optional("examples", .sentences, "Sentences that mean it; `[word](entity)` marks a value.")
            ?? []
        patterns =
            map.optional("patterns", .list(.text), "RE2 patterns that mean it, whatever else is said.") ?? []
        flow = map.optional("flow", .name(), "The flow that carries it out.")
        say = map.optional("say", .say, "The response that answers it.")
        handoff = map.optional("handoff", .name(), "The queue where the person then waits for people.")
        route = map.optional("route", .name(), "The route that answers it.")
        anchor = map.anchor
        map.exactlyOne(of: ["flow", "say", "handoff", "route"])
    }
}

struct OtherwiseConfig: ConfigMap {
    static let title = "a line of 'otherwise'"

    let below: Located<Double>?
    let times: Located<Int>?
    let say: SayConfig?
    let route: Located<String>?
    let handoff: Located<String>?
    let history: Located<Int>
    let anchor: SourceRange

    init(_ map: MapReader) {
        below = map.optional(
            "below", .number(0...1), "Applies only while the best intent's score is below this.")
        times = map.optional("times", .integer(1...100), "Applies at most so many times in a row.")
        say = map.optional("say", .say, "The response that answers.")
        route = map.optional("route", .name(), "The route that answers.")
        handoff = map.optional("handoff", .name(), "The queue where the person then waits for people.")
        history = map.value(
            "history", .integer(0...100), default: "10", "How many of the last turns a provider is given.")
        anchor = map.anchor
        map.exactlyOne(of: ["say", "route", "handoff"])
    }
}

struct EscalationConfig: ConfigMap {
    static let title = "a line of 'escalate'"

    let when: EscalationCountersConfig
    let handoff: Located<String>
    let say: SayConfig?

    init(_ map: MapReader) {
        when = map.required(
            "when", .object(EscalationCountersConfig.self), "What is counted, and up to how many.")
        handoff = map.required("handoff", .name(), "The queue where the person then waits for people.")
        say = map.optional("say", .say, "Said besides the reply.")
    }
}

struct EscalationCountersConfig: ConfigMap {
    static let title = "'when' of an escalation"

    let counts: [(counter: EscalationRule.Counter, count: Located<Int>?)]
    let within: Located<Duration>?

    init(_ map: MapReader) {
        let meanings: [EscalationRule.Counter: String] = [
            .notUnderstood: "Messages that were not understood.", .actionFailed: "Actions that failed.",
            .providerFailed: "Routes that ended without a provider's answer.",
        ]
        counts = EscalationRule.Counter.allCases.map {
            ($0, map.optional($0.rawValue, .integer(1...1000), meanings[$0] ?? ""))
        }
        within = map.optional("within", .duration, "Only what happened within this time counts.")
        map.exactlyOne(of: EscalationRule.Counter.allCases.map(\.rawValue))
    }
}

struct HumanConfig: ConfigMap {
    static let title = "'human'"

    let backWhen: [BackWhenConfig]
    let then: [ReturnStepConfig]

    init(_ map: MapReader) {
        backWhen =
            map.optional(
                "back_when", .list(.backWhen),
                "What gives the conversation back: `closed` by staff, or `{ idle: 15m }`.") ?? []
        then = map.optional("then", .list(.object(ReturnStepConfig.self)), "What then happens.") ?? []
    }
}

enum BackWhenConfig: Sendable {
    case closed
    case idle(Duration)
}

struct IdleConfig: ConfigMap {
    static let title = "an entry of 'back_when'"
    let idle: Located<Duration>
    init(_ map: MapReader) { idle = map.required("idle", .duration, "Silence of that length.") }
}

extension Codec where Value == BackWhenConfig {
    static var backWhen: Codec {
        let idle = Codec<IdleConfig>.object(IdleConfig.self)
        let word = Codec<Located<String>>.word(["closed"])
        return Codec(
            schema: { ["anyOf": [word.schema($0), idle.schema($0)]] }, placeholder: { .closed },
            read: { node, context in
                node.entries != nil
                    ? idle.read(node, context).map { .idle($0.idle.value) }
                    : word.read(node, context).map { _ in .closed }
            })
    }
}

struct ReturnStepConfig: ConfigMap {
    static let title = "an entry of 'then'"

    let say: SayConfig?
    let resume: Located<String>?

    init(_ map: MapReader) {
        say = map.optional("say", .say, "Said on return.")
        resume = map.optional(
            "resume", .word(["flow"]), "`flow`: the interrupted flow goes on; without it, it is dropped.")
        map.exactlyOne(of: ["say", "resume"])
    }
}
