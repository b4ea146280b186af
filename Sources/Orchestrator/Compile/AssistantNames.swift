// SPDX-License-Identifier: Apache-2.0
import Diagnostics
import Intents

/// All names that exist inside one assistant: its own and those of the libraries it uses, and theirs.
struct AssistantNames {
    var responses = Symbols<ResponseConfig>("response", builtIn: Set(BuiltinResponse.names))
    var intents = Symbols<IntentConfig>("intent")
    var flows = Symbols<FlowConfig>("flow")
    var actions = Symbols<ActionConfig>("action")
    var backends = Symbols<BackendConfig>("backend")
    var events = Symbols<EventConfig>("event")
    var webhooks = Symbols<WebhookConfig>("webhook")
    var entities = Symbols<EntityConfig>(
        "entity",
        builtIn: Set(["number", "text", "person", "duration", "dosage", "phone", "email", "datetime"]))
    var families = Symbols<SafetyFamilyConfig>("safety family")
    var safetyWords = Symbols<[Located<String>]>("safety word list")
    /// Of all files together: an assistant may add to the examples of a library.
    private(set) var safetyExamples: [Named<[Located<String>]>] = []
    /// Names in file order, so that the result does not depend on hashing.
    private(set) var intentOrder: [String] = []
    private(set) var flowOrder: [String] = []
    private(set) var familyOrder: [String] = []
    private(set) var entityOrder: [String] = []
    /// The files the assistant is made of, by path.
    private(set) var files: [DecodedFile] = []

    init(_ assistant: AssistantConfig, file: DecodedFile, _ index: TreeIndex, _ findings: inout LinkFindings)
    {
        files = [file]
        add(assistant.shared, &findings)
        var seen: Set<String> = []
        use(assistant.shared.use, by: "the assistant '\(assistant.id.value)'", index, &seen, &findings)
    }

    private mutating func use(
        _ names: [Located<String>], by user: String, _ index: TreeIndex, _ seen: inout Set<String>,
        _ findings: inout LinkFindings
    ) {
        for name in names {
            guard let library = index.library(name, for: user, &findings),
                seen.insert(library.config.id.value).inserted
            else { continue }
            files.append(library.file)
            findings.use(library.config.id.range)
            add(library.config.shared, &findings)
            library.config.backends.forEach { backends.declare($0.name, $0.value, &findings) }
            library.config.events.forEach { events.declare($0.name, $0.value, &findings) }
            library.config.webhooks.forEach { webhooks.declare($0.name, $0.value, &findings) }
            use(
                library.config.shared.use, by: "the library '\(library.config.id.value)'", index, &seen,
                &findings)
        }
    }

    private mutating func add(_ shared: SharedConfig, _ findings: inout LinkFindings) {
        shared.responses.forEach { responses.declare($0.name, $0.value, &findings) }
        shared.actions.forEach { actions.declare($0.name, $0.value, &findings) }
        for intent in shared.intents {
            intents.declare(intent.name, intent.value, &findings)
            intentOrder.append(intent.name.value)
        }
        for flow in shared.flows {
            flows.declare(flow.name, flow.value, &findings)
            flowOrder.append(flow.name.value)
        }
        for entity in shared.entities {
            entities.declare(entity.name, entity.value, &findings)
            entityOrder.append(entity.name.value)
        }
        shared.safetyWords.forEach { safetyWords.declare($0.name, $0.value, &findings) }
        safetyExamples += shared.safetyExamples
        for family in shared.safety {
            families.declare(family.id, family, &findings)
            familyOrder.append(family.id.value)
        }
    }
}
