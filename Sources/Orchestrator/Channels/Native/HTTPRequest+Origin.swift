// SPDX-License-Identifier: Apache-2.0

import Transport

extension HTTPRequest {
    /// Headers that say a request came through someone else.
    private static let forwarding = [
        "Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-IP", "Via",
    ]

    private var wasForwarded: Bool { Self.forwarding.contains { headers[$0] != nil } }

    /// True when the client is on this machine and nobody stands between.
    var isDirectlyLocal: Bool { isLoopbackPeer && !wasForwarded }

    /// The demo's conditions that the request decides.
    ///
    /// The name in `Host` must be this machine's, or a page elsewhere could have its own name point here (DNS
    /// rebinding).
    var mayDemo: Bool { isDirectlyLocal && isLoopbackHost && isSameOrigin }

    /// True without an `Origin`, and when it is the one this request was sent to.
    var isSameOrigin: Bool {
        let origins = headers.all("Origin")
        guard let origin = origins.first else { return true }
        guard origins.count == 1, let host = headers["Host"]?.lowercased() else { return false }
        let value = origin.lowercased()
        return value == "http://" + host || value == "https://" + host
    }

    private var isLoopbackHost: Bool {
        guard let host = headers["Host"]?.lowercased() else { return false }
        let name = host.hasPrefix("[") ? host.prefix { $0 != "]" }.dropFirst() : host.prefix { $0 != ":" }
        return ListenAddress(host: String(name), port: 0).isLoopback
    }

    /// What the client offers to speak over a socket.
    var subprotocols: [String] {
        headers.all("Sec-WebSocket-Protocol").flatMap { $0.split(separator: ",") }
            .map {
                String(
                    $0.drop { $0 == " " || $0 == "\t" }.reversed().drop { $0 == " " || $0 == "\t" }.reversed()
                )
            }
    }

    /// Browsers cannot set headers on a socket, so the token comes as `bearer.<token>`.
    var subprotocolToken: String? {
        subprotocols.first { $0.hasPrefix("bearer.") }.map { String($0.dropFirst("bearer.".count)) }
    }
}
