// SPDX-License-Identifier: Apache-2.0
package import Transport

/// A backend that is asked over HTTP.
package struct HTTPBackend: Sendable {
    /// What a call proves itself with.
    package enum Authorization: Sendable {
        case none
        /// The caller's own token, and only where one of these issuers made it.
        case forward(issuers: Set<String>)
        case bearer(Secret)
        case basic(user: String, password: Secret)
        case header(name: String, value: Secret)
        case clientCredentials(ClientCredentials)
    }

    /// How a token of our own is got (RFC 6749 4.4).
    package struct ClientCredentials: Sendable, Hashable {
        /// Where it is asked for.
        package var url: String
        /// Who we are there.
        package var client: String
        /// What proves it.
        package var secret: Secret
        /// What we ask for; nil leaves it to the server.
        package var scope: String?
        /// Where it may be.
        package var destinations: AllowedDestinations

        /// Credentials of these parts.
        package init(
            url: String, client: String, secret: Secret, scope: String?,
            destinations: AllowedDestinations = .any
        ) {
            self.url = url
            self.client = client
            self.secret = secret
            self.scope = scope
            self.destinations = destinations
        }
    }

    /// The backend's name.
    package var name: String
    /// Its address without a slash at the end; paths are added to it.
    package var url: String
    /// What a call proves itself with.
    package var authorization: Authorization = .none
    /// Sent with every call.
    package var headers: [(name: String, value: String)] = []
    /// For an action with all its attempts.
    package var timeout: Duration = .seconds(5)
    /// For one connection.
    package var connectTimeout: Duration = .seconds(1)
    /// Attempts after the first that failed.
    package var retries = 0
    /// Whether it carries out a write once for each `Idempotency-Key`.
    package var deduplicates = false
    /// Bytes of an answer.
    package var maxBytes = 1_048_576
    /// Where it may be.
    package var destinations: AllowedDestinations = .any
    /// Certificates trusted in place of the system's, relative to the folder that holds `bots/`.
    package var certificates: String?

    /// A backend of that name and address.
    package init(name: String, url: String) {
        self.name = name
        self.url = url
    }
}

/// What an action asks an HTTP backend, and where in its answer the output is.
package struct HTTPOperation: Sendable {
    /// Whom.
    package var backend: HTTPBackend
    /// `GET`, `POST`, `PUT`, `PATCH` or `DELETE`.
    package var method: String
    /// The path, each `${...}` inside one segment of it.
    package var path: Template
    /// After the path; what has no value is left out.
    package var query: [ValueTemplate.Member] = []
    /// Sent as JSON; nil sends none.
    package var body: ValueTemplate?
    /// Sent besides the backend's.
    package var headers: [(name: String, value: Template)] = []
    /// The error's name by status code.
    package var errors: [Int: String] = [:]
    /// The path in the answer at which the output begins.
    package var from: [String] = []
    /// How the output is read.
    package var shape: OutputShape = .value(.any)
    /// Which rows of a list are kept, by the names of the output.
    package var filters: [RecordOperation.Filter] = []
    /// Their order.
    package var order: [RecordOperation.Order] = []
    /// At most so many.
    package var limit: Int?

    /// A call of that method and path.
    package init(backend: HTTPBackend, method: String, path: Template) {
        self.backend = backend
        self.method = method
        self.path = path
    }

    /// All look-ups of what is sent and of the filters.
    var expressions: [Template.Expression] {
        let sent = query.map(\.value) + (body.map { [$0] } ?? [])
        return path.expressions + sent.flatMap(\.expressions) + headers.flatMap(\.value.expressions)
            + filters.flatMap(\.test.expressions) + shape.expressions
    }
}

/// The declared output of an action, with the places in an answer that its parts are read from.
package indirect enum OutputShape: Sendable {
    /// Where a part is found.
    package enum Source: Sendable {
        /// Names joined by dots.
        case path([String])
        /// Put together; `${item...}` is the object that holds it.
        case template(Template)
    }

    /// One named part.
    package struct Field: Sendable {
        /// The part's name.
        package var name: String
        /// Where it is found.
        package var source: Source
        /// What it is.
        package var shape: OutputShape

        /// A named part.
        package init(name: String, source: Source, shape: OutputShape) {
            self.name = name
            self.source = source
            self.shape = shape
        }
    }

    case value(ValueType)
    case list(OutputShape)
    case object([Field])

    /// The type that the flows see.
    package var type: ValueType {
        switch self {
        case .value(let type): type
        case .list(let item): .list(item.type)
        case .object(let fields): .object(fields.map { .init(name: $0.name, type: $0.shape.type) })
        }
    }

    /// All look-ups of the templates in it.
    var expressions: [Template.Expression] {
        switch self {
        case .value: return []
        case .list(let item): return item.expressions
        case .object(let fields):
            return fields.flatMap { field in
                if case .template(let template) = field.source {
                    return template.expressions + field.shape.expressions
                }
                return field.shape.expressions
            }
        }
    }
}
