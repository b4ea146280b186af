// SPDX-License-Identifier: Apache-2.0
import Diagnostics
import Testing

struct DataRenderingTests {
    private let finding = Diagnostic(
        .warning, code: "yaml-duplicate-key",
        at: SourceRange(
            file: "bots/my file.yaml", start: SourcePosition(line: 2, column: 1),
            end: SourcePosition(line: 2, column: 3)),
        "the key 'a\"\\\u{1}' is here twice", help: "delete one\nof them",
        related: [.init(.top(of: "bots/b.yaml"), "first")])

    @Test func `JSON has the fields of the text in a stable order`() {
        #expect(
            DiagnosticRenderer(sources: []).json([finding]) == #"""
                {
                  "diagnostics": [
                    {
                      "severity": "warning",
                      "code": "yaml-duplicate-key",
                      "file": "bots/my file.yaml",
                      "line": 2,
                      "column": 1,
                      "end_line": 2,
                      "end_column": 3,
                      "message": "the key 'a\"\\\u0001' is here twice",
                      "help": "delete one\nof them",
                      "related": [
                        {
                          "file": "bots/b.yaml",
                          "line": 1,
                          "column": 1,
                          "end_line": 1,
                          "end_column": 2,
                          "message": "first"
                        }
                      ]
                    }
                  ],
                  "summary": {
                    "errors": 0,
                    "warnings": 1,
                    "notes": 0,
                    "files": 1
                  }
                }

                """#)
    }

    @Test func `JSON without findings is empty lists and zeros`() {
        #expect(
            DiagnosticRenderer(sources: []).json([]) == """
                {
                  "diagnostics": [],
                  "summary": {
                    "errors": 0,
                    "warnings": 0,
                    "notes": 0,
                    "files": 0
                  }
                }

                """)
    }

    @Test func `SARIF names the rule, the level and the place in code points`() {
        #expect(
            DiagnosticRenderer(sources: []).sarif([finding]) == #"""
                {
                  "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
                  "version": "2.1.0",
                  "runs": [
                    {
                      "tool": {
                        "driver": {
                          "name": "orchestratord",
                          "rules": [
                            {
                              "id": "yaml-duplicate-key"
                            }
                          ]
                        }
                      },
                      "columnKind": "unicodeCodePoints",
                      "results": [
                        {
                          "ruleId": "yaml-duplicate-key",
                          "ruleIndex": 0,
                          "level": "warning",
                          "message": {
                            "text": "the key 'a\"\\\u0001' is here twice\nhelp: delete one\nof them"
                          },
                          "locations": [
                            {
                              "physicalLocation": {
                                "artifactLocation": {
                                  "uri": "bots/my%20file.yaml"
                                },
                                "region": {
                                  "startLine": 2,
                                  "startColumn": 1,
                                  "endLine": 2,
                                  "endColumn": 3
                                }
                              }
                            }
                          ],
                          "relatedLocations": [
                            {
                              "id": 0,
                              "physicalLocation": {
                                "artifactLocation": {
                                  "uri": "bots/b.yaml"
                                },
                                "region": {
                                  "startLine": 1,
                                  "startColumn": 1,
                                  "endLine": 1,
                                  "endColumn": 2
                                }
                              },
                              "message": {
                                "text": "first"
                              }
                            }
                          ]
                        }
                      ]
                    }
                  ]
                }

                """#)
    }

    @Test func `lines end with LF, CR LF or CR`() {
        let source = SourceText(file: "a", text: "one\r\ntwo\rthree\n")
        #expect(source.lines == ["one", "two", "three", ""])
        #expect(source.line(2) == "two")
        #expect(source.line(0) == nil)
        #expect(source.line(5) == nil)
        #expect(SourceText(file: "a", bytes: [0xEF, 0xBB, 0xBF, 0x61, 0xFF]).text == "a\u{FFFD}")
    }
}
