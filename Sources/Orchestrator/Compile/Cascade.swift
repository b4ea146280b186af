// SPDX-License-Identifier: Apache-2.0
import Diagnostics

/// Tells a finding that only repeats another: a name is missing because the file or the key that declares it is
/// the one with the mistake, or unused because what uses it is misspelt.
///
/// A mistake is shown once, at its cause; what hides behind it is shown when it is mended.
struct Cascade {
    /// Files that are not read in full.
    private let partial: [DecodedFile]
    private let sources: [String: SourceText]
    private let errors: Set<Diagnostic>

    init(_ files: [DecodedFile], linked: Set<Diagnostic>) {
        partial = files.filter { file in
            file.config == nil || !file.missedKeys.isEmpty || !file.unreadNames.isEmpty
                || file.diagnostics.contains { $0.severity == .error && $0.code.hasPrefix("yaml-") }
        }
        let places = Set(partial.map(\.path) + linked.map(\.range.file))
        sources = Dictionary(
            files.filter { places.contains($0.path) }.map { ($0.path, SourceText(file: $0.path, text: $0.source)) }) { first, _ in first }
        errors = linked.filter { $0.severity == .error }
    }

    /// True for what is not worth showing beside its cause.
    func isEcho(_ finding: Diagnostic) -> Bool {
        if finding.range.file.isEmpty { return true }
        if finding.code.hasSuffix("-unused") { return isUnusedEcho(finding) }
        if isOfUnreadPart(finding) { return true }
        return finding.code.hasSuffix("-unknown") && (isOfUnreadSection(finding) || isDeclaredInPartialFile(finding))
    }

    // A misspelt reference leaves the name it meant unused; an unread file uses who knows what.
    private func isUnusedEcho(_ finding: Diagnostic) -> Bool {
        if !partial.isEmpty || errors.contains(where: { $0.range == finding.range && $0.code != finding.code }) { return true }
        if ["slot-unused", "input-unused"].contains(finding.code) {
            return errors.contains { ["path-unknown", "slot-unknown"].contains($0.code) && $0.range.file == finding.range.file }
        }
        let kind = finding.code.dropLast("-unused".count)
        let codes = kind == "setting" ? ["path-unknown"] : kind == "saved" ? ["path-unknown", "saved-unused"] : ["\(kind)-unknown"]
        return finding.severity == .warning && errors.contains { codes.contains($0.code) }
    }

    // MARK: - Parts that could not be read

    /// What a key's absence leads to, in the same file.
    private static let follows: [String: [String]] = [
        "roles": ["roles-empty", "safety-missing"], "otherwise": ["otherwise-missing", "otherwise-open", "queue-endless"],
        "safety": ["safety-missing"], "use": ["safety-missing"], "examples": ["intent-unreachable"],
        "patterns": ["intent-unreachable"], "phrases": ["safety-empty", "safety-missing"],
        "all_of": ["safety-empty", "safety-one-group", "safety-missing"], "ask": ["slot-unfilled", "slot-attempts"],
        "attempts": ["slot-otherwise"], "list": ["slot-each-list"], "try": ["route-endless"], "reply": ["route-endless"],
        "fail": ["route-endless"], "end": ["queue-endless"], "handoff": ["queue-endless"], "with": ["input-missing"],
        "output": ["save-nothing", "lookup-output"], "staff": ["role-not-staff"], "level": ["safety-missing"],
        "below": ["otherwise-unreachable"], "times": ["otherwise-unreachable"],
    ]

    private func isOfUnreadPart(_ finding: Diagnostic) -> Bool {
        partial.contains { file in
            if file.config == nil, finding.code == "safety-missing" { return true }
            if file.unreadNames.contains(finding.range) { return true }
            let isHere = file.path == finding.range.file || finding.code == "safety-missing"
            return isHere && file.missedKeys.contains { Self.follows[$0]?.contains(finding.code) == true }
        }
    }

    // MARK: - Names

    /// Keys under which names are declared, or that make them known.
    private static let declares: Set<String> = [
        "responses", "intents", "flows", "entities", "actions", "backends", "queues", "providers", "routes",
        "collections", "fields", "sets", "roles", "slots", "save", "set", "default", "settings", "input", "output", "id",
        "use", "each", "choose", "call", "channels", "entity", "select", "choice",
    ]

    // Without its only section a file declares none of its names.
    private func isOfUnreadSection(_ finding: Diagnostic) -> Bool {
        partial.contains { file in
            switch file.config {
            case .server: finding.code == "role-unknown" && file.missedKeys.contains("roles")
            case .records: ["collection-unknown", "field-unknown"].contains(finding.code) && !file.missedKeys.isDisjoint(with: ["collections", "fields"])
            case .knowledge: finding.code == "knowledge-set-unknown" && file.missedKeys.contains("sets")
            default: false
            }
        }
    }

    private func isDeclaredInPartialFile(_ finding: Diagnostic) -> Bool {
        guard let line = sources[finding.range.file]?.line(finding.range.start.line) else { return false }
        let width = finding.range.end.line == finding.range.start.line ? finding.range.end.column - finding.range.start.column : 0
        let written = Array(line.unicodeScalars.dropFirst(finding.range.start.column - 1).prefix(width))
        let name = written.filter { $0 != "\"" && $0 != "'" }
        guard !name.isEmpty else { return false }
        return partial.contains { file in
            let isUnread = file.config == nil || !file.unreadNames.isEmpty
            guard isUnread || !file.missedKeys.isDisjoint(with: Self.declares), let source = sources[file.path] else { return false }
            if !isUnread, file.missedKeys.contains("use"), file.path == finding.range.file { return true }
            return Self.mentions(name, as: source)
        }
    }

    // `name:` declares it, as do `id: name` and `save: name`.
    private static func mentions(_ name: [Unicode.Scalar], as source: SourceText) -> Bool {
        source.lines.contains { line in
            let scalars = Array(line.unicodeScalars)
            guard scalars.count >= name.count else { return false }
            return (0...(scalars.count - name.count)).contains { start in
                guard scalars[start...].starts(with: name) else { return false }
                let end = start + name.count
                guard start == 0 || !isNamePart(scalars[start - 1]), end == scalars.count || !isNamePart(scalars[end]) else { return false }
                let before = String(String.UnicodeScalarView(scalars[..<start])).trimmedSpaces
                return (end < scalars.count && scalars[end] == ":") || before.hasSuffix("id:") || before.hasSuffix("save:")
            }
        }
    }

    private static func isNamePart(_ scalar: Unicode.Scalar) -> Bool {
        scalar == "_" || scalar == "-" || scalar == "." || scalar.properties.isAlphabetic || scalar.properties.numericType != nil
    }
}
