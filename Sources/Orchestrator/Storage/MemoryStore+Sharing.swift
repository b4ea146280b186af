// SPDX-License-Identifier: Apache-2.0

package import WireProtocols

/// What a channel keeps under one of its names.
struct MemoryAlias {
    var conversation: String
    var attributes: JSONObject
    var createdAt: Timestamp
}

/// Names of conversations, and who has read what.
extension MemoryStore {
    package func aliased(_ alias: ConversationAlias) async throws(StorageError) -> AliasedConversation? {
        try withContents { $0.aliased(alias) }
    }

    package func aliases(of conversation: String) async throws(StorageError) -> [ConversationAlias] {
        try withContents { contents in
            contents.aliases.filter { $0.value.conversation == conversation }.keys.sorted {
                ($0.channel, $0.user, $0.externalID) < ($1.channel, $1.user, $1.externalID)
            }
        }
    }

    package func aliased(_ query: AliasQuery) async throws(StorageError) -> [AliasedConversation] {
        try withContents { contents in
            let rows = contents.aliases.keys.compactMap { contents.aliased($0) }.filter(query.shows)
            let sorted = rows.sorted { query.sortKey($0) > query.sortKey($1) }
            return Array(sorted.dropFirst(query.offset).prefix(query.limit))
        }
    }

    package func counts(
        of channel: String, activeSince: Timestamp
    ) async throws(StorageError) -> ChannelCounts {
        try withContents { contents in
            let rows = contents.aliases.keys.filter { $0.channel == channel && $0.user.isEmpty }
                .compactMap { contents.aliased($0)?.conversation }
            return ChannelCounts(
                conversations: rows.count, messages: rows.reduce(0) { $0 + $1.sequence },
                active: rows.count { $0.updatedAt >= activeSince })
        }
    }

    package func bind(_ alias: ConversationAlias, to conversation: String) async throws(StorageError) {
        try withContents { (contents) throws(StorageError) in
            guard let thread = contents.threads[conversation] else { throw Self.noConversation }
            let fresh = MemoryAlias(
                conversation: conversation, attributes: JSONObject(), createdAt: thread.record.createdAt)
            contents.aliases[alias, default: fresh].conversation = conversation
        }
    }

    package func setAttributes(
        _ changes: JSONObject, of alias: ConversationAlias
    ) async throws(StorageError) -> JSONObject? {
        try withContents { (contents) throws(StorageError) in
            guard let known = contents.aliases[alias] else { return nil }
            let attributes = known.attributes.merged(with: changes)
            try attributes.checkAttributes()
            contents.aliases[alias]?.attributes = attributes
            return attributes
        }
    }

    package func claimed(by staff: String?, limit: Int) async throws(StorageError) -> [ConversationRecord] {
        try withContents { contents in
            let rows = contents.threads.values.map(\.record).filter {
                $0.state == .human && (staff == nil || $0.staff == staff)
            }
            return Array(rows.sorted { ($0.updatedAt, $0.id) > ($1.updatedAt, $1.id) }.prefix(limit))
        }
    }

    package func remove(_ conversation: String) async throws(StorageError) -> Bool {
        try withContents { contents in
            guard let thread = contents.threads[conversation] else { return false }
            contents.forget(conversation, of: thread.record.user)
            return true
        }
    }

    package func message(_ id: String) async throws(StorageError) -> MessageRecord? {
        try withContents { contents in
            for thread in contents.threads.values {
                if let message = thread.messages.first(where: { $0.id == id }) { return message }
            }
            return nil
        }
    }

    package func markRead(
        upTo sequence: Int, in conversation: String, by reader: String, at: Timestamp
    ) async throws(StorageError) {
        try withContents { contents in
            guard let place = contents.threads.index(forKey: conversation) else { return }
            let messages = contents.threads.values[place].messages
            for (index, message) in messages.enumerated().reversed() where message.sequence <= sequence {
                guard message.readAt == nil, message.authorID != reader else { continue }
                contents.threads.values[place].messages[index].readAt = at
            }
        }
    }

    package func markRead(_ message: String, at: Timestamp) async throws(StorageError) -> MessageRecord? {
        try withContents { contents in
            for id in contents.threads.keys {
                guard let index = contents.threads[id]?.messages.firstIndex(where: { $0.id == message })
                else { continue }
                if contents.threads[id]?.messages[index].readAt == nil {
                    contents.threads[id]?.messages[index].readAt = at
                }
                return contents.threads[id]?.messages[index]
            }
            return nil
        }
    }
}

/// Notes and search.
extension MemoryStore {
    package func addNote(_ note: NoteRecord) async throws(StorageError) {
        try withContents { (contents) throws(StorageError) in
            guard contents.threads[note.conversation] != nil else { throw Self.noConversation }
            contents.threads[note.conversation]?.notes.append(note)
        }
    }

    package func notes(of conversation: String, limit: Int) async throws(StorageError) -> [NoteRecord] {
        try withContents { Array(($0.threads[conversation]?.notes ?? []).prefix(limit)) }
    }

    package func search(
        _ text: String, for user: String, limit: Int
    ) async throws(StorageError) -> [MessageRecord] {
        let wanted = text.asciiLowercased
        return try withContents { contents in
            let threads = contents.threads.values.filter {
                $0.record.user == user || ($0.record.state == .human && $0.record.staff == user)
            }
            let found = threads.flatMap(\.messages).filter { $0.text.asciiLowercased.contains(wanted) }
            return Array(found.sorted { $0.searchKey > $1.searchKey }.prefix(limit))
        }
    }
}

extension String {
    fileprivate var asciiLowercased: String {
        String(decoding: utf8.map { (0x41...0x5A).contains($0) ? $0 + 0x20 : $0 }, as: UTF8.self)
    }
}

extension MessageRecord {
    fileprivate var searchKey: (Timestamp, Int) { (self.createdAt, self.sequence) }
}

extension MemoryStore.Contents {
    func aliased(_ alias: ConversationAlias) -> AliasedConversation? {
        guard let known = aliases[alias], let thread = threads[known.conversation] else { return nil }
        return AliasedConversation(
            alias: alias, attributes: known.attributes, createdAt: known.createdAt,
            conversation: thread.record)
    }

    mutating func forget(_ conversation: String, of user: String) {
        threads[conversation] = nil
        waiting.remove(conversation)
        idsByUser[user]?.removeAll { $0 == conversation }
        aliases = aliases.filter { $0.value.conversation != conversation }
    }
}

extension AliasQuery {
    fileprivate func shows(_ row: AliasedConversation) -> Bool {
        guard row.alias.channel == channel, user == nil || row.alias.user == user else { return false }
        guard let person else { return true }
        return row.conversation.user == person || row.conversation.participants.contains(person)
    }

    fileprivate func sortKey(_ row: AliasedConversation) -> (Timestamp, String) {
        (order == .newest ? row.createdAt : row.conversation.updatedAt, row.conversation.id)
    }
}
