// SPDX-License-Identifier: Apache-2.0

import Foundation
import OrchestratorTesting
import Testing
import WireProtocols

@testable import Orchestrator

@Suite(.timeLimit(.minutes(2))) struct MidStreamTests {
    private func fixture(
        _ midStream: Route.MidStream, _ providers: ScriptedProvider...
    ) -> RouteFixture {
        RouteFixture(
            providers.map { RouteFixture.ask($0.name) } + [.reply(.named("sorry"))], providers
        ) { route, _ in
            route.midStream = midStream
        }
    }

    @Test func `with resume the next provider goes on and there is one text`() async {
        let second = ScriptedProvider("b", .streams([" is ", "free."]))
        let fixture = fixture(.resume, ScriptedProvider("a", .cut(after: ["Parking", " here"])), second)
        let outcome = await fixture.run()
        #expect(outcome.answer?.text == "Parking here is free.")
        #expect(outcome.answer?.isPartial == false)
        #expect(fixture.seen.joined() == "Parking here is free.")
        #expect(second.requests.map(\.begun) == ["Parking here"])
        #expect(outcome.usage.attempts == 2)
    }

    @Test func `with resume and nobody able to go on the answer ends as the route says`() async {
        let fixture = fixture(
            .resume, ScriptedProvider("a", .cut(after: ["Parking here"])),
            ScriptedProvider("b", .fails(.timeout)))
        let outcome = await fixture.run()
        #expect(outcome.answer?.text == "Parking here\n\n(cut)")
        #expect(outcome.answer?.isPartial == true)
        #expect(outcome.ending == "cut timeout")
        #expect(fixture.seen.joined() == outcome.answer?.text)
    }

    @Test func `a second try of the same provider may go on too`() async {
        let provider = ScriptedProvider("a", .cut(after: ["Parking here"]), .streams([" is free."]))
        let fixture = RouteFixture(
            [RouteFixture.ask("a", attempts: 2), .reply(.named("sorry"))], [provider]
        ) { route, _ in
            (route.midStream, route.backoff) = (.resume, .zero)
        }
        #expect(await fixture.run().answer?.text == "Parking here is free.")
    }

    @Test func `with stop nobody else is asked`() async {
        let second = ScriptedProvider("b", .says("Other words."))
        let fixture = fixture(.stop, ScriptedProvider("a", .cut(after: ["Parking"])), second)
        #expect(await fixture.run().answer?.text == "Parking\n\n(cut)")
        #expect(second.requests.isEmpty)
    }

    @Test func `with restart a text that was seen ends as the route says`() async {
        let fixture = fixture(
            .restart, ScriptedProvider("a", .cut(after: ["Parking"])),
            ScriptedProvider("b", .says("Other words.")))
        #expect(await fixture.run().answer?.text == "Parking\n\n(cut)")
    }

    @Test func `with restart a text that nobody has seen is begun anew`() async {
        let fixture = fixture(
            .restart, ScriptedProvider("a", .cut(after: ["Parking"])),
            ScriptedProvider("b", .says("Other words.")))
        let outcome = await fixture.run(canBeTakenBack: true)
        #expect(outcome.answer?.text == "Other words.")
        #expect(outcome.answer?.isPartial == false)
    }

    @Test func `retrieval is passed over when a sentence is to be gone on with`() async {
        let fixture = fixture(
            .resume, ScriptedProvider("a", .cut(after: ["Parking"])),
            ScriptedProvider("b", .says("Sure! Here is the rest: free.")))
        #expect(await fixture.run().ending == "cut malformed")
    }

    // Ten thousand by `REPLIES=10000`: in a build for debugging so many take minutes of every core.
    private var replies: Int { ProcessInfo.processInfo.environment["REPLIES"].flatMap { Int($0) } ?? 600 }

    // The texts are made of words that never repeat, so that a lost or doubled character shows.
    @Test(arguments: Continuation.allCases)
    func `replies cut at a random piece are complete, however many`(_ continuation: Continuation) async {
        var random = SeededGenerator("cuts \(continuation)")
        var wrong: [String] = []
        for number in 0..<replies / 3 {
            let text = Self.text(number, &random)
            let pieces = Self.pieces(text, &random)
            let cut = Int.random(in: 0..<pieces.count, using: &random)
            let rest = Self.pieces(
                continuation.rest(of: text, behind: pieces[..<cut].joined()), &random)
            let fixture = fixture(
                .resume, ScriptedProvider("a", .cut(after: Array(pieces[..<cut]))),
                ScriptedProvider("b", .streams(rest)))
            let outcome = await fixture.run()
            let isWhole =
                outcome.answer?.text == text && outcome.answer?.isPartial == false
                && fixture.seen.joined() == text
            if !isWhole {
                wrong.append("\(number): \(text) | \(pieces[..<cut]) | \(outcome.answer?.text ?? "")")
            }
        }
        #expect(wrong == [])
    }

    @Test func `replies that nobody can go on with end cleanly, however many`() async {
        var random = SeededGenerator("endings")
        var wrong = 0
        for number in 0..<replies {
            let pieces = Self.pieces(Self.text(number, &random), &random)
            let cut = Int.random(in: 1..<max(2, pieces.count), using: &random)
            let fixture = fixture(
                .resume, ScriptedProvider("a", .cut(after: Array(pieces[..<cut]))),
                ScriptedProvider("b", .fails(.overloaded)))
            let outcome = await fixture.run()
            let expected = pieces[..<cut].joined() + "\n\n(cut)"
            if outcome.answer?.text != expected || outcome.answer?.isPartial != true
                || fixture.seen.joined() != expected
            {
                wrong += 1
            }
        }
        #expect(wrong == 0)
    }

    enum Continuation: String, CaseIterable {
        case exactly, repeatsLastWords, beginsAnew

        func rest(of text: String, behind seen: String) -> String {
            let rest = String(text.unicodeScalars.dropFirst(seen.unicodeScalars.count))
            switch self {
            case .exactly: return rest
            // Shorter repetitions than the joiner counts are left out: they cannot be told from chance.
            case .repeatsLastWords:
                let tail = String(String.UnicodeScalarView(seen.unicodeScalars.suffix(30)))
                return tail.unicodeScalars.count < 30 ? rest : tail + rest
            // So does a beginning of a letter or two.
            case .beginsAnew: return seen.unicodeScalars.count < 4 ? rest : text
            }
        }
    }

    private static func text(_ number: Int, _ random: inout SeededGenerator) -> String {
        let words = [
            "näher", "open", "doctor", "the", "at", "clinic", "🙂", "Straße", "12:30", "it's", "(ask)",
        ]
        let count = Int.random(in: 5...40, using: &random)
        return (0..<count).map { "\(words.randomElement(using: &random) ?? "")\(number % 97)x\($0)" }
            .joined(separator: " ") + "."
    }

    private static func pieces(_ text: String, _ random: inout SeededGenerator) -> [String] {
        var rest = Array(text.unicodeScalars)[...]
        var pieces: [String] = []
        while !rest.isEmpty {
            let size = Int.random(in: 1...7, using: &random)
            pieces.append(String(String.UnicodeScalarView(rest.prefix(size))))
            rest = rest.dropFirst(size)
        }
        return pieces
    }
}
