// A room between a loudspeaker and a microphone, computed. In: what is said into it and what a customer says in it, 20 ms
// at a time. Out: what its microphone hears. Nothing in it is chance: a seed gives the same room again.

import Audio
import Foundation

/// What a room does to sound.
public struct RoomNature: Sendable, Equatable {
    /// Seconds from the loudspeaker to the microphone, and those in which the walls' answers fade by 60 dB.
    public var delay = 0.012, reverberation = 0.25
    /// Decibels by which the loudspeaker is fainter at the microphone than it was said.
    public var echoLoss = 8.0
    /// Decibels by which the microphone is set higher than it should be.
    public var sensitivity = 0.0
    /// Level of the room's noise, in dBFS.
    public var noise = -62.0
    /// By how many millionths the loudspeaker's clock is faster than the microphone's.
    public var skew = 0.0
    /// Whether the loudspeaker is driven so hard that it distorts, which no canceller can follow.
    public var distorts = false

    /// A small shop, loudspeaker and microphone in one case.
    public init() {}
}

/// One room with its state. One owner feeds it frame by frame.
public struct SimulatedRoom: Sendable {
    private let rate: Int
    private let nature: RoomNature
    /// Delays in samples and gains of the ways from the loudspeaker to the microphone.
    private let ways: [(delay: Int, gain: Float)]
    private let noiseAmplitude: Double
    /// Sound of the room, again and again; where there is none the noise is white.
    private let background: [Int16]
    private let sensitivity: Double
    private var random: UInt64
    /// Said and not played yet; how far the loudspeaker's clock is in it.
    private var waiting: [Float] = []
    private var position = 0.0
    /// What was played, in the microphone's time; a ring as long as a power of two.
    private var played: [Float]
    private var now = 0

    /// Walls that give an answer; more sound the same.
    private static let walls = 240

    /// Builds a room for sound of so many samples a second.
    /// - Parameter background: what is heard in it all the time in the place of white noise; the nature says how loud.
    public init(_ nature: RoomNature, rate: Int, background: [Int16] = [], seed: UInt64 = 1) {
        self.nature = nature
        self.rate = rate
        random = seed &* 0x9E37_79B9_7F4A_7C15 | 1
        sensitivity = pow(10, nature.sensitivity / 20)
        noiseAmplitude = 32_768 * pow(10, nature.noise / 20) * 3.0.squareRoot()
        self.background = SoundLevel.scaled(
            background, by: pow(10, (nature.noise - SoundLevel.ofFrame(background[...])) / 20))
        let direct = Int(nature.delay * Double(rate))
        let last = nature.reverberation * 0.8
        var ways: [(delay: Int, gain: Double)] = [(direct, 1)]
        for _ in 0..<Self.walls {
            let time = Self.next(&random) * last
            let fade = pow(10, -3 * time / nature.reverberation)
            ways.append((direct + Int(time * Double(rate)), (2 * Self.next(&random) - 1) * 0.25 * fade))
        }
        // All ways together lose what the nature says.
        let power = ways.reduce(0) { $0 + $1.gain * $1.gain }
        let scale = pow(10, -nature.echoLoss / 20) / power.squareRoot()
        self.ways = ways.map { ($0.delay, Float($0.gain * scale)) }
        var length = 1
        while length <= ways.map(\.delay).max() ?? 0 { length *= 2 }
        played = [Float](repeating: 0, count: length)
    }

    /// Samples that were said and not played yet.
    public var waitingToBePlayed: Int { max(0, waiting.count - Int(position)) }

    /// Hands sound to the loudspeaker.
    public mutating func say(_ samples: [Int16]) {
        let whole = min(waiting.count, Int(position))
        waiting.removeFirst(whole)
        position -= Double(whole)
        waiting += samples.map { Float($0) }
    }

    /// What the microphone hears while a customer says `near`.
    public mutating func hear(_ near: [Int16]) -> [Int16] {
        near.map { sample in
            let mask = played.count - 1
            played[now & mask] = loudspeaker()
            var echo: Float = 0
            for way in ways { echo += way.gain * played[(now &- way.delay) & mask] }
            let noise =
                background.isEmpty
                ? noiseAmplitude * (2 * Self.next(&random) - 1) : Double(background[now % background.count])
            now += 1
            return Int16(clamping: Int((sensitivity * (Double(sample) + Double(echo) + noise)).rounded()))
        }
    }

    /// The next sample of the loudspeaker, by its own clock.
    private mutating func loudspeaker() -> Float {
        let index = Int(position)
        guard index + 1 < waiting.count else { return 0 }
        let share = Float(position - Double(index))
        position += 1 + nature.skew / 1e6
        let sample = waiting[index] * (1 - share) + waiting[index + 1] * share
        return nature.distorts ? 9_000 * tanh(sample / 3_000) : sample
    }

    /// From 0 to 1.
    private static func next(_ state: inout UInt64) -> Double {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return Double(state >> 11) / Double(1 << 53)
    }
}
