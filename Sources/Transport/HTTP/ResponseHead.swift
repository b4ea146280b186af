// SPDX-License-Identifier: Apache-2.0

/// The bytes of an answer's head, written once, front to back.
struct ResponseHead {
    private(set) var bytes: [UInt8] = []
    private let status: Int

    /// RFC 9110 6.4.1: these never have a body, not even an empty one with a length.
    var allowsBody: Bool { status != 204 && status != 304 && status >= 200 }

    init(_ response: HTTPResponse, id: RequestID) {
        status = min(max(response.status, 200), 599)
        bytes.reserveCapacity(240 + response.headers.block.count)
        bytes.append(contentsOf: Self.statusLines[status - 200])
        bytes.append(contentsOf: response.headers.block)
        add("X-Request-Id: ")
        id.append(to: &bytes)
        add("\r\n")
    }

    mutating func addLength(_ count: Int) {
        guard allowsBody else { return }
        add("Content-Length: ")
        add(String(count))
        add("\r\n")
    }

    mutating func addChunked() {
        if allowsBody { add("Transfer-Encoding: chunked\r\n") }
    }

    mutating func end(date: UnsafeRawBufferPointer, closes: Bool, speaksHTTP11: Bool) {
        bytes.append(contentsOf: date)
        if closes {
            add("Connection: close\r\n")
        } else if !speaksHTTP11 {
            add("Connection: keep-alive\r\n")
        }
        add("\r\n")
    }

    private mutating func add(_ text: String) { bytes.append(contentsOf: text.utf8) }

    private static let statusLines: [[UInt8]] = (200..<600).map { status in
        Array("HTTP/1.1 \(status) \(reasons[status] ?? "Status")\r\n".utf8)
    }

    private static let reasons: [Int: String] = [
        200: "OK", 201: "Created", 202: "Accepted", 204: "No Content", 206: "Partial Content",
        301: "Moved Permanently", 302: "Found", 303: "See Other", 304: "Not Modified",
        307: "Temporary Redirect",
        308: "Permanent Redirect", 400: "Bad Request", 401: "Unauthorized", 403: "Forbidden",
        404: "Not Found",
        405: "Method Not Allowed", 406: "Not Acceptable", 408: "Request Timeout", 409: "Conflict",
        410: "Gone",
        413: "Content Too Large", 414: "URI Too Long", 415: "Unsupported Media Type",
        417: "Expectation Failed",
        422: "Unprocessable Content", 426: "Upgrade Required", 429: "Too Many Requests",
        431: "Request Header Fields Too Large", 500: "Internal Server Error", 501: "Not Implemented",
        502: "Bad Gateway", 503: "Service Unavailable", 504: "Gateway Timeout",
        505: "HTTP Version Not Supported",
        507: "Insufficient Storage",
    ]
}

extension HTTPHeaders {
    /// What a 426 answer must say (RFC 9110 15.5.22, RFC 6455 4.4).
    func addingUpgradeHint() -> HTTPHeaders {
        var headers = self
        headers.add("Upgrade", "websocket")
        headers.add("Sec-WebSocket-Version", "13")
        return headers
    }
}
