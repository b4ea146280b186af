// SPDX-License-Identifier: Apache-2.0
import Diagnostics
import Testing

struct DiagnosticRendererTests {
    private let routing = SourceText(
        file: "bots/clinic.yaml", text: String(repeating: "\n", count: 40) + "    provider: opnai\r\n")

    private func range(_ file: String, _ line: Int, _ column: Int, to end: Int) -> SourceRange {
        SourceRange(
            file: file, start: SourcePosition(line: line, column: column),
            end: SourcePosition(line: line, column: end))
    }

    private func marks(_ line: String, _ column: Int, to end: Int) -> String {
        let renderer = DiagnosticRenderer(sources: [SourceText(file: "a", text: line)])
        return renderer.text(Diagnostic(code: "c", at: range("a", 1, column, to: end), "m"))
    }

    @Test func `a finding is shown with its line, marks and help`() {
        let diagnostic = Diagnostic(
            code: "route-unknown-provider", at: range("bots/clinic.yaml", 41, 15, to: 20),
            "route 'triage' names provider 'opnai', which no provider defines",
            help: "did you mean 'openai'? it is defined at bots/routing.yaml:5",
            related: [.init(range("bots/routing.yaml", 5, 3, to: 9), "'openai' is defined here")])
        #expect(
            DiagnosticRenderer(sources: [routing]).text([diagnostic]) == """
                bots/clinic.yaml:41:15: error[route-unknown-provider]: route 'triage' names provider 'opnai', which no provider defines
                   41 |     provider: opnai
                      |               ^~~~~
                  help: did you mean 'openai'? it is defined at bots/routing.yaml:5
                  see: bots/routing.yaml:5:3: 'openai' is defined here
                1 error in 1 file

                """)
    }

    @Test func `further lines of help stand under the first`() {
        let diagnostic = Diagnostic(.warning, code: "c", at: .top(of: "b"), "m", help: "write:\n- \"x\"")
        #expect(
            DiagnosticRenderer(sources: []).text(diagnostic) == """
                b:1:1: warning[c]: m
                  help: write:
                        - "x"

                """)
    }

    @Test func `marks stand under the text behind tabs, wide and combining characters`() {
        #expect(marks("\ta: x", 5, to: 6) == "a:1:5: error[c]: m\n    1 |     a: x\n      |        ^\n")
        #expect(marks("漢字: xy", 5, to: 7) == "a:1:5: error[c]: m\n    1 | 漢字: xy\n      |       ^~\n")
        #expect(
            marks("e\u{301}: xy", 5, to: 7) == "a:1:5: error[c]: m\n    1 | e\u{301}: xy\n      |    ^~\n")
        #expect(marks("🙂: 漢", 4, to: 5) == "a:1:4: error[c]: m\n    1 | 🙂: 漢\n      |     ^~\n")
    }

    @Test func `a range without width or behind the line end gets one mark`() {
        #expect(marks("a:", 3, to: 3) == "a:1:3: error[c]: m\n    1 | a:\n      |   ^\n")
        #expect(marks("a:", 9, to: 12) == "a:1:9: error[c]: m\n    1 | a:\n      |   ^\n")
    }

    @Test func `a range over several lines is marked to the end of its first`() {
        let source = SourceText(file: "a", text: "a: \"b\n  c\"")
        let place = SourceRange(
            file: "a", start: SourcePosition(line: 1, column: 4), end: SourcePosition(line: 2, column: 5))
        #expect(
            DiagnosticRenderer(sources: [source]).text(Diagnostic(code: "c", at: place, "m"))
                == "a:1:4: error[c]: m\n    1 | a: \"b\n      |    ^~\n")
    }

    @Test func `a very long line is cut around the mark`() {
        let line = String(repeating: "x", count: 5_000) + "HERE" + String(repeating: "y", count: 5_000)
        let shown = marks(line, 5_001, to: 5_005).split(separator: "\n")
        #expect(
            shown[1] == "    1 | …" + String(repeating: "x", count: 40) + "HERE"
                + String(repeating: "y", count: 56) + "…")
        #expect(shown[2] == "      | " + String(repeating: " ", count: 41) + "^~~~")
    }

    @Test func `characters that steer a terminal are made visible`() {
        #expect(marks("a\u{1B}[2Jb\u{202E}c\u{0}", 1, to: 2).contains("a␛[2Jb\u{FFFD}c␀\n"))
    }

    @Test func `the summary counts by severity and file`() {
        let all = [
            Diagnostic(code: "c", at: .top(of: "a"), "m"), Diagnostic(code: "c", at: .top(of: "b"), "m"),
            Diagnostic(.warning, code: "c", at: .top(of: "b"), "m"),
        ]
        #expect(DiagnosticRenderer.summary(of: all) == "2 errors, 1 warning in 2 files")
        #expect(DiagnosticRenderer.summary(of: []) == "no problems")
        #expect(DiagnosticRenderer(sources: []).text([]) == "")
    }
}
