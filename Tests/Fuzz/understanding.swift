// SPDX-License-Identifier: Apache-2.0
// Random text to the normaliser, the floor, the model and the readers of all values. Built by run.sh, with the sources of
// Intents in the same module.

/// What the fuzzer feeds.
private enum Subject {
    static let recognizer = EntityRecognizer([
        EntityDefinition(name: "when", kind: .datetime(prefer: .future)),
        EntityDefinition(name: "length", kind: .duration), EntityDefinition(name: "dose", kind: .dosage),
        EntityDefinition(name: "count", kind: .number), EntityDefinition(name: "phone", kind: .phone),
        EntityDefinition(name: "email", kind: .email), EntityDefinition(name: "who", kind: .person),
    ])
    static let model = IntentModel([
        IntentExamples(id: "book", examples: ["book an appointment", "see a doctor", "make a booking"]),
        IntentExamples(id: "cancel", examples: ["cancel my appointment", "I cannot come"]),
    ])
    static let floor = SafetyFloor(families: [
        SafetyFamily(
            id: "cardiac", level: .emergency, phrases: ["chest pain", "can't breathe"],
            allOf: [["chest"], ["tight", "crushing"]], grave: false)
    ])
    static let context = EntityContext(now: 1_773_135_000, zone: FixedOffset())
}

/// Takes one text through the normaliser, the floor, the model and all readers; what it must keep is checked by traps.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzUnderstanding(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let text = String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self)
    let once = normalised(text)
    precondition(normalised(once) == once, "folding twice is not folding once")
    let scalars = text.unicodeScalars.count
    for match in Subject.recognizer.find(in: text, context: Subject.context) {
        precondition(
            match.span.upperBound <= scalars && !match.span.isEmpty, "a value stands outside of the text")
    }
    if let finding = Subject.floor.check(text) {
        precondition(finding.span.upperBound <= scalars, "a finding stands outside of the text")
    }
    precondition((0...1).contains(Subject.model.decide(text).score), "a score is no share")
    return 0
}
