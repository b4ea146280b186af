// SPDX-License-Identifier: Apache-2.0

import Intents
import OrchestratorTesting
import Synchronization
import Testing
import WireProtocols

@testable import Orchestrator

@Suite(.timeLimit(.minutes(1))) struct OutputGateTests {
    private static let alarm: @Sendable (String) -> SafetyFinding? = {
        $0.contains("heart attack") ? SafetyFinding(level: .emergency, family: "cardiac", span: 0..<1) : nil
    }

    private func said(
        _ pieces: [String], links: OutputRules.Links = .all, most: Int = 10_000, check: Bool = false
    ) -> (text: String, finding: SafetyFinding?, isTooLong: Bool) {
        var rules = OutputRules()
        (rules.links, rules.maxCharacters) = (links, most)
        var gate = OutputGate(rules, check: check ? Self.alarm : nil)
        var text = ""
        var (finding, isTooLong) = (SafetyFinding?.none, false)
        for release in pieces.map({ gate.take($0) }) + [gate.finish()] {
            text += release.text
            finding = finding ?? release.finding
            isTooLong = isTooLong || release.isTooLong
        }
        return (text, finding, isTooLong)
    }

    @Test func `control characters and changes of direction are left out`() {
        #expect(said(["a\u{1B}[31mb\u{0}\r\n\tc\u{202E}d\u{2066}🙂👨‍👩‍👧"]).text == "a[31mb\n\tcd🙂👨‍👩‍👧")
    }

    @Test func `an answer that is too long is cut there`() {
        let cut = said(["12345", "678"], most: 6)
        #expect(cut.text == "123456")
        #expect(cut.isTooLong)
    }

    @Test(arguments: 1...40) func `addresses on other hosts are taken out wherever they are cut`(_ size: Int)
    {
        let text = """
            See https://clinic.example/a?b=c, http://evil.example/x or [this](https://a@evil.example:81/y). Also \
            www.evil.example and https://sub.clinic.example.
            """
        let scalars = Array(text.unicodeScalars)
        let pieces = stride(from: 0, to: scalars.count, by: size).map {
            String(String.UnicodeScalarView(scalars[$0..<min($0 + size, scalars.count)]))
        }
        #expect(
            said(pieces, links: .hosts(["clinic.example"])).text == """
                See https://clinic.example/a?b=c, [link removed] or [this]([link removed]). Also \
                [link removed] and https://sub.clinic.example.
                """)
        #expect(!said(pieces, links: .none).text.contains("clinic.example"))
        #expect(said(pieces).text == text)
    }

    @Test(arguments: 1...30) func `a sentence that is an alarm is not said, nor what follows`(_ size: Int) {
        let text = "I see. This may be a heart attack. Take a walk."
        let scalars = Array(text.unicodeScalars)
        let pieces = stride(from: 0, to: scalars.count, by: size).map {
            String(String.UnicodeScalarView(scalars[$0..<min($0 + size, scalars.count)]))
        }
        let result = said(pieces, check: true)
        #expect(result.text == "I see. ")
        #expect(result.finding?.family == "cardiac")
    }

    @Test func `a text without an end of a sentence is let out in stretches`() {
        var gate = OutputGate(OutputRules(), check: Self.alarm)
        var longest = 0
        for _ in 0..<200 {
            _ = gate.take(String(repeating: "y", count: 50))
            longest = max(longest, gate.heldBytes)
        }
        #expect(longest <= OutputGate.longestSentence)
    }

    @Test func `words wait for the end of their sentence, but not longer than a fifth of a second`() async {
        let delay = ManualDelay()
        let seen = EventList()
        let visible = VisibleAnswer(
            delay: delay, gate: { OutputGate(OutputRules(), check: Self.alarm) },
            forward: { piece, _ in seen.add(piece) })
        visible.append("One. Two thr")
        #expect(seen.all == ["One. "])
        await delay.waitForSleepers(1)
        delay.advance(by: .milliseconds(199))
        #expect(seen.all == ["One. "])
        delay.advance(by: .milliseconds(1))
        while seen.all.count < 2 { await Task.yield() }
        #expect(seen.all == ["One. ", "Two "])
        visible.append("ee.")
        visible.finish()
        #expect(visible.text == "One. Two three.")
        #expect(seen.all.joined() == "One. Two three.")
    }
}

/// Keeps pieces in order.
final class EventList: Sendable {
    private let pieces = Mutex<[String]>([])

    func add(_ piece: String) { pieces.withLock { $0.append(piece) } }

    var all: [String] { pieces.withLock { $0 } }
}
