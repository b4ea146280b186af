// SPDX-License-Identifier: Apache-2.0

package import Transport

/// The native API on one listener: the main port, or a channel of `type: native`.
///
/// Everything it is judged by is read from the snapshot on each request, so that a reload acts at once.
package final class NativeChannel: Channel {
    /// The name of the main port in metrics and records.
    package static let mainName = "main"

    let settings: ChannelServices
    let name: String
    let isMain: Bool
    let requests = RequestLimiter()
    let floods = RequestLimiter()
    let events = RequestLimiter()
    let refusals = RequestLimiter()
    let demoPage = DemoPage()
    let credentials: CredentialVerifier
    let passing: PassingService

    /// The API of the main port, or of the channel of that name.
    package init(_ settings: ChannelServices, name: String = NativeChannel.mainName) {
        self.settings = settings
        self.name = name
        passing = PassingService(settings.service)
        isMain = name == Self.mainName
        credentials = CredentialVerifier(accounts: settings.directory, visitors: settings.visitors)
    }

    /// Answers a request.
    package func handle(_ request: HTTPRequest) async -> HTTPResponse {
        if request.method == "GET" && request.target == "/health" { return health() }
        switch RouteTable.native.find(request.method, request.pathSegments) {
        case .nothing: return refuse(.unknownRoute, request)
        case .wrongMethod(let allowed): return refuse(.wrongMethod(allowed: allowed), request)
        case .route(let route, let parameters):
            var response: HTTPResponse
            do throws(NativeError) {
                response = try await answer(request, route, parameters)
            } catch {
                response = refuse(error, request)
            }
            response.route = route.path
            return response
        }
    }

    private func answer(
        _ request: HTTPRequest, _ route: NativeRoute, _ parameters: [String]
    ) async throws(NativeError) -> HTTPResponse {
        let snapshot = settings.snapshots.current()
        let now = settings.clock.now()
        let identity: Identity?
        do throws(NativeError) { identity = try identify(request, route, snapshot, now: now) } catch {
            await audit(error, request, route, now: now)
            throw error
        }
        do throws(NativeError) { try admit(request, to: route, identity, snapshot) } catch {
            await audit(error, request, route, identity, now: now)
            throw error
        }
        let call = NativeCall(
            request: request, snapshot: snapshot, limits: limits(snapshot), parameters: parameters,
            identity: identity, now: now)
        let quota = try limit(call, route)
        var response = try await perform(route.operation, call)
        quota?.mark(&response.headers)
        return response
    }

    // What stands before every listener logs it, with the code.
    private func refuse(_ error: NativeError, _ request: HTTPRequest) -> HTTPResponse {
        // Clients of another make read failures in its shape.
        let isCompletion = ["/v1/models", "/v1/chat/"].contains(where: request.target.hasPrefix)
        var response =
            isCompletion
            ? HTTPResponse.completion(CompletionError(error))
            : HTTPResponse.failure(error, requestID: request.id)
        response.rejection = error.code
        return response
    }

    private func perform(
        _ operation: NativeRoute.Operation, _ call: NativeCall
    ) async throws(NativeError) -> HTTPResponse {
        switch operation {
        case .health: health()
        case .ready: await ready()
        case .metrics: .text(settings.metrics.exposition(), type: Metrics.contentType)
        case .openAPI: OpenAPIDocument.response
        case .docs: DocsPage.response
        case .listAssistants: listAssistants(call)
        case .createConversation: try await createConversation(call)
        case .listConversations: try await listConversations(call)
        case .getConversation: try await getConversation(call)
        case .sendMessage: try await sendMessage(call)
        case .listMessages: try await listMessages(call)
        case .openSocket: try openSocket(call)
        case .uploadFile: try await uploadFile(call)
        case .downloadFile: try await downloadFile(call)
        case .handoff: try await requestHandoff(call)
        case .claim: try await claim(call)
        case .release: try await release(call)
        case .transfer: try await transfer(call)
        case .close: try await close(call)
        case .acknowledge: try await acknowledge(call)
        case .addNote: try await addNote(call)
        case .listNotes: try await listNotes(call)
        case .listQueues: try await listQueues(call)
        case .search: try await search(call)
        case .staffPage: StaffPage.response
        case .tellEvent: try await tellEvent(call)
        case .whoAmI: try whoAmI(call)
        case .login: try await login(call)
        case .register: try await register(call)
        case .changePassword: try await changePassword(call)
        case .resetPassword: try await resetPassword(call)
        case .listModels: try listModels(call)
        case .getModel: try getModel(call)
        case .complete: try await complete(call)
        case .reload: .json(200, await settings.admin.reload(dryRun: try call.flag("dry_run")))
        case .status: .json(200, await settings.admin.status())
        case .diagnostics: .json(200, await settings.admin.diagnostics())
        case .stats: stats()
        case .demoPage: demoPage.response(call.snapshot)
        case .demoToken: try demoToken(call)
        }
    }
}
