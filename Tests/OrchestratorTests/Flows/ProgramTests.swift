// SPDX-License-Identifier: Apache-2.0

import Testing
import WireProtocols

@testable import Orchestrator

/// What the steps of a flow do.
struct ProgramTests {
    private func run(
        _ program: [Instruction], runner: any ActionRunner = ScriptedRunner([:]),
        actions: [String: Action] = [:]
    ) async -> (DialogueResult, Talk) {
        let assistant = assistant(examples: ["go": ["go", "start it"]]) { parts in
            parts.flows = [
                "go": Flow(
                    name: "go", slots: [Slot(name: "size", kind: .single(entity: "size"))], program: program,
                    hash: "h")
            ]
            parts.intents = ["go": Intent(name: "go", handler: .flow("go"))]
            parts.actions = actions
        }
        var talk = Talk(assistant, runner: runner)
        let result = await talk.turn("go")
        return (result, talk)
    }

    private func action(_ name: String, isWrite: Bool = false) -> Action {
        Action(name: name, backend: .records([]), input: [], output: .any, isWrite: isWrite)
    }

    @Test func `a branch goes on at its other position unless the condition holds`() async {
        let program: [Instruction] = [
            .set(members(["slots.size": "large", "n": "${slots.size}!"])),
            .branch(condition("slots.size", .equals("small")), otherwise: 4), .say(text("small")), .jump(5),
            .say(text("not small")), .say(text("${n} end")),
        ]
        #expect(await run(program).0.replies.map(\.text) == ["not small", "large! end"])
    }

    @Test func `default gives a value to those that have none`() async {
        let program: [Instruction] = [
            .set(members(["a": "1"])), .setMissing(members(["a": "2", "size": "small", "b": "3"])),
            .say(text("${a} ${slots.size} ${b}")),
        ]
        #expect(await run(program).0.replies.map(\.text) == ["1 small 3"])
    }

    @Test func `effects are handed out in order and the flow goes on`() async {
        let program: [Instruction] = [
            .alert(Alert(role: "DOCTOR", who: nil)), .audit("card_lost"), .handoff(queue: "bank"),
            .say(text("Hold on.")), .end,
            .say(text("never")),
        ]
        let result = await run(program).0
        #expect(
            result.effects == [
                .alert(Alert(role: "DOCTOR", who: nil)), .audit("card_lost"), .handoff(queue: "bank"),
            ])
        #expect(result.replies.map(\.text) == ["Hold on."])
    }

    @Test func `a flow that goes in circles is stopped and counts as failed`() async {
        let (result, talk) = await run([.say(text("")), .jump(0)])
        #expect(result.replies.map(\.text) == ["Sorry, that did not work. Please try again in a moment."])
        #expect(result.failedActions == 1)
        #expect(talk.state.open == nil)
    }

    @Test func `a choice of one item is taken unasked unless the author wants it asked`() async {
        func choice(_ takesSingle: Bool) -> Instruction {
            .choose(
                .init(
                    items: template("${found}"), say: text("Which?"), show: template("${item.name}"),
                    save: "pick", limit: 5,
                    ifNone: nil, takesSingle: takesSingle))
        }
        let found: Instruction = .set([.init(name: "found", value: .literal([["name": "Ann"]]))])
        #expect(
            await run([found, choice(true), .say(text("${pick.name}"))]).0.replies.map(\.text) == ["Ann"])
        var (asked, talk) = await run([found, choice(false), .say(text("${pick.name}"))])
        #expect(asked.replies.map(\.text) == ["Which?\n1. Ann"])
        #expect(asked.replies[0].buttons == [["type": "choose", "label": "Ann", "value": "1"]])
        #expect(await talk.say("none of these") == ["Alright, I have stopped. What else can I do for you?"])
        (asked, talk) = await run([found, choice(false), .say(text("${pick.name}"))])
        #expect(await talk.say("1") == ["Ann"])
    }

    @Test func `at most so many items are offered`() async {
        let items: JSON = [["n": "a"], ["n": "b"], ["n": "c"]]
        let program: [Instruction] = [
            .set([.init(name: "found", value: .literal(items))]),
            .choose(
                .init(
                    items: template("${found}"), say: text("Which of ${items | count}?"),
                    show: template("${item.n}"), save: "pick",
                    limit: 2, ifNone: nil, takesSingle: true)),
        ]
        #expect(await run(program).0.replies.map(\.text) == ["Which of 2?\n1. a\n2. b"])
    }

    @Test func `an error is matched by name and then by any`() async {
        let outcomes = [
            "not_found": Outcome(say: text("none"), isEnd: true), "any": Outcome(say: text("any")),
        ]
        func call(_ error: String) async -> DialogueResult {
            let runner = ScriptedRunner(["a": [.failure(ActionError(error, ""))]])
            let step = Instruction.call(
                .init(action: "a", input: [], save: nil, ifEmpty: nil, ifError: outcomes))
            return await run([step, .say(text("next"))], runner: runner, actions: ["a": action("a")]).0
        }
        #expect(await call("not_found").replies.map(\.text) == ["none"])
        let timeout = await call("timeout")
        #expect(timeout.replies.map(\.text) == ["any", "next"])
        #expect(timeout.failedActions == 1)
        #expect(timeout.usedAction)
    }

    @Test func `a refusal by role is said as such`() async {
        let runner = ScriptedRunner(["a": [.failure(ActionError("forbidden", ""))]])
        let step = Instruction.call(.init(action: "a", input: [], save: nil, ifEmpty: nil, ifError: [:]))
        let result = await run([step], runner: runner, actions: ["a": action("a")]).0
        #expect(result.replies == [Reply(text: "Sorry, you may not do that.", type: "access_denied")])
    }

    @Test func `a confirmation about cancelling takes cancel it as a yes`() async {
        let program: [Instruction] = [
            .confirm(.init(ask: text("Cancel your visit on Tuesday?"), ifNo: nil)), .say(text("Cancelled.")),
        ]
        var (_, talk) = await run(program)
        #expect(await talk.say("yes, cancel it") == ["Cancelled."])
        (_, talk) = await run(program)
        #expect(await talk.say("cancel it") == ["Cancelled."])
        (_, talk) = await run(program)
        #expect(await talk.say("cancel") == ["Please answer yes or no. Cancel your visit on Tuesday?"])
        (_, talk) = await run(program)
        #expect(await talk.say("never mind") == ["Alright, I have stopped. What else can I do for you?"])
        (_, talk) = await run(program)
        #expect(await talk.say("no") == ["Alright, I have stopped. What else can I do for you?"])
    }
}
