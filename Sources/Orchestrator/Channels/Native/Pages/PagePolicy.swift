// SPDX-License-Identifier: Apache-2.0

internal import COpenSSL
import Transport

/// A page that needs nothing from elsewhere: one document, with a policy that lets only its own script and style run.
struct PageResponse: Sendable {
    let response: HTTPResponse

    init(html: String, style: String, script: String) {
        let policy =
            "default-src 'none'; script-src '\(Self.hash(script))'; style-src '\(Self.hash(style))'; "
            + "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
        response = HTTPResponse(
            status: 200,
            headers: [
                "Content-Type": "text/html; charset=utf-8", "Content-Security-Policy": policy,
                "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer",
                "Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Resource-Policy": "same-origin",
                "Cache-Control": "no-store",
            ], body: .bytes(Array(html.utf8)))
    }

    /// CSP Level 3, 2.3.1: `sha256-` and the hash in padded Base64.
    private static func hash(_ source: String) -> String {
        let digest = [UInt8](unsafeUninitializedCapacity: 32) { out, count in
            let bytes = Array(source.utf8)
            _ = SHA256(bytes, bytes.count, out.baseAddress)
            count = 32
        }
        let text = Base64URL.encode(digest).map { $0 == "-" ? "+" : $0 == "_" ? "/" : $0 }
        return "sha256-" + String(text) + "="
    }

    /// Text as it may stand in HTML, in quotation marks too.
    static func escaped(_ text: String) -> String {
        var out = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": out += "&amp;"
            case "<": out += "&lt;"
            case ">": out += "&gt;"
            case "\"": out += "&quot;"
            case "'": out += "&#39;"
            default: out.unicodeScalars.append(scalar)
            }
        }
        return out
    }
}
