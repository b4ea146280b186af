// SPDX-License-Identifier: Apache-2.0

import Transport
import WireProtocols

/// Carries calls to one vendor and reads what comes back, bounded in every direction.
struct VendorExchange: Sendable {
    /// Bytes of a streamed answer with all its wrapping; the words themselves are bounded by ``AnswerStream``.
    static let maxStreamBytes = 32 * 1024 * 1024
    /// Bytes of an answer that comes whole.
    static let maxWholeBytes = 2 * 1024 * 1024
    /// Bytes of an error that are looked at.
    static let maxErrorBytes = 64 * 1024
    /// No call outlives this; the route's own deadlines are shorter.
    static let longest = Duration.seconds(600)

    let settings: ProviderSettings
    let client: HTTPClient
    let clock: any WallClock

    /// Puts a call and feeds the reading with its answer, to the end or until nobody wants more.
    func run(_ call: VendorCall, into reading: inout VendorReading) async throws(ProviderError) {
        let stream = try await open(call)
        // Whichever way out: nothing is read for nobody.
        defer { stream.cancel() }
        switch stream.head.mediaType {
        case "text/event-stream": try await readEvents(of: stream, into: &reading)
        case "application/json": try reading.take(whole: try await json(of: stream, Self.maxWholeBytes))
        default: throw ProviderError(.malformed, provider: settings.name, status: stream.head.status)
        }
    }

    /// Puts a call whose answer is one JSON value.
    func value(_ call: VendorCall) async throws(ProviderError) -> JSON {
        let stream = try await open(call)
        defer { stream.cancel() }
        return try await json(of: stream, Self.maxWholeBytes)
    }

    private func open(_ call: VendorCall) async throws(ProviderError) -> HTTPClientStream {
        let stream: HTTPClientStream
        do throws(HTTPClientError) { stream = try await client.open(request(call)) } catch {
            throw ProviderError(error, provider: settings.name)
        }
        let status = stream.head.status
        guard !(200...201).contains(status) else { return stream }
        defer { stream.cancel() }
        // What the error says decides about little, so one that cannot be read is as good as none.
        let body = try? await json(of: stream, Self.maxErrorBytes)
        let headers = stream.head.headers
        throw ProviderError(
            VendorStatus.failure(status, body: body) ?? .malformed, provider: settings.name,
            retryAfter: RetryAfter.wait(
                milliseconds: headers["retry-after-ms"], seconds: headers["retry-after"],
                date: headers["date"], now: clock.now()),
            status: status, detail: body.flatMap(detail))
    }

    private func request(_ call: VendorCall) -> HTTPClientRequest {
        var headers = HTTPHeaders()
        headers.add("Content-Type", "application/json")
        headers.add("Accept", call.isStreamed ? "text/event-stream, application/json" : "application/json")
        for (name, value) in call.headers.sorted(by: { $0.key < $1.key }) { headers.add(name, value) }
        for header in settings.headers { headers.add(header.name, header.value) }
        var request = HTTPClientRequest(
            method: call.method, url: settings.url.droppingLastSlash + call.path, headers: headers,
            body: call.body.isNull ? [] : call.body.encoded())
        request.deadlines = HTTPClientDeadlines(
            connect: settings.connect, firstByte: nil, idle: nil, total: Self.longest)
        request.maxResponseBytes = Self.maxStreamBytes
        request.certificateFile = settings.trust
        return request
    }

    private func readEvents(
        of stream: HTTPClientStream, into reading: inout VendorReading
    ) async throws(ProviderError) {
        var parser = SSEParser()
        while !reading.isOver, let bytes = try await next(of: stream) {
            let events: [SSEEvent]
            do throws(SSEError) { events = try parser.feed(bytes) } catch {
                throw ProviderError(.malformed, provider: settings.name)
            }
            for event in events {
                try reading.take(event)
                // Some keep the connection open behind the end.
                if event.data == "[DONE]" { return }
            }
        }
    }

    private func json(of stream: HTTPClientStream, _ most: Int) async throws(ProviderError) -> JSON {
        var body: [UInt8] = []
        while let bytes = try await next(of: stream) {
            body += bytes
            guard body.count <= most else { throw ProviderError(.malformed, provider: settings.name) }
        }
        do { return try JSON.parse(body) } catch { throw ProviderError(.malformed, provider: settings.name) }
    }

    private func next(of stream: HTTPClientStream) async throws(ProviderError) -> [UInt8]? {
        do throws(HTTPClientError) { return try await stream.next() } catch {
            throw ProviderError(error, provider: settings.name)
        }
    }

    // Some services put the key they were sent into their error.
    private func detail(_ body: JSON) -> String? {
        let text = body["detail"]?.text ?? body["message"]?.text ?? body["error"]?["message"]?.text
        guard let text, !text.isEmpty else { return nil }
        let key = settings.key?.revealed ?? ""
        let clean = key.isEmpty ? text : text.replacing(key, with: "***")
        return String(clean.withoutControls.prefix(300))
    }
}

extension HTTPClientHead {
    /// The media type without its parameters, in small letters; empty when there is none.
    fileprivate var mediaType: String {
        (headers["content-type"] ?? "").lowercased().split(separator: ";").first.map(\.trimmedSpaces) ?? ""
    }
}

extension ProviderError {
    /// What a failed call means for a route.
    init(_ error: HTTPClientError, provider: String) {
        let cause: ProviderCause =
            switch error.kind {
            case .connectionRefused: .connectionRefused
            case .unreachable, .tls: .unreachable
            case .timeout: .timeout
            case .cut, .cancelled: .cut
            case .malformed, .tooLarge: .malformed
            case .blockedAddress, .badRequest: .rejected
            case .saturated: .overloaded
            }
        self.init(cause, provider: provider, isOurs: error.kind == .saturated)
    }
}
