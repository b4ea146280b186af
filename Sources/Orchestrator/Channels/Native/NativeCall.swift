// SPDX-License-Identifier: Apache-2.0

import Transport
import WireProtocols

/// A request that has found its route, with what it is judged by.
///
/// One call sees one snapshot.
struct NativeCall: Sendable {
    let request: HTTPRequest
    let snapshot: Snapshot
    let limits: Limits
    /// The parts of the path that stand for `{...}`, in order.
    let parameters: [String]
    let identity: Identity?
    let now: Timestamp

    /// The bearer, where the route has made sure there is one.
    func bearer() throws(NativeError) -> Identity {
        guard let identity else { throw .unauthenticated }
        return identity
    }

    /// The body as JSON fields; where it is optional, an empty body counts as `{}`.
    func fields(isOptional: Bool = false) throws(NativeError) -> FieldReader {
        if isOptional && request.body.isEmpty { return FieldReader(JSONObject()) }
        try checkContentType()
        let value: JSON
        do { value = try JSON.parse(request.body, maxDepth: limits.jsonDepth) } catch {
            throw NativeError(error)
        }
        guard let object = value.members else {
            throw .unprocessable([NativeError.Detail(path: "", message: "must be an object")])
        }
        return FieldReader(object)
    }

    private func checkContentType() throws(NativeError) {
        let type = request.headers["Content-Type"] ?? ""
        let encoding = request.headers["Content-Encoding"]?.lowercased() ?? "identity"
        // What nearly every client sends needs no taking apart.
        guard type == "application/json" || Self.isJSON(type), encoding == "identity" else {
            throw .contentType
        }
    }

    private static func isJSON(_ type: String) -> Bool {
        let parts = type.lowercased().split(separator: ";")
            .map { $0.filter { $0 != " " && $0 != "\t" && $0 != "\"" } }
        return parts.first == "application/json"
            && parts.dropFirst().allSatisfy { !$0.hasPrefix("charset=") || $0 == "charset=utf-8" }
    }

    /// A whole number of the query, within bounds.
    func number(
        _ name: String, default standard: Int, in range: ClosedRange<Int>
    ) throws(NativeError) -> Int {
        guard let text = request.queryValue(name) else { return standard }
        guard let number = Int(text), range.contains(number) else {
            let message = "must be a whole number from \(range.lowerBound) to \(range.upperBound)"
            throw .unprocessable([NativeError.Detail(path: name, message: message)])
        }
        return number
    }

    /// A yes or no of the query; its name alone means yes.
    func flag(_ name: String) throws(NativeError) -> Bool {
        switch request.queryValue(name) {
        case nil, "false", "0": return false
        case "", "true", "1": return true
        default: throw .unprocessable([NativeError.Detail(path: name, message: "must be true or false")])
        }
    }

    /// True when the client asks for an event stream.
    var wantsEvents: Bool {
        request.headers.all("Accept").contains { $0.lowercased().contains("text/event-stream") }
    }
}
