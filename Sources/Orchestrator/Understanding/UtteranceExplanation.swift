// SPDX-License-Identifier: Apache-2.0
import Diagnostics
import Intents
package import WireProtocols

/// Why an assistant answers an utterance as it does, stage by stage, with the places in the files.
///
/// For a conversation that has no open flow and is not with a person.
package struct UtteranceExplanation: Sendable {
    let reading: UtteranceReading
    let intent: IntentExplanation
    let assistant: Assistant

    private var origins: AssistantOrigins { assistant.parts.origins }

    /// The explanation for people.
    package var text: String {
        [safetyLines, intentLines, entityLines, answerLines].flatMap(\.self).joined(separator: "\n")
    }

    private var safetyLines: [String] {
        guard let finding = reading.safety else { return ["safety    nothing dangerous"] }
        let said = Self.part(of: reading.text, finding.span)
        return [
            "safety    \(finding.family), \(finding.level.rawValue): \"\(said)\"\(place(origins.families[finding.family]))"
        ]
    }

    private var intentLines: [String] {
        guard let best = intent.decision.ranking.first else { return ["intent    none is declared"] }
        let verdict = intent.decision.intent == nil ? "none; the nearest is \(best.intent)" : best.intent
        var lines = [
            "intent    \(verdict), score \(Self.two(best.score))\(place(origins.intents[best.intent]))"
        ]
        lines += evidenceLines(best.intent)
        let words = intent.features.prefix(8).map {
            "\"\($0.text)\" \($0.weight < 0 ? "-" : "+")\(Self.two(abs($0.weight)))"
        }
        if !words.isEmpty { lines.append("  words   \(words.joined(separator: ", "))") }
        for other in intent.decision.ranking.dropFirst().prefix(2) {
            lines.append(
                "  not     \(other.intent), score \(Self.two(other.score))\(place(origins.intents[other.intent]))"
            )
        }
        return lines
    }

    private func evidenceLines(_ best: String) -> [String] {
        switch intent.evidence {
        case .example(let number):
            return ["  as      the same words are an example\(place(origins.exampleRanges[best], number))"]
        case .pattern(let number):
            return ["  as      a pattern of it matches\(place(origins.patternRanges[best], number))"]
                + neighbourLines
        case .likeness: return neighbourLines
        case .nothing: return ["  as      no word of it is in any example"]
        }
    }

    private var neighbourLines: [String] {
        intent.neighbours.map { neighbour in
            let example =
                origins.examples.first { $0.id == neighbour.intent }?.examples[neighbour.example].text ?? ""
            return "  like    \(Self.two(neighbour.likeness)) \(neighbour.intent): \"\(example)\""
                + place(origins.exampleRanges[neighbour.intent], neighbour.example)
        }
    }

    private var entityLines: [String] {
        guard !reading.entities.isEmpty else { return ["entities  none"] }
        return ["entities"]
            + reading.entities.map {
                "  \($0.entity) \"\($0.text)\" = \($0.value.json.encodedText)\(place(origins.entities[$0.entity]))"
            }
    }

    private var answerLines: [String] {
        if let finding = reading.safety, finding.level == .emergency {
            return ["answer    what the safety family '\(finding.family)' says; nothing else is looked at"]
        }
        if let finding = reading.safety {
            return ["answer    what the safety family '\(finding.family)' asks"]
        }
        if let name = reading.decision.intent, let intent = assistant.parts.intents[name] {
            return ["answer    \(Self.described(intent.handler))\(place(origins.intents[name]))"]
        }
        let score = reading.decision.score
        let line = assistant.parts.otherwise.firstIndex { $0.below.map { score < $0 } ?? true }
        guard let line else { return ["answer    nothing: the file has no 'otherwise'"] }
        let range = origins.otherwise.indices.contains(line) ? origins.otherwise[line] : nil
        return ["answer    line \(line + 1) of 'otherwise'\(place(range))"]
    }

    private static func described(_ handler: Intent.Handler) -> String {
        switch handler {
        case .flow(let name): "the flow '\(name)' begins"
        case .say(.named(let name)): "the response '\(name)'"
        case .say: "a text of its own"
        case .handoff(let queue): "the conversation waits in the queue '\(queue)'"
        case .route(let name): "the route '\(name)' is asked"
        }
    }

    private func place(_ range: SourceRange?) -> String {
        range.map { "   \($0.file):\($0.start.line):\($0.start.column)" } ?? ""
    }

    private func place(_ ranges: [SourceRange]?, _ number: Int) -> String {
        ranges.flatMap { $0.indices.contains(number) ? place($0[number]) : nil } ?? ""
    }

    private static func part(of text: String, _ span: Range<Int>) -> String {
        var view = String.UnicodeScalarView()
        view.append(contentsOf: text.unicodeScalars.dropFirst(span.lowerBound).prefix(span.count))
        return String(view)
    }

    static func two(_ number: Double) -> String {
        let hundredths = Int((number * 100).rounded())
        return "\(hundredths / 100).\(hundredths % 100 < 10 ? "0" : "")\(hundredths % 100)"
    }
}

extension UtteranceExplanation {
    /// The explanation as data: what `parse` prints, with the evidence and its places.
    package var json: JSON {
        var object = reading.json.members ?? JSONObject()
        let origins = assistant.parts.origins
        let at: (SourceRange?) -> JSON = { range in
            range.map { .string("\($0.file):\($0.start.line):\($0.start.column)") } ?? .null
        }
        let best = intent.decision.ranking.first?.intent ?? ""
        object["evidence"] = .string(evidenceName)
        object["intent_at"] = at(origins.intents[best])
        object["safety_at"] = at(reading.safety.flatMap { origins.families[$0.family] })
        object["features"] = .array(
            intent.features.prefix(20).map {
                ["text": .string($0.text), "weight": .number(($0.weight * 10_000).rounded() / 10_000)]
            })
        object["examples"] = .array(
            intent.neighbours.map { neighbour in
                let ranges = origins.exampleRanges[neighbour.intent] ?? []
                let range = ranges.indices.contains(neighbour.example) ? ranges[neighbour.example] : nil
                return [
                    "intent": .string(neighbour.intent), "at": at(range),
                    "likeness": .number((neighbour.likeness * 10_000).rounded() / 10_000),
                ]
            })
        return .object(object)
    }

    private var evidenceName: String {
        switch intent.evidence {
        case .example: "example"
        case .pattern: "pattern"
        case .likeness: "likeness"
        case .nothing: "nothing"
        }
    }
}

extension AssistantUnderstanding {
    /// Why `text` is answered as it is.
    package func explain(_ text: String) -> UtteranceExplanation {
        UtteranceExplanation(
            reading: read(text),
            intent: assistant.model.explain(text, intents: assistant.parts.origins.examples),
            assistant: assistant)
    }
}
