// SPDX-License-Identifier: Apache-2.0
internal import CCurl
internal import Glibc

/// A request as libcurl's options.
enum CurlOptions {
    /// The fields as libcurl takes them; nil when there is no memory for them.
    static func headerLines(_ request: HTTPClientRequest) -> UnsafeMutablePointer<curl_slist>? {
        // `Expect: 100-continue` costs a round trip; and a body's type is the caller's to say.
        var lines = ["Expect:"]
        if request.headers["Content-Type"] == nil { lines.append("Content-Type:") }
        // A field without a value ends in a semicolon; `name:` would remove it.
        for (name, value) in request.headers.fields {
            lines.append(value.isEmpty ? "\(name);" : "\(name): \(value)")
        }
        var list: UnsafeMutablePointer<curl_slist>?
        for line in lines {
            guard let longer = curl_slist_append(list, line) else {
                curl_slist_free_all(list)
                return nil
            }
            list = longer
        }
        return list
    }

    /// Sets everything; false when libcurl refuses something.
    static func set(
        _ request: HTTPClientRequest, on easy: UnsafeMutableRawPointer, context: UnsafeMutableRawPointer,
        headers: UnsafeMutablePointer<curl_slist>, errorText: UnsafeMutablePointer<CChar>
    ) -> Bool {
        guard isHTTP(request.url), !request.url.utf8.contains(0), isToken(request.method) else {
            return false
        }
        setFixed(easy)
        cc_set_pointer(easy, CURLOPT_PRIVATE, context)
        cc_set_pointer(easy, CURLOPT_ERRORBUFFER, errorText)
        cc_set_pointer(easy, CURLOPT_HTTPHEADER, headers)
        setCallbacks(easy, context: context)
        if case .publicOnes = request.destinations { setAddressChecks(easy, context: context) }
        let connect = max(1, request.deadlines.connect.clampedMilliseconds)
        cc_set_long(easy, CURLOPT_CONNECTTIMEOUT_MS, Int(clamping: connect))
        if let file = request.certificateFile { cc_set_text(easy, CURLOPT_CAINFO, file) }
        setMethod(request, easy, context: context)
        return cc_set_text(easy, CURLOPT_URL, request.url) == CURLE_OK
    }

    private static func isHTTP(_ url: String) -> Bool {
        let start = url.utf8.prefix(8).map { $0 | 0x20 }
        return start.starts(with: "http://".utf8) || start.starts(with: "https://".utf8)
    }

