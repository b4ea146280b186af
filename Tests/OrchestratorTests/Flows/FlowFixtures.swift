// SPDX-License-Identifier: Apache-2.0

import Intents
import Synchronization
public import WireProtocols

@testable import Orchestrator

/// An assistant of these parts; its intents are recognised by the examples given for them.
func assistant(
    digest: String = "d1", examples: [String: [String]] = [:],
    _ fill: (inout Assistant.Parts) -> Void = { _ in }
) -> Assistant {
    var parts = Assistant.Parts()
    parts.id = "patient"
    parts.name = "Clinic"
    parts.timezone = "Europe/London"
    fill(&parts)
    let intents = examples.sorted { $0.key < $1.key }.map { IntentExamples(id: $0.key, examples: $0.value) }
    return Assistant(
        parts, safety: SafetyFloor(families: []), model: IntentModel(intents),
        recognizer: EntityRecognizer(parts.entities.values.sorted { $0.name < $1.name }), digest: digest)
}

/// Answers actions from a table and remembers what it was asked.
final class ScriptedRunner: ActionRunner {
    struct Call: Sendable, Equatable {
        var action: String
        var input: JSONObject
        var key: String?
    }

    private let answers: Mutex<[String: [Result<JSON, ActionError>]]>
    private let log = Mutex<[Call]>([])

    /// Each action's answers in order; the last one is repeated.
    init(_ answers: [String: [Result<JSON, ActionError>]]) { self.answers = Mutex(answers) }

    var calls: [Call] { log.withLock { $0 } }

    func run(_ action: Action, input: JSONObject, context: ActionContext) async throws(ActionError) -> JSON {
        let checked = try action.checked(input)
        log.withLock { $0.append(Call(action: action.name, input: checked, key: context.idempotencyKey)) }
        let answer = answers.withLock { answers -> Result<JSON, ActionError>? in
            guard let queue = answers[action.name], let first = queue.first else { return nil }
            if queue.count > 1 { answers[action.name]?.removeFirst() }
            return first
        }
        return try (answer ?? .success(.null)).get()
    }
}

/// A conversation with a dialogue engine, message by message.
struct Talk {
    var assistant: Assistant
    var runner: any ActionRunner = ScriptedRunner([:])
    var lookups: [String: LookupTable] = [:]
    var pinned: [String: Assistant] = [:]
    var state = DialogueState()
    private var sequence = 0

    init(
        _ assistant: Assistant, runner: any ActionRunner = ScriptedRunner([:]),
        lookups: [String: LookupTable] = [:]
    ) {
        self.assistant = assistant
        self.runner = runner
        self.lookups = lookups
    }

    /// Everything the engine makes of a message; the state goes through its stored form.
    ///
    /// A given decision takes the place of the classifier's.
    mutating func turn(_ utterance: String, decision: IntentDecision? = nil) async -> DialogueResult {
        sequence += 1
        let pinned = pinned
        let context = DialogueContext(
            assistant: assistant, runner: runner, lookups: lookups,
            caller: Caller(user: "p1", role: "PATIENT", name: "Pat"),
            conversation: ["id": "c1"], sequence: sequence, now: .monday, pinned: { pinned[$0] })
        var state = DialogueState(json: state.json)
        let result = await DialogueEngine(context).respond(
            to: utterance, decision: decision ?? assistant.model.decide(utterance), state: &state)
        self.state = state
        return result
    }

    /// The texts that are said.
    mutating func say(_ utterance: String) async -> [String] { await turn(utterance).replies.map(\.text) }
}

extension JSONObject: ExpressibleByDictionaryLiteral {
    /// Members in the order they are written in.
    public init(dictionaryLiteral elements: (String, JSON)...) {
        self.init(elements.map { Member(name: $0.0, value: $0.1) })
    }
}

/// The booking assistant of the design page, with records scripted.
enum Clinic {
    static let specialty = EntityDefinition(
        name: "specialty",
        kind: .choice([
            ChoiceValue(value: "cardiology", synonyms: ["cardiologist", "heart doctor"]),
            ChoiceValue(value: "dermatology", synonyms: ["dermatologist", "skin doctor"]),
        ]))
    static let when = EntityDefinition(name: "when", kind: .datetime(prefer: .future))
    static let doctor = EntityDefinition(name: "doctor", kind: .lookup)

