// SPDX-License-Identifier: Apache-2.0
import Diagnostics

/// Collects what the checks find, and which declarations were used.
struct LinkFindings {
    private(set) var diagnostics: Set<Diagnostic> = []
    /// Places of the declarations that something refers to.
    private(set) var used: Set<SourceRange> = []
    /// Settings that some `${settings.NAME}` looks up.
    private(set) var readSettings: Set<String> = []
    /// Some `${conversation.summary}` or `${conversation.transcript}` is looked up.
    private(set) var readsHistory = false

    var hasErrors: Bool { diagnostics.contains { $0.severity == .error } }

    mutating func add(_ diagnostic: Diagnostic) { diagnostics.insert(diagnostic) }

    mutating func error(
        _ code: String, at range: SourceRange, _ message: String, help: String? = nil,
        related: [Diagnostic.Related] = []
    ) {
        add(Diagnostic(code: code, at: range, message, help: help, related: related))
    }

    mutating func warning(
        _ code: String, at range: SourceRange, _ message: String, help: String? = nil,
        related: [Diagnostic.Related] = []
    ) {
        add(Diagnostic(.warning, code: code, at: range, message, help: help, related: related))
    }

    mutating func use(_ range: SourceRange) { used.insert(range) }

    mutating func read(setting name: String) { readSettings.insert(name) }

    mutating func noteHistory() { readsHistory = true }

    mutating func merge(_ other: LinkFindings) {
        diagnostics.formUnion(other.diagnostics)
        used.formUnion(other.used)
        readSettings.formUnion(other.readSettings)
        readsHistory = readsHistory || other.readsHistory
    }
}

extension LinkFindings {
    /// Says in which assistants a shared file has a mistake, where it has none in the others that use it.
    mutating func nameAssistants(_ linked: [(linker: AssistantLinker, findings: LinkFindings)]) {
        var places: [Diagnostic: [Located<String>]] = [:]
        for (linker, findings) in linked {
            for finding in findings.diagnostics
            where finding.severity == .error && finding.range.file != linker.config.id.range.file {
                places[finding, default: []].append(linker.config.id)
            }
        }
        for (finding, ids) in places {
            let users = linked.count { entry in
                entry.linker.names.files.contains { $0.path == finding.range.file }
            }
            guard ids.count != users else { continue }
            diagnostics.remove(finding)
            var named = finding
            named.related += ids.sorted { $0.value < $1.value }.prefix(2).map {
                .init($0.range, "in the assistant '\($0.value)'")
            }
            diagnostics.insert(named)
        }
    }
}

/// The names of one kind that exist in one scope, and what they stand for.
struct Symbols<Value> {
    /// What the names are: `flow`, `response`; also the first part of the code of a dangling name.
    let what: String
    private(set) var values: [String: (value: Value, range: SourceRange)] = [:]
    /// Names that always exist.
    var builtIn: Set<String> = []

    init(_ what: String, builtIn: Set<String> = []) {
        self.what = what
        self.builtIn = builtIn
    }

    subscript(name: String) -> Value? { values[name]?.value }
    var names: [String] { Array(builtIn.union(values.keys)) }

    /// Adds a name; the same name twice is an error.
    mutating func declare(_ name: Located<String>, _ value: Value, _ findings: inout LinkFindings) {
        guard !name.value.isEmpty else { return }
        if let first = values[name.value] {
            let (earlier, later) =
                isBefore(first.range, name.range) ? (first.range, name.range) : (name.range, first.range)
            findings.error(
                "name-twice", at: later, "the \(what) '\(name.value)' is declared twice",
                help: "rename or remove one of them", related: [.init(earlier, "the first one is here")])
            return
        }
        values[name.value] = (value, name.range)
    }

    private func isBefore(_ a: SourceRange, _ b: SourceRange) -> Bool {
        (a.file, a.start) < (b.file, b.start)
    }

    /// Looks a name up and marks it used; reports one that does not exist.
    ///
    /// An empty name was reported before.
    @discardableResult
    func resolve(_ name: Located<String>, for user: String, _ findings: inout LinkFindings) -> Value? {
        if let found = values[name.value] {
            findings.use(found.range)
            return found.value
        }
        guard !name.value.isEmpty, !builtIn.contains(name.value) else { return nil }
        let near = nearestName(to: name.value, in: names)
        let place = near.flatMap { values[$0]?.range }
        findings.error(
            "\(what)-unknown".replacing(" ", with: "-"), at: name.range,
            "\(user) names the \(what) '\(name.value)', which does not exist",
            help: near.map {
                "did you mean '\($0)'?"
                    + (place.map { " it is declared at \($0.file):\($0.start.line)" } ?? "")
            }
                ?? list())
        return nil
    }

    // All names while they are few, else those the author declared.
    private func list() -> String? {
        let shown = names.count <= 12 ? names : Array(values.keys)
        if shown.isEmpty { return "no \(what) is declared" }
        return shown.count <= 12
            ? "there is \(quotedList(shown.sorted()))" : "correct the name, or declare the \(what)"
    }

    /// True when the name exists, built in or declared.
    func has(_ name: String) -> Bool { values[name] != nil || builtIn.contains(name) }
}
