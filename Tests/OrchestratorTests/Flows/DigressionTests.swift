// SPDX-License-Identifier: Apache-2.0

import Intents
import Testing
import WireProtocols

@testable import Orchestrator

/// Leaving a flow for something else, and coming back.
struct DigressionTests {
    @Test func `a question in between is answered and the flow's question comes back`() async {
        var (talk, _) = Clinic.talk()
        _ = await talk.say("book an appointment")
        let turn = await talk.turn("when are you open")
        #expect(turn.replies.map(\.text) == ["We are open from 8 to 18.", "What kind of doctor?"])
        #expect(turn.intent == "hours")
        #expect(await talk.say("cardiologist") == ["When would suit you?"])
    }

    @Test func `a word or two leaves a flow only when it is plainly something else`() async {
        var (talk, _) = Clinic.talk()
        _ = await talk.say("book an appointment")
        let guess = IntentDecision(
            intent: "hours", score: 0.7, ranking: [IntentMatch(intent: "hours", score: 0.7)])
        #expect(await talk.turn("any", decision: guess).intent != "hours")
        #expect(talk.state.open?.name == "book")
        let plain = IntentDecision(
            intent: "hours", score: 1, ranking: [IntentMatch(intent: "hours", score: 1)])
        #expect(await talk.turn("opening hours", decision: plain).intent == "hours")
    }

    @Test func `another flow runs to its end and the first goes on`() async {
        var (talk, _) = Clinic.talk()
        _ = await talk.say("I want to book an appointment with a cardiologist")
        #expect(await talk.say("change my address") == ["What is the new address?"])
        #expect(talk.state.suspended.map(\.name) == ["book"])
        #expect(
            await talk.say("1 High Street") == [
                "I have noted 1 High Street.", "Back to where we were. When would suit you?",
            ])
        #expect(await talk.say("tomorrow") == [Clinic.listing])
    }

    @Test func `stopping the second flow brings the first one back`() async {
        var (talk, _) = Clinic.talk()
        _ = await talk.say("book an appointment")
        _ = await talk.say("change my address")
        #expect(
            await talk.say("never mind") == [
                "Alright, I have stopped. What else can I do for you?",
                "Back to where we were. What kind of doctor?",
            ])
    }

    @Test func `a flow that is interrupted already is taken up again`() async {
        var (talk, _) = Clinic.talk()
        _ = await talk.say("I want to book an appointment with a cardiologist")
        _ = await talk.say("change my address")
        #expect(await talk.say("book an appointment") == ["Back to where we were. When would suit you?"])
        #expect(talk.state.suspended.map(\.name) == ["address"])
    }

    @Test func `a person is called without losing the flow`() async {
        var (talk, _) = Clinic.talk()
        _ = await talk.say("book an appointment")
        let turn = await talk.turn("real person please")
        #expect(turn.effects == [.handoff(queue: "front_desk")])
        #expect(turn.replies.isEmpty)
        #expect(talk.state.open?.name == "book")
    }

    @Test func `a route answers first and the question follows`() async {
        var (talk, _) = Clinic.talk()
        _ = await talk.say("book an appointment")
        let turn = await talk.turn("how do I treat a cold")
        #expect(turn.outcome == .route("medical_chat"))
        #expect(turn.replies.isEmpty)
        #expect(turn.followUp.map(\.text) == ["What kind of doctor?"])
    }

    @Test func `without a flow the intent decides, or nobody does`() async {
        var (talk, _) = Clinic.talk()
        #expect(await talk.say("what are your opening hours") == ["We are open from 8 to 18."])
        #expect(await talk.turn("tell me about vitamin d").outcome == .route("medical_chat"))
        let nothing = await talk.turn("xyzzy plugh")
        guard case .notUnderstood = nothing.outcome else {
            return #expect(Bool(false), "expected nothing to fit")
        }
        #expect(!nothing.isUnderstood)
        #expect(nothing.replies.isEmpty)
    }

    @Test func `any text is an answer unless it surely means something else`() async {
        var (talk, _) = Clinic.talk()
        _ = await talk.say("change my address")
        #expect(
            await talk.say("when are you open") == ["We are open from 8 to 18.", "What is the new address?"])
        #expect(
            await talk.say("the open house by the church") == ["I have noted the open house by the church."])
    }

    @Test func `the question comes back after people have had the conversation`() async {
        var (talk, runner) = Clinic.talk()
        _ = await talk.say("book an appointment")
        let context = DialogueContext(
            assistant: talk.assistant, runner: runner, caller: Caller(user: "p1", role: "PATIENT"),
            conversation: ["id": "c1"], sequence: 9, now: .monday)
        let result = await DialogueEngine(context).resume(&talk.state)
        #expect(result?.replies.map(\.text) == ["Back to where we were. What kind of doctor?"])
    }

    @Test func `an answer that is all of the utterance is no other intent, however much it looks like one`()
        async
    {
        let assistant = assistant(examples: [
            "start": ["start", "begin"],
            "history": ["history of Jane Doe", "Jane Doe", "show John Smith", "no"],
        ]) { parts in
            parts.entities = ["patient": EntityDefinition(name: "patient", kind: .person)]
            parts.flows = [
                "start": Flow(
                    name: "start",
                    slots: [Slot(name: "patient", kind: .single(entity: "patient"), ask: text("Who?"))],
                    program: [.say(text("For ${slots.patient}."))], hash: "h")
            ]
            parts.intents = [
                "start": Intent(name: "start", handler: .flow("start")),
                "history": Intent(name: "history", handler: .say(text("History."))),
            ]
        }
        var talk = Talk(assistant)
        _ = await talk.say("start")
        #expect(await talk.say("no") == ["Sorry, I did not understand that. Who?"])
        #expect(await talk.say("history of Jane Doe") == ["History.", "Who?"])
        #expect(await talk.say("Jane Doe") == ["For Jane Doe."])
    }
}
