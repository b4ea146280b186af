// SPDX-License-Identifier: Apache-2.0

import Transport
import WireProtocols

/// The description of the API as a page: the same routes as in `/openapi.json`, without a script.
enum DocsPage {
    static let response = PageResponse(html: html, style: style, script: "").response

    private static var html: String {
        let routes = NativeRoute.all.map(section).joined()
        let schemas = NativeSchemas.all.map { schema in
            "<h3 id=\"\(schema.name)\">\(schema.name)</h3><pre><code>\(code(schema.schema))</code></pre>"
        }
        return """
            <!doctype html><html lang="en"><head><meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>Orchestrator native API</title><style>\(style)</style></head><body><main>
            <h1>Orchestrator native API</h1>
            <p>JSON in UTF-8; times are ISO 8601 in UTC. Tokens go as <code>Authorization: Bearer</code>, for a socket
            also as the subprotocols <code>orchestrator.v1, bearer.&lt;token&gt;</code>. Every answer carries
            <code>X-Request-Id</code>; every failure is a <a href="#Problem">Problem</a>. For programs:
            <a href="/openapi.json">openapi.json</a>.</p>
            <h2>Routes</h2>\(routes)\(frames)<h2>Schemas</h2>\(schemas.joined())
            </main></body></html>
            """
    }

    private static func section(_ route: NativeRoute) -> String {
        var lines = "<p>\(PageResponse.escaped(route.summary)). For: \(route.access.reader).</p>"
        if let body = route.body { lines += "<p>Body: \(link(body))</p>" }
        if !route.query.isEmpty {
            let items = route.query.map {
                "<li><code>\($0.name)</code>: \(PageResponse.escaped($0.summary))</li>"
            }
            lines += "<p>Query:</p><ul>\(items.joined())</ul>"
        }
        let answers = route.answers.map { answer in
            "<li>\(answer.status) \(PageResponse.escaped(answer.summary))\(answer.schema.map { ": " + link($0) } ?? "")</li>"
        }
        let id = route.operation.rawValue
        return """
            <section aria-labelledby="\(id)"><h3 id="\(id)"><code>\(route.method) \(route.path)</code></h3>
            \(lines)<p>Answers:</p><ul>\(answers.joined())</ul></section>
            """
    }

    private static let frames = """
        <h2>Frames</h2><p>One JSON object for each text frame of <code>/v1/ws</code>. A socket that names a
        conversation it has not opened opens it.</p><h3>In</h3><ul>
        <li><code>{"type":"open","conversation"?,"assistant"?,"epoch"?,"after"?}</code></li>
        <li><code>{"type":"message","conversation","text","client_message_id"?}</code></li>
        <li><code>{"type":"typing","conversation","on"}</code></li>
        <li><code>{"type":"read","conversation","sequence"}</code></li>
        <li><code>{"type":"stop","conversation"}</code></li><li><code>{"type":"ping"}</code></li></ul>
        <h3>Out</h3><ul>
        <li><code>{"type":"opened","conversation","epoch","sequence","resumed"}</code></li>
        <li><code>{"type":"accepted","conversation","client_message_id","sequence"}</code></li>
        <li><code>{"type":"message","conversation","message":Message}</code></li>
        <li><code>{"type":"stream-start" | "stream-token" | "stream-end","conversation","message_id","text"?}</code></li>
        <li><code>{"type":"typing","conversation","user","on"}</code>,
        <code>{"type":"read","conversation","user","sequence"}</code></li>
        <li><code>{"type":"state","conversation","state","queue"?,"staff"?}</code>,
        <code>{"type":"alert","conversation","role","safety"?}</code></li>
        <li><code>{"type":"error","code","message","conversation"?,"client_message_id"?}</code>,
        <code>{"type":"pong"}</code></li></ul>
        """

    private static let style = """
        :root { color-scheme: light dark; } body { font: 1rem/1.5 system-ui, sans-serif; margin: 0; }
        main { max-width: 52rem; margin: 0 auto; padding: 1rem; } section { border-top: 1px solid #767676; }
        pre { overflow-x: auto; padding: .75rem; border: 1px solid #767676; border-radius: .4rem; }
        code { font-size: .95em; overflow-wrap: anywhere; } a:focus-visible { outline: 3px solid; outline-offset: 2px; }
        """

    private static func link(_ name: String) -> String { "<a href=\"#\(name)\">\(name)</a>" }

    private static func code(_ value: JSON) -> String { PageResponse.escaped(indented(value, "")) }

    private static func indented(_ value: JSON, _ margin: String) -> String {
        let inner = margin + "  "
        switch value {
        case .object(let object) where object.count > 0:
            let members = object.members.map { "\(inner)\"\($0.name)\": \(indented($0.value, inner))" }
            return "{\n\(members.joined(separator: ",\n"))\n\(margin)}"
        default: return value.encodedText
        }
    }
}

extension Access {
    fileprivate var reader: String {
        switch self {
        case .everyone: "everybody"
        case .anyRole: "every role, and people without a token where an assistant is for them"
        case .bearer: "every role"
        case .staff: "people who answer others"
        case .operators: "operators"
        case .keys: "other systems, with a key"
        case .operatorsOrLocal: "operators, and in development this machine"
        case .demo: "the demo, on this machine"
        }
    }
}
