// SPDX-License-Identifier: Apache-2.0

import WireProtocols

/// Reads the declared output from a backend's answer.
///
/// Lists come bare or as a page, `{ "content": [...] }`; any other answer is an empty one. What is not declared is
/// dropped, what is declared and missing or of another type is null.
struct HTTPActionOutput {
    let operation: HTTPOperation
    let scope: Scope

    func read(_ body: [UInt8]) throws(ActionError) -> JSON {
        guard !body.allSatisfy({ $0 <= 0x20 }) else { return empty }
        let answer: JSON
        do throws(JSONError) { answer = try JSON.parse(body) } catch {
            throw ActionError(
                ActionError.unavailable, "the backend '\(operation.backend.name)' did not answer with JSON")
        }
        let start = operation.from.reduce(answer) { $0.part($1) ?? .null }
        switch operation.shape {
        case .list(let item): return .array(rows(start, as: item))
        case .object:
            let found = Self.items(of: start).map { rows(.array($0), as: operation.shape).first ?? .null }
            return found ?? (start.members == nil ? .null : value(start, as: operation.shape))
        case .value(let type): return single(start, type)
        }
    }

    private var empty: JSON {
        switch operation.shape {
        case .list: .array([])
        case .value(.boolean): true
        case .object, .value: .null
        }
    }

    /// The items of a list or of a page; nil for anything else.
    private static func items(of value: JSON) -> [JSON]? { value.list ?? value["content"]?.list }

    private func rows(_ value: JSON, as shape: OutputShape) -> [JSON] {
        var rows = (Self.items(of: value) ?? []).map { self.value($0, as: shape) }
        guard !operation.filters.isEmpty || !operation.order.isEmpty else { return limited(rows) }
        let conditions = operation.filters.compactMap { $0.condition(in: scope, isWrite: false) }
        let kept = rows.compactMap(\.members).filter { row in conditions.allSatisfy { $0.matches(row) } }
        let order = operation.order.map { RecordOrder($0.field, isDescending: $0.isDescending) }
        rows = order.sorted(kept).map(JSON.object)
        return limited(rows)
    }

    private func limited(_ rows: [JSON]) -> [JSON] { operation.limit.map { Array(rows.prefix($0)) } ?? rows }

    private func single(_ value: JSON, _ type: ValueType) -> JSON {
        switch type {
        case .number: Self.items(of: value).map { .integer($0.count) } ?? type.coerce(value) ?? .null
        case .boolean: type.coerce(value) ?? true
        default: zoned(type.coerce(value) ?? type.coerce(dated(value, type)) ?? .null, type)
        }
    }

    private func value(_ value: JSON, as shape: OutputShape) -> JSON {
        switch shape {
        case .value(let type): return zoned(type.coerce(value) ?? .null, type)
        case .list(let item): return .array((Self.items(of: value) ?? []).map { self.value($0, as: item) })
        case .object(let fields):
            return .object(
                JSONObject(
                    fields.map { field in
                        .init(
                            name: field.name,
                            value: self.value(found(field.source, in: value), as: field.shape))
                    }))
        }
    }

    private func found(_ source: OutputShape.Source, in value: JSON) -> JSON {
        switch source {
        case .path(let path): path.reduce(value) { $0.part($1) ?? .null }
        case .template(let template): template.wireValue(in: scope.adding("item", value))
        }
    }

    private func dated(_ value: JSON, _ type: ValueType) -> JSON { type == .datetime ? value : .null }

    /// A date and time without an offset is meant for local clocks.
    private func zoned(_ value: JSON, _ type: ValueType) -> JSON {
        guard type == .datetime, let text = value.text, let date = ISODateTime(text), date.hasTime,
            date.offset == nil
        else { return value }
        let seconds = ISODateTime.floor(date.localMilliseconds, 1000)
        let guess = scope.time.offset(at: seconds - scope.time.offset(at: seconds))
        return .string(
            ISODateTime.text(localMilliseconds: date.localMilliseconds, milliseconds: false)
                + ISODateTime.offsetText(guess))
    }
}

extension Template {
    fileprivate func wireValue(in scope: Scope) -> JSON {
        if let expression = onlyExpression { return expression.value(in: scope) }
        return .string(wireText(in: scope))
    }
}
