// SPDX-License-Identifier: Apache-2.0

import Intents
import Testing
import WireProtocols

@testable import Orchestrator

/// What the keys of a slot do.
struct SlotTests {
    private func talk(_ slots: [Slot], say: String, lookups: [String: LookupTable] = [:]) -> Talk {
        let assistant = assistant(examples: [
            "start": [
                "start", "let us start", "begin now", "start a small with olives and a large with onions",
            ], "hours": ["when are you open", "opening hours"],
        ]) { parts in
            parts.entities = [
                "size": EntityDefinition(
                    name: "size",
                    kind: .choice([
                        ChoiceValue(value: "small"), ChoiceValue(value: "large", synonyms: ["big"]),
                    ])),
                "topping": EntityDefinition(
                    name: "topping",
                    kind: .choice(
                        ["ham", "cheese", "mushroom"].map { ChoiceValue(value: $0, synonyms: [$0 + "s"]) })),
                "day": EntityDefinition(name: "day", kind: .datetime(prefer: .future)),
                "note": EntityDefinition(name: "note", kind: .text),
                "amount": EntityDefinition(name: "amount", kind: .number),
                "doctor": EntityDefinition(name: "doctor", kind: .lookup),
                "medicine": EntityDefinition(name: "medicine", kind: .dosage),
            ]
            parts.flows = ["start": Flow(name: "start", slots: slots, program: [.say(text(say))], hash: "h")]
            parts.intents = [
                "start": Intent(name: "start", handler: .flow("start")),
                "hours": Intent(name: "hours", handler: .say(text("From 8 to 18."))),
            ]
        }
        return Talk(assistant, lookups: lookups)
    }

    @Test func `attempts used up lead where the author says`() async {
        let size = Slot(
            name: "size", kind: .single(entity: "size"), ask: text("What size?"), attempts: 2,
            otherwise: Outcome(say: text("A person will help."), handoff: "front_desk"))
        var talk = talk([size], say: "done")
        _ = await talk.say("start")
        #expect(await talk.say("purple") == ["Sorry, I did not understand that. What size?"])
        let last = await talk.turn("green")
        #expect(last.replies.map(\.text) == ["A person will help."])
        #expect(last.effects == [.handoff(queue: "front_desk")])
        #expect(!last.isUnderstood)
        #expect(talk.state.open == nil)
    }

    @Test func `attempts used up without a word end the flow`() async {
        var talk = talk(
            [Slot(name: "size", kind: .single(entity: "size"), ask: text("What size?"), attempts: 1)],
            say: "done")
        _ = await talk.say("start")
        #expect(await talk.say("purple") == ["Alright, I have stopped. What else can I do for you?"])
    }

    @Test func `a slot is asked for only while its condition holds`() async {
        let slots = [
            Slot(name: "size", kind: .single(entity: "size"), ask: text("What size?")),
            Slot(
                name: "topping", kind: .single(entity: "topping"), ask: text("Which topping?"),
                when: condition("slots.size", .equals("large"))),
        ]
        var small = talk(slots, say: "A ${slots.size} one.")
        _ = await small.say("start")
        #expect(await small.say("small") == ["A small one."])
        var large = talk(slots, say: "A ${slots.size} one with ${slots.topping}.")
        _ = await large.say("start")
        #expect(await large.say("big") == ["Which topping?"])
        #expect(await large.say("ham") == ["A large one with ham."])
    }

    @Test func `a slot without a question is filled only when said`() async {
        var talk = talk(
            [Slot(name: "size", kind: .single(entity: "size"))],
            say: "Size: ${slots.size | default: unknown}.")
        #expect(await talk.say("start") == ["Size: unknown."])
        #expect(await talk.say("start large") == ["Size: large."])
    }

    @Test func `two slots of one entity take two values in order`() async {
        let slots = [
            Slot(name: "from", kind: .single(entity: "size"), ask: text("From?")),
            Slot(name: "to", kind: .single(entity: "size"), ask: text("To?")),
        ]
        var talk = talk(slots, say: "${slots.from} to ${slots.to}")
        #expect(await talk.say("start small then large") == ["small to large"])
    }

    @Test func `a sensitive answer marks its utterance and what shows it`() async {
        var talk = talk(
            [Slot(name: "note", kind: .single(entity: "note"), ask: text("Your secret?"), isSensitive: true)],
            say: "Got ${slots.note}.")
        #expect(await talk.turn("start").utteranceIsSensitive == false)
        let turn = await talk.turn("swordfish")
        #expect(turn.utteranceIsSensitive)
        #expect(turn.replies == [Reply(text: "Got swordfish.", isSensitive: true)])
        #expect(talk.state == DialogueState())
    }

