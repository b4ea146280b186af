// SPDX-License-Identifier: Apache-2.0
import Foundation
import Orchestrator
import Transport
import WireProtocols

/// Asks each configured provider one question.
enum ProvidersCommand: Command {
    static let name = "providers"
    static let summary = "ask each configured provider one question: providers check"
    static let operands = ["check"]
    static let flags: [Arguments.Flag] = [.format]

    static func run(_ arguments: Arguments) async throws(UsageError) -> ExitCode {
        guard arguments.positional == ["check"] else {
            throw UsageError("write: orchestratord providers check")
        }
        let loaded = try LoadedTree(arguments)
        let result = SnapshotCompiler(folder: loaded.reader.name).compile(
            loaded.reader.read(), environment: loaded.environment)
        guard let parts = result.parts else {
            complain("the files have problems; see: orchestratord validate")
            return .problems
        }
        let snapshot = Snapshot(parts, number: 1)
        let client = HTTPClient()
        let registry = ProviderRegistry(snapshot, factories: ProviderFactories.all(client: client))
        let findings = await ProviderCheck(snapshot, registry: registry).run()
        await client.close()
        if arguments.values["format"] == "json" {
            output(
                JSON.object(JSONObject([.init(name: "providers", value: .array(findings.map(\.json)))]))
                    .encodedText)
        } else {
            output(table(findings), terminator: "")
        }
        return findings.contains(where: \.hasFailed) ? .problems : .ok
    }

    private static func table(_ findings: [ProviderCheck.Finding]) -> String {
        if findings.isEmpty { return "no providers are configured\n" }
        let names = findings.map(\.provider.count).max() ?? 0
        let types = findings.map(\.type.count).max() ?? 0
        return findings.map { finding in
            let name = finding.provider.padding(toLength: names + 2, withPad: " ", startingAt: 0)
            let type = finding.type.padding(toLength: types + 2, withPad: " ", startingAt: 0)
            return name + type + text(finding) + "\n"
        }.joined()
    }

    private static func text(_ finding: ProviderCheck.Finding) -> String {
        switch finding.state {
        case .off: return "off: its key or address is empty"
        case .answered:
            let first = finding.firstToken.map { ", first words after \(milliseconds($0))" } ?? ""
            return "answers in \(milliseconds(finding.took))\(first)"
                + (finding.model.map { ", \($0)" } ?? "")
        case .failed(let cause, let status):
            let code = status.map { " (status \($0))" } ?? ""
            return "FAILS after \(milliseconds(finding.took)): \(cause.rawValue)\(code): \(cause.advice)"
        }
    }

    private static func milliseconds(_ duration: Duration) -> String {
        "\(Int((duration / .milliseconds(1)).rounded())) ms"
    }
}
