// SPDX-License-Identifier: Apache-2.0

import WireProtocols

extension NativeRoute {
    private static let taken = Answer.problem(409, "Somebody else has it, or you do not")

    /// What people who answer others do.
    static let staff: [NativeRoute] = [
        NativeRoute(
            method: "POST", path: "/v1/conversations/{id}/handoff", access: .bearer, operation: .handoff,
            summary: "Ask for a person", body: "HandoffRequest", isBodyOptional: true,
            answers: [Answer(status: 202, summary: "People are called", schema: "HandoffState")]),
        NativeRoute(
            method: "POST", path: "/v1/conversations/{id}/claim", access: .staff, operation: .claim,
            summary: "Take a conversation that waits, or step into one; of any number who ask, one gets it",
            answers: [.ok("Claim"), taken]),
        NativeRoute(
            method: "POST", path: "/v1/conversations/{id}/release", access: .staff, operation: .release,
            summary: "Give it up: it waits again where it was claimed from",
            answers: [.ok("HandoffState"), taken]),
        NativeRoute(
            method: "POST", path: "/v1/conversations/{id}/transfer", access: .staff, operation: .transfer,
            summary: "Pass it on to another queue", body: "Transfer", answers: [.ok("HandoffState"), taken]),
        NativeRoute(
            method: "POST", path: "/v1/conversations/{id}/close", access: .staff, operation: .close,
            summary: "Finish: the assistant has it again, or it is closed",
            answers: [.ok("HandoffState"), taken]),
        NativeRoute(
            method: "POST", path: "/v1/conversations/{id}/acknowledge", access: .staff,
            operation: .acknowledge,
            summary: "Say that somebody is seeing to its alerts, which are then told no more",
            answers: [.ok("Acknowledged")]),
        NativeRoute(
            method: "POST", path: "/v1/conversations/{id}/notes", access: .staff, operation: .addNote,
            summary: "Write something down for staff", body: "NewNote",
            answers: [Answer(status: 201, summary: "Written", schema: "Note")]),
        NativeRoute(
            method: "GET", path: "/v1/conversations/{id}/notes", access: .staff, operation: .listNotes,
            summary: "What staff have written down", answers: [.ok("Notes")]),
        NativeRoute(
            method: "GET", path: "/v1/queues", access: .staff, operation: .listQueues,
            summary: "Your queues, what waits in them, and what you have", answers: [.ok("Queues")]),
        NativeRoute(
            method: "GET", path: "/v1/search", access: .staff, operation: .search,
            summary: "Messages of the conversations you have",
            query: [
                Query(name: "q", schema: ["type": "string"], summary: "A text, from two characters on"),
                Query(
                    name: "limit", schema: ["type": "integer", "minimum": 1, "maximum": 200, "default": 50],
                    summary: "At most so many"),
            ], answers: [.ok("Found")]),
        NativeRoute(
            method: "GET", path: "/staff", access: .everyone, operation: .staffPage,
            summary: "The page of those who answer people",
            answers: [Answer(status: 200, summary: "A page", type: "text/html")]),
    ]
}
