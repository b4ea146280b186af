// SPDX-License-Identifier: Apache-2.0

/// What carries out an intent: values to gather, then steps.
package struct Flow: Sendable {
    /// The flow's name, unique in its assistant.
    package var name: String
    /// The values it gathers, in the order they are asked for.
    package var slots: [Slot]
    /// The steps as a program without nesting: jumps name positions in this list, so that a conversation
    /// remembers where it is as one number.
    package var program: [Instruction]
    /// SHA-256 of the flow as written, hexadecimal: a conversation inside a flow whose hash has changed goes on
    /// with the revision it began with.
    package var hash: String

    /// A flow of these parts.
    package init(name: String, slots: [Slot], program: [Instruction], hash: String) {
        self.name = name
        self.slots = slots
        self.program = program
        self.hash = hash
    }
}

/// A named value a flow gathers from the person.
package struct Slot: Sendable {
    /// What is gathered.
    package enum Kind: Sendable {
        /// One value of an entity.
        case single(entity: String)
        /// Every value of an entity that is said.
        case list(entity: String)
        /// Several items of the same slots; after each, `more` asks for another.
        case group([Slot], more: ResponseReference)
    }

    /// The slot's name, unique in its flow (or in its group).
    package var name: String
    /// What is gathered.
    package var kind: Kind
    /// The question; nil for a slot that is only filled when said.
    package var ask: ResponseReference?
    /// Asked for only while this holds; nil means always.
    package var when: Condition?
    /// After so many answers that were not understood, `otherwise` applies; nil asks for ever.
    package var attempts: Int?
    /// What happens when `attempts` are used up.
    package var otherwise: Outcome?
    /// Never stored in history, logged or sent to a model.
    package var isSensitive: Bool
    /// Free text that only safety and cancel may interrupt.
    package var listensFreely: Bool

    /// A slot of these parts.
    package init(
        name: String, kind: Kind, ask: ResponseReference? = nil, when: Condition? = nil, attempts: Int? = nil,
        otherwise: Outcome? = nil, isSensitive: Bool = false, listensFreely: Bool = false
    ) {
        self.name = name
        self.kind = kind
        self.ask = ask
        self.when = when
        self.attempts = attempts
        self.otherwise = otherwise
        self.isSensitive = isSensitive
        self.listensFreely = listensFreely
    }
}

/// What follows when a step did not go the usual way: said, slots cleared (the steps then begin anew once
/// they are filled again), handed over, or ended.
///
/// Without `clear`, `handoff` and `end` the flow goes on.
package struct Outcome: Sendable, Hashable {
    /// Said first.
    package var say: ResponseReference?
    /// Slots to forget; the steps begin anew when they are filled again.
    package var clear: [String]
    /// A queue to hand over to.
    package var handoff: String?
    /// The flow ends.
    package var isEnd: Bool

    /// An outcome of these parts.
    package init(
        say: ResponseReference? = nil, clear: [String] = [], handoff: String? = nil, isEnd: Bool = false
    ) {
        self.say = say
        self.clear = clear
        self.handoff = handoff
        self.isEnd = isEnd
    }
}

/// One thing a flow does.
package enum Instruction: Sendable {
    case say(ResponseReference)
    case call(Call)
    case choose(Choice)
    case confirm(Confirmation)
    /// Gives slots or saved names a value.
    case set([ValueTemplate.Member])
    /// Gives a value to those that have none.
    case setMissing([ValueTemplate.Member])
    /// Forgets slots; the steps begin anew when they are filled again.
    case clear([String])
    /// Goes on at `otherwise` unless the condition holds.
    case branch(Condition, otherwise: Int)
    /// Goes on at that position.
    case jump(Int)
    case alert(Alert)
    case audit(String)
    /// Hands over to a queue; the flow goes on.
    case handoff(queue: String)
    case end

    /// Carries out an action.
    package struct Call: Sendable {
        /// The action's name.
        package var action: String
        /// Its input.
        package var input: [ValueTemplate.Member]
        /// The name under which the output is kept; nil drops it.
        package var save: String?
        /// When the output is an empty list or nothing.
        package var ifEmpty: Outcome?
        /// By the error's name; `any` for the rest.
        package var ifError: [String: Outcome]

        /// A call of these parts.
        package init(
            action: String, input: [ValueTemplate.Member], save: String?, ifEmpty: Outcome?,
            ifError: [String: Outcome]
        ) {
            self.action = action
            self.input = input
            self.save = save
            self.ifEmpty = ifEmpty
            self.ifError = ifError
        }
    }

    /// Lets the person pick one item of a list, by number, by name or in words; one item is taken unasked when
    /// `takesSingle`.
    package struct Choice: Sendable {
        /// The list.
        package var items: Template
        /// What is said above the numbered items; nil uses the built-in `choose_one`.
        package var say: ResponseReference?
        /// One item's line; sees `item`.
        package var show: Template
        /// The name under which the picked item is kept.
        package var save: String
        /// At most so many items are shown.
        package var limit: Int
        /// When the person says that none fits.
        package var ifNone: Outcome?
        /// A list of one item is not asked about.
        package var takesSingle: Bool

        /// A choice of these parts.
        package init(
            items: Template, say: ResponseReference?, show: Template, save: String, limit: Int,
            ifNone: Outcome?,
            takesSingle: Bool
        ) {
            self.items = items
            self.say = say
            self.show = show
            self.save = save
            self.limit = limit
            self.ifNone = ifNone
            self.takesSingle = takesSingle
        }
    }

    /// Asks for a yes or a no.
    package struct Confirmation: Sendable {
        /// The question.
        package var ask: ResponseReference
        /// What a plain no leads to; nil ends the flow with the built-in `cancelled`.
        package var ifNo: Outcome?

        /// A confirmation of these parts.
        package init(ask: ResponseReference, ifNo: Outcome?) {
            self.ask = ask
            self.ifNo = ifNo
        }
    }
}

/// A notice to people who must know at once.
package struct Alert: Sendable, Hashable {
    /// The role whose sockets are told.
    package var role: String
    /// An action that returns the ids of those to tell; nil tells all of the role.
    package var who: String?

    /// An alert to a role, or to those of it that an action names.
    package init(role: String, who: String?) {
        self.role = role
        self.who = who
    }
}