    static let book = Flow(
        name: "book",
        slots: [
            Slot(name: "specialty", kind: .single(entity: "specialty"), ask: text("What kind of doctor?")),
            Slot(name: "when", kind: .single(entity: "when"), ask: text("When would suit you?")),
        ],
        program: [
            .call(
                .init(
                    action: "find_slots",
                    input: members(["specialty": "${slots.specialty}", "when": "${slots.when}"]),
                    save: "found", ifEmpty: Outcome(say: text("Nothing is free then."), clear: ["when"]),
                    ifError: [:])),
            .choose(
                .init(
                    items: template("${found}"), say: nil,
                    show: template("${item.starts | date} with ${item.doctor}"),
                    save: "pick", limit: 5,
                    ifNone: Outcome(say: text("Let us look elsewhere."), clear: ["when"]),
                    takesSingle: true)),
            .confirm(
                .init(
                    ask: text("Book ${pick.doctor} on ${pick.starts | date}?"), ifNo: Outcome(clear: ["when"])
                )),
            .call(
                .init(
                    action: "create", input: members(["slot": "${pick.id}"]), save: nil, ifEmpty: nil,
                    ifError: ["conflict": Outcome(say: text("That one has just gone."), clear: ["when"])])),
            .say(text("Booked: ${pick.doctor}, ${pick.starts | date}.")),
        ], hash: "book-1")

    static let slots: JSON = [
        ["id": "s1", "starts": "2026-03-10T15:00:00+00:00", "doctor": "Dr. Smith"],
        ["id": "s2", "starts": "2026-03-11T09:30:00+00:00", "doctor": "Dr. Jones"],
        ["id": "s3", "starts": "2026-03-12T09:30:00+00:00", "doctor": "Dr. Lee"],
    ]

    static let actions: [String: Action] = [
        "find_slots": Action(
            name: "find_slots", backend: .records([]),
            input: [.init(name: "specialty", type: .text), .init(name: "when", type: .datetime)],
            output: .any, isWrite: false),
        "create": Action(
            name: "create", backend: .records([]), input: [.init(name: "slot", type: .text)], output: .any,
            isWrite: true),
    ]

    static let examples: [String: [String]] = [
        "book": [
            "I need to see a doctor", "book an appointment",
            "I want to book an appointment with a cardiologist",
            "can I see a dermatologist next week", "make an appointment please",
        ],
        "hours": ["when are you open", "what are your opening hours", "are you open on saturday"],
        "human": ["let me talk to a human", "I want to speak to a person", "real person please"],
        "advice": ["what helps against a headache", "how do I treat a cold", "tell me about vitamin d"],
        "address": ["change my address", "I have moved house", "update my address"],
    ]

    static let listing = """
        Which one would you like?
        1. Tue 10 Mar at 15:00 with Dr. Smith
        2. Wed 11 Mar at 09:30 with Dr. Jones
        3. Thu 12 Mar at 09:30 with Dr. Lee
        """

    static func assistant(_ change: (inout Assistant.Parts) -> Void = { _ in }) -> Assistant {
        OrchestratorTests.assistant(examples: examples) { parts in
            parts.entities = ["specialty": specialty, "when": when, "doctor": doctor]
            parts.actions = actions
            parts.flows = [
                "book": book,
                "address": Flow(
                    name: "address",
                    slots: [
                        Slot(
                            name: "street", kind: .single(entity: "street"),
                            ask: text("What is the new address?"))
                    ],
                    program: [.say(text("I have noted ${slots.street}."))], hash: "address-1"),
            ]
            parts.entities["street"] = EntityDefinition(name: "street", kind: .text)
            parts.intents = [
                "book": Intent(name: "book", handler: .flow("book")),
                "hours": Intent(name: "hours", handler: .say(text("We are open from 8 to 18."))),
                "human": Intent(name: "human", handler: .handoff(queue: "front_desk")),
                "advice": Intent(name: "advice", handler: .route("medical_chat")),
                "address": Intent(name: "address", handler: .flow("address")),
            ]
            change(&parts)
        }
    }

    static func talk(
        find: [Result<JSON, ActionError>] = [.success(slots)],
        create: [Result<JSON, ActionError>] = [.success(["id": "a1"])]
    ) -> (Talk, ScriptedRunner) {
        let runner = ScriptedRunner(["find_slots": find, "create": create])
        return (Talk(assistant(), runner: runner), runner)
    }
}
