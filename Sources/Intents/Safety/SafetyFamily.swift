// SPDX-License-Identifier: Apache-2.0

/// How sure the floor is: act at once, or ask and show the number.
public enum SafetyLevel: String, Sendable, Hashable, CaseIterable {
    case emergency, possible
}

/// A declared group of dangerous statements that get one answer.
public struct SafetyFamily: Sendable, Hashable {
    /// The name in YAML, logs and metrics.
    public let id: String
    /// What a finding of this family means.
    public let level: SafetyLevel
    /// Statements that are dangerous as they stand, in the notation of `SafetyNotation`.
    ///
    /// Articles and possessives in them stand for each other.
    public let phrases: [String]
    /// Statements that are dangerous where the examples agree, in the same notation; without examples always.
    public let hints: [String]
    /// Combinations: one member of every group within one sentence, in any order.
    public let combinations: [[[String]]]
    /// Patterns over the utterance as typed.
    public let patterns: [Pattern]
    /// Turns of speech in which the words mean something else; within the same clause they cancel.
    public let exceptions: [String]
    /// The gravest families are cancelled by negation, education and media alone.
    public let grave: Bool

    /// A family of `phrases`, `patterns` and combinations; `allOf` is the first combination.
    public init(
        id: String, level: SafetyLevel, phrases: [String] = [], hints: [String] = [],
        allOf: [[String]] = [], combinations: [[[String]]] = [], patterns: [Pattern] = [],
        exceptions: [String] = [],
        grave: Bool = false
    ) {
        self.id = id
        self.level = level
        self.phrases = phrases
        self.hints = hints
        self.combinations = (allOf.isEmpty ? [] : [allOf]) + combinations
        self.patterns = patterns
        self.exceptions = exceptions
        self.grave = grave
    }
}

/// What the floor found in an utterance.
public struct SafetyFinding: Sendable, Hashable {
    /// The level of the family, or `possible` if something next to the statement makes it doubtful.
    public let level: SafetyLevel
    /// The id of the family.
    public let family: String
    /// Where the statement stands, in scalars.
    public let span: Range<Int>

    /// A finding as made, or as a test wants it.
    public init(level: SafetyLevel, family: String, span: Range<Int>) {
        self.level = level
        self.family = family
        self.span = span
    }
}
