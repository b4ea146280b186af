// SPDX-License-Identifier: Apache-2.0

import CSQLite
import Glibc
import Synchronization

/// Finds the passages of a knowledge set that answer a question, by its words.
///
/// BM25 alone ranks well but says nothing about whether anything fits at all: the best of bad passages still
/// comes first, and its number means something else in every set. So a passage is judged by which share of
/// the question's words it holds, rare words counting more (and unknown ones as rare); BM25 decides among
/// equals.
///
/// A search takes some tens of microseconds and holds a lock for as long. Nothing touches the disk.
final class KnowledgeIndex: Sendable {
    /// A passage holding less of the question than this is no answer to it.
    static let floor = 0.45

    private let passages: [KnowledgePassage]
    private let connection: Mutex<SQLiteConnection>

    /// An index of these documents.
    init(_ documents: [KnowledgeDocument]) throws(StorageError) {
        passages = documents.flatMap(PassageSplitter.passages)
        let memory = try SQLiteConnection(
            path: ":memory:", flags: SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, busyTimeout: .zero)
        try memory.execute(
            "CREATE VIRTUAL TABLE passages USING fts5(heading, text, tokenize = 'porter unicode61'); BEGIN")
        for (index, passage) in passages.enumerated() {
            try memory.run(
                "INSERT INTO passages (rowid, heading, text) VALUES (?, ?, ?)",
                .integer(index), .text(passage.heading), .text(passage.text))
        }
        try memory.execute("COMMIT")
        connection = Mutex(memory)
    }

    /// How many passages there are.
    var count: Int { passages.count }

    /// The passages that answer an utterance best, best first; none when nothing fits.
    func search(_ utterance: String, limit: Int) throws(StorageError) -> [KnowledgePassage] {
        let query = KnowledgeQuery(utterance)
        guard !query.words.isEmpty, !passages.isEmpty, limit > 0 else { return [] }
        let found = try connection.withLock { (connection) throws(StorageError) in
            try Findings(query, in: connection)
        }
        return found.ranked(of: passages.count).prefix(limit).map { index, score in
            var passage = passages[index]
            passage.score = score
            return passage
        }
    }
}

/// What the index says about one query.
private struct Findings: Sendable {
    /// For each word of the query, the passages that hold it.
    var holders: [Set<Int>]
    /// The best passages by BM25 with their strength, greater is better.
    var candidates: [(index: Int, strength: Double)]

    init(_ query: KnowledgeQuery, in connection: SQLiteConnection) throws(StorageError) {
        // Twice the weight for a heading: it says what its passage is about.
        candidates = try connection.rows(
            """
            SELECT rowid, -bm25(passages, 2.0, 1.0) FROM passages WHERE passages MATCH ? \
            ORDER BY bm25(passages, 2.0, 1.0) LIMIT 50
            """, [.text(query.expression)]
        ) { ($0.integer(0), $0.real(1)) }
        holders = []
        guard !candidates.isEmpty else { return }
        for word in query.words {
            let rows = try connection.rows(
                "SELECT rowid FROM passages WHERE passages MATCH ?", [.text(KnowledgeQuery.phrase(word))]
            ) { $0.integer(0) }
            holders.append(Set(rows))
        }
    }

    func ranked(of total: Int) -> [(index: Int, score: Double)] {
        let weights = holders.map { Self.weight(holders: max($0.count, 1), of: total) }
        let whole = weights.reduce(0, +)
        let strongest = candidates.map(\.strength).max() ?? 0
        guard whole > 0, strongest > 0 else { return [] }
        return candidates.compactMap { candidate in
            let held = zip(weights, holders).reduce(0) { $0 + ($1.1.contains(candidate.index) ? $1.0 : 0) }
            let coverage = held / whole
            guard coverage >= KnowledgeIndex.floor else { return nil }
            return (candidate.index, 0.8 * coverage + 0.2 * candidate.strength / strongest)
        }.sorted { ($0.score, $1.index) > ($1.score, $0.index) }
    }

    // The probabilistic inverse document frequency, kept above zero.
    private static func weight(holders: Int, of total: Int) -> Double {
        log(1 + (Double(total - holders) + 0.5) / (Double(holders) + 0.5))
    }
}
