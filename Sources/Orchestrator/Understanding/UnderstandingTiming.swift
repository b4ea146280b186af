// SPDX-License-Identifier: Apache-2.0
import Intents
package import WireProtocols

/// How long fitting and understanding took on this machine.
package struct UnderstandingTiming: Sendable, Equatable {
    /// Seconds to fit the intent model anew, calibration included.
    package var fit = 0.0
    /// Microseconds for safety and intent of one message: half of the messages take less.
    package var messageMedian = 0.0
    /// One in a hundred takes more.
    package var messageSlowest = 0.0

    package var json: JSON {
        [
            "fit_ms": .number(fit * 1000), "message_us_p50": .number(messageMedian),
            "message_us_p99": .number(messageSlowest),
        ]
    }
}

extension AssistantUnderstanding {
    /// Fits the model once more, and takes each text through the safety floor and the model.
    package func timing(of texts: [String]) -> UnderstandingTiming {
        let clock = ContinuousClock()
        let origins = assistant.parts.origins
        var timing = UnderstandingTiming()
        timing.fit = Self.seconds(
            clock.measure {
                _ = IntentModel(
                    origins.examples, outOfScope: origins.outOfScope, words: wordVectors)
            })
        let times = texts.map { text in
            Self.seconds(
                clock.measure {
                    _ = assistant.safety.check(text)
                    _ = assistant.model.decide(text)
                }) * 1e6
        }.sorted()
        if !times.isEmpty {
            timing.messageMedian = Self.rounded(times[times.count / 2])
            timing.messageSlowest = Self.rounded(times[times.count * 99 / 100])
        }
        return timing
    }

    private static func seconds(_ duration: Duration) -> Double {
        Double(duration.components.seconds) + Double(duration.components.attoseconds) / 1e18
    }

    private static func rounded(_ number: Double) -> Double { (number * 10).rounded() / 10 }
}
