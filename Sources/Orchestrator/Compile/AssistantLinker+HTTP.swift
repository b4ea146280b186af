// SPDX-License-Identifier: Apache-2.0
import Diagnostics
import Transport
import WireProtocols

extension AssistantLinker {
    /// Says which keys of an action or its backend belong to another type of backend.
    mutating func checkKeys(_ config: ActionConfig, _ name: String, _ backend: BackendConfig?) {
        guard let backend, !config.backend.value.isEmpty else { return }
        let type = backend.type.value
        let records = (config.operation?.recordKeys ?? []) + (config.atomic == nil ? [] : [config.atomicKey])
        let foreign = type == "http" ? records : (config.http.method.map { [$0] } ?? []) + config.http.keys
        for key in foreign {
            findings.error(
                "action-backend", at: key.range,
                "the action '\(name)' has '\(key.value.lowercased())', which a backend of type '\(type)' does not do",
                help: type == "http"
                    ? "say what is asked: 'get: /path', 'post: /path', ..."
                    : "say what happens to a collection: 'select: NAME', 'insert: NAME', ...")
        }
        if type != "http" { checkBackendKeys(backend, config.backend.value) }
        if type != "http", let source = config.shape?.firstSource {
            findings.error(
                "action-backend", at: source,
                "the action '\(name)' says where its output is found, which is for a backend of type 'http'",
                help: "name the output as the fields of the collection are named")
        }
    }

    private mutating func checkBackendKeys(_ backend: BackendConfig, _ name: String) {
        for key in backend.httpKeys {
            findings.error(
                "backend-key", at: key.range,
                "'\(key.value)' is for a backend of type 'http', and '\(name)' is of type '\(backend.type.value)'",
                help: "remove it, or write 'type: http'")
        }
    }

    mutating func linkHTTP(_ config: ActionConfig, _ name: String, _ backend: BackendConfig) {
        guard let method = config.http.method, let path = config.http.path,
            let compiled = link(backend, named: config.backend.value)
        else { return }
        let input = config.input.map { ValueType.Field(name: $0.name.value, type: $0.value.value) }
        let scope = self.scope.with("input", .object(input))
        var operation = HTTPOperation(backend: compiled, method: method.value, path: path)
        checkPath(path, at: method.range, name)
        scope.check(path, &findings)
        operation.query = config.http.query.map { .init(name: $0.name.value, value: $0.value) }
        operation.body = config.http.body
        operation.headers = config.http.headers.map { ($0.name.value, $0.value) }
        operation.from = config.http.from?.value.split(separator: ".").map(String.init) ?? []
        operation.shape = config.shape?.shape ?? .value(.any)
        operation.errors = errors(backend.errors).merging(errors(config.http.errors)) { $1 }
        config.http.query.forEach { scope.check($0.value, &findings) }
        config.http.headers.forEach { header in
            scope.check(header.value, &findings)
            checkHeader(header.name)
        }
        config.http.body.map { scope.check($0, &findings) }
        let itemScope = scope.with("item", .any)
        config.shape?.templates.forEach { itemScope.check($0, &findings) }
        linkRows(config, into: &operation, name, in: scope)
        let used = Set(
            operation.expressions.map(\.path).filter { $0.first == "input" }.compactMap {
                $0.dropFirst().first
            })
        warnUnusedInput(config, name, used)
        parts.actions[name] = Action(
            name: name, backend: .http(operation), input: input, output: operation.shape.type,
            isWrite: method.value != "GET")
    }

    private mutating func linkRows(
        _ config: ActionConfig, into operation: inout HTTPOperation, _ name: String, in scope: TypeScope
    ) {
        guard let rows = config.operation else { return }
        operation.filters = rows.filters.map { filter($0, in: scope) }
        operation.order = rows.order.map { key in
            let isDescending = key.value.hasPrefix("-")
            return .init(
                field: isDescending ? String(key.value.dropFirst()) : key.value, isDescending: isDescending)
        }
        operation.limit = rows.limit?.value
        guard !config.outputNames.isEmpty else { return }
        let known = config.outputNames.map(\.value)
        for field in rows.filters.map(\.name) where !known.contains(String(field.value.prefix { $0 != "." }))
        {
            findings.error(
                "field-unknown", at: field.range,
                "the output of the action '\(name)' has no '\(field.value)'",
                help: nearestName(to: field.value, in: known).map { "did you mean '\($0)'?" }
                    ?? "it has \(quotedList(known))")
        }
    }

    // MARK: - The backend

