// SPDX-License-Identifier: Apache-2.0
internal import CCurl
internal import Glibc

extension HTTPClientError.Kind {
    /// What libcurl's result means; `text` is its own explanation.
    init(_ result: CURLcode, easy: UnsafeMutableRawPointer, text: UnsafePointer<CChar>) {
        self =
            switch result {
            case CURLE_COULDNT_CONNECT: Self.failedConnection(easy)
            case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY, CURLE_INTERFACE_FAILED: .unreachable
            // libcurl is given one deadline only.
            case CURLE_OPERATION_TIMEDOUT: .timeout(.connect)
            case CURLE_URL_MALFORMAT: .badRequest
            case CURLE_FILESIZE_EXCEEDED: .tooLarge
            // A chunk that is none has no code of its own.
            case CURLE_RECV_ERROR where strstr(text, "chunked-encoding") != nil: .malformed
            case CURLE_RECV_ERROR, CURLE_SEND_ERROR, CURLE_PARTIAL_FILE, CURLE_GOT_NOTHING,
                CURLE_HTTP2_STREAM,
                CURLE_SEND_FAIL_REWIND:
                .cut
            case CURLE_UNSUPPORTED_PROTOCOL, CURLE_WEIRD_SERVER_REPLY, CURLE_BAD_CONTENT_ENCODING,
                CURLE_HTTP2,
                CURLE_HTTP_RETURNED_ERROR, CURLE_BAD_FUNCTION_ARGUMENT, CURLE_WRITE_ERROR:
                .malformed
            case CURLE_OUT_OF_MEMORY: .saturated
            default: Self.tlsResults.contains(result.rawValue) ? .tls : .malformed
            }
    }

    private static func failedConnection(_ easy: UnsafeMutableRawPointer) -> Self {
        var code = 0
        cc_get_long(easy, CURLINFO_OS_ERRNO, &code)
        return code == Int(ECONNREFUSED) ? .connectionRefused : .unreachable
    }

    private static let tlsResults: Set<UInt32> = Set(
        [
            CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CERTPROBLEM, CURLE_SSL_CIPHER,
            CURLE_USE_SSL_FAILED, CURLE_SSL_CACERT_BADFILE, CURLE_SSL_SHUTDOWN_FAILED, CURLE_SSL_CRL_BADFILE,
            CURLE_SSL_ISSUER_ERROR, CURLE_SSL_PINNEDPUBKEYNOTMATCH, CURLE_SSL_INVALIDCERTSTATUS,
            CURLE_SSL_CLIENTCERT, CURLE_SSL_ENGINE_INITFAILED, CURLE_SSL_ENGINE_NOTFOUND,
            CURLE_SSL_ENGINE_SETFAILED,
        ].map(\.rawValue))
}
