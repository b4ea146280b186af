// SPDX-License-Identifier: Apache-2.0

/// Why a conversation could not do what was asked.
///
/// Channels map `kind` to their own failures.
package struct ServiceError: Error, Sendable, Hashable {
    /// What the caller can decide on.
    package enum Kind: String, Sendable, Hashable, CaseIterable {
        case notFound = "not-found"
        case forbidden
        case unknownAssistant = "unknown-assistant"
        case emptyMessage = "empty-message"
        case tooLong = "too-long"
        /// Too many messages of the conversation wait already.
        case busy
        /// The server is stopping.
        case draining
        case storageUnavailable = "storage-unavailable"
        case storageFull = "storage-full"
        /// The conversation went on elsewhere; try again.
        case conflict
        case rateLimited = "rate-limited"
        /// Somebody else has the conversation.
        case alreadyClaimed = "already-claimed"
        /// The member of staff does not have the conversation.
        case notClaimed = "not-claimed"
        case unknownQueue = "unknown-queue"
        case queueClosed = "queue-closed"
    }

    /// What the caller can decide on.
    package let kind: Kind
    /// One sentence for the person or the client's developer; never anything a person wrote.
    package let message: String

    /// An error of that kind.
    package init(_ kind: Kind, _ message: String) {
        self.kind = kind
        self.message = message
    }

    /// What a store's failure means to the caller.
    package init(_ error: StorageError) {
        switch error.kind {
        case .full: self.init(.storageFull, "there is no space left to store the message")
        case .conflict, .duplicate: self.init(.conflict, "the conversation has gone on elsewhere")
        case .notFound: self.init(.notFound, "there is no such conversation")
        case .busy, .unavailable, .corrupt, .newerSchema:
            self.init(.storageUnavailable, "the message could not be stored")
        }
    }
}

/// What became of a message.
package struct TurnAnswer: Sendable, Hashable {
    /// The user's message as it is stored.
    package var message: MessageRecord
    /// The answers in order; empty while people or nobody answers.
    package var replies: [MessageRecord]
    /// Why no provider answered, when the route ended in `fail`: a channel may show its own failure.
    package var failure: ProviderCause?
    /// The failed service's own words, for channels whose contract shows them.
    package var failureDetail: String?
    /// The HTTP status with which the failed service answered; nil where it did not.
    package var failureStatus: Int?
    /// Where the provider that answered keeps the conversation; nil where it keeps none.
    package var thread: String?
    /// What a channel that owes an answer says while people have the conversation; nil when the assistant does.
    package var withStaff: Reply?

    /// A message and its answers.
    package init(message: MessageRecord, replies: [MessageRecord], failure: ProviderCause? = nil) {
        self.message = message
        self.replies = replies
        self.failure = failure
    }
}
