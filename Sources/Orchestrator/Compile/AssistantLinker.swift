// SPDX-License-Identifier: Apache-2.0
import Diagnostics
import Intents
import WireProtocols

/// Links one assistant: resolves its names, checks everything the schema cannot, and compiles what is valid.
///
/// The topics are extensions: intents, safety, entities, actions, flows. Each adds to `findings` and `parts`, and
/// none stops at the first mistake.
struct AssistantLinker {
    let config: AssistantConfig
    let index: TreeIndex
    private(set) var names: AssistantNames
    private(set) var scope: TypeScope
    var findings: LinkFindings
    var parts = Assistant.Parts()
    var safetyFamilies: [SafetyFamily] = []
    /// Word lists whose absence has been reported.
    var missingLists: Set<String> = []
    /// Responses named by flows are checked with each flow's names; all others with the conversation's.
    var checkedResponses: Set<String> = []

    init(_ config: AssistantConfig, file: DecodedFile, index: TreeIndex) {
        self.config = config
        self.index = index
        findings = LinkFindings()
        names = AssistantNames(config, file: file, index, &findings)
        scope = TypeScope.conversation(settings: config.settings.values)
    }

    mutating func link() {
        linkHeader()
        linkEntities()
        linkActions()
        linkFlows()
        linkTools()
        linkIntents()
        linkSafety()
        linkOtherwise()
        linkEscalation()
        linkEvents()
        linkWebhooks()
        linkRoutesAndQueues()
        for (name, response) in names.responses.values { parts.responses[name] = response.value.response }
        parts.readsHistory = findings.readsHistory
        warnUnused()
    }

    private mutating func linkHeader() {
        parts.id = config.id.value
        parts.name = config.name?.value ?? config.id.value
        parts.description = config.description?.value ?? ""
        parts.roles = config.roles.map(\.value)
        parts.settings = config.settings.values
        parts.timezone = config.settings.timezone.value
        parts.languages = config.settings.languages.isEmpty ? ["en"] : config.settings.languages.map(\.value)
        parts.persona = config.persona
        parts.mask = Set(config.mask.compactMap { MaskKind(rawValue: $0.value) })
        if let output = config.output { parts.output = output.rules }
        config.persona.map { scope.check($0, &findings) }
        checkTimezone(config.settings.timezone, &findings)
        for role in config.roles {
            index.roles.resolve(role, for: "the assistant '\(config.id.value)'", &findings)
        }
        if config.roles.isEmpty {
            findings.error(
                "roles-empty", at: config.id.range,
                "the assistant '\(config.id.value)' has no roles, so nobody may talk to it",
                help: "name them: roles: [PATIENT]")
        }
    }

    // MARK: - Said things

    /// Resolves a response and checks its `${...}` against what exists where it is said.
    mutating func say(_ say: SayConfig?, in scope: TypeScope, for user: String) {
        switch say {
        case .named(let name):
            guard let response = names.responses.resolve(name, for: user, &findings) else { return }
            checkedResponses.insert(name.value)
            scope.check(response, &findings, usedBy: name.range)
        case .text(let template, _): scope.check(template, &findings)
        case .response(let response): scope.check(response, &findings)
        case nil: break
        }
    }

    /// Marks a queue used and checks what it says when nobody claims.
    mutating func handoff(_ queue: Located<String>?, for user: String) {
        guard let queue else { return }
        index.queues.resolve(queue, for: user, &findings)
        reachedQueues.insert(queue.value)
    }

    mutating func route(_ route: Located<String>?, for user: String) {
        guard let route else { return }
        index.routes.resolve(route, for: user, &findings)
        reachedRoutes.insert(route.value)
    }

    var reachedQueues: Set<String> = []
    var reachedRoutes: Set<String> = []

    // Responses that routes and queues name exist inside each assistant that reaches them.
    private mutating func linkRoutesAndQueues() {
        for name in closure(reachedRoutes, { index.routes[$0]?.entries.compactMap { $0.route?.value } ?? [] })
            .sorted()
        {
            say(index.routes[name]?.ending, in: scope, for: "the route '\(name)'")
            for entry in index.routes[name]?.entries ?? [] {
                say(entry.reply ?? entry.fail, in: scope, for: "the route '\(name)'")
            }
        }
        for name in closure(
            reachedQueues, { index.queues[$0]?.otherwise.compactMap { $0.handoff?.value } ?? [] }
        ).sorted() {
            for entry in index.queues[name]?.otherwise ?? [] {
                say(entry.say, in: scope, for: "the queue '\(name)'")
            }
        }
    }

    private func closure(_ start: Set<String>, _ next: (String) -> [String]) -> Set<String> {
        var found = start
        var open = Array(start)
        while let name = open.popLast() {
            for other in next(name) where found.insert(other).inserted { open.append(other) }
        }
        return found
    }

    // MARK: - Otherwise, escalation, return

