// SPDX-License-Identifier: Apache-2.0

import WireProtocols

/// Carries out what a model asks for, as far as its author lets it: declared actions with the declared input,
/// on behalf of the person, reads at once, and what changes anything only after the person said yes.
struct ToolBench: Sendable {
    /// How often a model may ask in one turn.
    static let maxRounds = 4
    /// More of a result is not shown to a model, in bytes.
    static let maxResultBytes = 16_384

    /// What became of a wish.
    enum Outcome {
        /// What the model is told.
        case result(String)
        /// The person is asked first; these are the questions.
        case asks([TurnReply])
    }

    let actions: any ActionRunner
    let mask: MaskTable

    /// What the model is offered.
    static func offers(of assistant: Assistant) -> [ProviderRequest.Tool] {
        assistant.parts.tools.map {
            ProviderRequest.Tool(
                name: $0.action.name, summary: $0.summary, input: ValueType.object($0.action.input).schema)
        }
    }

    /// Carries out one wish.
    func carryOut(_ call: ToolCall, for turn: inout Turn) async -> Outcome {
        guard let tool = turn.assistant.parts.tools.first(where: { $0.action.name == call.name }) else {
            return .result(Self.failure("there is no such tool"))
        }
        guard let input = input(of: call, tool.action) else {
            return .result(Self.failure("the input does not fit; see the tool's parameters"))
        }
        if let name = tool.flow, let flow = turn.assistant.parts.flows[name] {
            return .asks(await ask(flow, tool, input, for: &turn))
        }
        let context = ActionContext(
            caller: turn.caller, conversation: turn.conversation.scope,
            settings: turn.assistant.parts.settings,
            time: LocalTime(now: turn.now, assistant: turn.assistant),
            collections: turn.snapshot.parts.collections)
        do throws(ActionError) {
            let output = try await actions.run(tool.action, input: input, context: context)
            return .result(mask.mask(output.encodedText.prefixOfBytes(Self.maxResultBytes)))
        } catch {
            turn.counted.append(.actionFailed)
            return .result(Self.failure(error.name))
        }
    }

    // Exactly what is declared, in its type: whatever else a model made up is left out.
    private func input(of call: ToolCall, _ action: Action) -> JSONObject? {
        var unmasker = Unmasker(mask)
        let text = unmasker.take(call.arguments) + unmasker.finish()
        guard let given = (try? JSON.parse(text.isEmpty ? "{}" : text, maxDepth: 16))?.members else {
            return nil
        }
        var input = JSONObject()
        for field in action.input {
            guard let value = field.type.coerce(given[field.name] ?? .null) else { return nil }
            input[field.name] = value
        }
        return input
    }

    private func ask(
        _ flow: Flow, _ tool: Tool, _ input: JSONObject, for turn: inout Turn
    ) async -> [TurnReply] {
        let context = DialogueContext(
            assistant: turn.assistant, runner: actions, collections: turn.snapshot.parts.collections,
            caller: turn.caller, conversation: turn.conversation.scope, sequence: turn.sequence,
            now: turn.now)
        var open = OpenFlow(
            name: flow.name, hash: flow.hash, assistant: turn.assistant.digest, run: RandomID.uuid())
        open.saved["tool"] = .object(input)
        open.saved["label"] = .string(Self.label(tool, input))
        if let interrupted = turn.dialogue.open { turn.dialogue.suspend(interrupted) }
        var machine = FlowMachine(
            flow, open: open, book: ResponseBook(current: turn.assistant), context: context,
            random: SeededGenerator(context.seed), result: DialogueResult())
        _ = await machine.advance()
        turn.dialogue.open = machine.open
        return machine.result.replies.map { TurnReply($0) }
    }

    private static func label(_ tool: Tool, _ input: JSONObject) -> String {
        let values = input.members.filter { !$0.value.isNull }.map { member in
            "\(member.name): \(member.value.text ?? member.value.encodedText)"
        }
        let name = tool.action.name.replacing("_", with: " ")
        return values.isEmpty ? name : name + " (" + values.joined(separator: ", ") + ")"
    }

    private static func failure(_ reason: String) -> String {
        JSON.object(JSONObject([.init(name: "error", value: .string(reason))])).encodedText
    }
}

extension ValueType {
    /// JSON Schema, as models are told what an action takes.
    var schema: JSON {
        switch self {
        case .text: ["type": "string"]
        case .number: ["type": "number"]
        case .boolean: ["type": "boolean"]
        case .datetime: ["type": "string", "description": "an instant or a day, ISO 8601"]
        case .duration: ["type": "object", "properties": ["seconds": ["type": "integer"]]]
        case .any: ["type": "string"]
        case .list(let type): ["type": "array", "items": type.schema]
        case .object(let fields):
            [
                "type": "object",
                "properties": .object(
                    JSONObject(fields.map { .init(name: $0.name, value: $0.type.schema) })),
                "required": .array(fields.map { .string($0.name) }), "additionalProperties": false,
            ]
        }
    }
}