    private mutating func link(_ config: BackendConfig, named name: String) -> HTTPBackend? {
        guard let url = config.url else {
            findings.error(
                "backend-url", at: config.type.range, "the backend '\(name)' does not say where it is",
                help: "add 'url: https://host/base'")
            return nil
        }
        let networks = networks(config.privateNetworks)
        guard let destinations = destinations(url, networks) else { return nil }
        var backend = HTTPBackend(name: name, url: url.value.droppingLastSlash)
        backend.destinations = destinations
        backend.headers = config.headers.map { header in
            checkHeader(header.name)
            return (header.name.value, header.value.value)
        }
        backend.timeout = config.timeout.value
        backend.connectTimeout = config.connectTimeout.value
        backend.retries = config.retries.value
        backend.deduplicates = config.deduplicates.value
        backend.maxBytes = config.maxBytes.value
        backend.certificates = config.certificates?.value
        backend.authorization = authorization(config.auth, of: name, networks)
        return backend
    }

    private mutating func authorization(
        _ config: BackendAuthConfig?, of name: String, _ networks: [NetworkRange]
    ) -> HTTPBackend.Authorization {
        guard case .form(let form) = config else { return .none }
        if let issuers = form.forward {
            issuers.forEach { index.issuers.resolve($0, for: "the backend '\(name)'", &findings) }
            return .forward(issuers: Set(issuers.map(\.value)))
        }
        if let token = form.bearer { return .bearer(token.value) }
        if let basic = form.basic { return .basic(user: basic.user.value, password: basic.password.value) }
        if let header = form.header {
            checkHeader(header.name)
            return .header(name: header.name.value, value: header.value.value)
        }
        guard let client = form.clientCredentials, let destinations = destinations(client.url, networks)
        else {
            return .none
        }
        return .clientCredentials(
            .init(
                url: client.url.value, client: client.client.value, secret: client.secret.value,
                scope: client.scope?.value, destinations: destinations))
    }

    mutating func networks(_ written: [Located<String>]) -> [NetworkRange] {
        written.compactMap { text in
            let range = NetworkRange(text.value)
            if range == nil {
                findings.error(
                    "network-form", at: text.range, "'\(text.value)' is not an address or a range of them",
                    help: "write 10.0.0.7, 10.0.0.0/8 or fd00::/8")
            }
            return range
        }
    }

    /// Public addresses, those allowed, and what the author wrote out as the host itself.
    mutating func destinations(
        _ url: Located<String>, _ networks: [NetworkRange], code: String = "backend-url"
    ) -> AllowedDestinations? {
        guard let host = HTTPAddress(url.value)?.host else {
            findings.error(
                code, at: url.range, "'\(url.value)' is not the address of an HTTP server",
                help: "write it as 'https://host/base', without '?' and '#'")
            return nil
        }
        let own = host == "localhost" ? ["127.0.0.0/8", "::1"] : [host]
        return .publicOnes(and: networks + own.compactMap { NetworkRange($0) })
    }

    // MARK: - Forms

    private mutating func checkPath(_ path: Template, at range: Diagnostics.SourceRange, _ name: String) {
        var literal = ""
        for case .text(let text) in path.segments { literal += text }
        guard case .text(let start)? = path.segments.first, start.hasPrefix("/"),
            !literal.contains(where: { "?# \\".contains($0) })
        else {
            findings.error(
                "action-path", at: range, "the path of the action '\(name)' cannot be asked for",
                help: "begin it with '/', and write what would follow a '?' under 'query:'")
            return
        }
    }

    private mutating func errors(_ config: [Named<Located<String>>]) -> [Int: String] {
        var errors: [Int: String] = [:]
        for entry in config {
            guard let status = Int(entry.name.value), (400...599).contains(status) else {
                findings.error(
                    "error-status", at: entry.name.range,
                    "'\(entry.name.value)' is not the status of an error",
                    help: "write one from 400 to 599, as in '409: conflict'")
                continue
            }
            errors[status] = entry.value.value
        }
        return errors
    }

    private mutating func checkHeader(_ name: Located<String>) {
        let isToken = name.value.utf8.allSatisfy {
            $0 > 0x20 && $0 < 0x7f && !"\"(),/:;<=>?@[\\]{}".utf8.contains($0)
        }
        guard !isToken || name.value.isEmpty else { return }
        findings.error(
            "header-name", at: name.range, "'\(name.value)' is not the name of a header",
            help: "write it as 'X-Api-Key', without a colon")
    }
}