    @Test func `a sensitive answer that was not understood is marked too`() async {
        var talk = talk(
            [Slot(name: "amount", kind: .single(entity: "amount"), ask: text("Number?"), isSensitive: true)],
            say: "ok")
        _ = await talk.say("start")
        #expect(await talk.turn("it is abc").utteranceIsSensitive)
        #expect(await talk.turn("when are you open").utteranceIsSensitive == false)
        #expect(await talk.turn("4711, and when are you open").utteranceIsSensitive)
    }

    @Test func `free text is taken whatever it looks like but for a wish to stop`() async {
        let slot = Slot(
            name: "note", kind: .single(entity: "note"), ask: text("Tell me."), listensFreely: true)
        var talk = talk([slot], say: "Noted: ${slots.note}")
        _ = await talk.say("start")
        #expect(await talk.say("  when are you open ") == ["Noted: when are you open"])
        _ = await talk.say("start")
        #expect(await talk.say("cancel") == ["Alright, I have stopped. What else can I do for you?"])
    }

    @Test func `a list takes every value that is said`() async {
        var talk = talk(
            [Slot(name: "toppings", kind: .list(entity: "topping"), ask: text("Which toppings?"))],
            say: "With ${slots.toppings | join: ' and '}.")
        _ = await talk.say("start")
        #expect(await talk.say("cheese, ham and mushrooms") == ["With cheese, ham and mushroom."])
        #expect(await talk.say("start with ham") == ["With ham."])
    }

    private var pizzas: Slot {
        Slot(
            name: "pizzas",
            kind: .group(
                [
                    Slot(name: "size", kind: .single(entity: "size"), ask: text("What size is number ${n}?")),
                    Slot(
                        name: "topping", kind: .single(entity: "topping"),
                        ask: text("What goes on the ${item.size} one?")),
                ], more: text("Another one?")))
    }
    private let order = "Order: ${slots.pizzas | list: '{n} {size} {topping}'}"

    @Test func `a group asks for each item and for more`() async {
        var talk = talk([pizzas], say: order)
        #expect(await talk.say("start") == ["What size is number 1?"])
        #expect(await talk.say("large") == ["What goes on the large one?"])
        #expect(await talk.say("ham") == ["Another one?"])
        #expect(await talk.say("yes") == ["What size is number 2?"])
        #expect(await talk.say("a small one with cheese") == ["Another one?"])
        #expect(await talk.say("no that's all") == ["Order: 1 large ham\n2 small cheese"])
    }

    @Test func `several items of a group may be said at once`() async {
        var talk = talk([pizzas], say: order)
        #expect(await talk.say("start a large ham and a small cheese") == ["Another one?"])
        #expect(await talk.say("yes, a big mushroom") == ["Another one?"])
        #expect(await talk.say("purple elephants") == ["Please answer yes or no. Another one?"])
        #expect(await talk.say("that's all") == ["Order: 1 large ham\n2 small cheese\n3 large mushroom"])
    }

    @Test func `an item that is incomplete is asked about`() async {
        var talk = talk([pizzas], say: order)
        #expect(await talk.say("start a large and a small cheese") == ["What goes on the large one?"])
        #expect(await talk.say("ham") == ["Another one?"])
    }

    @Test func `a name found by look-up is shown by its label`() async {
        let lookups = ["doctor": LookupTable([("Dr. Ann Smith", "d1"), ("Dr. Bo Jones", "d2")])]
        var talk = talk(
            [Slot(name: "doctor", kind: .single(entity: "doctor"), ask: text("Which doctor?"))],
            say: "${slots.doctor} is ${slots.doctor.value}.", lookups: lookups)
        _ = await talk.say("start")
        #expect(await talk.say("smith") == ["Dr. Ann Smith is d1."])
    }

    @Test func `a dosage is shown as it was said`() async {
        var talk = talk(
            [Slot(name: "medicine", kind: .single(entity: "medicine"), ask: text("What?"))],
            say:
                "${slots.medicine.name}: ${slots.medicine.dosage}, ${slots.medicine.frequency}, ${slots.medicine.duration}."
        )
        _ = await talk.say("start")
        #expect(
            await talk.say("amoxicillin 500mg twice daily for 7 days") == [
                "amoxicillin: 500mg, twice daily, 7 days."
            ])
    }

    @Test func `a list inside an item grows with what is said`() async {
        let group = Slot(
            name: "pizzas",
            kind: .group(
                [
                    Slot(name: "size", kind: .single(entity: "size"), ask: text("What size?")),
                    Slot(name: "toppings", kind: .list(entity: "topping")),
                ], more: .named("anything_else")))
        var talk = talk([group], say: "${slots.pizzas | list: '{n} {size} {toppings | join}'}")
        #expect(
            await talk.say("start a large with ham and cheese, a small with mushrooms") == ["Anything else?"])
        #expect(await talk.say("nothing else") == ["1 large ham and cheese\n2 small mushroom"])
    }
}
