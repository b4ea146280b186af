// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// The values of one metric name, one for each combination of its labels.
///
/// At most `maxSeries` combinations are kept; those beyond count under the label value `other`, so that no client
/// can make memory grow.
final class MetricFamily<Value: Sendable>: Sendable {
    static var maxSeries: Int { 1000 }

    let name: String
    let help: String
    let labels: [String]
    private let initial: Value
    private let series: Mutex<[[String]: Value]>

    init(_ name: String, _ help: String, labels: [String] = [], initial: Value) {
        self.name = name
        self.help = help
        self.labels = labels
        self.initial = initial
        // A name without labels has its one series from the start: a missing value reads as a broken scrape.
        series = Mutex(labels.isEmpty ? [[]: initial] : [:])
    }

    /// Changes the value under these label values.
    func change(_ labelValues: [String], _ change: (inout Value) -> Void) {
        series.withLock { series in
            let isFull = series.count >= Self.maxSeries && series[labelValues] == nil
            let key = isFull ? labels.map { _ in "other" } : labelValues
            change(&series[key, default: initial])
        }
    }

    /// Replaces every series by this one.
    func replaceAll(with labelValues: [String], _ value: Value) {
        series.withLock { $0 = [labelValues: value] }
    }

    /// The value under these label values.
    func value(_ labelValues: [String]) -> Value? { series.withLock { $0[labelValues] } }

    /// All series in the order of their label values.
    var all: [(labelValues: [String], value: Value)] {
        series.withLock { Array($0) }.map { ($0.key, $0.value) }
            .sorted { $0.labelValues.lexicographicallyPrecedes($1.labelValues) }
    }
}

/// How often durations fell below each bound.
struct DurationCounts: Sendable {
    /// Upper bounds in seconds; from a tenth of a millisecond for fixed replies to the longest model answer.
    static let bounds = [
        0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30,
        60,
    ]

    /// For each bound, and last for what lies above all.
    var counts = [Int](repeating: 0, count: bounds.count + 1)
    var sum = 0.0

    mutating func add(_ duration: Duration) {
        let seconds = duration / .seconds(1)
        counts[Self.bounds.firstIndex { seconds <= $0 } ?? Self.bounds.count] += 1
        sum += seconds
    }
}
