// SPDX-License-Identifier: Apache-2.0
import Diagnostics
import Intents
import Orchestrator
import Testing
import WireProtocols

/// Understanding with nothing but one assistant file.
struct AssistantUnderstandingTests {
    private static let desk = """
        kind: assistant
        version: 1
        id: desk
        roles: [PATIENT, NOBODY_DECLARES_THIS]
        entities:
          when: { datetime: { prefer: future } }
        intents:
          book:
            examples:
              - book an appointment [next week](when)
              - I want to see a doctor
              - make an appointment for me
          cancel:
            examples:
              - cancel my appointment
              - I cannot come
              - book an appointment next week
        safety:
          - id: cardiac
            level: emergency
            phrases: [chest pain]
            say: { text: Call an ambulance }
        """

    private func understanding(
        _ text: String = desk, id: String = "desk"
    ) throws(StartError) -> AssistantUnderstanding {
        try understanding(of: SourceTree([TreeFile(path: "bots/desk.yaml", bytes: Array(text.utf8))]), id: id)
    }

    private func understanding(
        of tree: SourceTree, id: String = "desk"
    ) throws(StartError) -> AssistantUnderstanding {
        try AssistantUnderstanding(
            tree, folder: "bots", environment: EnvironmentValues([:]), assistant: id,
            now: Timestamp(milliseconds: 1_773_135_000_000), timezone: nil)
    }

    @Test func `one assistant file is enough, and what is missing are warnings`() throws {
        let warnings = try understanding().warnings
        #expect(warnings.contains("warning[example-two-intents]"))
        #expect(warnings.contains("warning[key-missing]: an intent needs one of the keys"))
        #expect(!warnings.contains("error") && !warnings.contains("server") && !warnings.contains("role"))
    }

    @Test func `a provider that is off is no news to those who only try words`() throws {
        let routing = """
            kind: routing
            version: 1
            providers:
              openai: { type: openai, key: "${env.OPENAI_API_KEY | default: ''}", model: gpt-4o-mini }
            """
        let tree = SourceTree([
            TreeFile(path: "bots/desk.yaml", bytes: Array(Self.desk.utf8)),
            TreeFile(path: "bots/routing.yaml", bytes: Array(routing.utf8)),
        ])
        let checked = SnapshotCompiler().compile(tree, environment: EnvironmentValues([:]), fits: false)
        #expect(checked.diagnostics.contains { $0.code == "provider-off" })
        let warnings = try understanding(of: tree).warnings
        #expect(warnings.contains("warning[key-missing]"))
        #expect(!warnings.contains("provider-off"), "\(warnings)")
    }

    @Test func `a reading has every key, and spans count scalars`() throws {
        let json = try understanding().read("é chest pain since tomorrow").json
        #expect(
            json["safety"] == ["level": "emergency", "family": "cardiac", "span": [2, 12]],
            "\(json.encodedText)")
        #expect(json.encodedText.contains(#""text":"since tomorrow","span":[13,27]"#), "\(json.encodedText)")
        let plain = try understanding().read("").json
        #expect(
            plain.encodedText
                == #"{"text":"","safety":null,"intent":null,"score":0.0,"ranking":[{"intent":"book","score":0.0},{"intent":"cancel","score":0.0}],"entities":[]}"#
        )
    }

    @Test func `the same examples in an assistant that is served are errors`() {
        let tree = SourceTree([TreeFile(path: "bots/desk.yaml", bytes: Array(Self.desk.utf8))])
        let result = SnapshotCompiler().compile(tree, environment: EnvironmentValues([:]))
        let codes = Set(result.diagnostics.filter { $0.severity == .error }.map(\.code))
        #expect(codes.isSuperset(of: ["example-two-intents", "key-missing", "server-missing"]))
    }

    @Test func `a misspelt key is still an error`() {
        #expect(throws: StartError.self) {
            try understanding(Self.desk.replacing("examples:", with: "exmples:"))
        }
    }

    @Test func `an assistant that is not there is named`() {
        let error = #expect(throws: StartError.self) { try understanding(id: "dsk") }
        #expect(error?.text == "there is no assistant 'dsk' in bots/")
    }

    @Test func `a clock without an offset is local time`() throws {
        let zone = try #require(NamedZone.named("-02:00"))
        #expect(Timestamp(iso8601: "2013-02-12T04:30:00", in: zone)?.seconds == 1_360_650_600)
        #expect(Timestamp(iso8601: "2013-02-12T04:30:00-02:00", in: zone)?.seconds == 1_360_650_600)
        #expect(Timestamp(iso8601: "noon", in: zone) == nil)
    }

    @Test func `an explanation names the stages and the lines`() throws {
        let desk = try understanding()
        let same = desk.explain("cancel my appointment").text
        #expect(
            same.hasPrefix(
                "safety    nothing dangerous\nintent    cancel, score 1.00   bots/desk.yaml:13:3\n"))
        #expect(same.contains("\n  as      the same words are an example   bots/desk.yaml:15:9\n"))
        let danger = desk.explain("I have chest pain")
        #expect(danger.text.hasPrefix("safety    cardiac, emergency: \"chest pain\"   bots/desk.yaml:19:"))
        #expect(danger.json["safety_at"]?.text?.hasPrefix("bots/desk.yaml:19:") == true)
        let like = desk.explain("please cancel the appointment I made").json
        #expect(like["evidence"] == "likeness" && like["intent"] == "cancel")
        #expect(like["examples"]?.list?.first?["at"] == "bots/desk.yaml:15:9")
        #expect(desk.explain("").text.contains("as      no word of it is in any example"))
    }

    @Test func `sentences out of scope are learnt`() throws {
        let desk = try understanding(
            Self.desk + "\nout_of_scope:\n  - cancel my subscription\n  - book a table for two\n")
        #expect(
            desk.assistant.parts.origins.outOfScope == ["cancel my subscription", "book a table for two"])
        #expect(desk.read("book a table for two").decision.intent == nil)
    }
}
