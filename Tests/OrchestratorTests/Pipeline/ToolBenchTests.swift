// SPDX-License-Identifier: Apache-2.0

import Diagnostics
import OrchestratorTesting
import Testing
import WireProtocols

@testable import Orchestrator

@Suite(.timeLimit(.minutes(1))) struct ToolBenchTests {
    private static let slots = Action(
        name: "find_slots",
        backend: .records([
            RecordOperation(verb: .select(order: [], limit: nil), collection: "slots")
        ]), input: [.init(name: "day", type: .text)], output: .list(.any), isWrite: false)
    private static let book = Action(
        name: "book",
        backend: .records([
            RecordOperation(
                verb: .insert([
                    .init(name: "slot", value: .template(look(["input", "slot"]))),
                    .init(name: "patient", value: .template(look(["user", "id"]))),
                ]), collection: "appointments")
        ]), input: [.init(name: "slot", type: .text)], output: .any, isWrite: true)

    private static func look(_ path: [String]) -> Template {
        Template([.value(.init(path: path, filters: [], range: .top(of: "test")))])
    }

    private func fixture(_ provider: ScriptedProvider) -> ServiceFixture {
        ServiceFixture(providers: [provider]) { parts, whole in
            parts.actions = ["find_slots": Self.slots, "book": Self.book]
            let flow = Flow(
                name: Tool.flowName("book"), slots: [],
                program: [
                    .confirm(.init(ask: .named(BuiltinResponse.toolConfirm), ifNo: nil)),
                    .call(
                        .init(
                            action: "book",
                            input: [.init(name: "slot", value: .template(Self.look(["tool", "slot"])))],
                            save: nil, ifEmpty: nil, ifError: [:])),
                    .say(.named(BuiltinResponse.toolDone)),
                ], hash: "h")
            parts.flows = [flow.name: flow]
            parts.tools = [
                Tool(action: Self.slots, summary: "Finds slots.", flow: nil),
                Tool(action: Self.book, summary: "Books.", flow: flow.name),
            ]
            whole.collections = [
                "slots": RecordCollection(name: "slots", access: nil),
                "appointments": RecordCollection(name: "appointments", access: nil),
            ]
        }
    }

    private static func wants(_ name: String, _ arguments: String) -> ScriptedProvider.Line {
        .replies { _, _ throws(ProviderError) in
            var answer = ProviderAnswer(text: "")
            answer.calls = [ToolCall(id: "c1", name: name, arguments: arguments)]
            return answer
        }
    }

    @Test func `a read is carried out at once, and its result is shown to the model`() async throws {
        let provider = ScriptedProvider(
            "ai", Self.wants("find_slots", #"{"day":"today"}"#), .says("None free."))
        let fixture = fixture(provider)
        let id = try await fixture.begin()
        #expect(try await fixture.say("explain my results", in: id) == ["None free."])
        #expect(provider.requests.last?.exchanges.map(\.result) == ["[]"])
        #expect(provider.requests.first?.tools.map(\.name) == ["find_slots", "book"])
        #expect(provider.requests.first?.tools.last?.input["required"] == ["slot"])
    }

    @Test func `what changes anything waits for the person's yes`() async throws {
        let fixture = fixture(
            ScriptedProvider("ai", Self.wants("book", #"{"slot":"s1","patient":"p9"}"#)))
        let id = try await fixture.begin()
        #expect(
            try await fixture.say("explain my results", in: id) == [
                "Shall I do this for you: book (slot: s1)?"
            ])
        #expect(try await fixture.say("yes", in: id) == ["Done."])
        let again = try await fixture.begin()
        _ = try await fixture.say("explain my results", in: again)
        #expect(try await fixture.say("no", in: again) != ["Done."])
    }

    @Test
    func `input that does not fit is told to the model, and a tool that was not offered is left out`()
        async throws
    {
        let provider = ScriptedProvider(
            "ai", Self.wants("find_slots", #"{"day":["x"]}"#), Self.wants("find_slots", "nonsense"),
            .says("Sorry."))
        let fixture = fixture(provider)
        let id = try await fixture.begin()
        #expect(try await fixture.say("explain my results", in: id) == ["Sorry."])
        #expect(provider.requests.last?.exchanges.count == 2)
        #expect(
            provider.requests.last?.exchanges.allSatisfy { $0.result.contains("does not fit") } == true)

        let unknown = self.fixture(ScriptedProvider("ai", Self.wants("drop_tables", "{}")))
        let other = try await unknown.begin()
        #expect(try await unknown.say("explain my results", in: other) == ["I cannot answer that."])
    }

    @Test func `a model that asks for ever is ended`() async throws {
        let provider = ScriptedProvider("ai", Self.wants("find_slots", #"{"day":"today"}"#))
        let fixture = fixture(provider)
        let id = try await fixture.begin()
        _ = try await fixture.say("explain my results", in: id)
        #expect(provider.requests.count == ToolBench.maxRounds + 1)
    }
}
