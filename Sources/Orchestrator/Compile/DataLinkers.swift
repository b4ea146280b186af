// SPDX-License-Identifier: Apache-2.0
import Diagnostics
import WireProtocols

/// Links `records` files: fields, access, rows.
struct RecordsLinker {
    let index: TreeIndex

    func link(_ findings: inout LinkFindings) -> (
        collections: [String: RecordCollection], seeds: [RecordSeed]
    ) {
        var collections: [String: RecordCollection] = [:]
        var seeds: [RecordSeed] = []
        for (name, (config, _)) in index.collections.values.sorted(by: { $0.key < $1.key }) {
            let fields = Dictionary(config.fields.map { ($0.name.value, $0.value.value) }) { first, _ in first
            }
            collections[name] = RecordCollection(name: name, access: access(config, fields, name, &findings))
            seeds += rows(config, fields, name, &findings)
        }
        return (collections, seeds)
    }

    private func access(
        _ config: CollectionConfig, _ fields: [String: ValueType], _ name: String,
        _ findings: inout LinkFindings
    ) -> [String: RecordCollection.Access]? {
        config.access.map { entries in
            var access: [String: RecordCollection.Access] = [:]
            for entry in entries {
                index.roles.resolve(entry.name, for: "the collection '\(name)'", &findings)
                let word = entry.value.value
                switch word {
                case "any": access[entry.name.value] = .any
                case "none": access[entry.name.value] = RecordCollection.Access.none
                default:
                    access[entry.name.value] = .own(field: word)
                    if fields[word] == nil, word != "id", !word.isEmpty {
                        unknown(field: entry.value, fields, name, extra: ["any", "none"], &findings)
                    }
                }
            }
            return access
        }
    }

    private func unknown(
        field: Located<String>, _ fields: [String: ValueType], _ collection: String, extra: [String] = [],
        _ findings: inout LinkFindings
    ) {
        let known = Array(fields.keys) + extra
        findings.error(
            "field-unknown", at: field.range, "the collection '\(collection)' has no field '\(field.value)'",
            help: nearestName(to: field.value, in: known).map { "did you mean '\($0)'?" }
                ?? "it has \(quotedList(fields.keys.sorted()))")
    }

    private func rows(
        _ config: CollectionConfig, _ fields: [String: ValueType], _ name: String,
        _ findings: inout LinkFindings
    ) -> [RecordSeed] {
        var ids: [String: SourceRange] = [:]
        return config.rows.map { row in
            if let first = ids[row.id.value] {
                findings.error(
                    "row-twice", at: row.id.range,
                    "the collection '\(name)' has two rows with the id '\(row.id.value)'",
                    help: "give one of them another id", related: [.init(first, "the first one is here")])
            }
            ids[row.id.value] = row.id.range
            var body = JSONObject()
            for value in row.values {
                if value.name.value != "id" {
                    if let type = fields[value.name.value] {
                        check(value, type, &findings)
                    } else {
                        unknown(field: value.name, fields, name, &findings)
                    }
                }
                body[value.name.value] =
                    value.name.value == "id"
                    ? .string(row.id.value) : Self.value(value.value.value, fields[value.name.value])
            }
            return RecordSeed(collection: name, id: row.id.value, body: body)
        }
    }

    private static func value(_ value: JSON, _ type: ValueType?) -> JSON {
        switch (type, value) {
        case (.text, .integer(let number)): .string(String(number))
        case (.text, .number(let number)): .string(String(number))
        case (.text, .bool(let flag)): .string(String(flag))
        default: value
        }
    }

    private func check(_ value: Named<Located<JSON>>, _ type: ValueType, _ findings: inout LinkFindings) {
        let json = value.value.value
        guard !json.isNull else { return }
        let fits: Bool
        switch type {
        case .number: fits = json.double != nil
        case .boolean: fits = json.flag != nil
        case .datetime: fits = json.text.map { isDatetime($0) } ?? false
        case .text: fits = json.list == nil && json.members == nil
        default: fits = true
        }
        if !fits {
            let wants =
                type == .datetime
                ? "a date and time such as 2026-03-09T10:00:00Z, 'today 09:00' or '+3d 10:00'"
                : type == .number ? "a number" : type == .boolean ? "true or false" : "text"
            findings.error(
                "row-type", at: value.value.range,
                "the field '\(value.name.value)' wants \(wants), not '\(shortened(json.text ?? json.encodedText))'"
            )
        }
    }

    private func isDatetime(_ text: String) -> Bool {
        resolveRelativeDatetime(text, now: Timestamp(milliseconds: 0), offsetAt: { _ in 0 }) != nil
            || Timestamp(iso8601: text) != nil || ISODateTime(text) != nil
    }
}

/// Links `knowledge` files: which files a set holds.
struct KnowledgeLinker {
    let index: TreeIndex
    /// Texts of the tree that are not YAML.
    let texts: [TreeFile]
    /// The folder of the configuration as people know it: `bots`.
    let folder: String

    func link(_ findings: inout LinkFindings) -> [String: [KnowledgeFile]] {
        var sets: [String: [KnowledgeFile]] = [:]
        for (name, (config, _)) in index.sets.values {
            var files: [KnowledgeFile] = []
            for pattern in config.files {
                let found = texts.filter { Self.matches(path($0), pattern.value) }
                if found.isEmpty { missing(pattern, name, &findings) }
                files += found.map {
                    KnowledgeFile(path: path($0), text: String(decoding: $0.bytes, as: UTF8.self))
                }
            }
            sets[name] = files
        }
        return sets
    }

    private func path(_ file: TreeFile) -> String { String(file.path.dropFirst(folder.count + 1)) }

