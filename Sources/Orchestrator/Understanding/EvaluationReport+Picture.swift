// SPDX-License-Identifier: Apache-2.0

extension EvaluationReport {
    /// The report as a picture: what scores say against what is right, and the confusion table of the intents that are
    /// confused most.
    ///
    /// SVG 1.1 without scripts or fonts of its own; names of intents are escaped.
    package var svg: String {
        let names = confusedNames
        let table = 24 * names.count + 220
        let width = max(420, table + 20)
        let height = 380 + (names.isEmpty ? 0 : table + 40)
        var parts = [
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"\(width)\" height=\"\(height)\" "
                + "font-family=\"sans-serif\" font-size=\"12\">",
            "<rect width=\"100%\" height=\"100%\" fill=\"white\"/>",
        ]
        parts += reliability
        if !names.isEmpty { parts += confusionTable(names) }
        return (parts + ["</svg>\n"]).joined(separator: "\n")
    }

    private var reliability: [String] {
        var parts = [
            Self.label(20, 24, "What a score says, and what is right", size: 14),
            Self.label(20, 362, "score of the best intent 0 ... 1; width of the dots: how many utterances"),
            "<path d=\"M60 40 V340 H360\" fill=\"none\" stroke=\"black\"/>",
            "<path d=\"M60 340 L360 40\" stroke=\"#999\" stroke-dasharray=\"4 4\"/>",
        ]
        for tenth in stride(from: 0, through: 10, by: 2) {
            parts.append(Self.label(30, 344 - 30 * tenth, "\(10 * tenth)%"))
        }
        let total = max(1, bands.reduce(0) { $0 + $1.count })
        for band in bands where band.count > 0 {
            let x = 60 + Int(300 * band.meanScore)
            let y = 340 - Int(300 * band.share)
            let radius = 3 + Int(12 * (Double(band.count) / Double(total)).squareRoot())
            parts.append(
                "<circle cx=\"\(x)\" cy=\"\(y)\" r=\"\(radius)\" fill=\"#2a6fb0\" fill-opacity=\"0.7\"/>")
        }
        return parts
    }

    /// At most 30 names, nil standing for out of scope.
    private var confusedNames: [String?] {
        var names: [String?] = []
        for (confusion, _) in commonestConfusions {
            for name in [confusion.meant, confusion.taken] where !names.contains(name) { names.append(name) }
            if names.count >= 30 { break }
        }
        return names.sorted { ($0 ?? "\u{10FFFF}") < ($1 ?? "\u{10FFFF}") }
    }

    private func confusionTable(_ names: [String?]) -> [String] {
        let (left, top) = (200, 600)
        var parts = [
            Self.label(20, 400, "Confusions: the row was meant, the column was taken", size: 14)
        ]
        for (row, meant) in names.enumerated() {
            let y = top + 24 * row
            parts.append(Self.label(20, y + 16, meant ?? "(out of scope)"))
            parts.append(
                "<text transform=\"translate(\(left + 24 * row + 16) \(top - 6)) rotate(-90)\">"
                    + "\(Self.escaped(meant ?? "(out of scope)"))</text>")
            for (column, taken) in names.enumerated() {
                let count = confusions[Confusion(meant: meant, taken: taken)] ?? 0
                guard count > 0 else { continue }
                let strength = min(1, 0.15 + Double(count) / 20)
                let x = left + 24 * column
                parts.append(
                    "<rect x=\"\(x)\" y=\"\(y)\" width=\"23\" height=\"23\" fill=\"#c0392b\" fill-opacity=\"\(strength)\"/>"
                )
                parts.append(Self.label(x + 4, y + 16, String(count)))
            }
        }
        return parts
    }

    private static func label(_ x: Int, _ y: Int, _ text: String, size: Int = 12) -> String {
        "<text x=\"\(x)\" y=\"\(y)\" font-size=\"\(size)\">\(escaped(text))</text>"
    }

    private static func escaped(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
    }
}
