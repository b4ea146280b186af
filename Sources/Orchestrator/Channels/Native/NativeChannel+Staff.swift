// SPDX-License-Identifier: Apache-2.0

import Transport
import WireProtocols

extension NativeChannel {
    /// Conversations of one queue that are listed.
    private static let maxListed = 200

    func requestHandoff(_ call: NativeCall) async throws(NativeError) -> HTTPResponse {
        let identity = try call.bearer()
        let record = try await conversation(call)
        var fields = try call.fields(isOptional: true)
        let queue = fields.text("queue")
        let reason = fields.text("reason", atMost: 200)
        try fields.check()
        do throws(ServiceError) {
            let now = try await settings.service.requestHandoff(
                record.id, caller: identity.caller, queue: queue, reason: reason)
            return .json(202, now.handoffPayload)
        } catch {
            throw NativeError(error)
        }
    }

    func claim(_ call: NativeCall) async throws(NativeError) -> HTTPResponse {
        let staff = try staff(call)
        do throws(ServiceError) {
            let claim = try await settings.service.claim(call.parameters[0], by: staff)
            let detail = claim.conversation.detailPayload(call.snapshot)
            return .json(200, ["conversation": .object(detail), "summary": claim.summary.json])
        } catch {
            throw NativeError(error)
        }
    }

    func release(_ call: NativeCall) async throws(NativeError) -> HTTPResponse {
        try await move(call) { service, id, staff throws(ServiceError) in
            try await service.release(id, by: staff)
        }
    }

    func transfer(_ call: NativeCall) async throws(NativeError) -> HTTPResponse {
        var fields = try call.fields()
        let queue = fields.text("queue", isRequired: true)
        try fields.check()
        return try await move(call) { service, id, staff throws(ServiceError) in
            try await service.transfer(id, by: staff, to: queue ?? "")
        }
    }

    func close(_ call: NativeCall) async throws(NativeError) -> HTTPResponse {
        try await move(call) { service, id, staff throws(ServiceError) in
            try await service.close(id, by: staff)
        }
    }

    private func move(
        _ call: NativeCall,
        _ step: (ConversationService, String, StaffMember) async throws(ServiceError) -> ConversationRecord
    ) async throws(NativeError) -> HTTPResponse {
        let staff = try staff(call)
        do throws(ServiceError) {
            return .json(200, try await step(settings.service, call.parameters[0], staff).handoffPayload)
        } catch {
            throw NativeError(error)
        }
    }

    func acknowledge(_ call: NativeCall) async throws(NativeError) -> HTTPResponse {
        let staff = try staff(call)
        do throws(ServiceError) {
            let isNew = try await settings.service.acknowledge(call.parameters[0], by: staff)
            return .json(200, ["acknowledged": .bool(isNew)])
        } catch {
            throw NativeError(error)
        }
    }

    func addNote(_ call: NativeCall) async throws(NativeError) -> HTTPResponse {
        let staff = try staff(call)
        var fields = try call.fields()
        let text = fields.text("text", isRequired: true, atMost: ConversationService.maxNoteCharacters)
        try fields.check()
        do throws(ServiceError) {
            let note = try await settings.service.addNote(text ?? "", to: call.parameters[0], by: staff)
            return .json(201, note.payload)
        } catch {
            throw NativeError(error)
        }
    }

    func listNotes(_ call: NativeCall) async throws(NativeError) -> HTTPResponse {
        let staff = try staff(call)
        do throws(ServiceError) {
            let notes = try await settings.service.notes(of: call.parameters[0], for: staff)
            return .json(200, ["notes": .array(notes.map(\.payload))])
        } catch {
            throw NativeError(error)
        }
    }

    func search(_ call: NativeCall) async throws(NativeError) -> HTTPResponse {
        let identity = try call.bearer()
        let limit = try call.number("limit", default: 50, in: 1...200)
        let text = call.request.queryValue("q") ?? ""
        guard (2...200).contains(text.unicodeScalars.count) else {
            throw .unprocessable([.init(path: "q", message: "must have from 2 to 200 characters")])
        }
        do throws(ServiceError) {
            let found = try await settings.service.search(text, caller: identity.caller, limit: limit)
            var out = Array(#"{"messages":"#.utf8)
            MessagePayload.append(found, to: &out)
            out.append(UInt8(ascii: "}"))
            return .json(200, encoded: out)
        } catch {
            throw NativeError(error)
        }
    }

    func listQueues(_ call: NativeCall) async throws(NativeError) -> HTTPResponse {
        let staff = try staff(call)
        do throws(ServiceError) {
            var queues: [JSON] = []
            for name in call.snapshot.queues(for: staff.caller.role) where call.snapshot.mayClaim(name, staff)
            {
                queues.append(try await queue(name, call, staff))
            }
            let mine = try await settings.service.claimed(by: staff, limit: Self.maxListed)
            return .json(
                200,
                ["queues": .array(queues), "claimed": .array(mine.map { .object($0.listPayload) })])
        } catch {
            throw NativeError(error)
        }
    }

    private func queue(
        _ name: String, _ call: NativeCall, _ staff: StaffMember
    ) async throws(ServiceError) -> JSON {
        let service = settings.service
        var waiting: [JSON] = []
        for record in try await service.waiting(in: name, limit: Self.maxListed) {
            guard let summary = try? await service.summary(of: record.id, for: staff) else { continue }
            var entry = JSONObject([
                .init(name: "conversation", value: .string(record.id)),
                .init(name: "summary", value: summary.json),
            ])
            let until = ConversationContext(record.dialogue).claimBy
            if let until { entry["until"] = .string(until.iso8601) }
            waiting.append(.object(entry))
        }
        let isOpen = call.snapshot.parts.queues[name]?.hours?.contains(call.now) ?? true
        return ["name": .string(name), "open": .bool(isOpen), "waiting": .array(waiting)]
    }

    private func staff(_ call: NativeCall) throws(NativeError) -> StaffMember {
        guard call.parameters.first.map({ $0.utf8.count <= 64 }) ?? true else { throw .noConversation }
        return StaffMember(try call.bearer().caller, channel: name)
    }
}

extension ConversationRecord {
    /// Who answers from now on.
    var handoffPayload: JSON {
        var object = JSONObject([
            .init(name: "conversation", value: .string(self.id)),
            .init(name: "state", value: .string(self.state.rawValue)),
        ])
        if let queue = self.queue { object["queue"] = .string(queue) }
        if let staff = self.staff { object["staff"] = .string(staff) }
        return .object(object)
    }
}

extension NoteRecord {
    /// As the native API shows it.
    var payload: JSON {
        var object = JSONObject([
            .init(name: "id", value: .string(id)), .init(name: "author", value: .string(author)),
        ])
        if let name { object["name"] = .string(name) }
        object["text"] = .string(text)
        object["created_at"] = .string(createdAt.iso8601)
        return .object(object)
    }
}
