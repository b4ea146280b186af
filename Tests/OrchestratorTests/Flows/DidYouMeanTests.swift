// SPDX-License-Identifier: Apache-2.0

import Intents
import Testing
import WireProtocols

@testable import Orchestrator

/// Asking which of two intents is meant.
struct DidYouMeanTests {
    private static func desk(_ rule: DidYouMean?) -> Assistant {
        assistant { parts in
            parts.didYouMean = rule
            for (name, label) in [("hours", nil), ("book", "book an appointment"), ("other", nil)] {
                let answer = Response([Template(literal: "This is \(name).")])
                parts.intents[name] = Intent(name: name, label: label, handler: .say(.inline(answer)))
            }
        }
    }

    private static let rule = DidYouMean(within: 0.15, say: .named(BuiltinResponse.didYouMean))

    private static func decision(_ scores: [(String, Double)]) -> IntentDecision {
        IntentDecision(
            intent: scores[0].1 >= 0.5 ? scores[0].0 : nil, score: scores[0].1,
            ranking: scores.map { IntentMatch(intent: $0.0, score: $0.1) })
    }

    private static let close = decision([("book", 0.55), ("hours", 0.45), ("other", 0.1)])

    @Test(arguments: [
        ("the first one", "This is book."), ("opening hours", "This is hours."), ("2", "This is hours."),
        ("book an appointment", "This is book."),
    ])
    func `the answer picks one of the two`(_ answer: String, _ expected: String) async {
        var talk = Talk(Self.desk(Self.rule))
        let question = await talk.turn("about an appointment", decision: Self.close)
        #expect(question.replies.map(\.text) == ["Did you mean book an appointment or hours?"])
        #expect(
            question.replies.first?.buttons == [
                ["type": "choose", "label": "book an appointment", "value": "book an appointment"],
                ["type": "choose", "label": "hours", "value": "hours"],
            ])
        #expect(question.intent == nil)
        let turn = await talk.turn(answer, decision: Self.decision([("other", 0.3), ("hours", 0.1)]))
        #expect(turn.replies.map(\.text) == [expected])
        #expect(talk.state.candidates.isEmpty)
    }

    @Test func `something else instead of an answer is taken as it is`() async {
        var talk = Talk(Self.desk(Self.rule))
        _ = await talk.turn("about an appointment", decision: Self.close)
        let plain = Self.decision([("other", 0.9), ("book", 0.1)])
        #expect(
            await talk.turn("something different", decision: plain).replies.map(\.text) == ["This is other."])
        #expect(await talk.turn("the first one", decision: plain).replies.map(\.text) == ["This is other."])
    }

    @Test func `a plain winner, two weak ones and an assistant without the rule ask nothing`() async {
        var talk = Talk(Self.desk(Self.rule))
        let plain = Self.decision([("book", 0.9), ("hours", 0.7)])
        #expect(await talk.turn("x", decision: plain).replies.map(\.text) == ["This is book."])
        let weak = Self.decision([("book", 0.35), ("hours", 0.3)])
        #expect(await talk.turn("x", decision: weak).outcome == .notUnderstood(ranking: weak.ranking))
        var silent = Talk(Self.desk(nil))
        #expect(await silent.turn("x", decision: Self.close).replies.map(\.text) == ["This is book."])
    }
}
