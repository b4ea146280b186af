// SPDX-License-Identifier: Apache-2.0
import Glibc

/// Maps a margin and its lead over the next one to 0...1; one half is where an utterance stops being in scope.
///
/// A logistic regression fitted on held-out examples: those decided rightly against those of intents that were held back
/// whole (what an unknown wish looks like) and those decided wrongly. A prior keeps it sane when there are few examples.
struct Calibration: Sendable {
    struct Sample {
        let margin: Double
        let lead: Double
        let isRight: Bool
        let weight: Double
    }

    private(set) var coefficients: [Double]

    /// Found on CLINC150 and HWU64 cut down to a handful of examples per intent.
    static let prior = [3.2, 5.5, 1.5]
    private static let priorStrength = [0.5, 0.5, 0.5]

    init(_ samples: [Sample]) {
        coefficients = Self.prior
        guard samples.contains(where: \.isRight) else { return }
        for _ in 0..<12 { step(samples) }
        if !coefficients.allSatisfy(\.isFinite) || coefficients[1] <= 0 { coefficients = Self.prior }
        coefficients[2] = max(0, coefficients[2])
    }

    func score(margin: Double, lead: Double) -> Double {
        guard margin.isFinite else { return 0 }
        let sum = coefficients[0] + coefficients[1] * margin + coefficients[2] * min(max(lead, -3), 3)
        return 1 / (1 + exp(-sum))
    }

    /// One Newton step of the penalised likelihood.
    private mutating func step(_ samples: [Sample]) {
        var gradient = [0.0, 0, 0]
        var hessian = [[Double]](repeating: [0, 0, 0], count: 3)
        for sample in samples {
            let features = [1, sample.margin, min(max(sample.lead, -3), 3)]
            let predicted = score(margin: sample.margin, lead: sample.lead)
            let error = ((sample.isRight ? 1 : 0) - predicted) * sample.weight
            let curvature = max(predicted * (1 - predicted), 1e-6) * sample.weight
            for row in 0..<3 {
                gradient[row] += error * features[row]
                for column in 0..<3 { hessian[row][column] += curvature * features[row] * features[column] }
            }
        }
        for row in 0..<3 {
            gradient[row] -= Self.priorStrength[row] * (coefficients[row] - Self.prior[row])
            hessian[row][row] += Self.priorStrength[row]
        }
        let change = solve(hessian, gradient)
        for row in 0..<3 { coefficients[row] += min(max(change[row], -2), 2) }
    }

    /// Gauss elimination of a small positive definite system.
    private func solve(_ matrix: [[Double]], _ right: [Double]) -> [Double] {
        var (matrix, right) = (matrix, right)
        for pivot in 0..<3 {
            for row in (pivot + 1)..<max(3, pivot + 1) {
                let factor = matrix[row][pivot] / matrix[pivot][pivot]
                for column in pivot..<3 { matrix[row][column] -= factor * matrix[pivot][column] }
                right[row] -= factor * right[pivot]
            }
        }
        var result = [0.0, 0, 0]
        for row in stride(from: 2, through: 0, by: -1) {
            let rest = ((row + 1)..<3).reduce(0.0) { $0 + matrix[row][$1] * result[$1] }
            result[row] = (right[row] - rest) / matrix[row][row]
        }
        return result
    }
}
