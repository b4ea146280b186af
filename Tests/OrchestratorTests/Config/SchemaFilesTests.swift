// SPDX-License-Identifier: Apache-2.0
import Foundation
import Orchestrator
import Testing
import WireProtocols

struct SchemaFilesTests {
    private static let folder =
        URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().path + "/schemas"

    @Test(arguments: SchemaWriter.all().map(\.name))
    func `the schema that is checked in is the one the declarations yield`(name: String) throws {
        let text = try #require(SchemaWriter.all().first { $0.name == name }?.text)
        let file = try #require(
            FileManager.default.contents(atPath: "\(Self.folder)/\(name)"), "write it: orchestratord schema")
        #expect(String(decoding: file, as: UTF8.self) == text, "stale: orchestratord schema")
    }

    @Test func `every key of every part says what it means`() throws {
        for schema in SchemaWriter.all() {
            let root = try JSON.parse(schema.text)
            let parts = [root] + (root["$defs"]?.members?.members.map(\.value) ?? [])
            for part in parts {
                for key in part["properties"]?.members?.members ?? [] {
                    #expect(key.value["description"]?.text?.isEmpty == false, "\(schema.name) \(key.name)")
                }
            }
        }
    }
}
