// Fitting a confidence, on trials whose truth is known because they are made here.

import Hearing
import Testing

@Suite struct CalibrationTests {
    /// Trials whose first feature decides with the odds of `weights`; the same ones every time.
    private func trials(_ count: Int, _ weights: [Double], noise: UInt64) -> [HearingCalibration.Trial] {
        var state = noise
        func next() -> Double {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Double(state >> 11) / Double(1 << 53)
        }
        return (0..<count).map { _ in
            let features = [next() * 6 - 3, next() * 6 - 3]
            let sum = weights[0] + weights[1] * features[0] + weights[2] * features[1]
            let odds = sum > 0 ? 1 - 1 / (1 + power(sum)) : 1 / (1 + power(-sum))
            return .init(features: features, isRight: next() < odds)
        }
    }

    /// e to the power of a positive number.
    private func power(_ exponent: Double) -> Double {
        (1...60).reversed().reduce(1.0) { 1 + exponent / Double($1) * $0 }
    }

    @Test func findsTheWeightsThatMadeTheTrials() {
        let truth = [0.5, 2.0, -1.0]
        let found = HearingCalibration.fit(trials(4_000, truth, noise: 7), penalty: 0)
        for (a, b) in zip(found, truth) { #expect(abs(a - b) < 0.2) }
    }

    @Test func separableTrialsKeepFiniteWeights() {
        let trials = (0..<20).map {
            HearingCalibration.Trial(features: [Double($0)], isRight: $0 >= 10)
        }
        let weights = HearingCalibration.fit(trials)
        #expect(weights.allSatisfy { $0.isFinite } && weights[1] > 0)
        #expect(HearingCalibration.confidence([10], weights) > 0.5)
        #expect(HearingCalibration.confidence([9], weights) < 0.5)
        #expect(HearingCalibration.separation(right: [10, 11], wrong: [8, 9]) == (1, 0))
    }

    @Test func separationIsAHalfWhereConfidenceSaysNothing() {
        let alike = (0..<50).map(Double.init)
        let found = HearingCalibration.separation(right: alike, wrong: alike)
        #expect(found.areaUnderCurve == 0.5)
        #expect(abs(found.equalErrorRate - 0.5) < 0.02)
    }

    @Test func aTrialThatStandsForManyCountsAsMany() {
        let one = HearingCalibration.Trial(features: [1], isRight: true)
        let other = HearingCalibration.Trial(features: [1], isRight: false)
        let heavy = HearingCalibration.Trial(features: [1], isRight: false, weight: 3)
        let found = HearingCalibration.fit([one, heavy])
        for (a, b) in zip(HearingCalibration.fit([one, other, other, other]), found) { #expect(abs(a - b) < 1e-6) }
        #expect(HearingCalibration.confidence([1], found) < 0.4)
    }

    @Test func nothingToFitIsNoWeights() {
        #expect(HearingCalibration.fit([]).isEmpty)
    }
}
