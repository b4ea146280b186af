// SPDX-License-Identifier: Apache-2.0

import Synchronization
import Transport
import WireProtocols

extension WidgetChannel {
    /// A conversation on its way to an answer.
    private struct Thread {
        var found: AliasedConversation
        var entry: WidgetEntry
        /// A vendor's thread that we have not met.
        var foreign: String?
    }

    func chat(_ call: WidgetCall) async throws(WidgetError) -> JSON {
        let asked = try WidgetQuestion(
            call.request.body, limits: call.settings.limits, vendors: call.entries.flatMap(\.vendors))
        let thread = try await thread(for: asked, call)
        var message = ChannelMessage(asked.text)
        message.tellsFailure = true
        message.asking.vendor = asked.provider
        message.asking.assistantID = call.settings.allowsAssistantOverride ? asked.assistantID : nil
        message.asking.thread = thread.foreign
        message.asking.history = asked.history
        let row = thread.found.conversation
        let answer: TurnAnswer
        do throws(ServiceError) {
            defer { counted.withLock { $0 = nil } }
            answer = try await services.service.submit(
                message, to: row.id, caller: Caller(user: row.user, role: row.role))
        } catch {
            throw WidgetError(error)
        }
        return try await body(of: answer, message.asking, thread, call)
    }

    // One that the client names, by its thread before its id; else a new one.
    private func thread(
        for asked: WidgetQuestion, _ call: WidgetCall
    ) async throws(WidgetError) -> Thread {
        var known: AliasedConversation?
        if let thread = asked.thread {
            known = try await find(thread: thread)
        } else if let id = asked.conversation {
            known = try await find(id)
            guard known != nil else { throw .noConversation }
        }
        // A conversation keeps the assistant it was begun with, whatever is named later.
        let type = known.map { $0.attributes["assistantType"]?.text } ?? asked.assistantType
        guard let entry = call.entry(type) else { throw .noAssistant }
        if let provider = asked.provider, !entry.vendors.contains(provider) {
            throw WidgetError(400, "Unsupported provider", ["Provider '\(provider)' is not supported"])
        }
        guard !entry.lacksAssistantID else { throw .noAssistant }
        if let known { return Thread(found: known, entry: entry) }
        return Thread(found: try await begin(entry, call), entry: entry, foreign: asked.thread)
    }

    private func begin(_ entry: WidgetEntry, _ call: WidgetCall) async throws(WidgetError)
        -> AliasedConversation
    {
        let alias = alias(RandomID.uuid())
        let attributes: JSON = [
            "ip": .string(call.request.peer), "assistantType": .string(entry.type),
            "provider": .string(entry.provider),
            "assistantId": .string(entry.assistantID ?? entry.assistant.id),
        ]
        do throws(ServiceError) {
            let row = try await services.service.begin(
                assistant: entry.assistant.id, caller: .guest(of: name, call.request.peer), channel: name,
                alias: alias, attributes: attributes.members ?? JSONObject())
            return AliasedConversation(
                alias: alias, attributes: attributes.members ?? JSONObject(), createdAt: row.createdAt,
                conversation: row)
        } catch {
            throw WidgetError(error)
        }
    }

    private func body(
        of answer: TurnAnswer, _ asking: ChannelMessage.Asking, _ thread: Thread, _ call: WidgetCall
    ) async throws(WidgetError) -> JSON {
        let texts = answer.replies.map { $0.text }.filter { !$0.isEmpty }
        if texts.isEmpty, let cause = answer.failure {
            throw WidgetError(
                cause, status: answer.failureStatus,
                isShown: call.snapshot.parts.server.environment == .development)
        }
        let name = answer.replies.lazy.compactMap { $0.usage?["provider"]?.text }.last
        let provider = name.flatMap { call.snapshot.parts.providers[$0] }
        let own = provider?.ownAssistantID ?? thread.entry.assistantID
        var found = thread.found
        var changes = JSONObject()
        changes["provider"] = .string(provider?.vendor ?? thread.entry.provider)
        changes["assistantId"] = .string(asking.assistantID ?? own ?? thread.entry.assistant.id)
        if let thread = answer.thread { changes["thread"] = .string(thread) }
        try await keep(changes, of: &found)
        return [
            "message": .string(
                texts.isEmpty ? answer.withStaff?.text ?? "" : texts.joined(separator: "\n\n")),
            "conversationId": .string(found.alias.externalID), "threadId": .string(found.thread),
            "provider": changes["provider"] ?? "", "assistantId": changes["assistantId"] ?? "",
        ]
    }

    // What did not change is not written again.
    private func keep(_ changes: JSONObject, of found: inout AliasedConversation) async throws(WidgetError) {
        guard changes.members.contains(where: { found.attributes[$0.name] != $0.value }) else { return }
        let isNewThread = changes["thread"] != nil && changes["thread"] != found.attributes["thread"]
        do throws(ServiceError) {
            if isNewThread, let thread = changes["thread"]?.text {
                try await services.service.bind(alias(thread: thread), to: found.conversation.id)
            }
            let kept = try await services.service.setAttributes(changes, of: found.alias)
            found.attributes = kept ?? found.attributes
        } catch {
            throw WidgetError(error)
        }
    }
}
