// SPDX-License-Identifier: Apache-2.0
import Diagnostics

/// A tree that was read, compiled and found fit to run here.
package struct LoadedConfiguration: Sendable {
    /// Where the tree is.
    package let reader: TreeReader
    package let compiler: SnapshotCompiler
    package let checks: StartupChecks
    /// The first snapshot.
    package let snapshot: Snapshot
    /// Warnings and notes, as shown.
    package let warnings: String

    /// Reads and compiles.
    /// - Throws: ``StartError``: `configuration` for problems in the files, `environment` for weak secrets in
    ///   production and for addresses that development does not allow.
    package init(reader: TreeReader, environment: EnvironmentValues, allowsRemote: Bool) throws(StartError) {
        self.reader = reader
        let table = WordTable(base: reader.base)
        compiler = SnapshotCompiler(folder: reader.name) { table.vectors() }
        let tree = reader.read()
        let result = compiler.compile(tree, environment: environment)
        guard let parts = result.parts else {
            throw StartError(.configuration, Reloader.render(result.diagnostics, result.sources))
        }
        checks = StartupChecks(
            allowsRemote: allowsRemote, serverFile: reader.serverFile,
            certificates: CertificateFiles(base: reader.base, clock: SystemWallClock()))
        let problems = checks.problems(of: parts, running: nil)
        let shown = (result.diagnostics + problems).sorted()
        guard !problems.contains(where: { $0.severity == .error }) else {
            throw StartError(.environment, Reloader.render(problems, result.sources))
        }
        let findings = shown.isEmpty ? "" : Reloader.render(shown, result.sources)
        warnings = [findings, table.problem.map { "warning: \($0)" } ?? ""].filter { !$0.isEmpty }
            .joined(separator: "\n")
        snapshot = Snapshot(parts, number: 1)
    }
}
