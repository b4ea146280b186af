// SPDX-License-Identifier: Apache-2.0
import Diagnostics

/// Another system that is told what happens in conversations.
struct WebhookConfig: ConfigMap {
    static let title = "a webhook"

    let url: Located<String>
    let secrets: [Located<Secret>]
    let events: [Located<String>]
    let timeout: Located<Duration>
    let connectTimeout: Located<Duration>
    let attempts: Located<Int>
    let backlog: Located<Int>
    let privateNetworks: [Located<String>]
    let certificates: Located<String>?

    init(_ map: MapReader) {
        url = map.required("url", .text, "Where it is told, by POST; empty switches it off.")
        secrets = map.required(
            "secret", .oneOrMore(.secret),
            "What signs it, at least 24 bytes or `whsec_...`; a list, newest first, while it is being changed."
        )
        events = map.required(
            "events", .list(.word(WebhookEvent.Kind.allCases.map(\.rawValue))), "What it is told of.")
        timeout = map.value("timeout", .duration, default: "5s", "For one attempt.")
        connectTimeout = map.connectTimeout()
        attempts = map.value(
            "attempts", .integer(1...20), default: "10",
            "After so many that failed it is given up; the pauses between them grow from 1 s to 5 m.")
        backlog = map.value(
            "backlog", .integer(1...100_000), default: "1000",
            "So much waits for a receiver that is slow or down; then the oldest is given up.")
        privateNetworks = map.privateNetworks()
        certificates = map.certificates()
    }
}
