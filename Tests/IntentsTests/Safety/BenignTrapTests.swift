// SPDX-License-Identifier: Apache-2.0
import Intents
import Testing

/// Sentences that contain dangerous words and mean nothing dangerous.
struct BenignTrapTests {
    private let floor = SafetyFloor(families: MedicalFamilies.all)

    @Test(arguments: [
        "I need to see a cardiologist next week", "book a chest x-ray", "I have a tight schedule",
        "no chest pain", "I don't have any chest pain", "no signs of a stroke", "he denies chest pain",
        "I am not having a heart attack", "no fever or chest pain", "chest pain: none", "not suicidal",
        "I don't want to die", "I have never had severe chest pain", "stroke has been ruled out",
        "I had a heart attack in 2019", "my father had a stroke ten years ago",
        "I have a history of chest pain",
        "I used to get chest pain", "the chest pain is gone", "follow-up for my previous heart attack",
        "I had a stroke when I was a child",
        "What are the symptoms of paracetamol overdose?", "what are the symptoms of a stroke?",
        "what is a heart attack", "what causes chest pain",
        "can you explain what an overdose is", "what's the definition of anaphylaxis",
        "what is the difference between a heart attack and cardiac arrest",
        "how do I lower my risk of stroke", "what if someone gets chest pain",
        "how to prevent a heart attack",
        "I watched a movie about suicide", "there was a stroke in the movie", "an article about overdose",
        "I nearly had a heart attack when I saw the bill", "you gave me a heart attack", "a stroke of luck",
        "a stroke of genius", "I am learning breaststroke", "chess pain is losing your queen",
        "I'll take the chest of drawers", "what does my prescription cost", "show me today's schedule", "",
        "   ", "👍",
    ])
    func `nothing is found`(_ text: String) {
        #expect(floor.check(text) == nil, "\(text)")
    }
}
