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
    private let libraries: [SourceText]
    private let isLibraryMissing: Bool
    private let errors: Set<Diagnostic>

    init(_ files: [DecodedFile], linked: Set<Diagnostic>) {
        partial = files.filter { file in
            file.config == nil || !file.missedKeys.isEmpty || !file.unreadNames.isEmpty
                || file.diagnostics.contains { $0.severity == .error && $0.code.hasPrefix("yaml-") }
        }
        let places = Set(partial.map(\.path) + linked.map(\.range.file))
        sources = Dictionary(
            files.filter { places.contains($0.path) }.map {
                ($0.path, SourceText(file: $0.path, text: $0.source))
            }
        ) { first, _ in first }
        errors = linked.filter { $0.severity == .error }
        isLibraryMissing =
            errors.contains { $0.code == "library-unknown" }
            || partial.contains { $0.config == nil || !$0.missedKeys.isDisjoint(with: ["use", "id"]) }
        libraries =
            !isLibraryMissing
            ? []
            : files.compactMap { file in
                if case .library = file.config { SourceText(file: file.path, text: file.source) } else { nil }
            }
    }

    /// True for what is not worth showing beside its cause.
    func isEcho(_ finding: Diagnostic) -> Bool {
        if finding.range.file.isEmpty { return true }
        if finding.code.hasSuffix("-unused") {
            return isUnusedEcho(finding) || isOfMisspeltDeclaration(finding)
        }
        if isOfUnreadPart(finding) || isOfMisspeltDeclaration(finding) { return true }
        return finding.code.hasSuffix("-unknown")
            && (isOfUnreadSection(finding) || isDeclaredInPartialFile(finding))
    }

    // A misspelt reference leaves the name it meant unused; an unread file uses who knows what.
    private func isUnusedEcho(_ finding: Diagnostic) -> Bool {
        if !partial.isEmpty
            || errors.contains(where: { $0.range == finding.range && $0.code != finding.code })
        {
            return true
        }
        if ["slot-unused", "input-unused"].contains(finding.code) {
            return errors.contains {
                ["path-unknown", "slot-unknown"].contains($0.code) && $0.range.file == finding.range.file
            }
        }
        let kind = finding.code.dropLast("-unused".count)
        let codes =
            kind == "setting"
            ? ["path-unknown"] : kind == "saved" ? ["path-unknown", "saved-unused"] : ["\(kind)-unknown"]
        return finding.severity == .warning && errors.contains { codes.contains($0.code) }
    }

    // MARK: - Suggestions

    // The one misspelt declaration makes every use of the right name an error that suggests the wrong one. Of a pair
    // of errors that each suggest the other's word, the rarer word is the slip.
    private func isOfMisspeltDeclaration(_ finding: Diagnostic) -> Bool {
        guard let near = Self.suggestion(finding) else { return false }
        let name = written(finding)
        return errors.contains { cause in
            // What a missing library would have declared is unknown because of it, never the other way round.
            if finding.code == "library-unknown", Self.ofLibraries.contains(cause.code) { return false }
            guard cause != finding, !cause.code.hasSuffix("-unused") || Self.suggestion(cause) != nil,
                written(cause).elementsEqual(near.unicodeScalars)
            else { return false }
            guard let mutual = Self.suggestion(cause), name.elementsEqual(mutual.unicodeScalars) else {
                return true
            }
            return uses(of: name) > uses(of: Array(near.unicodeScalars))
        }
    }

    private func uses(of name: [Unicode.Scalar]) -> Int {
        sources.values.reduce(0) { $0 + Self.occurrences(of: name, in: $1) }
    }

    private static func suggestion(_ finding: Diagnostic) -> String? {
        guard finding.severity == .error, let help = finding.help, help.hasPrefix("did you mean '") else {
            return nil
        }
        return help.split(separator: "'").dropFirst().first.map(String.init)
    }

    /// The same mistake found on several ways, once.
    static func merged(_ findings: Set<Diagnostic>) -> [Diagnostic] {
        var kept: [Diagnostic: Set<Diagnostic.Related>] = [:]
        for finding in findings {
            var alone = finding
            alone.related = []
            kept[alone, default: []].formUnion(finding.related)
        }
        return kept.map { finding, related in
            var finding = finding
            finding.related = Array(
                related.sorted {
                    ($0.range.file, $0.range.start, $0.message) < ($1.range.file, $1.range.start, $1.message)
                }.prefix(3))
            return finding
        }
    }

    // MARK: - Parts that could not be read

    /// What a key's absence leads to, in the same file.
    private static let follows: [String: [String]] = [
        "roles": ["roles-empty", "safety-missing"],
        "otherwise": ["otherwise-missing", "otherwise-open", "queue-endless"],
        "safety": ["safety-missing"], "use": ["safety-missing"], "examples": ["intent-unreachable"],
        "patterns": ["intent-unreachable"], "phrases": ["safety-empty", "safety-missing"],
        "safety_words": ["safety-list-unknown"],
        "all_of": ["safety-empty", "safety-one-group", "safety-missing"],
        "ask": ["slot-unfilled", "slot-attempts"],
        "attempts": ["slot-otherwise"], "list": ["slot-each-list"], "try": ["route-endless"],
        "reply": ["route-endless"],
        "fail": ["route-endless"], "end": ["queue-endless"], "handoff": ["queue-endless"],
        "with": ["input-missing"],
        "output": ["save-nothing", "lookup-output"], "staff": ["role-not-staff"], "level": ["safety-missing"],
        "choose": ["step-key", "key-missing"], "call": ["step-key"], "confirm": ["step-key"],
        "if": ["step-key"],
        "repeat_while": ["step-key"], "show": ["key-missing"], "save": ["key-missing"],
        "below": ["otherwise-unreachable"], "times": ["otherwise-unreachable"],
    ]

    /// What follows in the files that use the part.
    private static let followElsewhere: Set<String> = [
        "safety-missing", "safety-list-unknown", "save-nothing", "lookup-output", "role-not-staff",
    ]

    private func isOfUnreadPart(_ finding: Diagnostic) -> Bool {
        partial.contains { file in
            if finding.code == "safety-missing", isLibraryMissing { return true }
            if file.unreadNames.contains(finding.range) { return true }
            let isHere = file.path == finding.range.file || Self.followElsewhere.contains(finding.code)
            return isHere && file.missedKeys.contains { Self.follows[$0]?.contains(finding.code) == true }
        }
    }

    // MARK: - Names

    /// Keys under which names are declared, or that make them known.
    private static let declares: Set<String> = [
        "responses", "intents", "flows", "entities", "actions", "backends", "queues", "providers", "routes",
        "collections", "fields", "sets", "roles", "slots", "save", "set", "default", "settings", "input",
        "output", "id",
        "use", "each", "choose", "call", "channels", "entity", "select", "insert", "update", "delete",
        "choice", "then",
        "else", "steps", "atomic",
    ]

    // Without its only section a file declares none of its names.
    private func isOfUnreadSection(_ finding: Diagnostic) -> Bool {
        partial.contains { file in
            switch file.config {
            case .server: finding.code == "role-unknown" && file.missedKeys.contains("roles")
            case .library: finding.code == "library-unknown" && file.missedKeys.contains("id")
            case .assistant: finding.code == "assistant-unknown" && file.missedKeys.contains("id")
            case .records:
                ["collection-unknown", "field-unknown"].contains(finding.code)
                    && !file.missedKeys.isDisjoint(with: ["collections", "fields"])
            case .knowledge: finding.code == "knowledge-set-unknown" && file.missedKeys.contains("sets")
            default: false
            }
        }
    }

    private func isDeclaredInPartialFile(_ finding: Diagnostic) -> Bool {
        let name = written(finding)
        guard !name.isEmpty else { return false }
        // While a library is not found, its names are nobody's.
        if isLibraryMissing, Self.ofLibraries.contains(finding.code),
            libraries.contains(where: { Self.mentions(name, in: $0) })
        {
            return true
        }
        return partial.contains { file in
            guard
                file.config == nil || !file.unreadNames.isEmpty
                    || !file.missedKeys.isDisjoint(with: Self.declares)
            else { return false }
            let isItem = name.elementsEqual("item".unicodeScalars) && file.path == finding.range.file
            if isItem, !file.missedKeys.isDisjoint(with: ["each", "choose"]) { return true }
            return sources[file.path].map {
                Self.mentions(name, in: $0, asValue: file.missedKeys.contains("save"))
            } ?? false
        }
    }

    private static let ofLibraries: Set<String> = [
        "response-unknown", "intent-unknown", "flow-unknown", "action-unknown", "backend-unknown",
        "entity-unknown",
        "safety-family-unknown", "slot-unknown", "path-unknown",
    ]

    /// The word at the place of a finding, without quotation marks.
    private func written(_ finding: Diagnostic) -> [Unicode.Scalar] {
        let range = finding.range
        guard range.end.line == range.start.line, let line = sources[range.file]?.line(range.start.line)
        else { return [] }
        let scalars = line.unicodeScalars.dropFirst(range.start.column - 1).prefix(
            range.end.column - range.start.column)
        return scalars.filter { $0 != "\"" && $0 != "'" }
    }

    // `name:` declares it, as do `id: name` and `save: name`.
    private static func mentions(_ name: [Unicode.Scalar], in source: SourceText, asValue: Bool = false)
        -> Bool
    {
        occurrences(of: name, in: source) { line, start, end in
            if end < line.count, line[end] == ":" { return true }
            let before = String(String.UnicodeScalarView(line[..<start])).trimmedSpaces
            return asValue ? before.hasSuffix(":") : before.hasSuffix("id:") || before.hasSuffix("save:")
        } > 0
    }

    private static func occurrences(
        of name: [Unicode.Scalar], in source: SourceText,
        where counts: ([Unicode.Scalar], Int, Int) -> Bool = { _, _, _ in true }
    ) -> Int {
        let wanted = String(String.UnicodeScalarView(name))
        return source.lines.reduce(0) { count, line in
            guard line.utf8.count >= wanted.utf8.count, line.contains(wanted) else { return count }
            let scalars = Array(line.unicodeScalars)
            return count
                + (0...(scalars.count - name.count)).count { start in
                    let end = start + name.count
                    return scalars[start...].starts(with: name)
                        && (start == 0 || !isNamePart(scalars[start - 1]))
                        && (end == scalars.count || !isNamePart(scalars[end])) && counts(scalars, start, end)
                }
        }
    }

    private static func isNamePart(_ scalar: Unicode.Scalar) -> Bool {
        scalar == "_" || scalar == "-" || scalar.properties.isAlphabetic
            || scalar.properties.numericType != nil
    }
}
