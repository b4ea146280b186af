// SPDX-License-Identifier: Apache-2.0

/// The tables, as the steps that lead to them.
///
/// `PRAGMA user_version` counts the steps done.
///
/// A released step never changes; a new need is a new step at the end.
enum SQLiteSchema {
    /// Marks a database as ours ("orch"), so that nobody else's is ever written to.
    static let applicationID = 0x6F72_6368

    static let migrations: [String] = [
        """
        CREATE TABLE conversations (
            id TEXT PRIMARY KEY, assistant TEXT NOT NULL, epoch TEXT NOT NULL, user TEXT NOT NULL,
            role TEXT NOT NULL, channel TEXT NOT NULL, state TEXT NOT NULL, sequence INTEGER NOT NULL,
            created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL, revision TEXT, dialogue TEXT NOT NULL,
            queue TEXT, staff TEXT
        ) STRICT;
        CREATE INDEX conversations_by_user ON conversations (user, created_at, id);
        CREATE INDEX conversations_waiting ON conversations (queue, created_at, id) WHERE state = 'waiting';

        -- Kept in the order they are read: a page of history is a few neighbouring pages of the file.
        CREATE TABLE messages (
            conversation TEXT NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
            sequence INTEGER NOT NULL, id TEXT NOT NULL, author TEXT NOT NULL, name TEXT, text TEXT NOT NULL,
            type TEXT, buttons TEXT, data TEXT, partial INTEGER NOT NULL, sources TEXT, safety TEXT,
            intent TEXT, client_message_id TEXT, in_reply_to INTEGER, created_at INTEGER NOT NULL,
            PRIMARY KEY (conversation, sequence)
        ) STRICT, WITHOUT ROWID;
        CREATE UNIQUE INDEX messages_by_client_id ON messages (conversation, client_message_id)
            WHERE client_message_id IS NOT NULL;

        CREATE TABLE aliases (
            channel TEXT NOT NULL, external_id TEXT NOT NULL,
            conversation TEXT NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
            PRIMARY KEY (channel, external_id)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX aliases_by_conversation ON aliases (conversation);

        CREATE TABLE flow_revisions (hash TEXT PRIMARY KEY, body TEXT NOT NULL, at INTEGER NOT NULL) STRICT;

        CREATE TABLE audit (
            row INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL, actor TEXT NOT NULL,
            action TEXT NOT NULL, subject TEXT NOT NULL, outcome TEXT NOT NULL
        ) STRICT;
        CREATE TRIGGER audit_is_never_changed BEFORE UPDATE ON audit
            BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END;
        CREATE TRIGGER audit_is_never_deleted BEFORE DELETE ON audit
            BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END;

        CREATE TABLE records (
            row INTEGER PRIMARY KEY, collection TEXT NOT NULL, id TEXT NOT NULL, body TEXT NOT NULL,
            touched INTEGER NOT NULL DEFAULT 0, UNIQUE (collection, id)
        ) STRICT;
        -- Outlives the row, so that a seed deleted at run time does not come back.
        CREATE TABLE record_seeds (
            collection TEXT NOT NULL, id TEXT NOT NULL, seed_hash TEXT NOT NULL, PRIMARY KEY (collection, id)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE idempotency (key TEXT PRIMARY KEY, result TEXT NOT NULL, at INTEGER NOT NULL) STRICT;
        CREATE INDEX idempotency_by_age ON idempotency (at);
        """, sharing, accounts,
        // What an answer of a provider took.
        "ALTER TABLE messages ADD COLUMN usage TEXT",
    ]

