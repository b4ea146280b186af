// SPDX-License-Identifier: Apache-2.0
internal import Glibc
internal import Synchronization
package import WireProtocols

/// One Engine.IO endpoint: gives its requests to sessions, and time to all of them.
///
/// Knows nothing of what is said over it. A silent session costs its connection's memory and a place in the wheel: no
/// task, no timer of its own.
package final class EngineServer: Sendable {
    /// Sessions at once; polling ones hold no connection that the listener could count.
    package static let maxSessions = 131_072

    /// What it keeps to.
    package let settings: EngineSettings
    private let origins: @Sendable () -> AllowedOrigins
    private let application: any EngineApplication
    private let sessions = Mutex<[String: EngineConnection]>([:])
    private let wheel: EngineWheel

    /// An endpoint for that application; `origins` is asked at each request.
    package init(
        settings: EngineSettings, application: any EngineApplication,
        origins: @escaping @Sendable () -> AllowedOrigins
    ) {
        self.settings = settings
        self.application = application
        self.origins = origins
        wheel = EngineWheel(interval: min(settings.pingInterval, settings.pingTimeout))
    }

    /// Sessions that are open.
    package var count: Int { sessions.withLock { $0.count } }

    /// Milliseconds of a clock that never goes back.
    func now() -> Int { EngineWheel.now() }

    /// Answers a request to the endpoint's path.
    package func handle(_ request: HTTPRequest) async -> HTTPResponse {
        let origins = origins()
        if request.method == "OPTIONS" { return origins.preflight(request) }
        let headers = origins.headers(for: request)
        do throws(EngineRefusal) {
            guard origins.admit(request) else { throw .forbidden }
            return try await answer(request, headers)
        } catch {
            return .refusal(error, headers)
        }
    }

    /// Ends all sessions.
    package func shutdown() {
        for connection in sessions.withLock({ Array($0.values) }) { connection.close(.shutdown) }
    }

    private func answer(
        _ request: HTTPRequest, _ headers: HTTPHeaders
    ) async throws(EngineRefusal) -> HTTPResponse {
        let found = Mutex<EngineConnection?>(nil)
        let asked = try EngineRequest(EngineRequest.Parts(request)) { id in
            let connection = sessions.withLock { $0[id] }
            found.withLock { $0 = connection }
            // One that is over and still owes an answer is polled for it.
            return connection.map { $0.transport ?? .polling }
        }
        switch (asked, found.withLock({ $0 })) {
        case (.open(let transport), _): return try await open(transport, request, headers)
        case (.poll, let connection?): return .poll(try await connection.poll(), headers)
        case (.push, let connection?): return .push(connection.push(request.body), headers)
        case (.probe, let connection?): return .upgrade(connection, headers)
        default: throw .unknownSession
        }
    }

    private func open(
        _ transport: EngineTransport, _ request: HTTPRequest, _ headers: HTTPHeaders
    ) async throws(EngineRefusal) -> HTTPResponse {
        guard count < Self.maxSessions else {
            return HTTPResponse(status: 503, headers: headers.adding("Retry-After", "1"))
        }
        let handshake = EngineHandshake(request)
        let connection = EngineConnection(self, id: RandomName.make(), over: transport, handshake)
        guard transport == .polling else { return .upgrade(connection, headers) }
        begin(connection, handshake)
        return .poll(try await connection.poll(), headers)
    }
}

// MARK: what connections tell

extension EngineServer {
    func begin(_ connection: EngineConnection, _ handshake: EngineHandshake) {
        sessions.withLock { $0[connection.id] = connection }
        connection.begin(application.opened(connection, handshake))
        wheel.add(connection, due: now() + min(settings.pingInterval, settings.pingTimeout))
    }

    func ended(_ connection: EngineConnection) {
        guard connection.owesRelease else { return forget(connection) }
        // The client's last poll may be on its way over another connection.
        Task {
            try? await Task.sleep(for: .milliseconds(100))
            forget(connection)
        }
    }

    private func forget(_ connection: EngineConnection) {
        sessions.withLock { $0[connection.id] = nil }
    }
}

extension EngineRequest.Parts {
    init(_ request: HTTPRequest) {
        var version: String?
        var transport: String?
        var session: String?
        for (name, value) in request.query {
            switch name {
            case "EIO": version = version ?? value
            case "transport": transport = transport ?? value
            case "sid": session = session ?? value
            default: break
            }
        }
        self.init(
            method: request.method, isUpgrade: request.isUpgrade, version: version, transport: transport,
            session: session)
    }
}
