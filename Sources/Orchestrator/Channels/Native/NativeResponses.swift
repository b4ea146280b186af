// SPDX-License-Identifier: Apache-2.0

import Transport
import WireProtocols

extension HTTPResponse {
    // Built once: a header block is bytes, so taking a copy costs a reference.
    private static let jsonHeaders: HTTPHeaders = [
        "Content-Type": "application/json", "X-Content-Type-Options": "nosniff", "Cache-Control": "no-store",
        "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
        "Referrer-Policy": "no-referrer",
    ]

    /// A JSON document.
    static func json(_ status: Int = 200, _ body: JSON) -> HTTPResponse {
        HTTPResponse(status: status, headers: jsonHeaders, body: .bytes(body.encoded()))
    }

    /// A JSON document that is encoded already.
    static func json(_ status: Int = 200, encoded: [UInt8]) -> HTTPResponse {
        HTTPResponse(status: status, headers: jsonHeaders, body: .bytes(encoded))
    }

    /// A failure.
    static func failure(_ error: NativeError, requestID: String) -> HTTPResponse {
        var response = HTTPResponse.json(error.status, error.body(requestID: requestID))
        for header in error.headers { response.headers.add(header.name, header.value) }
        return response
    }

    /// Text for programs and people.
    static func text(_ text: String, type: String) -> HTTPResponse {
        let headers: HTTPHeaders = [
            "Content-Type": type, "X-Content-Type-Options": "nosniff", "Cache-Control": "no-store",
        ]
        return HTTPResponse(status: 200, headers: headers, body: .bytes(Array(text.utf8)))
    }
}
