// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Orchestrator

@Suite struct StoredRevisionTests {
    @Test func `an earlier revision compiles from its YAML files, without the texts of its knowledge`() throws
    {
        let fixture = FixtureTree.base
        let yaml = fixture.files.filter(\.isYAML)
        #expect(yaml.count < fixture.files.count, "the tree has knowledge texts")
        let whole = try #require(
            SnapshotCompiler().compile(SourceTree(fixture.files), environment: fixture.environment).parts)
        var tree = SourceTree(yaml)
        #expect(SnapshotCompiler().compile(tree, environment: fixture.environment).parts == nil)
        tree.isRevision = true
        let again = try #require(SnapshotCompiler().compile(tree, environment: fixture.environment).parts)
        #expect(again.assistants.mapValues(\.digest) == whole.assistants.mapValues(\.digest))
    }
}
