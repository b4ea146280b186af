// SPDX-License-Identifier: Apache-2.0

import Glibc
import Testing
import WireProtocols

@testable import Orchestrator

/// The stores that the same tests run over.
enum StoreKind: String, CaseIterable, CustomTestStringConvertible {
    case memory, sqlite

    var testDescription: String { rawValue }

    func withStore(_ body: (any AnyStore) async throws -> Void) async throws {
        switch self {
        case .memory: try await body(MemoryStore())
        case .sqlite:
            try await withTemporaryFolder { folder in
                let store = try SQLiteStore(
                    path: folder + "/test.db", settings: StoreSettings(.sqlite(path: "")))
                try await body(store)
                await store.close()
            }
        }
    }
}

/// Makes a folder for one test and takes it away again, with everything in it.
func withTemporaryFolder(_ body: (String) async throws -> Void) async throws {
    var template = Array("/tmp/orchestrator-test-XXXXXX".utf8CString)
    let path = try #require(mkdtemp(&template).map { String(cString: $0) })
    defer {
        if let folder = opendir(path) {
            while let entry = readdir(folder) {
                let name = withUnsafePointer(to: &entry.pointee.d_name) {
                    $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
                }
                unlink("\(path)/\(name)")
                rmdir("\(path)/\(name)")
            }
            closedir(folder)
        }
        rmdir(path)
    }
    try await body(path)
}

func conversation(_ id: String, user: String = "u1", at milliseconds: Int = 1000) -> ConversationRecord {
    ConversationRecord(
        id: id, assistant: "patient", epoch: "e-\(id)", user: user, role: "PATIENT", channel: "native",
        createdAt: Timestamp(milliseconds: milliseconds))
}

func message(
    _ conversation: String, _ sequence: Int, _ author: MessageAuthor, _ text: String, clientID: String? = nil,
    inReplyTo: Int? = nil, at milliseconds: Int = 1000
) -> MessageRecord {
    MessageRecord(
        id: "\(conversation)-\(sequence)", conversation: conversation, sequence: sequence, author: author,
        text: text,
        clientMessageID: clientID, inReplyTo: inReplyTo, createdAt: Timestamp(milliseconds: milliseconds))
}

/// A message with something in every field.
func fullMessage(_ conversation: String, _ sequence: Int) -> MessageRecord {
    MessageRecord(
        id: "id-\(sequence)", conversation: conversation, sequence: sequence, author: .assistant,
        name: "Clinic",
        text: "", type: "doctor_list", buttons: [["type": "select_doctor", "value": 7]],
        data: ["doctors": []],
        partial: true, sources: [["id": "faq#1", "score": 0.5]],
        safety: ["level": "possible", "family": "cardiac"],
        intent: "book_appointment", clientMessageID: nil, inReplyTo: 1,
        createdAt: Timestamp(milliseconds: 1234))
}

func alias(_ externalID: String) -> ConversationAlias {
    ConversationAlias(channel: "widget", externalID: externalID)
}

/// The kind of storage error the body throws; nil when it throws none.
func failure<Value>(_ body: () async throws -> Value) async -> StorageError.Kind? {
    do {
        _ = try await body()
        return nil
    } catch {
        return (error as? StorageError)?.kind
    }
}
