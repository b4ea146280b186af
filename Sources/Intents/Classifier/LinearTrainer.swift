// SPDX-License-Identifier: Apache-2.0
import Dispatch
import Synchronization

/// One-vs-rest linear SVM with L2 loss, by dual coordinate descent.
///
/// The method is that of Hsieh, Chang, Lin, Keerthi and Sundararajan (2008), the solver inside liblinear. Every class has
/// its own seeded generator, so the result does not depend on how many cores took part.
struct LinearTrainer: Sendable {
    /// Rows of features, in compressed form.
    private let starts: [Int]
    private let indices: [Int32]
    private let values: [Float]
    /// The squared length of each row, with the constant feature.
    private let squares: [Float]
    private let featureCount: Int

    static let diagonal: Float = 0.25
    /// Small sets are fitted to the end; of many examples the last rounds change nothing that can be measured.
    private static let rounds = (few: 100, many: 12)
    private static let manyRows = 5_000
    private static let tolerance: Float = 0.1

    init(_ rows: [FeatureVector], featureCount: Int) {
        var starts = [0]
        starts.reserveCapacity(rows.count + 1)
        for row in rows { starts.append(starts[starts.count - 1] + row.indices.count) }
        self.starts = starts
        indices = rows.flatMap(\.indices)
        values = rows.flatMap(\.values)
        squares = rows.map { row in row.values.reduce(Float(1)) { $0 + $1 * $1 } }
        self.featureCount = featureCount
    }

    /// Trains on all rows; `labels` are per row, -1 for out of scope.
    ///
    /// `rounds` is for those who can wait: many examples have a few rounds otherwise.
    func train(_ labels: [Int], classCount: Int, rounds: Int? = nil) -> LinearWeights {
        let rounds = rounds ?? (labels.count > Self.manyRows ? Self.rounds.many : Self.rounds.few)
        let subset = Array(Int32(0)..<Int32(labels.count))
        let columns = Columns(count: classCount)
        let work = classCount * subset.count
        let body: @Sendable (Int) -> Void = {
            columns.set($0, trainOne($0, labels, subset, rounds))
        }
        if work > 4_000 {
            DispatchQueue.concurrentPerform(iterations: classCount, execute: body)
        } else {
            for number in 0..<classCount { body(number) }
        }
        return LinearWeights(columns: columns.all(), featureCount: featureCount)
    }

    private func trainOne(_ wanted: Int, _ labels: [Int], _ subset: [Int32], _ rounds: Int) -> [Float] {
        var weights = [Float](repeating: 0, count: featureCount + 1)
        weights.withUnsafeMutableBufferPointer { weights in
            indices.withUnsafeBufferPointer { indices in
                values.withUnsafeBufferPointer { values in
                    starts.withUnsafeBufferPointer { starts in
                        descend(wanted, labels, subset, rounds, weights, starts, indices, values)
                    }
                }
            }
        }
        return weights
    }

    // One loop on purpose: this is where all the time goes.
    private func descend(
        _ wanted: Int, _ labels: [Int], _ subset: [Int32], _ rounds: Int,
        _ weights: UnsafeMutableBufferPointer<Float>,
        _ starts: UnsafeBufferPointer<Int>, _ indices: UnsafeBufferPointer<Int32>,
        _ values: UnsafeBufferPointer<Float>
    ) {
        var alpha = [Float](repeating: 0, count: labels.count)
        var active = subset
        var size = active.count
        var random = SplitMix(seed: UInt64(wanted) &+ 88_172_645_463_325_252)
        var bound = Float.infinity
        for _ in 0..<rounds {
            var (highest, lowest) = (-Float.infinity, Float.infinity)
            for position in 0..<size { active.swapAt(position, position + random.below(size - position)) }
            var position = 0
            while position < size {
                let row = Int(active[position])
                let side: Float = labels[row] == wanted ? 1 : -1
                var margin = weights[featureCount]
                for entry in starts[row]..<starts[row + 1] {
                    margin += weights[Int(indices[entry])] * values[entry]
                }
                let gradient = side * margin - 1 + alpha[row] * Self.diagonal
                var projected = gradient
                if alpha[row] == 0 {
                    if gradient > bound {
                        size -= 1
                        active.swapAt(position, size)
                        continue
                    }
                    projected = min(gradient, 0)
                }
                highest = max(highest, projected)
                lowest = min(lowest, projected)
                if abs(projected) > 1e-12 {
                    let old = alpha[row]
                    alpha[row] = max(old - gradient / (squares[row] + Self.diagonal), 0)
                    let step = (alpha[row] - old) * side
                    weights[featureCount] += step
                    for entry in starts[row]..<starts[row + 1] {
                        weights[Int(indices[entry])] += step * values[entry]
                    }
                }
                position += 1
            }
            if highest - lowest <= Self.tolerance {
                if size == active.count { return }
                size = active.count
                bound = .infinity
            } else {
                bound = highest <= 0 ? .infinity : highest
            }
        }
    }
}

/// The finished columns, handed in by whichever thread made them.
private final class Columns: Sendable {
    private let columns: Mutex<[[Float]]>

    init(count: Int) { columns = Mutex(Array(repeating: [], count: count)) }

    func set(_ number: Int, _ column: [Float]) { columns.withLock { $0[number] = column } }

    func all() -> [[Float]] { columns.withLock { $0 } }
}

/// The weights of all classes, feature by feature, so that a message reads each feature's row once.
struct LinearWeights: Sendable {
    private let rows: [Float]
    private let featureCount: Int
    let classCount: Int

    init(columns: [[Float]], featureCount: Int) {
        classCount = columns.count
        self.featureCount = featureCount
        let count = columns.count
        rows = [Float](unsafeUninitializedCapacity: (featureCount + 1) * count) { buffer, used in
            buffer.initialize(repeating: 0)
            for (number, column) in columns.enumerated() {
                for feature in column.indices { buffer[feature * count + number] = column[feature] }
            }
            used = (featureCount + 1) * count
        }
    }

    /// The margin of every class.
    func margins(_ vector: FeatureVector) -> [Float] {
        var margins = Array(rows[(featureCount * classCount)...])
        rows.withUnsafeBufferPointer { rows in
            margins.withUnsafeMutableBufferPointer { margins in
                for (feature, value) in zip(vector.indices, vector.values) {
                    let start = Int(feature) * classCount
                    for number in 0..<classCount { margins[number] += value * rows[start + number] }
                }
            }
        }
        return margins
    }

    /// What one feature adds to the margin of one class, for a value of 1.
    func weight(of feature: Int32, for number: Int) -> Float { rows[Int(feature) * classCount + number] }

    /// The class of the greatest margin.
    static func best(_ margins: [Float]) -> Int {
        var best = 0
        for number in margins.indices.dropFirst() where margins[number] > margins[best] { best = number }
        return best
    }
}

/// A small seeded generator: the same on every machine.
struct SplitMix {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }

    mutating func below(_ limit: Int) -> Int { Int(next() % UInt64(limit)) }
}
