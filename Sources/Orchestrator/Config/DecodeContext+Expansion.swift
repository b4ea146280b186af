// SPDX-License-Identifier: Apache-2.0
import Diagnostics
import WireProtocols
import YAMLTree

/// Filters of `${env....}` (DESIGN 3, rule 7): they shape settings, not human text.
private enum EnvironmentFilter: String, CaseIterable {
    case `default`, split, json, milliseconds, seconds, lower
}

extension DecodeContext {
    /// A scalar's text with every `${env....}` put in; nil after reporting why not.
    ///
    /// Types are read afterwards, so `"${env.PORT}"` may be a number.
    func expandedText(_ node: YAMLNode) -> String? {
        guard let text = node.text else { return nil }
        guard text.contains("${") else { return text }
        var out = ""
        for segment in TemplateSyntax.parse(node, self) {
            switch segment {
            case .text(let text): out += text
            case .expression(let expression):
                guard let value = environmentText(expression) else { return nil }
                out += value
            }
        }
        return out
    }

    /// The items of a list, or of a scalar that is one `${env.NAME | split}` or `| json`.
    func expandedItems(_ node: YAMLNode) -> [YAMLNode]? {
        if let items = node.items { return items }
        guard node.text?.contains("${env.") == true, let only = TemplateSyntax.parse(node, self).first,
            case .expression(let expression) = only,
            let last = expression.filters.last(where: { $0.name == "split" || $0.name == "json" }),
            let text = environmentText(expression)
        else { return nil }
        let parts = last.name == "json" ? jsonItems(text, expression) : split(text, last.argument ?? ",")
        return parts.map { YAMLNode(.scalar($0, .doubleQuoted), at: node.range) }
    }

    private func split(_ text: String, _ separator: String) -> [String] {
        text.split(separator: separator).map(\.trimmedSpaces).filter { !$0.isEmpty }
    }

    private func jsonItems(_ text: String, _ expression: WrittenExpression) -> [String] {
        guard let items = (try? JSON.parse(text))?.list else {
            report(
                "env-value", at: expression.range, "'\(expression.path[1])' does not hold a JSON list",
                help: "set it to a list such as [\"a\",\"b\"]")
            return []
        }
        return items.compactMap(\.text)
    }

    /// The value of one `${env.NAME | ...}` as text; nil after reporting why not.
    ///
    /// The value is never shown.
    func environmentText(_ expression: WrittenExpression) -> String? {
        guard expression.path.first == "env", expression.path.count == 2 else {
            report(
                "path-unknown",
                at: expression.columns.first.map { expression.range.part(at: $0, expression.path[0]) }
                    ?? expression.range,
                "'\(expression.path.joined(separator: "."))' means nothing here: a setting can only look up the environment",
                help: nearestName(to: expression.path[0], in: ["env"]).map { "did you mean '\($0)'?" }
                    ?? "write '${env.NAME}', or '${env.NAME | default: value}'")
            return nil
        }
        guard haveKnownFilters(expression) else { return nil }
        let name = expression.path[1]
        let fallback = expression.filters.first { $0.name == "default" }
        guard let value = variable(name) ?? fallback.map({ $0.argument ?? "" }) else {
            let near = nearestName(to: name, in: environment.names).map { "did you mean '\($0)'? or " } ?? ""
            report(
                "env-unset",
                at: expression.columns.last.map { expression.range.part(at: $0, name) } ?? expression.range,
                "the environment variable '\(name)' is not set",
                help:
                    "\(near)set \(name) in the environment or in the file .env beside bots/, or give a default: ${env.\(name) | default: ...}"
            )
            return nil
        }
        return expression.filters.reduce(value) { apply($1, to: $0) }
    }

    private func haveKnownFilters(_ expression: WrittenExpression) -> Bool {
        let unknown = expression.filters.filter { EnvironmentFilter(rawValue: $0.name) == nil }
        for filter in unknown {
            reportFilter(filter.name, at: filter.range, known: EnvironmentFilter.allCases.map(\.rawValue))
        }
        return unknown.isEmpty
    }

    private func apply(_ filter: WrittenExpression.WrittenFilter, to value: String) -> String {
        switch EnvironmentFilter(rawValue: filter.name) {
        case .milliseconds: value + "ms"
        case .seconds: value + "s"
        case .lower: value.lowercased()
        case .default, .split, .json, nil: value
        }
    }

    func reportFilter(_ name: String, at range: SourceRange, known: [String]) {
        report(
            "filter-unknown", at: range, "there is no filter '\(name)'",
            help: nearestName(to: name, in: known).map { "did you mean '\($0)'?" }
                ?? "the filters are \(quotedList(known))")
    }

    /// Human text with `${...}`: `${env.NAME}` is put in at once, all else is looked up in each conversation.
    func template(_ node: YAMLNode) -> Template {
        var segments: [Template.Segment] = []
        for segment in TemplateSyntax.parse(node, self) {
            switch segment {
            case .text(let text): segments.append(.text(text))
            case .expression(let expression) where expression.path.first == "env":
                environmentText(expression).map { segments.append(.text($0)) }
            case .expression(let expression):
                segments.append(
                    .value(
                        .init(
                            path: expression.path, filters: filters(expression), range: expression.range,
                            columns: expression.columns)))
            }
        }
        return Template(segments)
    }

    private func filters(_ expression: WrittenExpression) -> [Filter] {
        expression.filters.compactMap { filter in
            guard let name = Filter.Name(rawValue: filter.name) else {
                reportFilter(filter.name, at: filter.range, known: Filter.Name.allCases.map(\.rawValue))
                return nil
            }
            return Filter(name, filter.argument, column: filter.argumentColumn)
        }
    }
}
