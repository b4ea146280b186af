// SPDX-License-Identifier: Apache-2.0

import Testing
import WireProtocols

@testable import Orchestrator

/// The booking flow of the design page, as people talk to it.
struct BookingDialogueTests {
    @Test func `what the first sentence says is not asked again`() async {
        var (talk, runner) = Clinic.talk()
        #expect(await talk.say("I need to see a cardiologist next week") == [Clinic.listing])
        #expect(runner.calls.map(\.action) == ["find_slots"])
        #expect(runner.calls[0].input["specialty"] == "cardiology")
        #expect(await talk.say("2") == ["Book Dr. Jones on Wed 11 Mar at 09:30?"])
        #expect(await talk.say("yes please") == ["Booked: Dr. Jones, Wed 11 Mar at 09:30."])
        #expect(talk.state.open == nil)
        #expect(runner.calls.last?.input == ["slot": "s2"])
    }

    @Test func `what is missing is asked for in order`() async {
        var (talk, _) = Clinic.talk()
        #expect(await talk.say("book an appointment") == ["What kind of doctor?"])
        #expect(await talk.say("a skin doctor") == ["When would suit you?"])
        #expect(await talk.say("tomorrow") == [Clinic.listing])
    }

    @Test func `an answer may also answer what was not asked yet`() async {
        var (talk, _) = Clinic.talk()
        _ = await talk.say("book an appointment")
        #expect(await talk.say("a cardiologist tomorrow please") == [Clinic.listing])
    }

    @Test(arguments: [
        ("2", "Dr. Jones"), ("the second one", "Dr. Jones"), ("number 3", "Dr. Lee"),
        ("the last one", "Dr. Lee"),
        ("Dr. Smith", "Dr. Smith"), ("jones please", "Dr. Jones"), ("3 pm", "Dr. Smith"), ("s3", "Dr. Lee"),
        ("the first", "Dr. Smith"), ("any of them", "Dr. Smith"), ("the Tuesday one", "Dr. Smith"),
    ])
    func `an item is chosen by number, order, name, time or value`(_ said: String, _ doctor: String) async {
        var (talk, _) = Clinic.talk()
        _ = await talk.say("I need to see a cardiologist next week")
        let reply = await talk.say(said)
        #expect(reply.count == 1)
        #expect(reply.first?.hasPrefix("Book \(doctor) on ") == true)
    }

    @Test func `an answer that names no item or several is asked for again`() async {
        var (talk, _) = Clinic.talk()
        _ = await talk.say("I need to see a cardiologist next week")
        let again = await talk.turn("9:30")
        #expect(
            again.replies.map(\.text) == ["Please choose one by its number or its name.\n" + Clinic.listing])
        #expect(!again.isUnderstood)
        #expect(
            await talk.say("purple elephants") == [
                "Please choose one by its number or its name.\n" + Clinic.listing
            ])
    }

    @Test func `none of these leads where the author says`() async {
        var (talk, _) = Clinic.talk()
        _ = await talk.say("I need to see a cardiologist next week")
        #expect(await talk.say("none of these") == ["Let us look elsewhere.", "When would suit you?"])
    }

    @Test(arguments: ["yes", "yeah go ahead", "sure", "sounds good", "that's right", "ok", "👍"])
    func `a yes in many words`(_ said: String) async {
        var (talk, _) = Clinic.talk(find: [
            .success([["id": "s1", "starts": "2026-03-10T15:00:00Z", "doctor": "Dr. Smith"]])
        ])
        #expect(
            await talk.say("a cardiologist appointment tomorrow, book it") == [
                "Book Dr. Smith on Tue 10 Mar at 15:00?"
            ])
        #expect(await talk.say(said) == ["Booked: Dr. Smith, Tue 10 Mar at 15:00."])
    }

    @Test(arguments: ["no", "nope", "no thanks", "not really"])
    func `a plain no leads where the author says`(_ said: String) async {
        var (talk, _) = Clinic.talk()
        _ = await talk.say("I need to see a cardiologist next week")
        _ = await talk.say("1")
        #expect(await talk.say(said) == ["When would suit you?"])
    }

    @Test func `a no with another value corrects it and the steps begin anew`() async {
        var (talk, runner) = Clinic.talk()
        _ = await talk.say("I need to see a cardiologist tomorrow")
        _ = await talk.say("1")
        #expect(await talk.say("no, Friday instead") == [Clinic.listing])
        #expect(runner.calls.count == 2)
        #expect(runner.calls[1].input["when"]?["from"] == "2026-03-13T00:00:00+00:00")
        #expect(runner.calls[1].input["specialty"] == "cardiology")
    }

    @Test func `another value is taken at the choice and at a later question`() async {
        var (talk, runner) = Clinic.talk()
        _ = await talk.say("I need to see a cardiologist tomorrow")
        #expect(await talk.say("actually make it a dermatologist") == [Clinic.listing])
        #expect(runner.calls[1].input["specialty"] == "dermatology")

        var (other, calls) = Clinic.talk()
        _ = await other.say("I want to book an appointment with a cardiologist")
        #expect(await other.say("sorry, I meant a dermatologist") == ["When would suit you?"])
        _ = await other.say("tomorrow")
        #expect(calls.calls[0].input["specialty"] == "dermatology")
    }

    @Test func `neither yes nor no is asked again`() async {
        var (talk, _) = Clinic.talk()
        _ = await talk.say("I need to see a cardiologist tomorrow")
        _ = await talk.say("1")
        #expect(
            await talk.say("purple elephants") == [
                "Please answer yes or no. Book Dr. Smith on Tue 10 Mar at 15:00?"
            ])
    }

    @Test(arguments: ["cancel", "never mind", "forget it", "stop please"])
    func `a wish to stop ends the flow`(_ said: String) async {
        var (talk, _) = Clinic.talk()
        _ = await talk.say("book an appointment")
        #expect(await talk.say(said) == ["Alright, I have stopped. What else can I do for you?"])
        #expect(talk.state == DialogueState())
    }

    @Test func `an empty result clears what it was asked with`() async {
        var (talk, _) = Clinic.talk(find: [.success([]), .success(Clinic.slots)])
        #expect(
            await talk.say("I need to see a cardiologist tomorrow") == [
                "Nothing is free then.", "When would suit you?",
            ])
        #expect(await talk.say("on friday") == [Clinic.listing])
    }

    @Test func `a conflict is told kindly and is no failure`() async {
        var (talk, _) = Clinic.talk(create: [.failure(ActionError("conflict", "")), .success(["id": "a1"])])
        _ = await talk.say("I need to see a cardiologist tomorrow")
        _ = await talk.say("1")
        let gone = await talk.turn("yes")
        #expect(gone.replies.map(\.text) == ["That one has just gone.", "When would suit you?"])
        #expect(gone.failedActions == 0)
    }

    @Test func `an error nobody expected ends the flow and counts`() async {
        var (talk, _) = Clinic.talk(find: [.failure(ActionError("unavailable", ""))])
        let result = await talk.turn("I need to see a cardiologist tomorrow")
        #expect(result.replies.map(\.text) == ["Sorry, that did not work. Please try again in a moment."])
        #expect(result.failedActions == 1)
        #expect(talk.state.open == nil)
    }

    @Test func `a write carries a key that depends on the run, the step and the input`() async {
        var (talk, runner) = Clinic.talk(create: [.failure(ActionError("conflict", ""))])
        for pick in ["1", "1", "2"] {
            if talk.state.open == nil {
                _ = await talk.say("I need to see a cardiologist tomorrow")
            } else {
                _ = await talk.say("tomorrow")
            }
            _ = await talk.say(pick)
            _ = await talk.say("yes")
        }
        let keys = runner.calls.filter { $0.action == "create" }.compactMap(\.key)
        #expect(keys.count == 3)
        #expect(keys[0] == keys[1])
        #expect(keys[0] != keys[2])
        #expect(keys[0].hasPrefix("c1/"))
        #expect(runner.calls[0].key == nil)
    }
}

