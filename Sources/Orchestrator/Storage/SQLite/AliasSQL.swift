// SPDX-License-Identifier: Apache-2.0

import WireProtocols

/// The statements on the names that channels give conversations.
enum AliasSQL {
    private static let columns = "a.channel, a.user, a.external_id, a.attributes, a.created_at"
    private static let find = """
        SELECT \(ConversationSQL.columns), \(columns) FROM channel_aliases a \
        JOIN conversations c ON c.id = a.conversation \
        WHERE a.channel = ? AND a.user = ? AND a.external_id = ?
        """
    private static let bind = """
        INSERT INTO channel_aliases (channel, user, external_id, conversation, attributes, created_at) \
        VALUES (?, ?, ?, ?, ?, ?) \
        ON CONFLICT (channel, user, external_id) DO UPDATE SET conversation = excluded.conversation
        """
    private static let list = """
        SELECT \(ConversationSQL.columns), \(columns) FROM channel_aliases a \
        JOIN conversations c ON c.id = a.conversation \
        WHERE a.channel = ?1 AND (?2 IS NULL OR a.user = ?2) AND (?3 IS NULL OR c.user = ?3 OR EXISTS \
        (SELECT 1 FROM participants p WHERE p.user = ?3 AND p.conversation = c.id))
        """

    static func find(
        _ alias: ConversationAlias, in connection: SQLiteConnection
    ) throws(StorageError) -> AliasedConversation? {
        try connection.row(
            find, .text(alias.channel), .text(alias.user), .text(alias.externalID), read: aliased)
    }

    static func list(
        _ query: AliasQuery, in connection: SQLiteConnection
    ) throws(StorageError) -> [AliasedConversation] {
        // The two orders are the only text that varies; both are ours.
        let order =
            switch query.order {
            case .newest: " ORDER BY a.created_at DESC, c.id DESC LIMIT ?4 OFFSET ?5"
            case .active: " ORDER BY c.updated_at DESC, c.id DESC LIMIT ?4 OFFSET ?5"
            }
        return try connection.rows(
            list + order,
            [
                .text(query.channel), .text(query.user), .text(query.person), .integer(query.limit),
                .integer(query.offset),
            ], aliased)
    }

    static func counts(
        of channel: String, activeSince: Timestamp, in connection: SQLiteConnection
    ) throws(StorageError) -> ChannelCounts {
        let row = try connection.row(
            """
            SELECT count(*), coalesce(sum(c.sequence), 0), coalesce(sum(c.updated_at >= ?2), 0) \
            FROM channel_aliases a JOIN conversations c ON c.id = a.conversation \
            WHERE a.channel = ?1 AND a.user = ''
            """, .text(channel), .time(activeSince)
        ) { ChannelCounts(conversations: $0.integer(0), messages: $0.integer(1), active: $0.integer(2)) }
        return row ?? ChannelCounts(conversations: 0, messages: 0, active: 0)
    }

    static func names(
        of conversation: String, in connection: SQLiteConnection
    ) throws(StorageError) -> [ConversationAlias] {
        try connection.rows(
            "SELECT channel, user, external_id FROM channel_aliases WHERE conversation = ? ORDER BY 1, 2, 3",
            [.text(conversation)]
        ) { ConversationAlias(channel: $0.text(0), user: $0.text(1), externalID: $0.text(2)) }
    }

    static func bind(
        _ alias: ConversationAlias, to conversation: ConversationRecord, attributes: JSONObject,
        in connection: SQLiteConnection
    ) throws(StorageError) {
        try attributes.checkAttributes()
        try connection.run(
            bind, .text(alias.channel), .text(alias.user), .text(alias.externalID), .text(conversation.id),
            .json(.object(attributes)), .time(conversation.createdAt))
    }

    static func setAttributes(
        _ changes: JSONObject, of alias: ConversationAlias, in connection: SQLiteConnection
    ) throws(StorageError) -> JSONObject? {
        guard let known = try find(alias, in: connection) else { return nil }
        let attributes = known.attributes.merged(with: changes)
        try attributes.checkAttributes()
        try connection.run(
            "UPDATE channel_aliases SET attributes = ? WHERE channel = ? AND user = ? AND external_id = ?",
            .json(.object(attributes)), .text(alias.channel), .text(alias.user), .text(alias.externalID))
        return attributes
    }

    private static func aliased(_ row: SQLiteRow) throws(StorageError) -> AliasedConversation {
        AliasedConversation(
            alias: ConversationAlias(channel: row.text(16), user: row.text(17), externalID: row.text(18)),
            attributes: try row.json(19).members ?? JSONObject(), createdAt: row.time(20),
            conversation: try ConversationSQL.record(row))
    }
}
