// SPDX-License-Identifier: Apache-2.0

/// Which web pages may talk to an endpoint from a browser.
package enum AllowedOrigins: Sendable, Hashable {
    /// Pages of any origin, without credentials.
    case any
    /// Pages of these origins, exactly as browsers write them.
    case these([String])

    /// False for a request that comes from a page elsewhere.
    ///
    /// Without an `Origin` it comes from no page.
    package func admit(_ request: HTTPRequest) -> Bool {
        guard case .these(let origins) = self else { return true }
        let values = request.headers.all("Origin")
        guard let origin = values.first else { return true }
        return values.count == 1 && origins.contains(origin)
    }

    /// The header lines that tell a browser.
    package func headers(for request: HTTPRequest) -> HTTPHeaders {
        var headers = HTTPHeaders()
        switch self {
        case .any: headers.add("Access-Control-Allow-Origin", "*")
        case .these:
            headers.add("Vary", "Origin")
            guard admit(request), let origin = request.headers["Origin"] else { break }
            headers.add("Access-Control-Allow-Origin", origin)
            headers.add("Access-Control-Allow-Credentials", "true")
        }
        return headers
    }

    /// The answer to a browser that asks beforehand.
    package func preflight(_ request: HTTPRequest) -> HTTPResponse {
        var headers = headers(for: request)
        headers.add("Access-Control-Allow-Methods", "GET,HEAD,PUT,PATCH,POST,DELETE")
        if let asked = request.headers["Access-Control-Request-Headers"] {
            headers.add("Access-Control-Allow-Headers", asked)
        }
        headers.add("Vary", "Access-Control-Request-Headers")
        return HTTPResponse(status: 204, headers: headers)
    }
}
