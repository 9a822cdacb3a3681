// G.711 against the standard's own numbers, and the resampler against arithmetic.

import Audio
import Foundation
import Testing

@Suite struct G711Tests {
    @Test(arguments: G711.allCases)
    func everyCodeSurvivesARoundTrip(law: G711) {
        for code in UInt8.min...UInt8.max {
            let sample = law.decode(code)
            // µ-law has two zeros; only the positive one comes back.
            let expected: UInt8 = law == .muLaw && code == 0x7F ? 0xFF : code
            #expect(law.encode(sample) == expected, "code \(code), sample \(sample)")
        }
    }

    @Test(arguments: G711.allCases)
    func theNearestStepIsTaken(law: G711) {
        for sample in stride(from: Int16.min, through: 32_700, by: 13) {
            let error = abs(Int(law.decode(law.encode(sample))) - Int(sample))
            // Half a step: a 32nd of the segment, at least half of the smallest step, and more beyond the top code.
            #expect(error <= max(8, (abs(Int(sample)) + 132) / 31) + (abs(Int(sample)) > 32_124 ? 650 : 0), "\(sample)")
        }
    }

    @Test func theStandardsNumbers() {
        #expect(
            [0x00, 0x0F, 0x7F, 0x80, 0x8F, 0xFF].map { G711.muLaw.decode($0) } == [
                -32_124, -16_764, 0, 32_124, 16_764, 0,
            ])
        #expect([0x2A, 0x55, 0x80, 0xAA, 0xD5].map { G711.aLaw.decode($0) } == [-32_256, -8, 5_504, 32_256, 8])
        #expect([Int16.min, -1, 0, 1, .max].map { G711.aLaw.encode($0) } == [0x2A, 0x55, 0xD5, 0xD5, 0xAA])
        #expect([Int16.min, 0, .max].map { G711.muLaw.encode($0) } == [0x00, 0xFF, 0x80])
    }
}

@Suite struct ResamplerTests {
    static let rates = [8_000, 11_025, 16_000, 22_050, 44_100, 48_000, 96_000, 192_000]

    @Test(arguments: rates, [8_000, 16_000])
    func aToneKeepsItsLengthPlaceAndLevel(from: Int, to: Int) {
        let input = tone(1_000, seconds: 0.25, rate: from)
        let output = Resampler.convert(input, from: from, to: to)
        #expect(output.count == (input.count * to + from - 1) / from)
        let ideal = tone(1_000, seconds: 0.25, rate: to)
        // Away from both ends, where the tone begins and stops abruptly.
        let middle = to / 50..<min(ideal.count, output.count) - to / 50
        let error = level(middle.map { Int16(clamping: Int(output[$0]) - Int(ideal[$0])) })
        #expect(error < 0.001, "\(error)")
    }

    @Test func blocksAreTheSameAsTheWhole() {
        var dice = Dice(1)
        let input = (0..<22_050).map { _ in Int16(dice.roll() * 20_000) }
        for size in [1, 7, 441, 5_000] {
            var resampler = Resampler(from: 22_050, to: 8_000)
            var output: [Int16] = []
            for start in stride(from: 0, to: input.count, by: size) {
                output += resampler.process(Array(input[start..<min(start + size, input.count)]))
            }
            output += resampler.finish()
            #expect(output == Resampler.convert(input, from: 22_050, to: 8_000), "blocks of \(size)")
        }
    }

    @Test func shortAndEmptySoundsComeThrough() {
        #expect(Resampler.convert([], from: 44_100, to: 8_000).isEmpty)
        #expect(Resampler.convert([5], from: 8_000, to: 16_000).count == 2)
        #expect(Resampler.convert([1, 2, 3], from: 8_000, to: 8_000) == [1, 2, 3])
    }

    @Test func loudSoundIsClippedNotWrapped() {
        let square = (0..<8_000).map { Int16($0 / 40 % 2 == 0 ? 32_767 : -32_768) }
        let output = Resampler.convert(square, from: 8_000, to: 16_000)
        // A wrapped sample would stand with the wrong sign inside a half period.
        for period in 2..<90 {
            let middle = period * 160 + 40
            #expect(output[middle] > 20_000 && output[middle + 80] < -20_000)
        }
    }
}
