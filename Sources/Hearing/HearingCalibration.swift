// Where the weights of the confidence come from. In: utterances, what was said, whether it was heard right.
// Out: the weights of a logistic, and how well a confidence separates right from wrong.

import Foundation

/// Fits the confidence to recordings. Voices that it was fitted on say nothing about how good it is: judge on others.
public enum HearingCalibration {
    /// One utterance that was heard as something.
    public struct Trial: Sendable, Equatable {
        /// What the confidence is made of.
        public let features: [Double]
        /// Whether it was heard right.
        public let isRight: Bool
        /// For how many such utterances it stands.
        public let weight: Double

        /// Makes a trial.
        public init(features: [Double], isRight: Bool, weight: Double = 1) {
            self.features = features
            self.isRight = isRight
            self.weight = weight
        }
    }

    /// The probability that a trial was heard right.
    /// - Parameter weights: the bias and one weight a feature.
    public static func confidence(_ features: [Double], _ weights: [Double]) -> Double {
        1 / (1 + exp(-zip(weights, [1] + features).reduce(0) { $0 + $1.0 * $1.1 }))
    }

    /// The bias and one weight a feature that make the trials likeliest, by Newton's method.
    ///
    /// A small penalty on the weights (not on the bias) keeps them finite where the trials can be told apart completely.
    public static func fit(_ trials: [Trial], penalty: Double = 1e-3) -> [Double] {
        guard let size = trials.first.map({ $0.features.count + 1 }) else { return [] }
        var weights = [Double](repeating: 0, count: size)
        let strength = penalty * trials.reduce(0) { $0 + $1.weight }
        for _ in 0..<60 {
            var gradient = weights.map { -strength * $0 }
            gradient[0] = 0
            var curvature = [[Double]](repeating: [Double](repeating: 0, count: size), count: size)
            for index in 0..<size { curvature[index][index] = index == 0 ? 1e-9 : strength + 1e-9 }
            for trial in trials {
                let row = [1] + trial.features
                let share = confidence(trial.features, weights)
                for i in 0..<size {
                    gradient[i] += trial.weight * row[i] * ((trial.isRight ? 1 : 0) - share)
                    for j in 0..<size { curvature[i][j] += trial.weight * row[i] * row[j] * share * (1 - share) }
                }
            }
            let step = solve(curvature, gradient)
            for index in 0..<size { weights[index] += step[index] }
            if step.allSatisfy({ abs($0) < 1e-9 }) { break }
        }
        return weights
    }

    /// The probability that a right one is trusted more than a wrong one, and the rate at which equally many right
    /// ones are refused as wrong ones are accepted, by the confidences of the right ones and of the wrong ones.
    public static func separation(
        right: [Double], wrong: [Double]
    ) -> (areaUnderCurve: Double, equalErrorRate: Double) {
        guard !right.isEmpty, !wrong.isEmpty else { return (1, 0) }
        var area = 0.0
        for a in right { for b in wrong { area += a > b ? 1 : a == b ? 0.5 : 0 } }
        var best = (gap: Double.infinity, rate: 1.0)
        for threshold in right + wrong {
            let refused = Double(right.count { $0 < threshold }) / Double(right.count)
            let accepted = Double(wrong.count { $0 >= threshold }) / Double(wrong.count)
            if abs(refused - accepted) < best.gap { best = (abs(refused - accepted), (refused + accepted) / 2) }
        }
        return (area / Double(right.count * wrong.count), best.rate)
    }

    /// Gaussian elimination with the largest pivot; the matrix is positive definite.
    private static func solve(_ matrix: [[Double]], _ right: [Double]) -> [Double] {
        let size = right.count
        var rows = zip(matrix, right).map { $0 + [$1] }
        for column in 0..<size {
            let pivot = (column..<size).max { abs(rows[$0][column]) < abs(rows[$1][column]) } ?? column
            rows.swapAt(column, pivot)
            for row in 0..<size where row != column {
                let factor = rows[row][column] / rows[column][column]
                for index in column...size { rows[row][index] -= factor * rows[column][index] }
            }
        }
        return (0..<size).map { rows[$0][size] / rows[$0][$0] }
    }
}
