// SPDX-License-Identifier: Apache-2.0
import Diagnostics
import Intents

extension AssistantLinker {
    mutating func linkIntents() {
        var seen: [String: (intent: String, range: SourceRange)] = [:]
        for name in names.intentOrder {
            guard let (intent, range) = names.intents.values[name] else { continue }
            findings.use(range)
            let user = "the intent '\(name)'"
            if intent.examples.isEmpty, intent.patterns.isEmpty {
                findings.error(
                    "intent-unreachable", at: range,
                    "\(user) has neither examples nor patterns, so nothing leads to it",
                    help: "add a few sentences under 'examples:'")
            }
            let marked = intent.examples.compactMap { example($0, of: name, &seen) }
            let patterns = intent.patterns.compactMap { pattern($0) }
            parts.origins.examples.append(IntentExamples(id: name, marked: marked, patterns: patterns))
            parts.origins.intents[name] = range
            parts.origins.exampleRanges[name] = intent.examples.map(\.range)
            parts.origins.patternRanges[name] = intent.patterns.map(\.range)
            parts.intents[name] = Intent(
                name: name, label: intent.label?.value, handler: handler(intent, user))
        }
        for sentence in config.outOfScope {
            if let marked = example(sentence, of: "out_of_scope", &seen) {
                parts.origins.outOfScope.append(marked.text)
            }
        }
        linkDidYouMean()
    }

    private mutating func linkDidYouMean() {
        guard let rule = config.didYouMean else { return }
        let asking = scope.with("first", .text).with("second", .text)
        say(rule.say, in: asking, for: "'did_you_mean'")
        if rule.say == nil, let own = names.responses[BuiltinResponse.didYouMean] {
            checkedResponses.insert(BuiltinResponse.didYouMean)
            asking.check(own, &findings)
        }
        parts.didYouMean = DidYouMean(
            within: rule.within.value, say: rule.say?.reference ?? .named(BuiltinResponse.didYouMean))
    }

    private mutating func handler(_ intent: IntentConfig, _ user: String) -> Intent.Handler {
        say(intent.say, in: scope, for: user)
        handoff(intent.handoff, for: user)
        route(intent.route, for: user)
        if let flow = intent.flow {
            names.flows.resolve(flow, for: user, &findings)
            return .flow(flow.value)
        }
        return intent.handoff.map { .handoff(queue: $0.value) } ?? intent.route.map { .route($0.value) }
            ?? .say(intent.say?.reference ?? .named("not_understood"))
    }

    private mutating func example(
        _ example: Located<String>, of intent: String,
        _ seen: inout [String: (intent: String, range: SourceRange)]
    ) -> MarkedExample? {
        let marked: MarkedExample
        do { marked = try MarkedExample.parse(example.value) } catch {
            findings.error(
                "example-markup", at: example.range, "the mark-up of this example is not closed",
                help: "a value is marked as [next week](when)")
            return nil
        }
        for mark in marked.marks {
            names.entities.resolve(
                Located(mark.entity, at: place(of: mark.entity, in: example)),
                for: "an example of '\(intent)'", &findings)
        }
        let key = normalised(marked.text)
        if let first = seen[key] {
            let isOther = first.intent != intent
            let diagnostic = Diagnostic(
                isOther ? .error : .warning, code: isOther ? "example-two-intents" : "example-twice",
                at: example.range,
                isOther
                    ? "'\(shortened(marked.text))' is an example of '\(intent)' and of '\(first.intent)'"
                    : "'\(shortened(marked.text))' is an example of '\(intent)' twice",
                help: isOther ? "remove it from one of them" : "remove one of them",
                related: [.init(first.range, "the first one is here")])
            findings.add(diagnostic)
        } else {
            seen[key] = (intent, example.range)
        }
        return marked
    }

    // The entity's name inside the example: `](` comes just before it, on one line with it in all but folded text.
    private func place(of entity: String, in example: Located<String>) -> SourceRange {
        let scalars = Array(example.value.unicodeScalars)
        let mark = Array(("](" + entity).unicodeScalars)
        guard example.range.start.line == example.range.end.line, scalars.count >= mark.count,
            let offset = (0...(scalars.count - mark.count)).first(where: {
                Array(scalars[$0..<($0 + mark.count)]) == mark
            })
        else { return example.range }
        // A quoted example begins one column later; its width tells.
        let width = example.range.end.column - example.range.start.column
        let column = example.range.start.column + (width > scalars.count ? 1 : 0) + offset + 2
        let start = SourcePosition(line: example.range.start.line, column: column)
        return SourceRange(
            file: example.range.file, start: start,
            end: SourcePosition(line: start.line, column: column + entity.unicodeScalars.count))
    }

    mutating func pattern(_ source: Located<String>) -> Pattern? {
        do { return try Pattern(source.value) } catch {
            findings.error(
                "pattern-refused", at: source.range,
                "the pattern '\(shortened(source.value))' cannot be used: \(Self.explained(error.reason))",
                help: error.reason.hasPrefix("missing") || error.reason.hasPrefix("unexpected")
                    ? nil : "patterns are RE2: no look-around and no back-references")
            return nil
        }
    }

    /// RE2's words for a refusal, in those of this program.
    private static func explained(_ reason: String) -> String {
        let parts = reason.split(separator: ": ", maxSplits: 1).map(String.init)
        let what = "'\(shortened(parts.count > 1 ? parts[1] : ""))'"
        switch parts[0] {
        case "missing )": return "a '(' is not closed"
        case "missing ]": return "a '[' is not closed"
        case "unexpected )": return "a ')' has no '('"
        case "invalid perl operator", "invalid named capture group": return "\(what) is not known"
        case "invalid escape sequence": return "\(what) is not known"
        case "no argument for repetition operator": return "\(what) has nothing to repeat"
        case "bad repetition operator": return "\(what) repeats a repetition"
        case "invalid repetition size": return "\(what) repeats too often"
        case "invalid character class range": return "\(what) is no range of characters"
        default: return reason
        }
    }
}
