// SPDX-License-Identifier: Apache-2.0

package import WireProtocols

/// One message of the assistant, before it is stored.
package struct Reply: Sendable, Hashable {
    /// What is said.
    package var text: String
    /// What a channel calls this kind of answer.
    package var type: String?
    /// A list of `{ type, label, value }`.
    package var buttons: JSON?
    /// Values for programs.
    package var data: JSON?
    /// The passages an answer was drawn from.
    package var sources: JSON?
    /// It repeats something sensitive: neither stored nor logged as it is.
    package var isSensitive = false

    /// A message of that text.
    package init(
        text: String, type: String? = nil, buttons: JSON? = nil, data: JSON? = nil, sources: JSON? = nil,
        isSensitive: Bool = false
    ) {
        self.text = text
        self.type = type
        self.buttons = buttons
        self.data = data
        self.sources = sources
        self.isSensitive = isSensitive
    }

    /// This message with a sentence before it; a message of several lines begins on its own.
    func preceded(by other: Reply) -> Reply {
        guard !other.text.isEmpty else { return self }
        var reply = self
        reply.text = other.text + (text.contains("\n") ? "\n" : " ") + text
        reply.isSensitive = isSensitive || other.isSensitive
        return reply
    }
}

/// What a turn causes besides its messages.
package enum Effect: Sendable, Hashable {
    /// Tells staff at once.
    case alert(Alert)
    /// Writes a row of that name to the audit.
    case audit(String)
    /// Hands the conversation over to a queue.
    case handoff(queue: String)
}
