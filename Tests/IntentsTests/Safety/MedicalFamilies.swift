// SPDX-License-Identifier: Apache-2.0
import Intents

/// Families like those a clinic declares, for the safety tests.
enum MedicalFamilies {
    static let all = [
        cardiac, stroke, breathing, unresponsive, suicide, overdose, bleeding, allergy, infant, pregnancy,
        urgent,
    ]

    static let cardiac = SafetyFamily(
        id: "cardiac", level: .emergency,
        phrases: [
            "chest pain", "chest pains", "pain in my chest", "chest hurts", "crushing feeling in my chest",
            "heart attack",
            "cardiac arrest", "chest is tight", "pressure on my chest",
        ],
        combinations: [
            [
                ["chest", "breastbone"],
                ["tight", "tightness", "crushing", "squeezing", "elephant", "pressure"],
            ],
            [["chest"], ["pain", "ache", "aching", "hurting"], ["arm", "jaw"]],
        ])
    static let stroke = SafetyFamily(
        id: "stroke", level: .emergency, phrases: ["stroke", "face is drooping", "slurred speech"],
        combinations: [
            [["face", "mouth"], ["drooping", "droopy", "droops"]],
            [["arm", "leg"], ["numb", "weak"], ["speech"]],
        ])
    static let breathing = SafetyFamily(
        id: "breathing", level: .emergency,
        phrases: [
            "can't breathe", "cannot breathe", "can not breathe", "unable to breathe", "not breathing",
            "isn't breathing", "stopped breathing", "difficulty breathing", "struggling to breathe",
            "choking",
            "turning blue",
        ], grave: true)
    static let unresponsive = SafetyFamily(
        id: "unresponsive", level: .emergency,
        phrases: [
            "won't wake up", "will not wake up", "unconscious", "unresponsive", "passed out",
            "not responding",
        ],
        grave: true)
    static let suicide = SafetyFamily(
        id: "suicide", level: .emergency,
        phrases: [
            "kill myself", "suicide", "suicidal", "end my life", "want to die", "don't want to live",
            "hurt myself",
            "better off dead",
        ], grave: true)
    static let overdose = SafetyFamily(
        id: "overdose", level: .emergency,
        phrases: ["overdose", "overdosed", "took too many pills", "swallowed bleach"],
        combinations: [
            [
                ["took", "swallowed", "taken"],
                ["whole bottle", "whole pack", "all the pills", "all of the pills"],
            ]
        ],
        grave: true)
    static let bleeding = SafetyFamily(
        id: "bleeding", level: .emergency,
        phrases: [
            "bleeding heavily", "heavy bleeding", "won't stop bleeding", "bleeding won't stop",
            "severe bleeding",
        ],
        grave: true)
    static let allergy = SafetyFamily(
        id: "allergy", level: .emergency,
        phrases: ["anaphylaxis", "severe allergic reaction", "throat is closing"],
        combinations: [[["throat", "tongue", "lips"], ["swelling", "swollen", "closing"]]])
    static let infant = SafetyFamily(
        id: "infant_fever", level: .emergency,
        allOf: [["baby", "infant", "newborn", "week old"], ["fever", "temperature"]])
    static let pregnancy = SafetyFamily(
        id: "pregnancy", level: .emergency,
        allOf: [["pregnant", "weeks along"], ["pain", "bleeding", "cramps"]])
    static let urgent = SafetyFamily(
        id: "urgent", level: .possible, phrases: ["emergency", "severe pain", "fainted"])
}
