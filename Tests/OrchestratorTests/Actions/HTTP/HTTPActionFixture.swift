// SPDX-License-Identifier: Apache-2.0
import Diagnostics
import OrchestratorTesting
import Testing
import Transport
import WireProtocols

@testable import Orchestrator

/// Actions of an `http` backend, compiled from YAML and carried out against a fake one.
struct HTTPActionFixture {
    let runner: HTTPActionRunner
    let actions: [String: Action]
    let diagnostics: [String]

    /// `backend` and `actions` are lines of YAML; `URL` in them is the backend's address.
    init(
        _ url: String, backend: String = "", actions: String, environment: [String: String] = [:],
        delay: any Delay = SystemDelay()
    ) throws {
        var tree = FixtureTree.base
        for (name, value) in environment {
            tree.environment = EnvironmentValues([
                "JWT_SECRET": "0123456789abcdef0123456789abcdef", name: value,
            ])
        }
        let lines = backend.split(separator: "\n").map { "    \($0)\n" }.joined()
        let indented = actions.split(separator: "\n").map { "  \($0)\n" }.joined()
        let library = """
            kind: library
            version: 1
            id: desk_http
            backends:
              there:
                type: http
                url: URL
            \(lines)
            actions:
            \(indented)
            """
        tree.put(Array(library.replacing("URL", with: url).utf8), as: "desk_http")
        tree.put(Array(Self.assistant.utf8), as: "caller")
        let result = SnapshotCompiler().compile(SourceTree(tree.files), environment: tree.environment)
        diagnostics = result.diagnostics.filter { $0.severity == .error }.map { "\($0.code): \($0.message)" }
        self.actions = result.parts?.assistants["caller"]?.parts.actions ?? [:]
        runner = HTTPActionRunner(client: HTTPClient(), delay: delay)
    }

    private static let assistant = """
        kind: assistant
        version: 1
        id: caller
        use: [desk_http]
        roles: [VISITOR]
        settings: { timezone: Europe/London }
        intents: { hello: { examples: [hello there], say: Hello. } }
        otherwise:
          - { say: Please say that in other words. }
        """

    func run(
        _ name: String, _ input: JSONObject = [:], caller: Caller = Caller(user: "u1", role: "VISITOR"),
        key: String? = nil
    ) async throws -> JSON {
        let action = try #require(actions[name], "\(diagnostics)")
        let context = ActionContext(
            caller: caller,
            time: LocalTime(now: Timestamp(milliseconds: 1_773_000_000_000), timezone: "Europe/London"),
            idempotencyKey: key, collections: [:])
        return try await runner.run(action, input: input, context: context)
    }

    /// The name of the error an action ends with; nil when it succeeds.
    func error(
        _ name: String, _ input: JSONObject = [:], caller: Caller = Caller(user: "u1", role: "VISITOR"),
        key: String? = nil
    ) async -> ActionError? {
        do {
            _ = try await run(name, input, caller: caller, key: key)
            return nil
        } catch { return error as? ActionError ?? ActionError("test", "\(error)") }
    }
}
