// SPDX-License-Identifier: Apache-2.0
import Diagnostics

extension AssistantLinker {
    /// Links `tools` and `record`: what a model may ask for, and what it sees of the person.
    mutating func linkTools() {
        let user = "'tools' of '\(config.id.value)'"
        for tool in config.tools {
            guard names.actions.resolve(tool.action, for: user, &findings) != nil else { continue }
            let scope = scope.with("tool", .any)
            say(tool.confirm, in: scope, for: user)
            say(tool.say, in: scope, for: user)
            guard let action = parts.actions[tool.action.value] else { continue }
            var flow: Flow?
            if action.isWrite {
                flow = Flow(asking: tool, before: action)
                parts.flows[Tool.flowName(action.name)] = flow
            }
            parts.tools.append(Tool(action: action, summary: tool.summary.value, flow: flow?.name))
        }
        guard let record = config.record,
            names.actions.resolve(record, for: "'record' of '\(config.id.value)'", &findings) != nil
        else { return }
        parts.record = parts.actions[record.value]
    }
}

extension Flow {
    /// Asks the person, carries the action out after a yes, and says that it is done.
    fileprivate init(asking tool: ToolConfig, before action: Action) {
        let input = action.input.map { field in
            let look = Template.Expression(
                path: ["tool", field.name], filters: [], range: tool.action.range)
            return ValueTemplate.Member(name: field.name, value: .template(Template([.value(look)])))
        }
        let call = Instruction.Call(
            action: action.name, input: input, save: nil, ifEmpty: nil, ifError: [:])
        self.init(
            name: Tool.flowName(action.name), slots: [],
            program: [
                .confirm(
                    .init(ask: tool.confirm?.reference ?? .named(BuiltinResponse.toolConfirm), ifNo: nil)),
                .call(call), .say(tool.say?.reference ?? .named(BuiltinResponse.toolDone)),
            ], hash: "tool/" + action.name)
    }
}
