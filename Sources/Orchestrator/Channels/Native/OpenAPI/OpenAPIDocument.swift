// SPDX-License-Identifier: Apache-2.0

import Transport
import WireProtocols

/// The description of the native API (OpenAPI 3.1), made from the routes that are dispatched.
enum OpenAPIDocument {
    static let response = HTTPResponse.json(200, document)

    static let document: JSON = [
        "openapi": "3.1.0",
        "info": [
            "title": "Orchestrator native API", "version": "1",
            "description": """
            Conversations with assistants over REST, event streams and WebSocket. Times are ISO 8601 in UTC. Every \
            answer carries X-Request-Id; every failure is a Problem.
            """,
        ],
        "paths": paths,
        "components": [
            "securitySchemes": ["bearer": ["type": "http", "scheme": "bearer", "bearerFormat": "JWT"]],
            "schemas": .object(JSONObject(NativeSchemas.all.map { .init(name: $0.name, value: $0.schema) })),
            "responses": .object(
                JSONObject(problems.map { .init(name: "Problem\($0.status)", value: answer($0)) })),
        ],
    ]

    private static let problems: [NativeRoute.Answer] = [
        .problem(400, "Malformed JSON"), .problem(401, "A token is missing or proves nothing"),
        .problem(403, "Not for your role"), .problem(404, "There is no such thing, or not for you"),
        .problem(405, "Another method"), .problem(409, "It went on elsewhere; try again"),
        .problem(413, "Too large"), .problem(415, "Not JSON"), .problem(422, "Fields do not fit"),
        .problem(429, "Too many requests"), .problem(503, "Not now"), .problem(507, "No space left"),
    ]

    private static var paths: JSON {
        var paths = JSONObject()
        for route in NativeRoute.all {
            var item = paths[route.path]?.members ?? JSONObject()
            item[route.method.lowercased()] = operation(route)
            paths[route.path] = .object(item)
        }
        return .object(paths)
    }

    private static func operation(_ route: NativeRoute) -> JSON {
        var object = JSONObject()
        object["operationId"] = .string(route.operation.rawValue)
        object["summary"] = .string(route.summary)
        object["x-access"] = .string(route.access.rawValue)
        object["security"] = route.access.security
        let parameters =
            route.pathParameters + route.query.map { parameter($0, in: "query") }
            + route.headers.map { parameter($0, in: "header") }
        if !parameters.isEmpty { object["parameters"] = .array(parameters) }
        if let body = route.body {
            object["requestBody"] = [
                "required": .bool(!route.isBodyOptional),
                "content": .object(
                    JSONObject([.init(name: route.bodyType, value: ["schema": Schema.reference(body)])])),
            ]
        }
        object["responses"] = responses(route)
        return .object(object)
    }

    private static func parameter(_ query: NativeRoute.Query, in place: String) -> JSON {
        [
            "name": .string(query.name), "in": .string(place), "required": false, "schema": query.schema,
            "description": .string(query.summary),
        ]
    }

    // Two answers of one status differ in their content type.
    private static func responses(_ route: NativeRoute) -> JSON {
        var responses = JSONObject()
        for one in route.answers {
            let name = String(one.status)
            var known = responses[name]?.members ?? answer(one).members ?? JSONObject()
            var content = known["content"]?.members ?? JSONObject()
            for member in answer(one)["content"]?.members?.members ?? [] {
                content[member.name] = member.value
            }
            if content.count > 0 { known["content"] = .object(content) }
            responses[name] = .object(known)
        }
        for status in route.commonProblems where responses[String(status)] == nil {
            responses[String(status)] =
                route.failsAsOpenAI
                ? answer(
                    .init(status: status, summary: "Not done, in OpenAI's words", schema: "OpenAIProblem"))
                : ["$ref": .string("#/components/responses/Problem\(status)")]
        }
        return .object(responses)
    }

    private static func answer(_ answer: NativeRoute.Answer) -> JSON {
        var object = JSONObject()
        object["description"] = .string(answer.summary)
        guard answer.status != 101 else { return .object(object) }
        let schema = answer.schema.map(Schema.reference) ?? Schema.text
        object["content"] = .object(JSONObject([.init(name: answer.type, value: ["schema": schema])]))
        return .object(object)
    }
}

extension NativeRoute {
    /// The statuses that follow from access, parameters and body.
    var commonProblems: [Int] {
        var statuses: [Int] = []
        switch access {
        case .everyone, .demo: break
        case .anyRole, .bearer: statuses = [401]
        case .keys, .staff, .operators, .operatorsOrLocal: statuses = [401, 403]
        }
        if path.contains("{") { statuses += [404] }
        if body != nil { statuses += [400, 403, 404, 409, 413, 415, 422, 503, 507] }
        if !(query + headers).isEmpty { statuses += [422] }
        if path.hasPrefix("/v1/conversations") { statuses += [503] }
        if operation == .openSocket { statuses += [403] }
        if path.hasPrefix("/v1/") || access == .demo { statuses += [429] }
        return statuses
    }

    fileprivate var pathParameters: [JSON] {
        path.split(separator: "/").filter { $0.hasPrefix("{") }.map { part in
            [
                "name": .string(String(part.dropFirst().dropLast())), "in": "path", "required": true,
                "schema": Schema.text,
            ]
        }
    }
}

extension Access {
    fileprivate var security: JSON {
        switch self {
        case .everyone, .demo: []
        case .anyRole, .operatorsOrLocal: [["bearer": []], [:]]
        case .bearer, .keys, .staff, .operators: [["bearer": []]]
        }
    }
}
