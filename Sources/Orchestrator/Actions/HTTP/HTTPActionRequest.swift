// SPDX-License-Identifier: Apache-2.0

import Transport
import WireProtocols

/// An operation with its values filled in.
struct HTTPActionRequest {
    private let operation: HTTPOperation
    private let action: Action
    private let scope: Scope

    init(_ operation: HTTPOperation, of action: Action, _ scope: Scope) {
        self.operation = operation
        self.action = action
        self.scope = scope
    }

    /// The request, without what proves it.
    func request(base: String) throws(ActionError) -> HTTPClientRequest {
        let backend = operation.backend
        var request = HTTPClientRequest(
            method: operation.method, url: backend.url + (try path()) + query(),
            headers: ["Accept": "application/json"])
        for (name, value) in backend.headers { request.headers.add(name, value) }
        for (name, value) in operation.headers { request.headers.add(name, value.wireText(in: scope)) }
        if let body = operation.body {
            request.headers.add("Content-Type", "application/json")
            request.body = body.wireValue(in: scope).encoded()
        }
        request.maxResponseBytes = backend.maxBytes
        request.destinations = backend.destinations
        request.certificateFile = backend.certificates?.path(in: base)
        if backend.deduplicates { request.isRepeatable = true }
        return request
    }

    /// The path: a value stays inside its segment, whatever it is.
    ///
    /// A slash in it is sent as `%2F`. Nothing, `.` and `..` would change which path it is even so, and are refused.
    private func path() throws(ActionError) -> String {
        var path = ""
        for segment in operation.path.segments {
            switch segment {
            case .text(let text): path += text
            case .value(let expression):
                path += PercentEncoding.encode(expression.value(in: scope).wireText)
            }
        }
        let segments = path.split(separator: "/", omittingEmptySubsequences: false).dropFirst()
        let isComplete =
            segments.dropLast().allSatisfy { !$0.isEmpty }
            && (segments.last != "" || path == "/" || endsInSlash)
        guard isComplete, !segments.contains("."), !segments.contains(".."), !path.contains("%00") else {
            throw ActionError(ActionError.badInput, "a value of '\(action.name)' cannot stand in a path")
        }
        return path == "/" ? "" : path
    }

    private var endsInSlash: Bool {
        if case .text(let text)? = operation.path.segments.last { text.hasSuffix("/") } else { false }
    }

    private func query() -> String {
        let pairs = operation.query.flatMap { member -> [String] in
            let value = member.value.value(in: scope)
            return (value.list ?? [value]).map(\.wireText).filter { !$0.isEmpty }.map {
                PercentEncoding.encode(member.name) + "=" + PercentEncoding.encode($0)
            }
        }
        return pairs.isEmpty ? "" : "?" + pairs.joined(separator: "&")
    }
}

extension JSON {
    /// The value as another system reads it: a found name by its value, a date by its beginning, nothing for null.
    var wireText: String {
        switch self {
        case .null: ""
        case .bool(let flag): flag ? "true" : "false"
        case .integer(let number): String(number)
        case .number(let number): plainText(number)
        case .string(let text): text
        case .array(let items): items.map(\.wireText).joined(separator: ",")
        case .object(let object):
            (object["value"] ?? object["from"])?.wireText ?? DurationText(object)?.text ?? DosageText(object)?
                .text
                ?? encodedText
        }
    }
}

extension Template {
    func wireText(in scope: Scope) -> String {
        segments.map { segment in
            switch segment {
            case .text(let text): text
            case .value(let expression): expression.value(in: scope).wireText
            }
        }.joined()
    }
}

extension ValueTemplate {
    /// The value as another system reads it; members without a value are left out.
    func wireValue(in scope: Scope) -> JSON {
        switch self {
        case .template(let template):
            if let expression = template.onlyExpression { return expression.value(in: scope).plain }
            return .string(template.wireText(in: scope))
        case .literal(let value): return value
        case .list(let items): return .array(items.map { $0.wireValue(in: scope) })
        case .object(let members):
            let values = members.map {
                JSONObject.Member(name: $0.name, value: $0.value.wireValue(in: scope))
            }
            return .object(JSONObject(values.filter { !$0.value.isNull }))
        }
    }
}
