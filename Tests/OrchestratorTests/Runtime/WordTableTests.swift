// SPDX-License-Identifier: Apache-2.0
import Foundation
import Intents
import Testing

@testable import Orchestrator

/// The optional table of word meanings beside the tree.
struct WordTableTests {
    private func table(_ bytes: [UInt8]?) throws -> WordTable {
        let base = FileManager.default.temporaryDirectory.appending(path: "words-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: base + "/data", withIntermediateDirectories: true)
        if let bytes {
            #expect(FileManager.default.createFile(atPath: base + "/data/words.bin", contents: Data(bytes)))
        }
        return WordTable(base: base)
    }

    @Test func `without the file there is no table and no complaint`() throws {
        let table = try table(nil)
        #expect(table.vectors() == nil && table.problem == nil)
    }

    @Test func `a damaged file is said and not used`() throws {
        let table = try table(Array("ORCHWORD".utf8))
        #expect(table.problem == nil, "nothing is read before a model is fitted")
        #expect(table.vectors() == nil)
        #expect(table.problem == "data/words.bin is of another version, so models know only their examples")
    }

    @Test func `a table is read once`() throws {
        let bytes = Array("ORCHWORD".utf8) + [1, 0, 1, 0, 1, 0, 0, 0, 1, 0x61, 0, 0, 0x80, 0x3F, 5]
        let table = try table(bytes)
        let first = try #require(table.vectors())
        #expect(table.vectors() === first && table.problem == nil)
    }
}
