// SPDX-License-Identifier: Apache-2.0
import Diagnostics

/// What a tree is compiled for: how much of it must be sound.
package enum CompilePurpose: Sendable, Hashable {
    /// To be served: all of it.
    case serving
    /// To understand utterances: what one assistant says about intents, entities and safety.
    ///
    /// No server file is needed, roles need no declaration, an intent no handler.
    case understanding(assistant: String)

    func includes(assistant id: String) -> Bool {
        switch self {
        case .serving: true
        case .understanding(let wanted): wanted == id
        }
    }

    /// The findings as this purpose sees them; `files` are those the assistant is made of, nil if it was not found.
    func judge(_ findings: [Diagnostic], files: Set<String>?) -> [Diagnostic] {
        guard self != .serving else { return findings }
        return findings.compactMap { finding in
            if Self.pointless.contains(finding.code) { return nil }
            guard finding.severity == .error else { return finding }
            let isHere = files?.contains(finding.range.file) ?? true
            guard !isHere || Self.isLenient(finding) else { return finding }
            var softened = finding
            softened.severity = .warning
            return softened
        }
    }

    private static let pointless: Set<String> = [
        "server-missing", "otherwise-missing", "otherwise-open", "role-unknown", "safety-missing",
    ]

    /// Names of what is said and done afterwards: a sentence is understood without them.
    private static func isLenient(_ finding: Diagnostic) -> Bool {
        switch finding.code {
        case "example-two-intents", "intent-unreachable", "env-unset", "setting-unused": true
        // An intent has no key that must be there but its handler.
        case "key-missing": finding.message.hasPrefix("\(IntentConfig.title) ")
        case "key-unknown", "kind-unknown", "entity-unknown", "library-unknown": false
        default: finding.code.hasSuffix("-unknown")
        }
    }
}
