// SPDX-License-Identifier: Apache-2.0
import Diagnostics
import Intents

extension AssistantLinker {
    mutating func linkSafety() {
        safetyFamilies = names.familyOrder.compactMap { name in
            names.families.values[name].map { Self.family(name, $0.value) }
        }
        let problems = index.floors.problems(of: safetySource)
        for name in names.familyOrder {
            guard let (family, range) = names.families.values[name] else { continue }
            findings.use(range)
            parts.origins.families[name] = range
            let user = "the safety family '\(name)'"
            if family.phrases.isEmpty, family.hints.isEmpty, family.allOf.isEmpty {
                findings.error(
                    "safety-empty", at: range,
                    "\(user) has neither 'phrases', 'hints' nor 'all_of', so it never matches",
                    help: "add the words that mean it under 'phrases:'")
            }
            if family.allOf.count == 1 {
                findings.error(
                    "safety-one-group", at: range,
                    "'all_of' of \(user) has one group, so each of its words alone would alarm",
                    help: "add a second group, or move the words to 'phrases:'")
            }
            if !problems.isEmpty { report(problems, of: family, user) }
            say(family.say, in: scope, for: user)
            parts.families[name] = SafetyRule(
                family: name, level: Self.level(family), say: family.say.reference,
                consequences: family.then.compactMap { consequence($0, for: user) })
        }
        checkExamples()
        checkRequired()
        remarkOnFamilies()
    }

    private static func level(_ family: SafetyFamilyConfig) -> SafetyLevel {
        SafetyLevel(rawValue: family.level.value) ?? .emergency
    }

    private static func family(_ name: String, _ config: SafetyFamilyConfig) -> SafetyFamily {
        SafetyFamily(
            id: name, level: level(config), phrases: config.phrases.map(\.value),
            hints: config.hints.map(\.value), allOf: config.allOf.map { $0.map(\.value) },
            exceptions: config.unless.map(\.value), grave: config.grave.value)
    }

    private var safetySource: SafetyFloors.Source {
        .init(
            families: safetyFamilies, lists: names.safetyWords.values.mapValues { $0.value.map(\.value) },
            ignoresOthers: config.aboutOthers?.value == "ignore", examples: safetyExamples)
    }

    private static let harmless = "harmless"

    private var safetyExamples: DangerModel.Examples {
        var examples = DangerModel.Examples()
        for list in names.safetyExamples {
            let lines = list.value.map(\.value)
            if list.name.value == Self.harmless {
                examples.harmless += lines
            } else {
                examples.danger[list.name.value, default: []] += lines
            }
        }
        return examples
    }

    private mutating func checkExamples() {
        for list in names.safetyExamples where list.name.value != Self.harmless {
            _ = names.families.resolve(list.name, for: "'safety_examples'", &findings)
        }
        let kinds = Set(names.safetyExamples.map { $0.name.value == Self.harmless })
        if kinds.count == 1, let only = names.safetyExamples.first {
            findings.warning(
                "safety-examples", at: only.name.range,
                kinds == [true]
                    ? "'safety_examples' has only 'harmless', so nothing is learnt from it"
                    : "'safety_examples' has no 'harmless', so nothing is learnt from it and every hint alarms",
                help: "list both: what is said in danger, and what only sounds like it")
        }
    }

    /// The families compiled; kept by the index, so that asking again costs nothing.
    func compiledFloor() -> SafetyFloor { index.floors.floor(of: safetySource) }

    /// What is odd about the families; not looked for beside mistakes, since compiling them takes longest of all.
    private mutating func remarkOnFamilies() {
        guard !findings.hasErrors, !names.files.contains(where: \.hasErrors) else { return }
        for remark in index.floors.remarks(on: safetySource) { report(remark) }
    }

    private mutating func report(_ remark: SafetyRemark) {
        guard let (family, range) = names.families.values[remark.family] else { return }
        let phrase = remark.phrase.map { (family.phrases + family.hints)[$0] }
        switch remark.kind {
        case .neverMatches:
            findings.warning(
                "safety-never-matches", at: phrase?.range ?? range,
                "'\(phrase?.value ?? "")' of the safety family '\(remark.family)' is taken back whenever it is said",
                help: "one of its 'unless' covers it, or its own words deny it; change one of the two")
        case .sameAs(let other):
            findings.warning(
                "safety-phrase-twice", at: phrase?.range ?? range,
                "'\(phrase?.value ?? "")' belongs to the safety families '\(other)' and '\(remark.family)'",
                help: "only one of them can answer; leave it in the one whose answer fits")
        case .shadowed(let other):
            findings.warning(
                "safety-shadowed", at: range,
                "whatever the safety family '\(remark.family)' lists is answered by '\(other)'",
                help: "give it words of its own, or leave it out")
        }
    }

    private mutating func report(
        _ problems: [String: SafetyPhraseProblem], of family: SafetyFamilyConfig, _ user: String
    ) {
        for phrase in family.phrases + family.hints + family.unless + family.allOf.flatMap(\.self) {
            guard let problem = problems[phrase.value] else { continue }
            switch problem {
            case .unknownList(let name):
                guard missingLists.insert(name).inserted else { continue }
                let known = names.safetyWords.values.keys.sorted()
                findings.error(
                    "safety-list-unknown", at: phrase.range,
                    "a phrase of \(user) names the word list '\(name)', which is not declared",
                    help: nearestName(to: name, in: known).map { "did you mean '\($0)'?" }
                        ?? "declare it under 'safety_words:'")
            case .unreadable(let reason):
                findings.error(
                    "safety-phrase", at: phrase.range, "'\(phrase.value)' of \(user) \(reason)",
                    help:
                        "a phrase is words in order; 'a|b', '<list>', '...' and '+' are explained in docs/language.md"
                )
            }
        }
    }

    private mutating func consequence(_ config: ConsequenceConfig, for user: String) -> SafetyRule
        .Consequence?
    {
        handoff(config.handoff, for: user)
        if let alert = config.alert { return .alert(self.alert(alert, for: user)) }
        if let queue = config.handoff { return .handoff(queue: queue.value) }
        return config.audit.map { .audit($0.value) }
    }

    mutating func alert(_ config: AlertConfig, for user: String) -> Alert {
        index.roles.resolve(config.role, for: user, &findings)
        config.who.map { _ = names.actions.resolve($0, for: user, &findings) }
        return Alert(role: config.role.value, who: config.who?.value)
    }

    private mutating func checkRequired() {
        let hasEmergency = safetyFamilies.contains {
            $0.level == .emergency && !($0.phrases.isEmpty && $0.hints.isEmpty && $0.combinations.isEmpty)
        }
        for role in config.roles where index.roles[role.value]?.safety != nil && !hasEmergency {
            findings.error(
                "safety-missing", at: role.range,
                "the role \(role.value) requires safety, but '\(config.id.value)' has no emergency family",
                help: "use a library that declares safety families, for example: use: [emergency]")
        }
    }
}
