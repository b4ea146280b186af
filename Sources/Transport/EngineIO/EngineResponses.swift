// SPDX-License-Identifier: Apache-2.0
internal import WireProtocols

extension HTTPResponse {
    static func refusal(_ why: EngineRefusal, _ headers: HTTPHeaders) -> HTTPResponse {
        HTTPResponse(
            status: why.status, headers: headers.adding("Content-Type", "application/json"),
            body: .bytes(why.body))
    }

    /// A poll's answer; without a body the session ended under it.
    static func poll(_ body: [UInt8]?, _ headers: HTTPHeaders) -> HTTPResponse {
        guard let body else { return .refusal(.badRequest, headers) }
        return HTTPResponse(
            status: 200, headers: headers.uncached("text/plain; charset=UTF-8"), body: .bytes(body))
    }

    static func push(_ verdict: EngineSession.Push, _ headers: HTTPHeaders) -> HTTPResponse {
        switch verdict {
        // `text/html` as clients know it; two letters cannot be a page.
        case .taken:
            HTTPResponse(status: 200, headers: headers.uncached("text/html"), body: .bytes(Array("ok".utf8)))
        case .refused(let why): .refusal(why, headers)
        case .tooLarge: HTTPResponse(status: 413, headers: headers)
        }
    }

    static func upgrade(_ connection: EngineConnection, _ headers: HTTPHeaders) -> HTTPResponse {
        HTTPResponse(status: 101, headers: headers, body: .received(by: connection, settings: .withoutPings))
    }
}

extension HTTPHeaders {
    func adding(_ name: String, _ value: String) -> HTTPHeaders {
        var headers = self
        headers.add(name, value)
        return headers
    }

    fileprivate func uncached(_ type: String) -> HTTPHeaders {
        adding("Content-Type", type).adding("Cache-Control", "no-store")
    }
}

/// Ids that nobody can guess: 120 bits as 20 digits of base 64 for addresses.
package enum RandomName {
    private static let alphabet = Array(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)

    /// A new one.
    package static func make() -> String {
        var generator = SystemRandomNumberGenerator()
        var (low, high) = (generator.next() as UInt64, generator.next() as UInt64)
        return String(unsafeUninitializedCapacity: 20) { digits in
            for index in 0..<20 {
                digits[index] = alphabet[Int(low & 63)]
                low = low >> 6 | high << 58
                high >>= 6
            }
            return 20
        }
    }
}
