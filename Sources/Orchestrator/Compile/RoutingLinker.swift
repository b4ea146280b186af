// SPDX-License-Identifier: Apache-2.0
import Diagnostics

/// Links providers, routes and queues, and proves that every route and every queue ends (DESIGN 3, rule 11).
struct RoutingLinker {
    let index: TreeIndex

    func checkEnd(
        of name: String, _ config: RouteConfig, _ range: SourceRange, _ findings: inout LinkFindings
    ) {
        guard
            let end = config.entries.firstIndex(where: {
                $0.reply != nil || $0.fail != nil || $0.route != nil
            })
        else {
            findings.error(
                "route-endless", at: range, "the route '\(name)' does not end when every provider fails",
                help: "add a last entry: - { reply: NAME_OF_A_RESPONSE }")
            return
        }
        for entry in config.entries[(end + 1)...] {
            findings.error(
                "route-after-end", at: entry.anchor,
                "this entry of the route '\(name)' is never reached: the route has ended before it",
                help: "move the 'reply', 'fail' or 'route' to the end of 'try'",
                related: [.init(config.entries[end].anchor, "it ends here")])
        }
    }

    func queues(_ findings: inout LinkFindings) -> [String: Queue] {
        var queues: [String: Queue] = [:]
        for (name, (config, range)) in index.queues.values {
            let user = "the queue '\(name)'"
            for role in config.roles
            where index.roles.resolve(role, for: user, &findings)?.staff.value == false {
                findings.error(
                    "role-not-staff", at: role.range,
                    "\(user) is for \(role.value), which is not a staff role",
                    help: "write 'staff: true' at the role, or name another role")
            }
            let fallbacks = config.otherwise.compactMap { fallback($0, for: user, &findings) }
            if !config.otherwise.isEmpty, config.otherwise.allSatisfy({ $0.handoff == nil && $0.end == nil })
            {
                findings.error(
                    "queue-endless", at: range, "the queue '\(name)' does not end when nobody claims",
                    help: "add a last entry to 'otherwise': - { end: true }")
            } else if config.otherwise.isEmpty {
                findings.error(
                    "queue-endless", at: range, "the queue '\(name)' does not end when nobody claims",
                    help: "write otherwise: [{ end: true }]")
            }
            checkAfterEnd(of: name, config.otherwise, &findings)
            queues[name] = Queue(
                name: name, roles: config.roles.map(\.value),
                hours: config.hours.flatMap { hours($0, &findings) },
                claimWithin: config.claimWithin.value, otherwise: fallbacks)
        }
        checkCycles(
            "queue", index.queues.values.mapValues { ($0.range, $0.value.otherwise.compactMap(\.handoff)) },
            &findings)
        return queues
    }

    private func checkAfterEnd(
        of name: String, _ entries: [QueueFallbackConfig], _ findings: inout LinkFindings
    ) {
        guard let end = entries.firstIndex(where: { $0.handoff != nil || $0.end != nil }) else { return }
        for entry in entries[(end + 1)...] {
            findings.error(
                "queue-after-end", at: entry.anchor,
                "this entry of the queue '\(name)' is never reached: the conversation has left it before",
                help: "move it before the 'handoff' or 'end'",
                related: [.init(entries[end].anchor, "it is left here")])
        }
    }

    private func fallback(_ config: QueueFallbackConfig, for user: String, _ findings: inout LinkFindings)
        -> Queue.Fallback?
    {
        if let queue = config.handoff {
            index.queues.resolve(queue, for: user, &findings)
            return .handoff(queue: queue.value)
        }
        return config.say.map { .say($0.reference) } ?? .end
    }

    private func hours(_ text: Located<String>, _ findings: inout LinkFindings) -> OpeningHours? {
        guard let hours = OpeningHours(parsing: text.value) else {
            findings.error(
                "hours-form", at: text.range, "'\(shortened(text.value))' is not read as opening hours",
                help: "write them as: Mon-Fri 08:00-18:00 Europe/London")
            return nil
        }
        checkTimezone(Located(hours.timezone, at: text.range), &findings)
        return hours
    }

    // Depth-first over the declared order; each cycle is reported once, at its first name in the alphabet.
    func checkCycles(
        _ what: String, _ graph: [String: (SourceRange, [Located<String>])], _ findings: inout LinkFindings
    ) {
        for start in graph.keys.sorted() {
            var path = [start]
            guard cycle(back: start, from: start, graph, &path), path.min() == start,
                let range = graph[start]?.0
            else { continue }
            findings.error(
                "\(what)-cycle", at: range,
                "the \(what) '\(start)' comes back to itself: \((path + [start]).joined(separator: " -> "))",
                help: what == "route"
                    ? "end one of them with 'reply' or 'fail'" : "end one of them with 'end: true'")
        }
    }

    private func cycle(
        back start: String, from name: String, _ graph: [String: (SourceRange, [Located<String>])],
        _ path: inout [String]
    ) -> Bool {
        for next in graph[name]?.1 ?? [] {
            if next.value == start { return true }
            if path.contains(next.value) { continue }
            path.append(next.value)
            if cycle(back: start, from: next.value, graph, &path) { return true }
            path.removeLast()
        }
        return false
    }
}

extension SayConfig {
    /// The compiled form; names are resolved when they are said.
    var reference: ResponseReference {
        switch self {
        case .named(let name): .named(name.value)
        case .text(let template, _): .inline(Response([template]))
        case .response(let config): .inline(config.response)
        }
    }
}

extension ResponseConfig {
    var response: Response {
        Response(
            texts, type: type?.value,
            buttons: buttons.map {
                .init(
                    type: $0.type.value, label: $0.label, value: $0.value, each: $0.each,
                    limit: $0.limit?.value)
            },
            data: data)
    }
}
