// SPDX-License-Identifier: Apache-2.0
import Dispatch
import Synchronization

/// How margins look for utterances the model has not seen, found without fitting a second model.
///
/// Leaving a row out of an SVM with L2 loss changes its own margin by its dual variable times what of its squared length
/// no other row can stand in for (Jaakkola and Haussler 1999; Vapnik and Chapelle 2000 call it the span). At the optimum
/// the dual variable is max(0, 1 - y f(x)) over the diagonal, so the margins of the finished model suffice. The share of
/// the span was set so that the estimated threshold is that of five-fold cross-validation on CLINC150, Banking77 and
/// HWU64, whole and with ten examples per intent. Three rounds of cross-validation, the design before, took two thirds
/// of the time of a fit and told less.
struct HeldOutMargins {
    let rows: [FeatureVector]
    let labels: [Int]
    let weights: LinearWeights

    private static let spanShare: Float = 0.3
    /// More tell nothing new.
    private static let maxRows = 6_000
    private static let chunk = 500

    func samples() -> [Calibration.Sample] {
        guard weights.classCount > 0, !rows.isEmpty else { return [] }
        let step = (rows.count + Self.maxRows - 1) / Self.maxRows
        let picked = Array(stride(from: 0, to: rows.count, by: step))
        let chunks = (picked.count + Self.chunk - 1) / Self.chunk
        let found = Mutex([[Calibration.Sample]](repeating: [], count: chunks))
        let body: @Sendable (Int) -> Void = { number in
            let part = picked[(number * Self.chunk)..<min(picked.count, (number + 1) * Self.chunk)]
            let samples = part.map { sample($0) }
            found.withLock { $0[number] = samples }
        }
        if chunks > 1 {
            DispatchQueue.concurrentPerform(iterations: chunks, execute: body)
        } else {
            body(0)
        }
        return found.withLock { $0.flatMap(\.self) }
    }

    private func sample(_ row: Int) -> Calibration.Sample {
        var margins = weights.margins(rows[row])
        let label = labels[row]
        let square = rows[row].values.reduce(Float(1)) { $0 + $1 * $1 }
        for number in margins.indices {
            let side: Float = number == label ? 1 : -1
            let dual = max(0, 1 - side * margins[number]) / LinearTrainer.diagonal
            margins[number] -= side * dual * square * Self.spanShare
        }
        let best = LinearWeights.best(margins)
        return .init(margin: Double(margins[best]), isRight: label == best)
    }
}
