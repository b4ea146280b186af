// SPDX-License-Identifier: Apache-2.0
package import Intents
package import WireProtocols

/// One configured assistant, resolved and valid: everything a turn needs, immutable.
package final class Assistant: Sendable {
    /// The parts of an assistant, as its compiler fills them in.
    package struct Parts: Sendable {
        package var id = ""
        package var name = ""
        package var description = ""
        /// Roles that may talk to it.
        package var roles: [String] = []
        /// Values of `${settings....}`.
        package var settings = JSONObject()
        /// IANA name of the zone in which people's times are read and written.
        package var timezone = "UTC"
        /// ISO 639-1 codes of the languages it is written for.
        package var languages: [String] = ["en"]
        package var persona: Template?
        package var intents: [String: Intent] = [:]
        package var flows: [String: Flow] = [:]
        package var responses: [String: Response] = [:]
        package var actions: [String: Action] = [:]
        package var entities: [String: EntityDefinition] = [:]
        /// Lookup entities: where their names come from.
        package var lookups: [String: Lookup] = [:]
        package var families: [String: SafetyRule] = [:]
        package var otherwise: [Otherwise] = []
        /// Whether it asks which of two close intents is meant.
        package var didYouMean: DidYouMean?
        /// What other systems may tell the people who talk to it.
        package var events: [String: InboundEvent] = [:]
        /// Other systems that are told what happens in its conversations.
        package var webhooks: [Webhook] = []
        package var escalations: [EscalationRule] = []
        package var human = HumanRule()
        /// Actions that a model may ask for.
        package var tools: [Tool] = []
        /// Gives the person's own record, which a model is shown; nil shows it none.
        package var record: Action?
        /// What providers do not get to see of people's words.
        package var mask: Set<MaskKind> = []
        /// What a provider's answer must keep to.
        package var output = OutputRules()
        /// Something looks up `${conversation.summary}` or `${conversation.transcript}`.
        package var readsHistory = false
        /// Where all this stands, for explanations.
        package var origins = AssistantOrigins()

        package init() {}

        /// `settings.dates: month_first`: 3/4 is March 4.
        package var readsMonthFirst: Bool { settings["dates"]?.text == "month_first" }
    }

    /// Everything but the fitted models.
    package let parts: Parts
    /// Finds dangerous statements.
    package let safety: SafetyFloor
    /// Tells a language it was not written for.
    package let language: LanguageCheck
    /// Finds intents.
    package let model: IntentModel
    /// Finds entities.
    package let recognizer: EntityRecognizer
    /// SHA-256 of all files the assistant is made of, hexadecimal: names the bundle that pins its flows.
    package let digest: String

    /// An assistant with its fitted models.
    package init(
        _ parts: Parts, safety: SafetyFloor, model: IntentModel, recognizer: EntityRecognizer, digest: String
    ) {
        self.parts = parts
        self.safety = safety
        language = LanguageCheck(languages: parts.languages)
        self.model = model
        self.recognizer = recognizer
        self.digest = digest
    }

    /// The assistant's id.
    package var id: String { parts.id }
}

/// What a person may want, and what answers it.
package struct Intent: Sendable {
    /// What answers it.
    package enum Handler: Sendable {
        case flow(String)
        case say(ResponseReference)
        case handoff(queue: String)
        case route(String)
    }

    /// The intent's name.
    package var name: String
    /// What people are shown for it.
    package var label: String
    /// What answers it.
    package var handler: Handler

    /// An intent and its answer; without a label its name in words.
    package init(name: String, label: String? = nil, handler: Handler) {
        self.name = name
        self.label = label ?? name.replacing("_", with: " ")
        self.handler = handler
    }
}

/// When an assistant asks which of two intents is meant.
package struct DidYouMean: Sendable, Hashable {
    /// How far apart the two scores may be.
    package var within: Double
    /// The question.
    package var say: ResponseReference

    /// Scores of the better intent at which it is worth asking: below, it is no candidate either; above, it is sure enough.
    static let askedScores = 0.4..<0.8

    /// A rule with its question.
    package init(within: Double, say: ResponseReference) { (self.within, self.say) = (within, say) }

    /// The two intents to ask about; nil when one is plainly better.
    func candidates(_ ranking: [IntentMatch]) -> [String]? {
        guard ranking.count >= 2, Self.askedScores.contains(ranking[0].score),
            ranking[0].score - ranking[1].score <= within
        else { return nil }
        return ranking.prefix(2).map(\.intent)
    }
}

/// Where a lookup entity gets its names from.
package struct Lookup: Sendable, Hashable {
    /// An action without input that returns a list.
    package var action: String
    /// The field of an item that people say.
    package var label: String
    /// The field that stands for it.
    package var value: String
    /// How long the names are kept.
    package var keep: Duration

    /// A source of names.
    package init(action: String, label: String, value: String, keep: Duration) {
        self.action = action
        self.label = label
        self.value = value
        self.keep = keep
    }
}

/// What is said and done when a safety family is recognised.
package struct SafetyRule: Sendable {
    /// One thing done besides answering.
    package enum Consequence: Sendable {
        case alert(Alert)
        case handoff(queue: String)
        case audit(String)
    }

    /// The family's name.
    package var family: String
    /// Its level.
    package var level: SafetyLevel
    /// The answer.
    package var say: ResponseReference
    /// Done besides, in order.
    package var consequences: [Consequence]

    /// A family's rule.
    package init(family: String, level: SafetyLevel, say: ResponseReference, consequences: [Consequence]) {
        self.family = family
        self.level = level
        self.say = say
        self.consequences = consequences
    }
}

/// One line of `otherwise`: what happens when no intent is recognised.
package struct Otherwise: Sendable {
    /// What answers.
    package enum Answer: Sendable {
        case say(ResponseReference)
        case route(String)
        case handoff(queue: String)
    }

    /// Applies only while the best score is below this, 0...1; nil applies always.
    package var below: Double?
    /// Applies at most so many times in a row; nil without limit.
    package var times: Int?
    /// What answers.
    package var answer: Answer
    /// How many of the last turns a provider is given.
    package var history: Int

    /// A line of `otherwise`.
    package init(below: Double?, times: Int?, answer: Answer, history: Int) {
        self.below = below
        self.times = times
        self.answer = answer
        self.history = history
    }
}

/// When people are called in without being asked for.
package struct EscalationRule: Sendable {
    /// What is counted.
    package enum Counter: String, Sendable, Hashable, CaseIterable {
        case notUnderstood = "not_understood"
        case actionFailed = "action_failed"
        case providerFailed = "provider_failed"
    }

    /// What is counted.
    package var counter: Counter
    /// At so many the rule applies.
    package var count: Int
    /// Only what happened within this time counts; nil counts the whole conversation.
    package var within: Duration?
    /// The queue.
    package var queue: String
    /// Said besides the turn's reply; nil uses the built-in `handing_over`.
    package var say: ResponseReference?

    /// An escalation rule.
    package init(counter: Counter, count: Int, within: Duration?, queue: String, say: ResponseReference?) {
        self.counter = counter
        self.count = count
        self.within = within
        self.queue = queue
        self.say = say
    }
}

/// How a conversation comes back from people to the assistant.
package struct HumanRule: Sendable {
    /// Staff closing it gives it back.
    package var backWhenClosed = true
    /// Silence of that length gives it back; nil never.
    package var backWhenIdle: Duration?
    /// Said on return.
    package var say: ResponseReference?
    /// The interrupted flow goes on; else it is dropped.
    package var resumesFlow = false

    /// The rule without any key.
    package init() {}
}
