// SPDX-License-Identifier: Apache-2.0
import Diagnostics
import WireProtocols

/// What `${...}` may look up at one place: names and their types.
struct TypeScope {
    var roots: [String: ValueType]

    /// What exists in every conversation.
    static func conversation(settings: JSONObject) -> TypeScope {
        let text: (String) -> ValueType.Field = { .init(name: $0, type: .text) }
        return TypeScope(roots: [
            "settings": .object(settings.members.map { .init(name: $0.name, type: type(of: $0.value)) }),
            "user": .object([text("id"), text("role"), text("name")]),
            "conversation": .object([text("id"), text("summary"), text("transcript")]),
            "assistant": .object([text("id"), text("name"), text("description")]), "now": .datetime,
        ])
    }

    static func type(of value: JSON) -> ValueType {
        switch value {
        case .null: .any
        case .bool: .boolean
        case .integer, .number: .number
        case .string: .text
        case .array(let items): .list(items.first.map(type) ?? .any)
        case .object(let object):
            .object(object.members.map { .init(name: $0.name, type: type(of: $0.value)) })
        }
    }

    func with(_ name: String, _ type: ValueType) -> TypeScope {
        var scope = self
        scope.roots[name] = type
        return scope
    }

    // MARK: - Checks

    /// Checks every path of a template, and the patterns of its `list` and `where` filters.
    func check(_ template: Template, _ findings: inout LinkFindings, usedBy user: SourceRange? = nil) {
        for expression in template.expressions { _ = type(of: expression, &findings, usedBy: user) }
    }

    func check(_ value: ValueTemplate, _ findings: inout LinkFindings) {
        switch value {
        case .template(let template): check(template, &findings)
        case .literal: break
        case .list(let items): items.forEach { check($0, &findings) }
        case .object(let members): members.forEach { check($0.value, &findings) }
        }
    }

    func check(_ condition: Condition, _ findings: inout LinkFindings) {
        for test in condition.tests { _ = walk(test.path, at: Self.ranges(of: test), &findings, usedBy: nil) }
    }

    func check(_ response: ResponseConfig, _ findings: inout LinkFindings, usedBy user: SourceRange? = nil) {
        response.texts.forEach { check($0, &findings, usedBy: user) }
        for button in response.buttons {
            var scope = self
            if let each = button.each {
                check(each, &findings, usedBy: user)
                scope = scope.with("item", itemType(of: each))
            }
            scope.check(button.label, &findings, usedBy: user)
            button.value.map { scope.check($0, &findings) }
        }
        response.data.map { check($0, &findings) }
    }

    /// The type of the items of a list template; anything when it is no list.
    func itemType(of template: Template) -> ValueType {
        var ignored = LinkFindings()
        guard let expression = template.onlyExpression,
            case .list(let item) = type(of: expression, &ignored, usedBy: nil)
        else { return .any }
        return item
    }

    /// The type of a value tree, `any` where it cannot be told.
    func type(of value: ValueTemplate) -> ValueType {
        switch value {
        case .template(let template):
            var ignored = LinkFindings()
            guard let expression = template.onlyExpression else { return .text }
            return type(of: expression, &ignored, usedBy: nil)
        case .literal(let json): return Self.type(of: json)
        case .list(let items): return .list(items.first.map(type) ?? .any)
        case .object(let members):
            return .object(members.map { .init(name: $0.name, type: type(of: $0.value)) })
        }
    }

    private func type(
        of expression: Template.Expression, _ findings: inout LinkFindings, usedBy user: SourceRange?
    ) -> ValueType {
        var type = walk(expression.path, at: Self.ranges(of: expression), &findings, usedBy: user)
        for filter in expression.filters { type = apply(filter, to: type, at: expression.range, &findings) }
        return type
    }

    /// The place of each part of a path; that of the whole where they cannot be told apart.
    private static func ranges(of expression: Template.Expression) -> [SourceRange] {
        guard expression.columns.count == expression.path.count else {
            return expression.path.map { _ in expression.range }
        }
        return zip(expression.path, expression.columns).map { expression.range.part(at: $1, $0) }
    }

    // The key of a condition is the path itself, perhaps in quotation marks.
    private static func ranges(of test: Condition.Test) -> [SourceRange] {
        let width = test.path.joined(separator: ".").unicodeScalars.count
        var column =
            test.range.start.column + (test.range.end.column - test.range.start.column > width ? 1 : 0)
        return test.path.map { part in
            defer { column += part.unicodeScalars.count + 1 }
            return test.range.part(at: column, part)
        }
    }

