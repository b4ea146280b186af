// SPDX-License-Identifier: Apache-2.0
import Diagnostics

extension AssistantLinker {
    mutating func linkWebhooks() {
        for (name, (config, range)) in names.webhooks.values.sorted(by: { $0.key < $1.key }) {
            guard !config.url.value.isEmpty else {
                findings.add(
                    Diagnostic(
                        .note, code: "webhook-off", at: range,
                        "the webhook '\(name)' is off: it has no address",
                        help: "nobody is told; set the variable its 'url' names to switch it on"))
                continue
            }
            checkSecrets(of: config, name, range)
            let networks = networks(config.privateNetworks)
            guard let destinations = destinations(config.url, networks, code: "webhook-url") else { continue }
            var webhook = Webhook(
                name: name, url: config.url.value, keys: config.secrets.map(\.value),
                events: Set(config.events.compactMap { WebhookEvent.Kind(rawValue: $0.value) }))
            webhook.timeout = config.timeout.value
            webhook.connectTimeout = config.connectTimeout.value
            webhook.attempts = config.attempts.value
            webhook.backlog = config.backlog.value
            webhook.destinations = destinations
            webhook.certificates = config.certificates?.value
            parts.webhooks.append(webhook)
        }
    }

    private mutating func checkSecrets(
        of config: WebhookConfig, _ name: String, _ range: Diagnostics.SourceRange
    ) {
        let help = "make one with: openssl rand -hex 32"
        if config.secrets.isEmpty {
            findings.error("webhook-secret", at: range, "the webhook '\(name)' has no secret", help: help)
        }
        for secret in config.secrets {
            guard let key = WebhookSignature.key(of: secret.value) else {
                findings.error(
                    "webhook-secret", at: secret.range,
                    "what follows 'whsec_' in the secret of the webhook '\(name)' is not Base64", help: help)
                continue
            }
            guard key.count < WebhookSignature.minKeyBytes else { continue }
            findings.error(
                "webhook-secret", at: secret.range,
                "the secret of the webhook '\(name)' is shorter than \(WebhookSignature.minKeyBytes) bytes",
                help: help)
        }
    }
}
