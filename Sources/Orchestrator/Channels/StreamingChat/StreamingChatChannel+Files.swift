// SPDX-License-Identifier: Apache-2.0

import Synchronization
import Transport
import WireProtocols

extension StreamingChatChannel {
    private static let uploadPath = "/api/v1/upload/pdf"
    private static let healthPath = "/health"
    /// How long the service may take over a file.
    private static let uploadTime = Duration.seconds(300)
    private static let probeTime = Duration.seconds(5)
    /// Bytes of the service's answer.
    private static let maxAnswer = 1 << 20
    /// Files on their way at once: each is held whole.
    static let maxUploads = 4
    private static let unavailable = "Python upload service is currently unavailable"

    /// A file goes to the service and is kept nowhere here; one that is too large is refused in the contract's words.
    package func bodyLimits(_ request: HTTPRequest) -> HTTPBodyLimits? {
        guard request.method == "POST", request.pathSegments == ["api", "files", "upload"] else { return nil }
        return HTTPBodyLimits(bytes: FileUpload.ownLimit, deadline: Self.uploadTime)
    }

    func upload(_ call: StreamingChatCall) async -> HTTPResponse {
        guard let token = call.bearer, !token.isEmpty else {
            return .json(401, ["error": "Access token required"])
        }
        let identity: Identity
        do throws(TokenError) {
            identity = try verifier(call.settings).verify(token, call.snapshot, now: call.now)
        } catch {
            return .json(403, ["error": "Invalid or expired token"])
        }
        guard uploads.begin() else { return trouble(503, Self.unavailable) }
        defer { uploads.end() }
        do throws(StreamingChatUpload.Refusal) {
            return await pass(try await StreamingChatUpload.read(call.request), of: identity, call.snapshot)
        } catch {
            return error.response
        }
    }

    private func pass(
        _ file: StreamingChatUpload, of identity: Identity, _ snapshot: Snapshot
    ) async -> HTTPResponse {
        guard let service = Self.service(snapshot) else { return trouble(503, Self.unavailable) }
        let boundary = "orchestratord-" + RandomID.uuid()
        var request = Self.request("POST", Self.uploadPath, of: service, within: Self.uploadTime)
        request.headers.add("Content-Type", "multipart/form-data; boundary=" + boundary)
        request.body = file.form(boundary: boundary)
        let answer: HTTPClientResponse
        do throws(HTTPClientError) { answer = try await services.client.send(request) } catch {
            return trouble(error)
        }
        let said = try? JSON.parse(answer.body)
        guard (200...299).contains(answer.status) else {
            let message = said?["detail"]?.text ?? said?["message"]?.text ?? said?["error"]?.text
            let status = (400...599).contains(answer.status) ? answer.status : 502
            return trouble(status, message ?? "Upload failed", details: said)
        }
        var body = JSONObject()
        body["success"] = true
        body["filename"] = .string(file.name)
        body["fileSize"] = .integer(file.content.count)
        body["uploadedAt"] = .string(services.clock.now().iso8601)
        body["userId"] = .string(identity.user)
        for member in said?.members?.members ?? [] where body[member.name] == nil {
            body[member.name] = member.value
        }
        return .json(200, .object(body))
    }

    /// Whether files can be passed on: whether the service says that it is well.
    func filesHealth(_ call: StreamingChatCall) async -> HTTPResponse {
        let isUp = await isServiceUp(call.snapshot, call.now)
        return .json(
            isUp ? 200 : 503,
            [
                "status": isUp ? "healthy" : "unhealthy", "service": "file-upload",
                "timestamp": .string(services.clock.now().iso8601),
            ])
    }

    // Asked by anybody, so the service is asked once in a while at most.
    private func isServiceUp(_ snapshot: Snapshot, _ now: Timestamp) async -> Bool {
        guard let service = Self.service(snapshot) else { return false }
        if let known = probe.withLock({ $0 }), known.url == service.url, now - known.at < Self.probeTime {
            return known.isUp
        }
        let request = Self.request("GET", Self.healthPath, of: service, within: Self.probeTime)
        let answer = try? await services.client.send(request)
        let isUp = answer.map { (200...299).contains($0.status) } ?? false
        probe.withLock { $0 = Probe(url: service.url, at: now, isUp: isUp) }
        return isUp
    }

    /// The service that answers is the one that takes files: the first of the type `context-http` by name.
    private static func service(_ snapshot: Snapshot) -> ProviderSettings? {
        snapshot.parts.providers.values.filter { $0.type == "context-http" && !$0.isOff }
            .min { $0.name < $1.name }
    }

    private static func request(
        _ method: String, _ path: String, of service: ProviderSettings, within time: Duration
    ) -> HTTPClientRequest {
        var headers: HTTPHeaders = ["Accept": "application/json"]
        for header in service.headers { headers.add(header.name, header.value) }
        var request = HTTPClientRequest(
            method: method, url: service.url.droppingLastSlash + path, headers: headers)
        request.deadlines = HTTPClientDeadlines(
            connect: service.connect, firstByte: nil, idle: nil, total: time)
        request.maxResponseBytes = maxAnswer
        request.certificateFile = service.trust
        return request
    }

    private func trouble(_ error: HTTPClientError) -> HTTPResponse {
        switch error.kind {
        case .timeout(.connect), .connectionRefused, .unreachable, .tls, .blockedAddress, .saturated,
            .badRequest,
            .cancelled:
            trouble(503, Self.unavailable)
        case .timeout: trouble(408, "Upload timeout - please try again")
        case .tooLarge, .cut, .malformed: trouble(502, "Failed to upload file")
        }
    }

    private func trouble(_ status: Int, _ message: String, details: JSON? = nil) -> HTTPResponse {
        var body = JSONObject()
        body["success"] = false
        body["error"] = .string(message)
        body["timestamp"] = .string(services.clock.now().iso8601)
        if let details { body["details"] = details }
        return .json(status, .object(body))
    }
}

/// What is known of the service's health.
struct Probe: Sendable, Hashable {
    var url: String
    var at: Timestamp
    var isUp: Bool
}

/// Counts files on their way.
final class UploadCount: Sendable {
    private let count = Mutex(0)

    /// False when there are too many already; else it must ``end()``.
    func begin() -> Bool {
        count.withLock { count in
            guard count < StreamingChatChannel.maxUploads else { return false }
            count += 1
            return true
        }
    }

    func end() { count.withLock { $0 -= 1 } }
}
