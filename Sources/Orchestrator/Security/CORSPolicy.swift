// SPDX-License-Identifier: Apache-2.0

package import Transport

/// Which pages of other origins may read our answers (Fetch standard, 3.2), and open sockets.
///
/// An allowed origin is repeated to the browser, never `*` together with credentials. A dialect whose contract names
/// methods or headers sets its own.
package struct CORSPolicy: Sendable, Hashable {
    /// Whose pages.
    package enum Origins: Sendable, Hashable {
        case none
        /// `scheme://host[:port]` in small letters, exactly as a browser says it.
        case listed(Set<String>)
        /// Everybody's, sandboxed pages of origin `null` included.
        case any
    }

    /// Whose pages.
    package var origins: Origins
    /// For `Access-Control-Allow-Methods`.
    package var methods = "GET, POST, PUT, PATCH, DELETE, OPTIONS"
    /// For `Access-Control-Allow-Headers`; nil allows whatever the browser asks for.
    package var headers: String? =
        "Authorization, Content-Type, Accept, Idempotency-Key, Last-Event-ID, X-Conversation-ID, X-Requested-With"
    /// For `Access-Control-Expose-Headers`.
    package var exposed = "X-Request-Id, Retry-After, RateLimit-Limit, RateLimit-Remaining, RateLimit-Reset"
    /// Cookies and the like may come along; has no effect for pages of any origin.
    package var allowsCredentials = false
    /// How long a browser may remember the answer to a preflight.
    package var maxAge = Duration.seconds(600)

    /// A policy for those origins.
    package init(_ origins: Origins = .none) { self.origins = origins }

    /// True when no page elsewhere may read anything.
    package var isClosed: Bool { origins == .none }

    /// What `Access-Control-Allow-Origin` says to a page of that origin; nil when it is not allowed.
    package func allowed(_ origin: String) -> String? {
        switch origins {
        case .none: nil
        case .listed(let listed): listed.contains(origin.lowercased()) ? origin : nil
        case .any: "*"
        }
    }

    /// The answer to a preflight; nil for any other request.
    ///
    /// To a page that is not allowed it says nothing, and the browser keeps the request back.
    package func preflight(_ request: HTTPRequest) -> HTTPResponse? {
        guard !isClosed, request.method == "OPTIONS", request.headers["Origin"] != nil,
            request.headers["Access-Control-Request-Method"] != nil
        else { return nil }
        var headers: HTTPHeaders = [
            "Vary": "Origin, Access-Control-Request-Method, Access-Control-Request-Headers"
        ]
        let origins = request.headers.all("Origin")
        if origins.count == 1, let allowed = allowed(origins[0]) {
            headers.add("Access-Control-Allow-Origin", allowed)
            if allowsCredentials, allowed != "*" { headers.add("Access-Control-Allow-Credentials", "true") }
            headers.add("Access-Control-Allow-Methods", methods)
            let asked = request.headers["Access-Control-Request-Headers"]
            if let names = self.headers ?? asked { headers.add("Access-Control-Allow-Headers", names) }
            headers.add("Access-Control-Max-Age", String(maxAge.components.seconds))
        }
        var response = HTTPResponse(status: 204, headers: headers)
        response.route = "preflight"
        return response
    }

    /// Adds to an answer what lets a page of an allowed origin read it.
    package func mark(_ response: inout HTTPResponse, for request: HTTPRequest) {
        switch origins {
        case .none: return
        case .any: response.headers["Access-Control-Allow-Origin"] = "*"
        case .listed:
            response.headers.add("Vary", "Origin")
            let origins = request.headers.all("Origin")
            guard origins.count == 1, let allowed = allowed(origins[0]) else { return }
            response.headers["Access-Control-Allow-Origin"] = allowed
            if allowsCredentials { response.headers["Access-Control-Allow-Credentials"] = "true" }
        }
        response.headers["Access-Control-Expose-Headers"] = exposed
    }

    /// True when a page may open a socket here: our own, or one of an allowed origin.
    ///
    /// A browser sends what it knows of the person to any address (CSWSH); programs that are no browsers send no
    /// origin.
    package func allowsSocket(_ request: HTTPRequest) -> Bool {
        if request.isSameOrigin { return true }
        let origins = request.headers.all("Origin")
        return origins.count == 1 && allowed(origins[0]) != nil
    }
}

extension CORSPolicy {
    /// `scheme://host[:port]` as a browser says it, in small letters; nil for anything else.
    package static func origin(_ text: String) -> String? {
        let lower = text.lowercased()
        let schemes = ["http://", "https://"]
        guard let scheme = schemes.first(where: lower.hasPrefix) else { return nil }
        let rest = lower.dropFirst(scheme.count)
        let host = rest.hasPrefix("[") ? rest.prefix { $0 != "]" } + "]" : rest.prefix { $0 != ":" }
        let port = rest.dropFirst(host.count)
        guard !host.isEmpty, host != "[]", rest.hasPrefix(host),
            host.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || "-._:[]".contains($0)) }),
            port.isEmpty || (port.first == ":" && UInt16(port.dropFirst()) != nil)
        else { return nil }
        return lower
    }
}
