// SPDX-License-Identifier: Apache-2.0

import COpenSSL
import WireProtocols

extension FlowMachine {
    mutating func carryOut(_ instruction: Instruction) async -> Step {
        switch instruction {
        case .say(let reference): say(reference)
        case .call(let call): return await carryOut(call)
        case .choose(let choice): return offer(choice)
        case .confirm:
            open.waiting = .confirmation
            ask()
            return .wait
        case .set(let members): set(members, onlyMissing: false)
        case .setMissing(let members): set(members, onlyMissing: true)
        case .clear(let names):
            open.clear(names)
            return .again
        case .branch(let condition, let otherwise):
            return condition.holds(in: scope) ? .next : .go(otherwise)
        case .jump(let position): return .go(position)
        case .alert(let alert): result.effects.append(.alert(alert))
        case .audit(let name): result.effects.append(.audit(name))
        case .handoff(let queue): result.effects.append(.handoff(queue: queue))
        case .end: return .end
        }
        return .next
    }

    // `slots.name` and a slot's bare name give the slot a value, any other name is kept like a saved result.
    private mutating func set(_ members: [ValueTemplate.Member], onlyMissing: Bool) {
        for member in members {
            let name = member.name.hasPrefix("slots.") ? String(member.name.dropFirst(6)) : member.name
            let isSlot = name != member.name || flow.slots.contains { $0.name == name }
            let known = isSlot ? open.slots[name] : open.saved[name]
            if onlyMissing, known?.isNothing == false { continue }
            let value = member.value.value(in: scope)
            if isSlot { open.slots[name] = value.isNull ? nil : value } else { open.saved[name] = value }
            note(isSlot ? "slots." + name : name, madeFrom: member.value.expressions)
        }
    }

    /// Remembers from which slots a value was made, so that it goes when they change.
    mutating func note(_ name: String, madeFrom expressions: [Template.Expression]) {
        let sources = expressions.flatMap { expression -> [String] in
            guard expression.path.first == "slots" else {
                return open.origins[expression.path.first ?? ""] ?? []
            }
            guard expression.path.count > 1 else { return flow.slots.map(\.name) }
            return [expression.path[1]] + (open.origins["slots." + expression.path[1]] ?? [])
        }
        open.origins[name] = sources.isEmpty ? nil : Set(sources.filter { "slots." + $0 != name }).sorted()
    }

    private mutating func offer(_ choice: Instruction.Choice) -> Step {
        let items = items(of: choice)
        if items.isEmpty {
            open.saved[choice.save] = .null
            return choice.ifNone.map { follow($0) } ?? .next
        }
        if items.count == 1, choice.takesSingle {
            pick(items[0], of: choice)
            return .next
        }
        open.waiting = .choice
        ask()
        return .wait
    }

    /// Keeps the item that was chosen.
    mutating func pick(_ item: JSON, of choice: Instruction.Choice) {
        open.saved[choice.save] = item
        note(choice.save, madeFrom: choice.items.expressions)
    }

    /// The items that are offered at the present position.
    func items(of choice: Instruction.Choice) -> [JSON] {
        Array(choice.items.value(in: scope).items.prefix(choice.limit))
    }

    private mutating func carryOut(_ call: Instruction.Call) async -> Step {
        let assistants = [book.current, book.pinned].compactMap { $0 }
        guard let action = assistants.lazy.compactMap({ $0.parts.actions[call.action] }).first else {
            return fail(call, ActionError(ActionError.unavailable, "there is no action '\(call.action)'"))
        }
        result.usedAction = true
        let input = call.input.values(in: scope)
        do throws(ActionError) {
            let output = try await context.runner.run(
                action, input: input, context: actionContext(action, input))
            if let name = call.save {
                open.saved[name] = output
                note(name, madeFrom: call.input.flatMap(\.value.expressions))
            }
            return output.isNothing ? call.ifEmpty.map { follow($0) } ?? .next : .next
        } catch {
            return fail(call, error)
        }
    }

    private mutating func fail(_ call: Instruction.Call, _ error: ActionError) -> Step {
        if error.isFailure { result.failedActions += 1 }
        if let outcome = call.ifError[error.name] ?? call.ifError["any"] { return follow(outcome) }
        let isForbidden = error.name == ActionError.forbidden
        say(.named(isForbidden ? BuiltinResponse.forbidden : BuiltinResponse.backendDown))
        return .end
    }

    private func actionContext(_ action: Action, _ input: JSONObject) -> ActionContext {
        ActionContext(
            caller: context.caller, conversation: context.conversation,
            settings: context.assistant.parts.settings,
            time: context.time, idempotencyKey: action.isWrite ? idempotencyKey(input) : nil,
            collections: context.collections)
    }

    // Conversation, flow run, step and input (DESIGN 3, rule 13). The input is digested: it may be sensitive.
    private func idempotencyKey(_ input: JSONObject) -> String {
        let bytes = JSON.object(input).encoded()
        var digest = [UInt8](repeating: 0, count: Int(SHA256_DIGEST_LENGTH))
        SHA256(bytes, bytes.count, &digest)
        let hex = digest.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
        return "\(context.conversation["id"]?.text ?? "")/\(open.run)/\(open.position)/\(hex)"
    }
}
