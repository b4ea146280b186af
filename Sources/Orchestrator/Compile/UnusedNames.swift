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
                guard findings.used.contains(config.id.range) else {
                    findings.warning(
                        "library-unused", at: config.id.range,
                        "no assistant uses the library '\(config.id.value)'",
                        help: "name it under 'use:' of an assistant, or remove it")
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