    private func walk(
        _ path: [String], at ranges: [SourceRange], _ findings: inout LinkFindings, usedBy user: SourceRange?
    ) -> ValueType {
        let written = path.joined(separator: ".")
        guard let root = path.first, var type = roots[root] else {
            unknown(path.first ?? "", in: Array(roots.keys), of: nil, written, ranges[0], &findings, user)
            return .any
        }
        if root == "settings", path.count > 1 { findings.read(setting: path[1]) }
        if root == "conversation", path.count > 1, ["summary", "transcript"].contains(path[1]) {
            findings.noteHistory()
        }
        for (depth, part) in path.enumerated().dropFirst() {
            let parent = path[..<depth].joined(separator: ".")
            let fields = Self.fields(of: type)
            if case .any = type { return .any }
            if case .list(let item) = type, Int(part) != nil {
                type = item
                continue
            }
            guard let field = fields.first(where: { $0.name == part }) else {
                unknown(
                    part, in: fields.map(\.name), of: "'\(parent)'", written, ranges[depth], &findings, user,
                    isList: type.isList)
                return .any
            }
            type = field.type
        }
        return type
    }

    private func unknown(
        _ part: String, in names: [String], of place: String?, _ written: String, _ range: SourceRange,
        _ findings: inout LinkFindings, _ user: SourceRange?, isList: Bool = false
    ) {
        let near = nearestName(to: part, in: names).map { "did you mean '\($0)'?" }
        let has = names.isEmpty ? "nothing is declared there" : "there is \(quotedList(names.sorted()))"
        let missing = place.map { "which \($0) does not have" } ?? "which does not exist here"
        findings.error(
            "path-unknown", at: range,
            written == part ? "'\(part)' does not exist here" : "'\(written)' looks up '\(part)', \(missing)",
            help: near
                ?? (isList ? "it is a list: use '| list', '| count', or let the person 'choose'" : has),
            related: user.map { [.init($0, "it is said here")] } ?? [])
    }

    static func fields(of type: ValueType) -> [ValueType.Field] {
        switch type {
        case .object(let fields): fields
        case .datetime:
            ["from", "to", "grain"].map { .init(name: $0, type: $0 == "grain" ? .text : .datetime) }
        case .duration: [.init(name: "seconds", type: .number), .init(name: "grain", type: .text)]
        case .text, .number, .boolean, .any, .list: []
        }
    }

    // MARK: - Filters

    private func apply(
        _ filter: Filter, to type: ValueType, at range: SourceRange, _ findings: inout LinkFindings
    ) -> ValueType {
        switch filter.name {
        case .count: return .number
        case .first, .default: return type
        case .where:
            checkWhere(filter, type, range, &findings)
            return type
        case .list:
            checkPattern(filter, type, range, &findings)
            return .text
        case .date, .time, .upper, .lower, .capital, .title, .money, .join: return .text
        }
    }

    private func checkWhere(
        _ filter: Filter, _ type: ValueType, _ range: SourceRange, _ findings: inout LinkFindings
    ) {
        guard case .list(.object(let fields)) = type, let argument = filter.argument else { return }
        let field = String(argument.prefix { $0.isLetter || $0.isNumber || $0 == "_" })
        checkField(
            field, fields, "the filter 'where'", filter.column.map { range.part(at: $0, field) } ?? range,
            &findings)
    }

    private func checkPattern(
        _ filter: Filter, _ type: ValueType, _ range: SourceRange, _ findings: inout LinkFindings
    ) {
        guard case .list(.object(let fields)) = type, let pattern = filter.argument else { return }
        let scalars = Array(pattern.unicodeScalars)
        for open in scalars.indices where scalars[open] == "{" {
            let inner = scalars[(open + 1)...].prefix { $0 != "}" && $0 != "|" && $0 != "." }
            let blanks = inner.prefix { $0 == " " }.count
            let field = String(String.UnicodeScalarView(inner)).trimmedSpaces
            let place = filter.column.map { range.part(at: $0 + open + 1 + blanks, field) } ?? range
            if field != "n" { checkField(field, fields, "the filter 'list'", place, &findings) }
        }
    }

    private func checkField(
        _ field: String, _ fields: [ValueType.Field], _ user: String, _ range: SourceRange,
        _ findings: inout LinkFindings
    ) {
        guard !fields.contains(where: { $0.name == field }) else { return }
        findings.error(
            "path-unknown", at: range, "\(user) looks up '\(field)', which the items do not have",
            help: nearestName(to: field, in: fields.map(\.name)).map { "did you mean '\($0)'?" }
                ?? "they have \(quotedList(fields.map(\.name).sorted()))")
    }
}

extension ValueType {
    var isList: Bool { if case .list = self { true } else { false } }
}
