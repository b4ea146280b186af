// SPDX-License-Identifier: Apache-2.0

package import WireProtocols

/// A message as a channel hands it in.
package struct ChannelMessage: Sendable {
    /// What was said.
    package var text: String
    /// The id its client gave it: the same one again gets the same answer, stored once.
    package var clientMessageID: String?
    /// When it was written, where the dialect takes the client's word for it; nil is now.
    package var createdAt: Timestamp?
    /// What the dialect calls this kind of message, such as a shared file.
    package var type: String?
    /// What the dialect keeps with it.
    package var data: JSON?
    /// How a provider is to be asked about it.
    package var asking = Asking()
    /// The channel's contract keeps the assistant silent: screened, stored and passed on, unless it is an emergency.
    package var isUnanswered = false
    /// The dialect says itself why there is no answer: what a route ends with in `fail` is neither stored nor told.
    package var tellsFailure = false

    /// A message of that text.
    package init(_ text: String, clientMessageID: String? = nil) {
        self.text = text
        self.clientMessageID = clientMessageID
    }

    /// What a channel says about how a provider is asked; nil leaves it to the route.
    package struct Asking: Sendable, Hashable {
        /// The name of the provider tried first, whether the route has it or not.
        package var provider: String?
        /// The vendor whose providers of the route are tried first, in the route's order.
        package var vendor: String?
        /// The model of the provider tried first.
        package var model: String?
        /// The assistant at the vendor.
        package var assistantID: String?
        /// The thread at the vendor, where the conversation has none there yet.
        package var thread: String?
        /// What was said before, as the client knows it: told where we know nothing.
        package var history: [ProviderRequest.Line] = []
        /// Takes the place of the persona.
        package var systemPrompt: String?
        /// How freely the model words its answer, 0...2.
        package var temperature: Double?
        /// The longest answer, in tokens.
        package var maxTokens: Int?

        /// Everything as the route says.
        package init() {}
    }
}

extension ChannelMessage {
    /// The message as it is stored, without its number.
    func record(
        in conversation: String, by caller: Caller, author: MessageAuthor, at now: Timestamp
    ) -> MessageRecord {
        MessageRecord(
            id: RandomID.uuid(), conversation: conversation, sequence: 0, author: author, name: caller.name,
            authorID: caller.user, text: text, type: type, data: data, clientMessageID: clientMessageID,
            createdAt: createdAt ?? now)
    }
}
