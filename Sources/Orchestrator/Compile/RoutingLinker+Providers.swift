// SPDX-License-Identifier: Apache-2.0
import Diagnostics

extension RoutingLinker {
    func providers(_ findings: inout LinkFindings) -> [String: ProviderSettings] {
        var settings: [String: ProviderSettings] = [:]
        for (name, (config, range)) in index.providers.values {
            for set in config.sets { index.sets.resolve(set, for: "the provider '\(name)'", &findings) }
            checkKeys(of: config, &findings)
            let provider = config.settings(named: name)
            let needed = ProviderType.named(provider.type)?.requiredKeys ?? []
            if provider.isOff, needed.allSatisfy({ config.written[$0] != nil }) {
                findings.add(
                    Diagnostic(
                        .note, code: "provider-off", at: range,
                        "the provider '\(name)' is off: it has no key or address",
                        help: "routes pass it over; set the variable its key or address names to switch it on"
                    ))
            }
            settings[name] = provider
        }
        return settings
    }

    func prices() -> [String: ModelPrice] {
        Dictionary(
            index.prices.map {
                ($0.name.value, ModelPrice(input: $0.value.input.value, output: $0.value.output.value))
            }
        ) { first, _ in first }
    }

    private func checkKeys(of config: ProviderConfig, _ findings: inout LinkFindings) {
        guard let type = ProviderType.named(config.type.value) else { return }
        for (key, range) in config.written where !type.keys.contains(key) {
            findings.error(
                "provider-key", at: range, "a provider of the type '\(type.name)' has no use for '\(key)'",
                help: "it takes \(quotedList(type.keys.sorted()))")
        }
        for key in type.requiredKeys.sorted() where config.written[key] == nil {
            findings.error(
                "key-missing", at: config.anchor,
                "a provider of the type '\(type.name)' needs the key '\(key)'",
                help: "add '\(key): ...'")
        }
    }
}

extension ProviderConfig {
    fileprivate func settings(named name: String) -> ProviderSettings {
        var settings = ProviderSettings(name: name, type: type.value)
        settings.sets = sets.map(\.value)
        settings.minimumScore = minimumScore.value
        settings.passages = passages.value
        settings.url = url?.value ?? ProviderType.named(type.value)?.url ?? ""
        settings.path = path.value
        settings.key = key?.value
        settings.model = model?.value
        settings.api = api.value
        settings.assistantID = assistantID?.value
        settings.isStreamed = isStreamed.value
        settings.headers = headers.map { .init(name: $0.name.value, value: $0.value.value) }
        settings.trust = trust?.value
        settings.connect = connect.value
        settings.concurrency = concurrency.value
        settings.queue = queue.value
        settings.queueWait = queueWait.value
        settings.says = says.map(\.value)
        return settings
    }
}
