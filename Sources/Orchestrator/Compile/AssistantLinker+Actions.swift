// SPDX-License-Identifier: Apache-2.0
import Diagnostics
import WireProtocols

extension AssistantLinker {
    mutating func linkActions() {
        for (name, (config, _)) in names.actions.values.sorted(by: { $0.key < $1.key }) {
            let backend = names.backends.resolve(config.backend, for: "the action '\(name)'", &findings)
            checkKeys(config, name, backend)
            if let backend, backend.type.value == "http" {
                linkHTTP(config, name, backend)
                continue
            }
            let operations = config.atomic ?? config.operation.map { [$0] } ?? []
            let input = config.input.map { ValueType.Field(name: $0.name.value, type: $0.value.value) }
            var scope = self.scope.with("input", .object(input))
            var compiled: [RecordOperation] = []
            for operation in operations {
                guard let step = link(operation, of: name, in: scope) else { continue }
                compiled.append(step)
                if let save = operation.save { scope = scope.with(save.value, rowType(step)) }
            }
            checkOutput(config, of: name, last: operations.last)
            checkInputUse(config, operations, name)
            parts.actions[name] = Action(
                name: name, backend: .records(compiled), input: input, output: config.output?.value ?? .any,
                isWrite: operations.contains { $0.select == nil })
        }
    }

    private func rowType(_ operation: RecordOperation) -> ValueType {
        let row = fields(of: operation.collection).map { ValueType.object($0) } ?? .any
        if case .select = operation.verb { return .list(row) }
        return row
    }

    private func fields(of collection: String) -> [ValueType.Field]? {
        index.collections[collection].map { config in
            let declared = config.fields.map { ValueType.Field(name: $0.name.value, type: $0.value.value) }
            return declared.contains { $0.name == "id" }
                ? declared : [.init(name: "id", type: .text)] + declared
        }
    }

    private mutating func link(_ config: OperationConfig, of action: String, in scope: TypeScope)
        -> RecordOperation?
    {
        guard let collection = config.collection else { return nil }
        let user = "the action '\(action)'"
        index.collections.resolve(collection, for: user, &findings)
        let known = fields(of: collection.value)
        for member in config.values + config.set { scope.check(member.value, &findings) }
        let names =
            config.filters.map(\.name) + config.values.map(\.name) + config.set.map(\.name)
            + config.order.map { order in
                order.value.hasPrefix("-")
                    ? Located(
                        String(order.value.dropFirst()),
                        at: order.range.part(at: order.range.start.column + 1, order.value.dropFirst()))
                    : order
            }
        for name in names { checkField(name, known, of: collection.value) }
        return RecordOperation(
            verb: verb(config), collection: collection.value,
            filters: config.filters.map { filter($0, in: scope) }, expect: config.expect?.value,
            save: config.save?.value)
    }

    private mutating func checkField(
        _ name: Located<String>, _ known: [ValueType.Field]?, of collection: String
    ) {
        let field = String(name.value.prefix { $0 != "." })
        guard let known, !known.contains(where: { $0.name == field }) else { return }
        findings.error(
            "field-unknown", at: name.range, "the collection '\(collection)' has no field '\(field)'",
            help: nearestName(to: field, in: known.map(\.name)).map { "did you mean '\($0)'?" }
                ?? "it has \(quotedList(known.map(\.name)))")
    }

    private func verb(_ config: OperationConfig) -> RecordOperation.Verb {
        let members: ([Named<ValueTemplate>]) -> [ValueTemplate.Member] = {
            $0.map { .init(name: $0.name.value, value: $0.value) }
        }
        if config.insert != nil { return .insert(members(config.values)) }
        if config.update != nil { return .update(members(config.set)) }
        if config.delete != nil { return .delete }
        let order = config.order.map {
            RecordOperation.Order(
                field: $0.value.hasPrefix("-") ? String($0.value.dropFirst()) : $0.value,
                isDescending: $0.value.hasPrefix("-"))
        }
        return .select(order: order, limit: config.limit?.value)
    }

    mutating func filter(_ config: Named<FilterTestConfig>, in scope: TypeScope)
        -> RecordOperation.Filter
    {
        let field = config.name.value
        switch config.value {
        case .equals(let value):
            scope.check(value, &findings)
            return .init(field: field, test: .equals(value))
        case .tests(let tests):
            for value in [
                tests.from, tests.to, tests.isOneOf, tests.not, tests.above, tests.below, tests.contains,
            ] { value.map { scope.check($0, &findings) } }
            return .init(field: field, test: test(tests))
        }
    }

    private func test(_ tests: FieldTestsConfig) -> RecordOperation.Filter.Test {
        if tests.from != nil || tests.to != nil { return .range(from: tests.from, to: tests.to) }
        return tests.isOneOf.map { .isOneOf($0) } ?? tests.not.map { .differs($0) } ?? tests.present.map {
            .isPresent($0.value)
        }
            ?? tests.above.map { .isAbove($0) } ?? tests.below.map { .isBelow($0) } ?? tests.contains.map {
                .contains($0)
            }
            ?? .isPresent(true)
    }

    private mutating func checkOutput(_ config: ActionConfig, of name: String, last: OperationConfig?) {
        guard let collection = last?.collection, let known = fields(of: collection.value)?.map(\.name) else {
            return
        }
        for field in config.outputNames where !known.contains(field.value) {
            findings.error(
                "field-unknown", at: field.range,
                "the action '\(name)' returns '\(field.value)', which the collection '\(collection.value)' does not have",
                help: nearestName(to: field.value, in: known).map { "did you mean '\($0)'?" }
                    ?? "it has \(quotedList(known))")
        }
    }

    private mutating func checkInputUse(
        _ config: ActionConfig, _ operations: [OperationConfig], _ name: String
    ) {
        let used = Set(
            operations.flatMap(\.paths).filter { $0.first == "input" }.compactMap { $0.dropFirst().first })
        warnUnusedInput(config, name, used)
    }

    mutating func warnUnusedInput(_ config: ActionConfig, _ name: String, _ used: Set<String>) {
        for input in config.input where !used.contains(input.name.value) {
            findings.warning(
                "input-unused", at: input.name.range,
                "the action '\(name)' does not use its input '\(input.name.value)'")
        }
    }
}

extension OperationConfig {
    /// Every path that its templates look up.
    fileprivate var paths: [[String]] {
        let tests = filters.flatMap { filter -> [ValueTemplate] in
            switch filter.value {
            case .equals(let value): [value]
            case .tests(let tests):
                [tests.from, tests.to, tests.isOneOf, tests.not, tests.above, tests.below, tests.contains]
                    .compactMap { $0 }
            }
        }
        return (tests + values.map(\.value) + set.map(\.value)).flatMap(\.paths)
    }
}

extension ValueTemplate {
    /// Every path that is looked up in it.
    var paths: [[String]] {
        switch self {
        case .template(let template): template.expressions.map(\.path)
        case .literal: []
        case .list(let items): items.flatMap(\.paths)
        case .object(let members): members.flatMap { $0.value.paths }
        }
    }
}
