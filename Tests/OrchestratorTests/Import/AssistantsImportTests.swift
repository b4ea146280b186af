// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Orchestrator

struct AssistantsImportTests {
    private func imported(_ text: String) throws -> AssistantsImport {
        try AssistantsImport(Array(text.utf8))
    }

    @Test func `each type becomes an assistant and a route of its own`() throws {
        let result = try imported(
            #"""
            {"default": {"provider": "openai", "assistantId": "asst_1", "name": "Support: us", "description": "Help"},
             "sales-team": {"provider": "openai", "assistantId": "", "instructions": "Be \"brief\"."}}
            """#)
        #expect(
            result.files.map(\.name) == [
                "imported_routing.yaml", "imported_default.yaml", "imported_sales_team.yaml",
            ])
        #expect(
            result.files[0].text == """
                kind: routing
                version: 1
                providers:
                  imported_default:
                    type: openai-assistants
                    url: "${env.OPENAI_BASE_URL | default: 'https://api.openai.com/v1'}"
                    key: "${env.OPENAI_API_KEY | default: ''}"
                    assistant_id: "asst_1"
                  imported_sales_team:
                    type: openai-assistants
                    url: "${env.OPENAI_BASE_URL | default: 'https://api.openai.com/v1'}"
                    key: "${env.OPENAI_API_KEY | default: ''}"
                    assistant_id: "${env.OPENAI_ASSISTANT_ID | default: ''}"
                routes:
                  imported_default:
                    mid_stream: stop
                    try:
                      - { provider: imported_default }
                      - { fail: unavailable }
                  imported_sales_team:
                    mid_stream: stop
                    try:
                      - { provider: imported_sales_team }
                      - { fail: unavailable }

                """)
        #expect(
            result.files[2].text == """
                kind: assistant
                version: 1
                id: imported_sales_team
                use: [medical, emergency, clinic_records]
                roles: [anonymous]
                settings: { emergency_number: "911", crisis_line: "988", timezone: UTC, languages: [en] }
                persona: "Be \\"brief\\"."
                otherwise:
                  - { route: imported_sales_team, history: 10 }

                """)
        #expect(result.files[1].text.contains("name: \"Support: us\"\n"))
        #expect(result.channel == #"{ "default": imported_default, "sales-team": imported_sales_team }"#)
    }

    @Test(arguments: [
        ("[]", "the file must be an object with an entry for each type"),
        ("{", "the file is not JSON, at byte 1"),
        (#"{"a": 1}"#, "'a' is not an object"),
        (#"{"a": {"name": 1}}"#, "'a.name' is not a text"),
        (#"{"a": {"provider": "azure"}}"#, "'a' names the provider 'azure', which cannot be taken over"),
        (#"{"a-b": {}, "a_b": {}}"#, "two types would both be called 'a_b'"),
    ])
    func `what cannot be taken over is said`(text: String, message: String) {
        #expect(throws: AssistantsImport.Problem(message: message)) { try imported(text) }
    }
}