    private mutating func linkOtherwise() {
        let owner = "'otherwise' of '\(config.id.value)'"
        guard let lines = config.otherwise, !lines.isEmpty else {
            findings.error(
                "otherwise-missing", at: config.id.range,
                "the assistant '\(config.id.value)' does not say what happens when it does not understand",
                help: "add:\notherwise:\n  - { say: not_understood }")
            return
        }
        for line in lines {
            say(line.say, in: scope, for: owner)
            route(line.route, for: owner)
            handoff(line.handoff, for: owner)
        }
        parts.origins.otherwise = lines.map(\.anchor)
        parts.otherwise = lines.map { line in
            let answer: Otherwise.Answer =
                line.route.map { .route($0.value) } ?? line.handoff.map { .handoff(queue: $0.value) }
                ?? .say(line.say?.reference ?? .named("not_understood"))
            return Otherwise(
                below: line.below?.value, times: line.times?.value, answer: answer,
                history: line.history.value)
        }
        checkOtherwiseEnds(lines)
    }

    private mutating func checkOtherwiseEnds(_ lines: [OtherwiseConfig]) {
        guard let end = lines.firstIndex(where: { $0.below == nil && $0.times == nil }) else {
            findings.error(
                "otherwise-open", at: lines[lines.count - 1].anchor,
                "'otherwise' does not answer when none of its lines applies",
                help: "add a last line without 'below' and 'times'")
            return
        }
        for line in lines[(end + 1)...] {
            findings.warning(
                "otherwise-unreachable", at: line.anchor,
                "this line of 'otherwise' is never reached: the one before it always applies",
                related: [.init(lines[end].anchor, "this one always applies")])
        }
    }

    private mutating func linkEscalation() {
        for rule in config.escalate {
            say(rule.say, in: scope, for: "'escalate'")
            handoff(rule.handoff, for: "'escalate'")
            guard let (counter, count) = rule.when.counts.first(where: { $0.count != nil }), let count else {
                continue
            }
            parts.escalations.append(
                EscalationRule(
                    counter: counter, count: count.value, within: rule.when.within?.value,
                    queue: rule.handoff.value,
                    say: rule.say?.reference))
        }
        guard let human = config.human else { return }
        parts.human.backWhenClosed =
            human.backWhen.isEmpty || human.backWhen.contains { if case .closed = $0 { true } else { false } }
        for case .idle(let duration) in human.backWhen { parts.human.backWhenIdle = duration }
        for entry in human.then {
            say(entry.say, in: scope, for: "'human'")
            if let say = entry.say { parts.human.say = say.reference }
            if entry.resume != nil { parts.human.resumesFlow = true }
        }
    }

    // An assistant's own responses must be used; those of libraries are judged over the whole tree.
    private mutating func warnUnused() {
        let overridden = Set(BuiltinResponse.names)
        for (name, response) in names.responses.values where overridden.contains(name) {
            findings.use(response.range)
            if !checkedResponses.contains(name) {
                scope.with("label", .text).check(response.value, &findings)
            }
        }
        warnUnusedSettings()
    }

    // A misspelt `timezone` would be a setting of the author's own, and the zone silently UTC.
    private mutating func warnUnusedSettings() {
        let known = ["timezone", "languages", "clock", "dates"]
        let written = config.settings.names.map(\.value)
        for name in config.settings.names
        where !known.contains(name.value) && !findings.readSettings.contains(name.value) {
            if let near = nearestName(to: name.value, in: known.filter { !written.contains($0) }) {
                findings.error(
                    "setting-unused", at: name.range, "nothing uses the setting '\(name.value)'",
                    help: "did you mean '\(near)'?")
            } else {
                findings.warning(
                    "setting-unused", at: name.range, "nothing uses the setting '\(name.value)'",
                    help: "use it as '${settings.\(name.value)}', or remove it")
            }
        }
    }

    // MARK: - Libraries that nobody uses

    /// What is wrong with a library by itself.
    ///
    /// Names that it leaves to others are not judged, as nobody says who the others are.
    static func isolated(_ library: LibraryConfig, file: DecodedFile, index: TreeIndex) -> LinkFindings {
        var config = Codec<AssistantConfig>.object(AssistantConfig.self).placeholder()
        config.shared = library.shared
        var linker = AssistantLinker(config, file: file, index: index)
        linker.scope = linker.scope.with("settings", .any)
        library.backends.forEach { linker.names.backends.declare($0.name, $0.value, &linker.findings) }
        library.events.forEach { linker.names.events.declare($0.name, $0.value, &linker.findings) }
        library.webhooks.forEach { linker.names.webhooks.declare($0.name, $0.value, &linker.findings) }
        linker.linkEntities()
        linker.linkActions()
        linker.linkFlows()
        linker.linkIntents()
        linker.linkSafety()
        linker.linkEvents()
        linker.linkWebhooks()
        let own = [
            "path-unknown", "field-unknown", "filter-unknown", "input-unknown", "error-unknown",
            "choice-unknown",
        ]
        var findings = LinkFindings()
        for finding in linker.findings.diagnostics
        where !finding.code.hasSuffix("-unknown") || own.contains(finding.code) { findings.add(finding) }
        return findings
    }
}
