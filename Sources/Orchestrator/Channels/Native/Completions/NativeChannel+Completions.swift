// SPDX-License-Identifier: Apache-2.0

import Transport
import WireProtocols

extension NativeChannel {
    /// The header that joins a question to a stored conversation.
    static let conversationHeader = "X-Conversation-ID"

    func listModels(_ call: NativeCall) throws(NativeError) -> HTTPResponse {
        let models = try models(call).sorted { $0.id < $1.id }.map(CompletionPayload.model)
        return .json(200, ["object": "list", "data": .array(models)])
    }

    func getModel(_ call: NativeCall) throws(NativeError) -> HTTPResponse {
        guard let assistant = try models(call).first(where: { $0.id == call.parameters[0] }) else {
            return .completion(.unknownModel(call.parameters[0]))
        }
        return .json(200, CompletionPayload.model(assistant))
    }

    private func models(_ call: NativeCall) throws(NativeError) -> [Assistant] {
        let role = try call.bearer().role
        return call.snapshot.parts.assistants.values.filter {
            $0.parts.roles.contains(role) && offers($0.id, call.snapshot)
        }
    }

    func complete(_ call: NativeCall) async throws(NativeError) -> HTTPResponse {
        let identity = try call.bearer()
        let body: JSON
        do { body = try JSON.parse(call.request.body, maxDepth: call.limits.jsonDepth) } catch {
            throw NativeError(error)
        }
        do throws(CompletionError) {
            let request = try CompletionRequest(body, atMost: call.limits.messageCharacters)
            guard try models(call, request.model) else { throw .unknownModel(request.model) }
            let asked = try await place(request, call, identity)
            let payload = CompletionPayload(
                id: "chatcmpl-" + RandomID.uuid(), created: call.now.seconds, model: request.model)
            return request.isStreamed
                ? try await stream(request, asked, payload) : try await answer(request, asked, payload)
        } catch {
            return .completion(error)
        }
    }

    private func models(_ call: NativeCall, _ model: String) throws(CompletionError) -> Bool {
        do throws(NativeError) { return try models(call).contains { $0.id == model } } catch {
            throw CompletionError(error)
        }
    }

    /// Where a question is put: a conversation of its own that nobody keeps, or the stored one that is named.
    private struct Place: Sendable {
        let service: ConversationService
        let conversation: String
        let caller: Caller
    }

    private func place(
        _ request: CompletionRequest, _ call: NativeCall, _ identity: Identity
    ) async throws(CompletionError) -> Place {
        do throws(ServiceError) {
            guard let id = call.request.headers[Self.conversationHeader] else {
                let passing = try await passing.conversation(
                    with: request.model, of: identity.caller, history: request.history, channel: name)
                return Place(service: passing.service, conversation: passing.id, caller: identity.caller)
            }
            guard (1...128).contains(id.utf8.count) else {
                throw ServiceError(.notFound, "a conversation's id has 1 to 128 characters")
            }
            let record = try await settings.service.begin(
                assistant: request.model, caller: identity.caller, channel: name,
                alias: ConversationAlias(channel: name, user: identity.user, externalID: id))
            guard record.assistant == request.model else {
                throw ServiceError(.conflict, "that conversation is with another assistant")
            }
            return Place(service: settings.service, conversation: record.id, caller: identity.caller)
        } catch {
            throw CompletionError(NativeError(error))
        }
    }

    private func answer(
        _ request: CompletionRequest, _ place: Place, _ payload: CompletionPayload
    ) async throws(CompletionError) -> HTTPResponse {
        let answer: TurnAnswer
        do throws(ServiceError) {
            answer = try await place.service.submit(
                request.question, to: place.conversation, caller: place.caller)
        } catch {
            throw CompletionError(NativeError(error))
        }
        if let cause = answer.failure, !answer.replies.contains(where: \.partial) { throw .failed(cause) }
        return .json(200, payload.whole(answer, question: request.question))
    }

    private func stream(
        _ request: CompletionRequest, _ place: Place, _ payload: CompletionPayload
    ) async throws(CompletionError) -> HTTPResponse {
        let feed = TurnFeed()
        // Ends with the turn; cancelled when the client leaves, by either handler below.
        let running = Task {
            do throws(ServiceError) {
                feed.end(
                    .success(
                        try await place.service.submit(
                            request.question, to: place.conversation, caller: place.caller, progress: feed)))
            } catch {
                feed.end(.failure(error))
            }
        }
        let writer = CompletionWriter(request: request, payload: payload)
        let first = await withTaskCancellationHandler {
            await writer.firstWords(of: feed)
        } onCancel: {
            running.cancel()
        }
        if let error = writer.failure(first) { throw error }
        return HTTPResponse(
            status: 200, headers: Self.completionHeaders,
            body: .stream { body in
                await withTaskCancellationHandler {
                    await writer.write(feed, first: first, to: body)
                } onCancel: {
                    running.cancel()
                }
            })
    }

    private static let completionHeaders: HTTPHeaders = [
        "Content-Type": "text/event-stream", "Cache-Control": "no-store", "X-Content-Type-Options": "nosniff",
        "X-Accel-Buffering": "no",
    ]
}

extension HTTPResponse {
    /// A failure as OpenAI's clients read it.
    static func completion(_ error: CompletionError) -> HTTPResponse {
        var response = HTTPResponse.json(error.status, error.body)
        for header in error.headers { response.headers.add(header.name, header.value) }
        return response
    }
}
