// SPDX-License-Identifier: Apache-2.0
import Intents
import Testing
import WireProtocols

@testable import Orchestrator

/// What labelled utterances say about an assistant.
struct EvaluationReportTests {
    private static let report: EvaluationReport = {
        var report = EvaluationReport()
        func add(_ meant: String?, _ best: String, _ score: Double) {
            report.add(
                meant,
                IntentDecision(
                    intent: score >= 0.5 ? best : nil, score: score,
                    ranking: [IntentMatch(intent: best, score: score)]))
        }
        add("book", "book", 0.95)
        add("book", "book", 0.45)
        add("book", "cancel", 0.65)
        add("cancel", "cancel", 1)
        add(nil, "cancel", 0.25)
        add(nil, "book", 0.55)
        return report
    }()

    @Test func `accuracy counts what is understood, recall what is refused`() {
        let report = Self.report
        #expect(report.accuracy == 0.5 && report.bestAccuracy == 0.75 && report.outOfScopeRecall == 0.5)
        #expect(report.intents["book"] == .init(support: 3, right: 1, taken: 2))
        #expect(report.intents["book"]?.precision == 0.5)
        #expect(report.intents["cancel"]?.recall == 1)
        #expect(
            report.confusions == [
                .init(meant: "book", taken: nil): 1, .init(meant: "book", taken: "cancel"): 1,
                .init(meant: nil, taken: "book"): 1,
            ])
    }

    @Test func `a band holds what scored within a tenth, and 1 belongs to the last`() {
        #expect(Self.report.bands[9] == .init(count: 2, right: 2, scoreSum: 1.95))
        #expect(Self.report.bands[5] == .init(count: 1, right: 0, scoreSum: 0.55))
        #expect(Self.report.inScopeBands[5] == .init())
    }

    @Test func `the text, the data and the picture show it`() throws {
        let text = Self.report.text
        #expect(text.contains("  understood  50.0 %   the right intent, above the threshold"))
        #expect(text.contains("    1  book taken for (out of scope)"))
        let json = Self.report.json
        #expect(json["accuracy"] == 0.5 && json["intents"]?["cancel"]?["precision"] == 0.5)
        #expect(json["reliability"]?.list?.count == 10)
        let svg = Self.report.svg
        #expect(svg.hasPrefix("<svg ") && svg.hasSuffix("</svg>\n") && svg.contains("<circle "))
    }

    @Test func `nothing to count is no division by nought`() {
        let empty = EvaluationReport()
        #expect(empty.accuracy == nil && empty.calibrationError == 0)
        #expect(empty.text.hasPrefix("no utterances"))
        #expect(empty.json["accuracy"] == JSON.null)
    }

    @Test func `a picture escapes the names of intents`() {
        var report = EvaluationReport()
        let ranking = [IntentMatch(intent: "a<b>&c", score: 0.9)]
        report.add("other", IntentDecision(intent: "a<b>&c", score: 0.9, ranking: ranking))
        #expect(report.svg.contains("a&lt;b&gt;&amp;c") && !report.svg.contains("a<b>"))
    }

    @Test(arguments: [
        ("{}", "has no 'text'"), (#"{"text":"a"}"#, "has no 'intent'"),
        (#"{"text":"a","intent":3}"#, "has an 'intent' that is neither a name nor null"),
        ("a", "is not JSON"),
    ])
    func `a line that is no labelled utterance says why`(_ line: String, _ reason: String) {
        #expect(throws: LabelledLineError(reason: reason)) { try LabelledUtterance(line: line) }
    }

    @Test func `null means out of scope`() throws {
        #expect(
            try LabelledUtterance(line: #"{"text":"a","intent":null}"#)
                == LabelledUtterance(text: "a", intent: nil))
    }
}