/// Values that steps have made from slots, and corrections that touch them.
struct DerivedValueTests {
    private static let flow = Flow(
        name: "book",
        slots: [
            Slot(name: "doctor", kind: .single(entity: "doctor")),
            Slot(
                name: "specialty", kind: .single(entity: "specialty"), ask: text("What kind?"),
                when: condition("slots.doctor", .isPresent(false))),
            Slot(name: "when", kind: .single(entity: "when"), ask: text("When?")),
        ],
        program: [
            .branch(condition("slots.doctor", .isPresent(false)), otherwise: 4),
            .call(
                .init(
                    action: "find_doctors", input: members(["specialty": "${slots.specialty}"]),
                    save: "doctors", ifEmpty: nil, ifError: [:])),
            .choose(
                .init(
                    items: template("${doctors}"), say: text("Who?"), show: template("${item.name}"),
                    save: "chosen", limit: 5, ifNone: nil, takesSingle: true)),
            .set([
                .init(
                    name: "doctor",
                    value: .object([
                        .init(name: "value", value: value("${chosen.id}")),
                        .init(name: "label", value: value("${chosen.name}")),
                    ]))
            ]),
            .confirm(.init(ask: text("${slots.doctor}, ${slots.when}?"), ifNo: Outcome(clear: ["when"]))),
            .say(text("Done.")),
        ], hash: "h")

    private func talk() -> Talk {
        let find = Action(
            name: "find_doctors", backend: .records([]), input: [.init(name: "specialty", type: .text)],
            output: .any, isWrite: false)
        let assistant = Clinic.assistant { parts in
            parts.flows["book"] = Self.flow
            parts.actions["find_doctors"] = find
        }
        let doctors: JSON = [["id": "d1", "name": "Ann Smith"], ["id": "d2", "name": "Bo Jones"]]
        return Talk(assistant, runner: ScriptedRunner(["find_doctors": [.success(doctors)]]))
    }

    @Test func `what was picked for one value goes when that value is corrected`() async {
        var talk = talk()
        _ = await talk.say("I need to see a cardiologist on Friday")
        #expect(await talk.say("2") == ["Bo Jones, Fri 13 Mar?"])
        #expect(await talk.say("no, a dermatologist instead") == ["Who?\n1. Ann Smith\n2. Bo Jones"])
    }

    @Test func `what was picked stays when another value is corrected or cleared`() async {
        var talk = talk()
        _ = await talk.say("I need to see a cardiologist on Friday")
        _ = await talk.say("2")
        #expect(await talk.say("no, on Thursday") == ["Bo Jones, Thu 12 Mar?"])
        #expect(await talk.say("no") == ["When?"])
        #expect(await talk.say("tomorrow at 3 pm") == ["Bo Jones, Tue 10 Mar at 15:00?"])
    }

    @Test func `a time of day alone keeps the day that was agreed on`() async {
        var talk = talk()
        _ = await talk.say("I need to see a cardiologist on Friday")
        _ = await talk.say("2")
        #expect(await talk.say("actually at 4 pm") == ["Bo Jones, Fri 13 Mar at 16:00?"])
        #expect(await talk.say("yes, friday is fine") == ["Done."])
    }
}
