// SPDX-License-Identifier: Apache-2.0
import Diagnostics
import Intents

extension AssistantLinker {
    mutating func linkSafety() {
        for name in names.familyOrder {
            guard let (family, range) = names.families.values[name] else { continue }
            findings.use(range)
            parts.origins.families[name] = range
            let user = "the safety family '\(name)'"
            if family.phrases.isEmpty, family.allOf.isEmpty {
                findings.error(
                    "safety-empty", at: range,
                    "\(user) has neither 'phrases' nor 'all_of', so it never matches",
                    help: "add the words that mean it under 'phrases:'")
            }
            if family.allOf.count == 1 {
                findings.error(
                    "safety-one-group", at: range,
                    "'all_of' of \(user) has one group, so each of its words alone would alarm",
                    help: "add a second group, or move the words to 'phrases:'")
            }
            say(family.say, in: scope, for: user)
            let level = SafetyLevel(rawValue: family.level.value) ?? .emergency
            safetyFamilies.append(
                SafetyFamily(
                    id: name, level: level, phrases: family.phrases.map(\.value),
                    allOf: family.allOf.map { $0.map(\.value) }, grave: family.grave.value))
            parts.families[name] = SafetyRule(
                family: name, level: level, say: family.say.reference,
                consequences: family.then.compactMap { consequence($0, for: user) })
        }
        checkRequired()
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
            $0.level == .emergency && !($0.phrases.isEmpty && $0.combinations.isEmpty)
        }
        for role in config.roles where index.roles[role.value]?.safety != nil && !hasEmergency {
            findings.error(
                "safety-missing", at: role.range,
                "the role \(role.value) requires safety, but '\(config.id.value)' has no emergency family",
                help: "use a library that declares safety families, for example: use: [emergency]")
        }
    }
}
