// SPDX-License-Identifier: Apache-2.0

import WireProtocols

/// Puts together what a provider is given of a turn: never more than its author allows.
struct RequestBuilder: Sendable {
    let store: any ConversationStore
    let persona: String?

    /// The question of a turn, with the last `history` turns before it.
    ///
    /// Without its history a question can still be answered, so a read that fails costs only that.
    func request(
        for turn: Turn, history: Int, before sequence: Int, mask: MaskTable
    ) async -> ProviderRequest {
        let lines = await lines(of: turn.conversation.id, history, before: sequence, mask)
        let utterance = turn.ledger.isSensitive ? TurnLedger.mask : mask.mask(turn.text)
        var request = ProviderRequest(
            assistant: turn.assistant.id, persona: persona, history: lines, utterance: utterance)
        request.role = turn.caller.role
        request.user = turn.caller.user
        request.conversation = turn.conversation.id
        request.language = turn.assistant.parts.languages.first ?? "en"
        request.intent = turn.ledger.draft.intent ?? turn.intent
        request.threads = turn.dialogue.threads
        return request
    }

    // Messages of one author in a row are one turn of theirs, and masked ones tell a model nothing.
    private func lines(
        of conversation: String, _ turns: Int, before sequence: Int, _ mask: MaskTable
    ) async -> [ProviderRequest.Line] {
        guard turns > 0,
            let messages = try? await store.latestMessages(in: conversation, limit: turns * 2 + 1)
        else { return [] }
        return messages.filter { $0.sequence < sequence && $0.text != TurnLedger.mask && !$0.text.isEmpty }
            .suffix(turns * 2).map { ProviderRequest.Line(author: $0.author, text: mask.mask($0.text)) }
    }
}