    private func missing(_ pattern: Located<String>, _ set: String, _ findings: inout LinkFindings) {
        guard !pattern.value.isEmpty else { return }
        findings.error(
            "file-unknown", at: pattern.range,
            "the knowledge set '\(set)' names '\(shortened(pattern.value))', which matches no file under \(folder)/",
            help: nearestName(to: pattern.value, in: texts.map(path)).map { "did you mean '\($0)'?" }
                ?? "paths are relative to \(folder)/, as in faq/opening.md or faq/*.md")
    }

    /// `*` stands for any part of one name.
    static func matches(_ path: String, _ pattern: String) -> Bool {
        let names = path.split(separator: "/", omittingEmptySubsequences: false)
        let patterns = pattern.split(separator: "/", omittingEmptySubsequences: false)
        return names.count == patterns.count
            && zip(names, patterns).allSatisfy { matches(Array($0.utf8)[...], Array($1.utf8)[...]) }
    }

    private static func matches(_ name: ArraySlice<UInt8>, _ pattern: ArraySlice<UInt8>) -> Bool {
        // Linear: only the last star is ever tried again.
        var (n, p) = (name.startIndex, pattern.startIndex)
        var retry: (name: Int, pattern: Int)?
        while n < name.endIndex {
            if p < pattern.endIndex, pattern[p] == UInt8(ascii: "*") {
                retry = (n, p + 1)
                p += 1
            } else if p < pattern.endIndex, pattern[p] == name[n] {
                n += 1
                p += 1
            } else if let last = retry {
                retry = (last.name + 1, last.pattern)
                (n, p) = (last.name + 1, last.pattern)
            } else {
                return false
            }
        }
        return pattern[p...].allSatisfy { $0 == UInt8(ascii: "*") }
    }
}

/// Links `tests` and `overlay` files, whose names all belong to others.
struct TestsLinker {
    let index: TreeIndex

    func link(_ findings: inout LinkFindings) {
        for (config, _) in index.tests { link(config, &findings) }
        for overlay in index.overlays {
            for channel in overlay.channels {
                index.channels.resolve(channel.name, for: "the overlay", &findings)
                channel.value.ai.provider.map {
                    _ = index.providers.resolve($0, for: "the overlay", &findings)
                }
            }
        }
    }

    /// What overlays say, by channel.
    func overlays() -> [String: ChannelAI] {
        Dictionary(index.overlays.flatMap(\.channels).map { ($0.name.value, $0.value.ai.values) }) { $1 }
    }

    private func link(_ config: TestsConfig, _ findings: inout LinkFindings) {
        guard let assistant = index.assistants.resolve(config.assistant, for: "the tests file", &findings)
        else { return }
        if Timestamp(iso8601: config.clock.value) == nil, !config.clock.value.isEmpty {
            findings.error(
                "clock-form", at: config.clock.range,
                "'\(shortened(config.clock.value))' is not read as a time",
                help: "write it as 2026-03-02T09:00:00Z")
        }
        var ignored = LinkFindings()
        let names = AssistantNames(assistant.config, file: assistant.file, index, &ignored)
        let roles = assistant.config.roles.map(\.value)
        for role in [config.role].compactMap({ $0 }) + config.tests.compactMap(\.value.role)
        where !roles.contains(role.value) && !role.value.isEmpty && !roles.isEmpty {
            findings.error(
                "role-unknown", at: role.range,
                "the assistant '\(config.assistant.value)' is not for the role '\(role.value)'",
                help: nearestName(to: role.value, in: roles).map { "did you mean '\($0)'?" }
                    ?? "it is for \(quotedList(roles))")
        }
        for test in config.tests { link(test, names, &findings) }
    }

    private func link(_ test: Named<TestConfig>, _ names: AssistantNames, _ findings: inout LinkFindings) {
        let user = "the test '\(test.name.value)'"
        for provider in test.value.providers { index.providers.resolve(provider.name, for: user, &findings) }
        for step in test.value.steps {
            guard let expect = step.expect else { continue }
            if let intent = expect.intent, intent.value != "none" {
                names.intents.resolve(intent, for: user, &findings)
            }
            if let flow = expect.flow, flow.value != "none" {
                names.flows.resolve(flow, for: user, &findings)
            }
            if let family = expect.safety, family.value != "none" {
                names.families.resolve(family, for: user, &findings)
            }
            let slots = Dictionary(
                names.flows.values.values.flatMap {
                    $0.value.slots.map { ($0.name.value, $0.value.entity?.value) }
                }
            ) { first, _ in first }
            for slot in expect.slots {
                guard !slots.keys.contains(slot.name.value) else {
                    let known = slots[slot.name.value].flatMap { $0 }.flatMap {
                        names.entities[$0]?.choice?.map(\.name.value)
                    }
                    // A list of values is written with commas.
                    let values = slot.value.value.split(separator: ",").map(\.trimmedSpaces)
                    if let known, let wrong = values.first(where: { !known.contains($0) }) {
                        findings.error(
                            "choice-unknown", at: slot.value.range,
                            "\(user) expects '\(shortened(wrong))', which the slot '\(slot.name.value)' cannot be",
                            help: nearestName(to: wrong, in: known).map { "did you mean '\($0)'?" }
                                ?? "it is one of \(quotedList(known))")
                    }
                    continue
                }
                findings.error(
                    "slot-unknown", at: slot.name.range,
                    "\(user) names the slot '\(slot.name.value)', which does not exist",
                    help: nearestName(to: slot.name.value, in: slots.keys).map { "did you mean '\($0)'?" })
            }
        }
    }
}
