// SPDX-License-Identifier: Apache-2.0

/// What a listener accepts; every limit says its unit, and the answer when it is passed.
struct LimitsConfig: ConfigMap {
    static let title = "'limits'"

    let requests: RequestLimitConfig?
    let logins: LoginLimitConfig?
    let events: EventLimitConfig?
    let headerBytes: Located<Int>
    let headerCount: Located<Int>
    let targetBytes: Located<Int>
    let bodyBytes: Located<Int>
    let jsonDepth: Located<Int>
    let webSocketMessageBytes: Located<Int>
    let sendQueueBytes: Located<Int>
    let webSocketCompression: Located<Bool>
    let connections: Located<Int>
    let headerDeadline: Located<Duration>
    let bodyDeadline: Located<Duration>
    let idleDeadline: Located<Duration>
    let pingInterval: Located<Duration>
    let pingGrace: Located<Duration>
    let malformedFrames: Located<Int>
    let messageCharacters: Located<Int>
    /// The keys the author wrote: a channel keeps the values of its dialect for the others.
    let written: Set<String>
    let upload: UploadConfig?

    init(_ map: MapReader) {
        requests = map.optional(
            "requests", .object(RequestLimitConfig.self), "How often one person or address may ask (429).")
        logins = map.optional(
            "logins", .object(LoginLimitConfig.self), "How often one address may try a password (429).")
        events = map.optional(
            "events", .object(EventLimitConfig.self), "How often one person is told of events (429).")
        headerBytes = map.value(
            "header_bytes", .integer(256...1_048_576), default: "16384",
            "Bytes of a request's header block (431).")
        headerCount = map.value(
            "header_count", .integer(1...10_000), default: "100", "Header lines of a request (431).")
        targetBytes = map.value(
            "target_bytes", .integer(64...65_536), default: "8192",
            "Bytes of a request's path and query (414).")
        bodyBytes = map.value(
            "body_bytes", .integer(1...1_073_741_824), default: "1048576", "Bytes of a request's body (413).")
        jsonDepth = map.value(
            "json_depth", .integer(1...1_000), default: "64", "Nested lists and objects of a JSON body (400)."
        )
        webSocketMessageBytes = map.value(
            "websocket_message_bytes", .integer(1...1_073_741_824), default: "1048576",
            "Bytes of one WebSocket message (close 1009).")
        sendQueueBytes = map.value(
            "send_queue_bytes", .integer(1_024...1_073_741_824), default: "1048576",
            "Bytes waiting for a client that does not read (close 1008).")
        webSocketCompression = map.value(
            "websocket_compression", .boolean, default: "true",
            "WebSocket messages are compressed for clients that offer it (permessage-deflate).")
        connections = map.value(
            "connections", .integer(1...1_000_000), default: "100000", "Connections at one time (503).")
        headerDeadline = map.value(
            "header_deadline", .duration, default: "10s", "Time for a request's header block (408).")
        bodyDeadline = map.value(
            "body_deadline", .duration, default: "60s", "Time for a request's body (408).")
        idleDeadline = map.value(
            "idle_deadline", .duration, default: "75s",
            "Time between two requests of a connection; longer than most proxies keep theirs.")
        pingInterval = map.value(
            "ping_interval", .duration, default: "20s", "Time between the pings that keep a WebSocket alive.")
        pingGrace = map.value(
            "ping_grace", .duration, default: "10s",
            "Time for the answer to a ping, after which the peer is gone.")
        malformedFrames = map.value(
            "malformed_frames", .integer(1...10_000), default: "20",
            "Frames a WebSocket may get wrong (close 1008).")
        messageCharacters = map.value(
            "message_characters", .integer(1...1_000_000), default: "8192",
            "Characters (Unicode scalars) of a message (422).")
        upload = map.optional("upload", .object(UploadConfig.self), "Which files are taken (413, 415).")
        written = Set(map.declarations.map(\.name).filter(map.has))
    }
}

struct RequestLimitConfig: ConfigMap {
    static let title = "'requests'"

    let max: Located<Int>
    let per: Located<Duration>

    init(_ map: MapReader) {
        max = map.value("max", .integer(1...1_000_000), default: "600", "So many requests and messages...")
        per = map.value("per", .duration, default: "1m", "...in so much time.")
    }
}

struct EventLimitConfig: ConfigMap {
    static let title = "'events'"

    let max: Located<Int>
    let per: Located<Duration>

    init(_ map: MapReader) {
        max = map.value("max", .integer(1...1_000_000), default: "30", "So many events about one person...")
        per = map.value("per", .duration, default: "1m", "...in so much time.")
    }
}

struct LoginLimitConfig: ConfigMap {
    static let title = "'logins'"

    let perAccount: Located<Int>
    let perAddress: Located<Int>
    let per: Located<Duration>

    init(_ map: MapReader) {
        perAccount = map.value(
            "per_account", .integer(1...1_000_000), default: "10",
            "So many tries of one address on one account; another address has its own...")
        perAddress = map.value(
            "per_address", .integer(1...1_000_000), default: "100",
            "...so many of one address on all accounts...")
        per = map.value("per", .duration, default: "1m", "...in so much time.")
    }
}