    /// One conversation on many channels: names within users, what a channel keeps, members, authors, reading.
    private static let sharing = """
        ALTER TABLE conversations ADD COLUMN external_id TEXT;
        ALTER TABLE conversations ADD COLUMN participants TEXT NOT NULL DEFAULT '[]';
        CREATE INDEX conversations_claimed ON conversations (updated_at, id) WHERE state = 'human';
        ALTER TABLE messages ADD COLUMN author_id TEXT;
        ALTER TABLE messages ADD COLUMN read_at INTEGER;
        CREATE INDEX messages_by_id ON messages (id);

        CREATE TABLE channel_aliases (
            channel TEXT NOT NULL, user TEXT NOT NULL, external_id TEXT NOT NULL,
            conversation TEXT NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
            attributes TEXT NOT NULL, created_at INTEGER NOT NULL,
            PRIMARY KEY (channel, user, external_id)
        ) STRICT, WITHOUT ROWID;
        INSERT INTO channel_aliases
            SELECT a.channel, '', a.external_id, a.conversation, '{}', c.created_at
            FROM aliases a JOIN conversations c ON c.id = a.conversation;
        DROP TABLE aliases;
        CREATE INDEX channel_aliases_by_conversation ON channel_aliases (conversation);
        CREATE INDEX channel_aliases_by_age ON channel_aliases (channel, created_at);

        CREATE TABLE participants (
            user TEXT NOT NULL, conversation TEXT NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
            PRIMARY KEY (user, conversation)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX participants_by_conversation ON participants (conversation);

        CREATE TABLE notes (
            row INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE,
            conversation TEXT NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
            author TEXT NOT NULL, name TEXT, text TEXT NOT NULL, created_at INTEGER NOT NULL
        ) STRICT;
        CREATE INDEX notes_by_conversation ON notes (conversation, row);
        """

    /// People's accounts, keys, and what counts changes of their rights.
    private static let accounts = """
        CREATE TABLE users (
            id TEXT PRIMARY KEY, name TEXT NOT NULL, name_key TEXT NOT NULL UNIQUE, email TEXT,
            password TEXT NOT NULL, role TEXT NOT NULL, created_at INTEGER NOT NULL, last_login INTEGER,
            disabled INTEGER NOT NULL DEFAULT 0, tokens_from INTEGER, changed INTEGER NOT NULL DEFAULT 0
        ) STRICT;
        CREATE INDEX users_by_change ON users (changed) WHERE changed > 0;
        CREATE TABLE api_keys (
            id TEXT PRIMARY KEY, hash TEXT NOT NULL UNIQUE, name TEXT NOT NULL, role TEXT NOT NULL,
            assistants TEXT, created_at INTEGER NOT NULL, expires_at INTEGER, revoked_at INTEGER,
            last_used_at INTEGER, changed INTEGER NOT NULL
        ) STRICT;
        CREATE INDEX api_keys_by_change ON api_keys (changed);
        CREATE TABLE password_resets (
            hash TEXT PRIMARY KEY, user TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
            expires_at INTEGER NOT NULL
        ) STRICT;
        CREATE INDEX password_resets_by_user ON password_resets (user);
        -- Counts changes of rights, so that every server finds those it has not seen.
        CREATE TABLE account_changes (one INTEGER PRIMARY KEY CHECK (one = 1), count INTEGER NOT NULL) STRICT;
        INSERT INTO account_changes VALUES (1, 0);
        """

    /// Does the steps a database lacks, all in one transaction: a kill leaves the old version whole.
    static func migrate(
        _ connection: SQLiteConnection, steps: [String] = migrations
    ) throws(StorageError) {
        let version = try version(of: connection)
        guard version <= steps.count else {
            throw StorageError(
                .newerSchema,
                "its schema \(version) is newer than schema \(steps.count) of this program"
            )
        }
        guard version < steps.count else { return }
        try connection.execute("BEGIN IMMEDIATE")
        do throws(StorageError) {
            // Another process may have done it while we waited for the lock.
            for step in steps.dropFirst(try self.version(of: connection)) { try connection.execute(step) }
            try connection.execute("PRAGMA user_version = \(steps.count)")
            try connection.execute("PRAGMA application_id = \(applicationID)")
            try connection.execute("COMMIT")
        } catch {
            if !connection.isAutocommit { try? connection.execute("ROLLBACK") }
            throw error
        }
    }

    private static func version(of connection: SQLiteConnection) throws(StorageError) -> Int {
        try connection.row("PRAGMA user_version") { $0.integer(0) } ?? 0
    }
}
