// SPDX-License-Identifier: Apache-2.0
import Diagnostics

/// Warns of names that nothing in the tree uses.
struct UnusedNames {
    let index: TreeIndex

    func check(_ files: [DecodedFile], _ findings: inout LinkFindings) {
        for file in files {
            switch file.config {
            case .assistant(let config): check(config.shared, &findings)
            case .library(let config):
                checkStandIn(config, &findings)
                guard findings.used.contains(config.id.range) else {
                    warnUnused(config, &findings)
                    AssistantLinker.isolated(config, file: file, index: index).diagnostics.forEach {
                        findings.add($0)
                    }
                    continue
                }
                check(config.shared, &findings)
                warn("backend", config.backends.map(\.name), &findings)
                warn("queue", config.queues.map(\.name), &findings)
            case .routing(let config):
                warn("provider", config.providers.map(\.name), &findings)
                warn("route", config.routes.map(\.name), &findings)
            case .knowledge(let config): warn("knowledge set", config.sets.map(\.name), &findings)
            case .records(let config): warn("collection", config.collections.map(\.name), &findings)
            case .server, .overlay, .tests, nil: break
            }
        }
    }

    // Of two libraries that stand for one another one is always unused, and meant to be.
    private func warnUnused(_ config: LibraryConfig, _ findings: inout LinkFindings) {
        let isReplaced = index.replacements[config.id.value] != nil
        guard config.standsInFor == nil, !isReplaced else { return }
        findings.warning(
            "library-unused", at: config.id.range, "no assistant uses the library '\(config.id.value)'",
            help: "name it under 'use:' of an assistant, or remove it")
    }

    private func checkStandIn(_ config: LibraryConfig, _ findings: inout LinkFindings) {
        guard let name = config.standsInFor else { return }
        let user = "the library '\(config.id.value)'"
        // Named here it is not used yet.
        guard let other = index.libraries[name.value]?.config else {
            index.libraries.resolve(name, for: user, &findings)
            return
        }
        let own = Set(config.shared.actions.map(\.name.value))
        let missing = other.shared.actions.map(\.name.value).filter { !own.contains($0) }
        guard !missing.isEmpty else { return }
        findings.error(
            "stand-in-incomplete", at: name.range,
            "the library '\(config.id.value)' cannot stand in for '\(name.value)': it has no \(quotedList(missing))",
            help: "declare what is missing under 'actions:'",
            related: [.init(other.id.range, "its actions are here")])
    }

    private func check(_ shared: SharedConfig, _ findings: inout LinkFindings) {
        warn("response", shared.responses.map(\.name), &findings)
        warn("flow", shared.flows.map(\.name), &findings)
        warn("action", shared.actions.map(\.name), &findings)
        warn("entity", shared.entities.map(\.name), &findings)
    }

    private func warn(_ what: String, _ names: [Located<String>], _ findings: inout LinkFindings) {
        for name in names where !findings.used.contains(name.range) && !name.value.isEmpty {
            findings.warning(
                "\(what)-unused".replacing(" ", with: "-"), at: name.range,
                "nothing uses the \(what) '\(name.value)'", help: "use it, or remove it")
        }
    }
}
