// SPDX-License-Identifier: Apache-2.0

/// A JSON value that is only ever written: keys keep their order, so that output is stable.
///
/// Written by hand because this target has no dependency, not even Foundation, and needs nothing else of JSON.
enum JSONText {
    case number(Int)
    case string(String)
    case array([JSONText])
    case object([(String, JSONText)])

    /// The value on indented lines, without a line feed at the end.
    func written(indent: String = "") -> String {
        switch self {
        case .number(let number): String(number)
        case .string(let text): JSONText.quoted(text)
        case .array(let items):
            JSONText.block("[", items.map { $0.written(indent: indent + "  ") }, "]", indent)
        case .object(let members):
            JSONText.block(
                "{", members.map { JSONText.quoted($0) + ": " + $1.written(indent: indent + "  ") }, "}",
                indent)
        }
    }

    private static func block(_ open: String, _ lines: [String], _ close: String, _ indent: String) -> String
    {
        guard !lines.isEmpty else { return open + close }
        return open + "\n" + lines.map { indent + "  " + $0 }.joined(separator: ",\n") + "\n" + indent + close
    }

    private static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            case "\u{0}"..."\u{1F}", "\u{7F}", "\u{2028}", "\u{2029}":
                let digits = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}
