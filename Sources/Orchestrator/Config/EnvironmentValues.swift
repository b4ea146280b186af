// SPDX-License-Identifier: Apache-2.0
import Foundation

/// What `${env.NAME}` sees: the process environment over the `.env` file beside `bots/`.
package struct EnvironmentValues: Sendable, Hashable {
    private let values: [String: String]

    /// Exactly these variables.
    package init(_ values: [String: String]) { self.values = values }

    /// The process environment, which wins over the file at `path`; no file is no fault.
    ///
    /// `export NAME=value`, quotation marks and ` # comments` are understood; other lines are left out.
    package static func load(file path: String, process: [String: String]) -> EnvironmentValues {
        let text =
            FileManager.default.contents(atPath: path).flatMap { String(data: $0, encoding: .utf8) } ?? ""
        return EnvironmentValues(parse(text).merging(process) { _, winner in winner })
    }

    /// The value of a variable; nil when it is not set.
    ///
    /// Set to nothing is set.
    package subscript(name: String) -> String? { values[name] }

    /// The names of all variables, for suggestions.
    package var names: some Collection<String> { values.keys }

    static func parse(_ text: String) -> [String: String] {
        var values: [String: String] = [:]
        for line in text.split(whereSeparator: \.isNewline) {
            guard let (name, value) = assignment(String(line)) else { continue }
            values[name] = value
        }
        return values
    }

    private static func assignment(_ line: String) -> (String, String)? {
        var line = line.trimmingCharacters(in: .whitespaces)
        if line.hasPrefix("export ") { line = String(line.dropFirst(7)).trimmingCharacters(in: .whitespaces) }
        guard !line.hasPrefix("#"), let equals = line.firstIndex(of: "=") else { return nil }
        let name = line[..<equals].trimmingCharacters(in: .whitespaces)
        guard !name.isEmpty, name.allSatisfy({ $0.isLetter || $0.isNumber || $0 == "_" }) else { return nil }
        return (name, unquoted(line[line.index(after: equals)...].trimmingCharacters(in: .whitespaces)))
    }

    private static func unquoted(_ text: String) -> String {
        if let quote = text.first, quote == "\"" || quote == "'",
            let end = text.dropFirst().firstIndex(of: quote)
        {
            let inner = String(text[text.index(after: text.startIndex)..<end])
            return quote == "'" ? inner : inner.replacingOccurrences(of: "\\n", with: "\n")
        }
        if text.hasPrefix("#") { return "" }
        let comment = text.range(of: " #") ?? text.range(of: "\t#")
        return comment.map { String(text[..<$0.lowerBound]).trimmingCharacters(in: .whitespaces) } ?? text
    }
}
