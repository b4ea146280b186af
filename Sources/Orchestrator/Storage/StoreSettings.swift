// SPDX-License-Identifier: Apache-2.0

/// Which store to open, as `storage.url` names it.
package struct StoreSettings: Sendable, Hashable {
    /// The kinds of stores there are.
    package enum Place: Sendable, Hashable {
        /// Nothing survives the process.
        case memory
        /// A SQLite database at this absolute path.
        case sqlite(path: String)
    }

    /// Where it is.
    package var place: Place
    /// How long to wait for a lock that another process holds.
    package var busyTimeout: Duration = .seconds(5)
    /// Writes that may wait; one more is `busy`.
    package var queueLimit = 10_000
    /// Makes the folder of a new database when only that one is missing.
    package var makesFolder = false

    /// A store at that place, with the usual limits.
    package init(_ place: Place) { self.place = place }

    /// Reads `sqlite:PATH` or `memory:`; a relative path is below `folder`.
    ///
    /// Nil for anything else.
    package init?(url: String, relativeTo folder: String) {
        if url == "memory:" {
            self.init(.memory)
            return
        }
        guard url.hasPrefix("sqlite:") else { return nil }
        let path = String(url.dropFirst("sqlite:".count))
        guard !path.isEmpty, !path.contains("\0"), !path.hasSuffix("/") else { return nil }
        self.init(.sqlite(path: path.path(in: folder)))
    }

    /// Opens the store, making the database if there is none.
    ///
    /// Blocks; call it before serving.
    /// - Throws: ``StorageError`` with what is wrong and where; a damaged database is never replaced.
    package func open() throws(StorageError) -> any AnyStore {
        switch place {
        case .memory: MemoryStore()
        case .sqlite(let path): try SQLiteStore(path: path, settings: self)
        }
    }
}
