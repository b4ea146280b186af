// SPDX-License-Identifier: Apache-2.0
import WireProtocols

/// An utterance with the intent it means; nil when it means none.
package struct LabelledUtterance: Sendable, Hashable {
    package var text: String
    package var intent: String?

    /// An utterance and its label.
    package init(text: String, intent: String?) { (self.text, self.intent) = (text, intent) }

    /// Reads one line, `{"text": "...", "intent": "..."}`, where null stands for out of scope.
    /// - Throws: ``LabelledLineError`` saying what the line lacks.
    package init(line: String) throws(LabelledLineError) {
        let json: JSON
        do { json = try JSON.parse(line) } catch { throw LabelledLineError(reason: "is not JSON") }
        guard let text = json["text"]?.text else { throw LabelledLineError(reason: "has no 'text'") }
        guard let label = json["intent"] else { throw LabelledLineError(reason: "has no 'intent'") }
        guard label.isNull || label.text != nil else {
            throw LabelledLineError(reason: "has an 'intent' that is neither a name nor null")
        }
        self.init(text: text, intent: label.text)
    }
}

/// What is wrong with a line of labelled utterances.
package struct LabelledLineError: Error, Sendable, Hashable {
    /// Completes "the line ...".
    package let reason: String
}
