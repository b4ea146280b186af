// SPDX-License-Identifier: Apache-2.0

import Synchronization
import WireProtocols

extension WidgetChannel {
    /// A conversation in which something was said this lately is active.
    static let activeFor = Duration.seconds(3600)
    /// Counting reads every row, so one count serves as long, unless something was said here.
    static let countFor = Duration.seconds(10)

    func health(_ call: WidgetCall) async -> (status: Int, body: JSON) {
        let time = JSON.string(call.now.iso8601)
        guard let counts = await counts(call.now) else {
            return (500, ["status": "unhealthy", "error": "The store does not answer", "timestamp": time])
        }
        return (
            200,
            [
                "status": "healthy", "timestamp": time,
                "uptime": .number(services.health.uptime / .seconds(1)),
                "memory": ProcessMemory.current.json,
                "stats": [
                    "totalConversations": .integer(counts.conversations),
                    "totalMessages": .integer(counts.messages),
                    "activeConversations": .integer(counts.active),
                ],
                "providers": .array(vendors(call).map { .string($0) }),
            ]
        )
    }

    private func counts(_ now: Timestamp) async -> ChannelCounts? {
        if let last = counted.withLock({ $0 }), now >= last.at, now - last.at < Self.countFor {
            return last.counts
        }
        let since = now - Self.activeFor
        guard let counts = try? await services.store.counts(of: name, activeSince: since) else { return nil }
        counted.withLock { $0 = (counts, now) }
        return counts
    }

    private func vendors(_ call: WidgetCall) -> [String] {
        call.entries.flatMap(\.vendors).reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
    }

    func providers(_ call: WidgetCall) -> JSON {
        let all = call.entries.flatMap(\.providers).filter { !$0.isOff }
        let shown = vendors(call).map { vendor -> JSON in
            let own = all.filter { $0.vendor == vendor }
            let abilities = own.compactMap { ProviderType.named($0.type)?.capabilities }
            func can(_ ability: ProviderType.Capability) -> JSON {
                .bool(abilities.contains { $0.contains(ability) })
            }
            return [
                "name": .string(vendor),
                "capabilities": [
                    "streaming": can(.streaming), "fileUpload": false, "functionCalling": can(.tools),
                    "imageGeneration": false,
                    // The vendor's assistant runs it, where it is told to.
                    "codeInterpreter": .bool(own.contains { $0.type == "openai-assistants" }),
                ],
            ]
        }
        return ["providers": .array(shown), "default": .string(call.entry(nil)?.provider ?? "openai")]
    }

    func assistants(_ call: WidgetCall) -> JSON {
        let shown = call.entries.map { entry -> JSON in
            let parts = entry.assistant.parts
            return [
                "type": .string(entry.type), "name": .string(parts.name.isEmpty ? entry.type : parts.name),
                "description": .string(parts.description), "provider": .string(entry.provider),
            ]
        }
        return ["assistants": .array(shown), "default": "default"]
    }
}
