// SPDX-License-Identifier: Apache-2.0

import Testing
import WireProtocols

@testable import Orchestrator

/// A flow goes on with the revision it began with, whatever an edit makes of it.
struct RevisionTests {
    private func edited(_ change: (inout Assistant.Parts) -> Void) -> Assistant {
        let old = Clinic.assistant(change)
        return Assistant(
            old.parts, safety: old.safety, model: old.model, recognizer: old.recognizer, digest: "d2")
    }

    private func changedFlow(_ parts: inout Assistant.Parts) {
        parts.flows["book"]?.hash = "book-2"
        parts.flows["book"]?.slots[1].ask = text("Which day?")
    }

    @Test func `an edit elsewhere leaves the flow as it is`() async {
        var (talk, _) = Clinic.talk()
        _ = await talk.say("book an appointment")
        talk.assistant = edited { $0.responses["slot_again"] = Response([template("Pardon?")]) }
        #expect(await talk.say("purple elephants") == ["Pardon? What kind of doctor?"])
    }

    @Test func `a changed flow goes on with its pinned revision and current responses`() async {
        var (talk, _) = Clinic.talk()
        talk.pinned = ["d1": talk.assistant]
        _ = await talk.say("book an appointment")
        talk.assistant = edited { parts in
            changedFlow(&parts)
            parts.responses["choose_one"] = Response([template("Pick one:")])
        }
        #expect(await talk.say("cardiologist") == ["When would suit you?"])
        #expect(await talk.say("tomorrow").first?.hasPrefix("Pick one:\n1. ") == true)
    }

    @Test func `an action that is gone falls back to its pinned definition`() async {
        var (talk, runner) = Clinic.talk()
        talk.pinned = ["d1": talk.assistant]
        _ = await talk.say("book an appointment")
        talk.assistant = edited { parts in
            changedFlow(&parts)
            parts.actions = [:]
        }
        #expect(await talk.say("cardiologist tomorrow") == [Clinic.listing])
        #expect(runner.calls.map(\.action) == ["find_slots"])
    }

    @Test func `without its revision the flow begins anew with what is known`() async {
        var (talk, _) = Clinic.talk()
        _ = await talk.say("I want to book an appointment with a cardiologist")
        talk.assistant = edited(changedFlow)
        let outdated = "This has changed in the meantime, so let us go through it again."
        #expect(await talk.say("hm") == [outdated, "Which day?"])
        #expect(talk.state.open?.hash == "book-2")
        #expect(talk.state.open?.assistant == "d2")
    }

    @Test func `a flow that is gone is dropped`() async {
        var (talk, _) = Clinic.talk()
        _ = await talk.say("book an appointment")
        talk.assistant = edited { parts in
            parts.flows["book"] = nil
            parts.intents["book"] = nil
        }
        #expect(
            await talk.say("cardiologist") == [
                "This has changed in the meantime, so let us go through it again."
            ])
        #expect(talk.state.open == nil)
    }
}
