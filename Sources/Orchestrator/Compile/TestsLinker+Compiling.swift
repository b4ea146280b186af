// SPDX-License-Identifier: Apache-2.0
import Diagnostics

extension TestsLinker {
    /// The tests of all files, in file order; meant for a tree without errors.
    func tests() -> [ConversationTest] {
        index.tests.flatMap { config, _ in
            config.tests.map { named in test(named, of: config) }
        }
    }

    private func test(_ named: Named<TestConfig>, of file: TestsConfig) -> ConversationTest {
        let test = named.value
        let assistant = index.assistants[file.assistant.value]?.config
        let role = test.role ?? file.role ?? assistant?.roles.first
        let faults = test.providers.map {
            ($0.name.value, ProviderCause(rawValue: $0.value.value) ?? .timeout)
        }
        return ConversationTest(
            name: named.name.value, assistant: file.assistant.value, role: role?.value ?? "",
            user: (test.user ?? file.user).value,
            clock: Timestamp(iso8601: file.clock.value) ?? Timestamp(milliseconds: 0),
            faults: Dictionary(faults) { first, _ in first }, steps: test.steps.map(\.compiled),
            range: named.name.range)
    }
}

extension TestStepConfig {
    fileprivate var compiled: ConversationTest.Step {
        let act: ConversationTest.Act = wait.map { .waits($0.value) } ?? .says(say?.value ?? "")
        let range = say?.range ?? wait?.range ?? .top(of: "")
        return ConversationTest.Step(act: act, expectation: expect?.compiled(at: range))
    }
}

extension ExpectationConfig {
    fileprivate func compiled(at range: SourceRange) -> ConversationTest.Expectation {
        var expectation = ConversationTest.Expectation(at: range)
        expectation.says = says.map(\.value)
        expectation.saysNot = saysNot.map(\.value)
        expectation.type = type?.value
        expectation.intent = intent?.value
        expectation.flow = flow?.value
        expectation.state = state?.value
        expectation.safety = safety?.value
        expectation.slots = Dictionary(slots.map { ($0.name.value, $0.value.value) }) { first, _ in first }
        return expectation
    }
}
