// SPDX-License-Identifier: Apache-2.0
package import WireProtocols

extension EvaluationReport {
    /// The report for people.
    package var text: String {
        var lines = summaryLines
        if !confusions.isEmpty {
            lines += ["", "confused most often"]
            lines += commonestConfusions.prefix(20).map {
                "  \(Self.padded($0.count, 5))  \($0.confusion.meant ?? "(out of scope)") taken for "
                    + "\($0.confusion.taken ?? "(out of scope)")"
            }
        }
        lines += ["", "score   said  right   utterances   in scope only: right   utterances"]
        for number in bands.indices where bands[number].count > 0 {
            let (all, own) = (bands[number], inScopeBands[number])
            lines.append(
                "0.\(number)-\(number == 9 ? "1.0" : "0.\(number + 1)") "
                    + "\(Self.percent(all.meanScore)) \(Self.percent(all.share)) \(Self.padded(all.count, 12))"
                    + "   \(own.count == 0 ? "                   -" : Self.percent(own.share, 20)) \(Self.padded(own.count, 12))"
            )
        }
        lines.append("scores are off by \(Self.percent(calibrationError, 0)) on average")
        lines += ["", "precision  recall  utterances  intent"]
        for (name, counts) in intents.sorted(by: { $0.key < $1.key }) {
            lines.append(
                "  \(Self.percent(counts.precision, 7)) \(Self.percent(counts.recall, 7)) \(Self.padded(counts.support, 11))  \(name)"
            )
        }
        return lines.joined(separator: "\n")
    }

    private var summaryLines: [String] {
        var lines: [String] = []
        if let accuracy, let bestAccuracy {
            lines.append("in scope      \(inScope) utterances")
            lines.append("  understood  \(Self.percent(accuracy))   the right intent, above the threshold")
            lines.append("  best        \(Self.percent(bestAccuracy))   the right intent has the best score")
        }
        if let outOfScopeRecall {
            lines.append("out of scope  \(outOfScope) utterances")
            lines.append("  refused     \(Self.percent(outOfScopeRecall))   no intent was taken")
        }
        if let timing {
            lines.append("fitted in \(Int(timing.fit * 1000)) ms")
            lines.append(
                "a message takes \(timing.messageMedian) us, one in a hundred more than \(timing.messageSlowest) us"
            )
        }
        return lines.isEmpty ? ["no utterances"] : lines
    }

    /// The report as data.
    package var json: JSON {
        let number: (Double?) -> JSON = { $0.map { .number(($0 * 10_000).rounded() / 10_000) } ?? .null }
        return [
            "in_scope": .integer(inScope), "accuracy": number(accuracy),
            "best_accuracy": number(bestAccuracy),
            "out_of_scope": .integer(outOfScope), "out_of_scope_recall": number(outOfScopeRecall),
            "calibration_error": number(calibrationError), "timing": timing?.json ?? .null,
            "intents": .object(
                JSONObject(
                    intents.sorted { $0.key < $1.key }.map { name, counts in
                        .init(
                            name: name,
                            value: [
                                "precision": number(counts.precision), "recall": number(counts.recall),
                                "utterances": .integer(counts.support),
                            ])
                    })),
            "confusions": .array(
                commonestConfusions.map {
                    [
                        "meant": $0.confusion.meant.map(JSON.string) ?? .null,
                        "taken": $0.confusion.taken.map(JSON.string) ?? .null,
                        "utterances": .integer($0.count),
                    ]
                }),
            "reliability": .array(
                bands.indices.map { band in
                    [
                        "from": .number(Double(band) / 10), "to": .number(Double(band + 1) / 10),
                        "score": number(bands[band].meanScore), "right": number(bands[band].share),
                        "utterances": .integer(bands[band].count),
                        "in_scope_right": number(inScopeBands[band].share),
                        "in_scope_utterances": .integer(inScopeBands[band].count),
                    ]
                }),
        ]
    }

    static func percent(_ share: Double?, _ width: Int = 6) -> String {
        guard let share else { return String(repeating: " ", count: max(0, width - 1)) + "-" }
        let tenths = Int((share * 1000).rounded())
        return padded("\(tenths / 10).\(tenths % 10) %", width)
    }

    static func padded(_ value: some CustomStringConvertible, _ width: Int) -> String {
        let text = value.description
        return String(repeating: " ", count: max(0, width - text.count)) + text
    }
}