    private static func isToken(_ method: String) -> Bool {
        !method.isEmpty && method.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7f && $0 != UInt8(ascii: ":") }
    }

    /// What holds for every request.
    private static func setFixed(_ easy: UnsafeMutableRawPointer) {
        cc_set_long(easy, CURLOPT_NOSIGNAL, 1)
        cc_set_long(easy, CURLOPT_TCP_NODELAY, 1)
        cc_set_long(easy, CURLOPT_FOLLOWLOCATION, 0)
        cc_set_text(easy, CURLOPT_PROTOCOLS_STR, "http,https")
        cc_set_text(easy, CURLOPT_PROXY, "")
        cc_set_text(easy, CURLOPT_ACCEPT_ENCODING, "")
        cc_set_long(easy, CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_2TLS))
        cc_set_long(easy, CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2))
        cc_set_long(easy, CURLOPT_SSL_VERIFYPEER, 1)
        cc_set_long(easy, CURLOPT_SSL_VERIFYHOST, 2)
        // Otherwise a call that is cancelled while its name is looked up holds up all others until the name server
        // answers: libcurl would wait for the thread that asks.
        cc_set_long(easy, CURLOPT_QUICK_EXIT, 1)
    }

    private static func setCallbacks(_ easy: UnsafeMutableRawPointer, context: UnsafeMutableRawPointer) {
        cc_set_data_callback(easy, CURLOPT_HEADERFUNCTION, receiveLine)
        cc_set_pointer(easy, CURLOPT_HEADERDATA, context)
        cc_set_data_callback(easy, CURLOPT_WRITEFUNCTION, receiveBody)
        cc_set_pointer(easy, CURLOPT_WRITEDATA, context)
    }

    /// Two checks: no socket is opened to such an address, and no kept connection that leads to one is used.
    private static func setAddressChecks(_ easy: UnsafeMutableRawPointer, context: UnsafeMutableRawPointer) {
        cc_set_socket_callback(easy, openSocket)
        cc_set_pointer(easy, CURLOPT_OPENSOCKETDATA, context)
        cc_set_prereq_callback(easy, checkConnection)
        cc_set_pointer(easy, CURLOPT_PREREQDATA, context)
    }

    private static func setMethod(
        _ request: HTTPClientRequest, _ easy: UnsafeMutableRawPointer, context: UnsafeMutableRawPointer
    ) {
        if request.method == "HEAD" {
            cc_set_long(easy, CURLOPT_NOBODY, 1)
            return
        }
        // Lets a length that is announced fail at once; the count of what arrives is the check that matters.
        cc_set_offset(easy, CURLOPT_MAXFILESIZE_LARGE, curl_off_t(max(1, request.maxResponseBytes)))
        if !request.body.isEmpty || ["POST", "PUT", "PATCH"].contains(request.method) {
            setBody(request, easy, context: context)
        }
        cc_set_text(easy, CURLOPT_CUSTOMREQUEST, request.method)
    }

    private static func setBody(
        _ request: HTTPClientRequest, _ easy: UnsafeMutableRawPointer, context: UnsafeMutableRawPointer
    ) {
        cc_set_long(easy, CURLOPT_POST, 1)
        cc_set_offset(easy, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(request.body.count))
        if request.isRepeatable || request.body.isEmpty {
            _ = request.body.withUnsafeBytes {
                cc_set_pointer(easy, CURLOPT_COPYPOSTFIELDS, $0.baseAddress ?? UnsafeRawPointer(context))
            }
        } else {
            // libcurl repeats a request whose kept connection died without an answer. Without a way to go back to
            // the start of the body it cannot, and the caller learns of it.
            cc_set_data_callback(easy, CURLOPT_READFUNCTION, sendBody)
            cc_set_pointer(easy, CURLOPT_READDATA, context)
        }
    }
}

// MARK: - Callbacks: free functions, so that they have no actor

private func carried(_ context: UnsafeMutableRawPointer?) -> CarriedCall? {
    context.map { Unmanaged<CarriedCall>.fromOpaque($0).takeUnretainedValue() }
}

private func receiveLine(
    _ bytes: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int, _ context: UnsafeMutableRawPointer?
) -> Int {
    let line = UnsafeRawBufferPointer(start: bytes, count: size * count)
    return carried(context)?.receivedLine(line) == true ? line.count : 0
}

private func receiveBody(
    _ bytes: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int, _ context: UnsafeMutableRawPointer?
) -> Int {
    let piece = UnsafeRawBufferPointer(start: bytes, count: size * count)
    return switch carried(context)?.receivedBody(piece) {
    case .taken: piece.count
    case .pause: Int(CURL_WRITEFUNC_PAUSE)
    case .stop, nil: Int(CURL_WRITEFUNC_ERROR)
    }
}

private func sendBody(
    _ buffer: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int, _ context: UnsafeMutableRawPointer?
) -> Int {
    carried(context)?.sendBody(UnsafeMutableRawBufferPointer(start: buffer, count: size * count)) ?? 0
}

private func openSocket(
    _ context: UnsafeMutableRawPointer?, _ purpose: curlsocktype,
    _ address: UnsafeMutablePointer<curl_sockaddr>?
) -> curl_socket_t {
    guard let address, let target = cc_address(address),
        carried(context)?.mayConnect(AddressBytes(target)) == true
    else { return CURL_SOCKET_BAD }
    return socket(address.pointee.family, address.pointee.socktype, address.pointee.protocol)
}

private func checkConnection(
    _ context: UnsafeMutableRawPointer?, _ remote: UnsafeMutablePointer<CChar>?,
    _ local: UnsafeMutablePointer<CChar>?,
    _ remotePort: Int32, _ localPort: Int32
) -> Int32 {
    let address = remote.flatMap { AddressBytes(String(cString: $0)) }
    return carried(context)?.mayConnect(address) == true ? CURL_PREREQFUNC_OK : CURL_PREREQFUNC_ABORT
}
