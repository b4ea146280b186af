// SPDX-License-Identifier: Apache-2.0

import WireProtocols

// The one place where failures become HTTP statuses of the native API.

extension NativeError {
    static let unknownRoute = NativeError(404, "not-found", "there is nothing at this address")
    static let unauthenticated = NativeError(
        401, "unauthenticated", "a token is needed: Authorization: Bearer <token>",
        headers: [Header(name: "WWW-Authenticate", value: "Bearer")])
    static let forbidden = NativeError(403, "forbidden", "your role may not do this")
    static let foreignOrigin = NativeError(
        403, "foreign-origin", "sockets are opened from the same origin, or from one that 'cors' lists")
    static let upgradeNeeded = NativeError(
        426, "upgrade-required", "this address speaks WebSocket",
        headers: [
            Header(name: "Upgrade", value: "websocket"), Header(name: "Sec-WebSocket-Version", value: "13"),
        ])
    static let contentType = NativeError(
        415, "unsupported-media-type", "the body must be application/json in UTF-8, not compressed")
    static let unknownFile = NativeError(404, "not-found", "there is no such file")
    static let noConversation = NativeError(404, "not-found", "there is no such conversation")

    static func wrongMethod(allowed: [String]) -> NativeError {
        NativeError(
            405, "method-not-allowed", "this address does not take that method",
            headers: [Header(name: "Allow", value: allowed.joined(separator: ", "))])
    }

    static func tooMany(_ quota: RequestLimiter.Quota) -> NativeError {
        NativeError(
            429, "rate-limited", "too many requests; try again later",
            headers: [Header(name: "Retry-After", value: String(quota.reset))]
                + quota.headers.map { Header(name: $0.name, value: $0.value) })
    }

    static func unprocessable(_ details: [Detail]) -> NativeError {
        NativeError(
            422, "unprocessable", "the request does not fit what this address takes", details: details)
    }

    /// A token that proves nothing (RFC 6750 3.1).
    init(_ error: TokenError) {
        self.init(
            401, error.kind.rawValue, error.message,
            headers: [Header(name: "WWW-Authenticate", value: "Bearer error=\"invalid_token\"")])
    }

    /// A body that is no JSON document.
    init(_ error: JSONError) {
        let reason =
            switch error.kind {
            case .unexpectedEnd: "it ends too early"
            case .unexpectedByte: "an unexpected character"
            case .trailingBytes: "something follows the document"
            case .tooDeep: "it is nested too deeply"
            case .duplicateName: "a name occurs twice in one object"
            case .badEscape: "an escape that stands for no character"
            case .badNumber: "a number that is none"
            case .badUTF8: "a text that is not UTF-8"
            case .controlCharacter: "an unescaped control character"
            }
        self.init(400, "malformed-json", "the body is not JSON: \(reason) at byte \(error.offset)")
    }

    /// What a conversation could not do.
    init(_ error: ServiceError) {
        let status =
            switch error.kind {
            case .notFound, .unknownAssistant: 404
            case .forbidden: 403
            case .emptyMessage, .tooLong, .unknownQueue, .queueClosed: 422
            case .conflict, .alreadyClaimed, .notClaimed: 409
            case .busy, .rateLimited: 429
            case .draining, .storageUnavailable: 503
            case .storageFull: 507
            }
        self.init(status, error.kind.rawValue, error.message)
        if status == 422 {
            let isQueue = [.unknownQueue, .queueClosed].contains(error.kind)
            details = [Detail(path: isQueue ? "queue" : "text", message: error.message)]
        }
        if [429, 503].contains(status) { headers = [Header(name: "Retry-After", value: "1")] }
    }
}

extension NativeError {
    /// Why a person was not told of an event.
    init(_ error: EventError) {
        switch error {
        case .unknownEvent: self.init(404, "unknown-event", "there is no such event")
        case .forbidden: self = .forbidden
        case .nobody:
            self.init(404, "unknown-user", "this person has no conversation in which they could be told")
        case .data(let problems):
            self = .unprocessable(
                problems.map {
                    Detail(path: $0.field.isEmpty ? "data" : "data." + $0.field, message: $0.message)
                })
        case .unsayable:
            let detail = Detail(path: "data", message: "makes a message that is empty or too long")
            self = .unprocessable([detail])
        case .keyReused:
            self.init(
                422, "idempotency-key-reused", "this key was used for another event",
                details: [Detail(path: "Idempotency-Key", message: "was used for another event")])
        case .service(let error): self.init(error)
        }
    }
}

extension NativeError {
    init(_ error: FileError) {
        let (status, message) =
            switch error.kind {
            case .malformed: (400, "the body must be multipart/form-data with one part called file")
            case .name: (400, "the file's name is missing, too long or has control characters")
            case .empty: (400, "the file is empty")
            case .tooSlow: (408, "the request body took too long")
            case .tooLarge: (413, "the file is larger than files may be here")
            case .quota: (413, "this conversation may hold no more files")
            case .type: (415, "the file's content is of no type that is taken here")
            case .notFound: (404, "there is no such file")
            case .full: (507, "there is no space left")
            case .unavailable: (503, "files cannot be taken now")
            }
        self.init(
            status, error.kind.rawValue, message,
            headers: status == 503 ? [Header(name: "Retry-After", value: "1")] : [])
    }
}
