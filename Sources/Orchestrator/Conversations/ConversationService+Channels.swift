// SPDX-License-Identifier: Apache-2.0

package import WireProtocols

// What channels ask beyond a person's own conversation. Who may ask, the channel decides: these calls check nothing.
extension ConversationService {
    /// The conversation a channel's name stands for, with what the channel keeps about it.
    package func aliased(_ alias: ConversationAlias) async throws(ServiceError) -> AliasedConversation? {
        do { return try await settings.store.aliased(alias) } catch { throw ServiceError(error) }
    }

    /// The conversations a channel has names for: those begun there, and those handed to it.
    package func aliased(_ query: AliasQuery) async throws(ServiceError) -> [AliasedConversation] {
        do { return try await settings.store.aliased(query) } catch { throw ServiceError(error) }
    }

    /// Every name of a conversation.
    package func aliases(of conversation: String) async throws(ServiceError) -> [ConversationAlias] {
        do { return try await settings.store.aliases(of: conversation) } catch { throw ServiceError(error) }
    }

    /// Gives a conversation one more name, taking the name away from another.
    package func bind(_ alias: ConversationAlias, to conversation: String) async throws(ServiceError) {
        do { try await settings.store.bind(alias, to: conversation) } catch { throw ServiceError(error) }
    }

    /// Puts members over what the channel keeps under an alias, null taking one away; nil without such an alias.
    @discardableResult
    package func setAttributes(
        _ changes: JSONObject, of alias: ConversationAlias
    ) async throws(ServiceError) -> JSONObject? {
        do { return try await settings.store.setAttributes(changes, of: alias) } catch {
            throw ServiceError(error)
        }
    }

    /// The last messages of a conversation, in order.
    package func latestMessages(
        in conversation: String, limit: Int
    ) async throws(ServiceError) -> [MessageRecord] {
        do { return try await settings.store.latestMessages(in: conversation, limit: limit) } catch {
            throw ServiceError(error)
        }
    }

    /// Messages after a sequence number, in order.
    package func messages(
        in conversation: String, after sequence: Int, limit: Int
    ) async throws(ServiceError) -> [MessageRecord] {
        do {
            return try await settings.store.messages(in: conversation, after: sequence, limit: limit)
        } catch {
            throw ServiceError(error)
        }
    }

    /// The message of that id, in whatever conversation.
    package func message(_ id: String) async throws(ServiceError) -> MessageRecord? {
        do { return try await settings.store.message(id) } catch { throw ServiceError(error) }
    }

    /// Notes that a message was read, and returns it.
    package func markRead(_ message: String) async throws(ServiceError) -> MessageRecord? {
        do { return try await settings.store.markRead(message, at: settings.clock.now()) } catch {
            throw ServiceError(error)
        }
    }

    /// Forgets a conversation with its messages and names; false when there was none.
    ///
    /// A turn that runs ends without an answer.
    package func remove(_ conversation: String) async throws(ServiceError) -> Bool {
        do { return try await settings.store.remove(conversation) } catch { throw ServiceError(error) }
    }

    /// Tells the subscriber about every conversation begun on the channel, or claimed there, from now on.
    ///
    /// What waits in a queue that the channel serves is announced to its sessions instead: a transcript opens with the
    /// claim.
    package func watch(_ channel: String, _ subscriber: any ConversationSubscriber) {
        feeds.watch(channel, subscriber)
    }

    /// Ends what ``watch(_:_:)`` began.
    package func unwatch(_ channel: String, _ subscriber: any ConversationSubscriber) {
        feeds.unwatch(channel, subscriber)
    }
}
