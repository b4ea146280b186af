// SPDX-License-Identifier: Apache-2.0
import Diagnostics

/// A kind of value found in what people say: just one of its keys.
struct EntityConfig: ConfigMap {
    static let title = "an entity"
    static let kinds = [
        "choice", "lookup", "pattern", "number", "text", "person", "datetime", "duration", "dosage", "phone",
        "email",
    ]

    let choice: [Named<[Located<String>]>]?
    let lookup: LookupConfig?
    let patterns: [Located<String>]?
    let datetime: DatetimeConfig?
    /// `number: true` and the like: the kind that was chosen.
    let plainKind: String?
    let anchor: SourceRange

    init(_ map: MapReader) {
        choice = map.optional(
            "choice", .names(.list(.text), rule: .free), "Values, each with the words that mean it.")
        lookup = map.optional(
            "lookup", .object(LookupConfig.self), "Names that an action supplies, filled in the background.")
        patterns = map.optional(
            "pattern", .oneOrMore(.text),
            "RE2 patterns; the first group that took part is the value, else the whole match.")
        datetime = map.optional(
            "datetime", .object(DatetimeConfig.self), "Dates, times and spans: `next week`, `tomorrow at 3`.")
        let meanings = [
            ("number", "Numbers, in digits or words."), ("text", "Whatever is said."),
            ("person", "A person's name."),
            ("duration", "Lengths of time: `two weeks`."),
            ("dosage", "Medicine, dose, frequency, duration: `500mg twice daily for 7 days`."),
            ("phone", "Telephone numbers."), ("email", "E-mail addresses."),
        ]
        var plain: String?
        for (kind, meaning) in meanings
        where map.optional(kind, .word(["true"]), meaning + " Write `true`.") != nil { plain = kind }
        plainKind = plain
        anchor = map.anchor
        map.exactlyOne(of: Self.kinds)
    }
}

struct DatetimeConfig: ConfigMap {
    static let title = "'datetime'"
    let prefer: Located<String>

    init(_ map: MapReader) {
        prefer = map.value(
            "prefer", .word(["future", "past", "none"]), default: "future",
            "Whether `Tuesday` means the coming or the last one.")
    }
}

struct LookupConfig: ConfigMap {
    static let title = "'lookup'"
    let action: Located<String>
    let label: Located<String>
    let value: Located<String>
    let cache: Located<Duration>

    init(_ map: MapReader) {
        action = map.required("action", .name(), "An action without required input that returns a list.")
        label = map.required("label", .name(), "The field of an item that people say.")
        value = map.required("value", .name(), "The field that stands for it.")
        cache = map.value(
            "cache", .duration, default: "10m", "How long the names are kept before they are fetched again.")
    }
}

struct SafetyFamilyConfig: ConfigMap {
    static let title = "a safety family"

    let id: Located<String>
    let level: Located<String>
    let phrases: [Located<String>]
    let hints: [Located<String>]
    let allOf: [[Located<String>]]
    let unless: [Located<String>]
    let grave: Located<Bool>
    let say: SayConfig
    let then: [ConsequenceConfig]
    let anchor: SourceRange

    init(_ map: MapReader) {
        id = map.required("id", .name(), "The family's name, unique in an assistant.")
        level = map.value(
            "level", .word(["emergency", "possible"]), default: "emergency",
            "`emergency` answers and alerts; `possible` asks and shows the number.")
        phrases =
            map.optional(
                "phrases", .sentences,
                "Statements that mean it: words in this order, `a|b`, `<list>`, `...`, `+`.") ?? []
        hints =
            map.optional(
                "hints", .sentences,
                "As `phrases`, but they count only in a message that is more like the examples of danger than the harmless ones."
            )
            ?? []
        allOf =
            map.optional(
                "all_of", .list(.list(.text)),
                "Groups of words: one of each group within one clause means it.") ?? []
        unless =
            map.optional(
                "unless", .sentences,
                "Turns of speech in the same clause in which the words mean something else.")
            ?? []
        grave = map.value(
            "grave", .boolean, default: "false", "Only a clear no, teaching or the news may cancel it.")
        say = map.required("say", .say, "The answer.")
        then = map.optional("then", .list(.object(ConsequenceConfig.self)), "What is done besides.") ?? []
        anchor = map.anchor
    }
}

struct ConsequenceConfig: ConfigMap {
    static let title = "an entry of 'then'"
    let alert: AlertConfig?
    let handoff: Located<String>?
    let audit: Located<String>?

    init(_ map: MapReader) {
        alert = map.optional("alert", .object(AlertConfig.self), "Tells staff at once.")
        handoff = map.optional("handoff", .name(), "The queue where the person then waits for people.")
        audit = map.optional("audit", .name(), "Writes a row of that name to the audit, with ids only.")
        map.exactlyOne(of: ["alert", "handoff", "audit"])
    }
}

struct AlertConfig: ConfigMap {
    static let title = "'alert'"
    let role: Located<String>
    let who: Located<String>?

    init(_ map: MapReader) {
        role = map.required("role", .name(.role), "The role that is told.")
        who = map.optional(
            "who", .name(), "An action that returns the ids of those of the role to tell; all when left out.")
    }
}

struct QueueConfig: ConfigMap {
    static let title = "a queue"
    let roles: [Located<String>]
    let hours: Located<String>?
    let claimWithin: Located<Duration>
    let otherwise: [QueueFallbackConfig]
    let anchor: SourceRange

    init(_ map: MapReader) {
        roles = map.required("roles", .list(.name(.role)), "The staff roles that may claim.")
        hours = map.optional(
            "hours", .text, "Opening hours: `Mon-Fri 08:00-18:00 Europe/London`; always open when left out.")
        claimWithin = map.value(
            "claim_within", .duration, default: "3m", "How long a person waits before `otherwise`.")
        otherwise = map.required(
            "otherwise", .list(.object(QueueFallbackConfig.self)),
            "What happens when nobody claims in time; ends in `end: true` or another queue.")
        anchor = map.anchor
    }
}

struct QueueFallbackConfig: ConfigMap {
    static let title = "an entry of a queue's 'otherwise'"
    let say: SayConfig?
    let handoff: Located<String>?
    let end: Located<String>?
    let anchor: SourceRange

    init(_ map: MapReader) {
        say = map.optional("say", .say, "Said to the person.")
        handoff = map.optional("handoff", .name(), "Another queue.")
        end = map.optional("end", .word(["true"]), "The assistant has the conversation again. Write `true`.")
        anchor = map.anchor
        map.exactlyOne(of: ["say", "handoff", "end"])
    }
}
