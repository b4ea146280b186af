// SPDX-License-Identifier: Apache-2.0

extension DiagnosticRenderer {
    /// The findings as a SARIF 2.1.0 log with one run, as code hosts read it.
    public func sarif(_ diagnostics: [Diagnostic]) -> String {
        let rules = Set(diagnostics.map(\.code)).sorted()
        let driver = JSONText.object([
            ("name", .string("orchestratord")),
            ("rules", .array(rules.map { .object([("id", .string($0))]) })),
        ])
        let run = JSONText.object([
            ("tool", .object([("driver", driver)])),
            // SARIF 2.1.0, 3.14.17: the default would be UTF-16 code units.
            ("columnKind", .string("unicodeCodePoints")),
            ("results", .array(diagnostics.map { result($0, rules: rules) })),
        ])
        let schema = "https://json.schemastore.org/sarif-2.1.0.json"
        let log: [(String, JSONText)] = [
            ("$schema", .string(schema)), ("version", .string("2.1.0")), ("runs", .array([run])),
        ]
        return JSONText.object(log).written() + "\n"
    }

    private func result(_ diagnostic: Diagnostic, rules: [String]) -> JSONText {
        let text = diagnostic.message + (diagnostic.help.map { "\nhelp: " + $0 } ?? "")
        var members: [(String, JSONText)] = [
            ("ruleId", .string(diagnostic.code)),
            ("ruleIndex", .number(rules.firstIndex(of: diagnostic.code) ?? -1)),
            ("level", .string(diagnostic.severity.rawValue)),
            ("message", .object([("text", .string(text))])),
            ("locations", .array([.object([("physicalLocation", location(diagnostic.range))])])),
        ]
        if !diagnostic.related.isEmpty {
            let related = diagnostic.related.enumerated().map { number, related in
                JSONText.object([
                    ("id", .number(number)), ("physicalLocation", location(related.range)),
                    ("message", .object([("text", .string(related.message))])),
                ])
            }
            members.append(("relatedLocations", .array(related)))
        }
        return .object(members)
    }

    private func location(_ range: SourceRange) -> JSONText {
        let region: [(String, JSONText)] = [
            ("startLine", .number(range.start.line)), ("startColumn", .number(range.start.column)),
            ("endLine", .number(range.end.line)), ("endColumn", .number(range.end.column)),
        ]
        let artifact = JSONText.object([("uri", .string(uri(range.file)))])
        return .object([("artifactLocation", artifact), ("region", .object(region))])
    }

    /// A path as a URI reference: everything but unreserved characters and the slash is percent-encoded (RFC 3986 2.3).
    private func uri(_ path: String) -> String {
        var result = ""
        for byte in path.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "/"), UInt8(ascii: "."),
                UInt8(ascii: "-"),
                UInt8(ascii: "_"), UInt8(ascii: "~"):
                result.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                let digits = String(byte, radix: 16, uppercase: true)
                result += "%" + (digits.count == 1 ? "0" : "") + digits
            }
        }
        return result
    }
}
