// SPDX-License-Identifier: Apache-2.0

import WireProtocols

/// One route of the native API: what is dispatched, checked and documented, said once.
struct NativeRoute: Sendable {
    /// What carries a route out.
    enum Operation: String, Sendable, CaseIterable {
        case health, ready, metrics, openAPI, docs
        case listAssistants, createConversation, listConversations, getConversation
        case sendMessage, listMessages, openSocket, whoAmI
        case uploadFile, downloadFile
        case login, register, changePassword, resetPassword
        case listModels, getModel, complete
        case handoff, claim, release, transfer, close, acknowledge, addNote, listNotes, listQueues, search
        case staffPage, tellEvent
        case reload, status, diagnostics, stats
        case demoPage, demoToken
    }

    /// A value of the query, or a header field.
    struct Query: Sendable {
        var name: String
        var schema: JSON
        var summary: String
    }

    /// A possible answer.
    struct Answer: Sendable {
        var status: Int
        var summary: String
        /// The name of a schema; nil for a body that is not JSON, or none.
        var schema: String?
        var type = "application/json"
    }

    var method: String
    /// `/v1/conversations/{id}`.
    var path: String
    var access: Access
    var operation: Operation
    var summary: String
    var query: [Query] = []
    /// Header fields it reads, besides those of every request.
    var headers: [Query] = []
    /// The name of the body's schema.
    var body: String?
    var bodyType = "application/json"
    var isBodyOptional = false
    var answers: [Answer]
    /// True where failures are told in OpenAI's shape.
    var failsAsOpenAI: Bool { [.listModels, .getModel, .complete].contains(operation) }
}
