// Microphone and loudspeaker in one room as a line without an echo. In: what goes to the loudspeaker, what comes from the
// microphone, and how far both are behind. Out: the customer. Where the echo cannot be removed, silence while the
// assistant talks: that is found out by measuring, again and again.

import Foundation

/// Both directions of a kiosk's sound.
public struct DuplexSound: ~Copyable, Sendable {
    /// What is left of the assistant's own voice has to be so much fainter than it was said: what is louder is taken for
    /// speech over it (`EchoGuard` asks for 18 dB). Half-duplex ends at the first and begins again at the second.
    static let (wanted, least) = (24.0, 20.0)
    /// Frames of the assistant's speech that are judged: 1.5 s, as long as the canceller takes to learn.
    private static let judged = 75
    /// Frames after the assistant's last sound in which its echo may still be heard: 300 ms.
    private static let tail = 15
    /// So little above the room's noise for so many frames an echo is over: the speech itself has gaps of two.
    private static let (faded, fadedFrames) = (3.0, 3)
    /// Fainter is not speech of the assistant's.
    private static let audible = -45.0
    /// What comes through louder than this is somebody who talks over the assistant, and says nothing about the echo; but
    /// not for longer than 2 s, in which the assistant would have fallen silent: then it is an echo that has changed.
    private static let (talkedOver, longestTalk) = (12.0, 100)

    /// What is known of a room.
    public struct Facts: Sendable, Equatable {
        /// Decibels that the assistant's voice loses on its way into the microphone; nil until it has spoken long enough.
        public var echoLoss: Double?
        /// The same with what the canceller takes away.
        public var cleanedLoss: Double?
        /// Whether the customer is heard while the assistant talks.
        public var isDuplex = false
        /// How often loudspeaker and microphone had to be lined up again.
        public var jumps = 0

        /// Nothing is known yet.
        public init() {}
    }

    private var canceller: EchoCanceller
    private var reference: EchoReference
    /// The loudest of what was said in the last frames, so that an echo is compared with its cause.
    private var saidLevels: [Double] = []
    private var echoLosses: [Double] = []
    private var cleanedLosses: [Double] = []
    private var cleanedLevels: [Double] = []
    private var quietLevels: [Double] = []
    private var framesTalkedOver = 0
    /// For how many frames the echo of what was said last has been over: what comes behind them is somebody, though the
    /// echo is not known yet.
    private var framesFaded = 0
    private var noise = NoiseSource()
    /// What is known of the room until now.
    public private(set) var facts = Facts()

    /// For sound of `band`.
    public init(band: Band) {
        canceller = EchoCanceller(band: band)
        reference = EchoReference(band: band)
    }

    /// Takes what was handed to the loudspeaker; every sample of it, silence too.
    public mutating func say(_ samples: [Int16]) { reference.say(samples) }

    /// 20 ms that were read from the microphone, without the assistant's voice; see `EchoReference.cause`.
    public mutating func hear(_ heard: [Int16], saidBehind: Int, heardBehind: Int) -> [Int16] {
        let said = reference.cause(of: heard.count, saidBehind: saidBehind, heardBehind: heardBehind)
        let cleaned = canceller.clean(heard, said: said)
        let saidNow = SoundLevel.ofFrame(said[...])
        saidLevels.append(saidNow)
        if saidLevels.count > Self.tail { saidLevels.removeFirst() }
        let saidLevel = saidLevels.max() ?? -100
        let cleanedLevel = SoundLevel.ofFrame(cleaned[...])
        guard saidLevel > Self.audible else {
            Self.keep(cleanedLevel, in: &quietLevels)
            return cleaned
        }
        let quiet = Self.quantile(0.25, of: quietLevels)
        if saidNow > Self.audible {
            framesFaded = 0
        } else if cleanedLevel < (quiet ?? -100) + Self.faded {
            framesFaded += 1
        } else if framesFaded < Self.fadedFrames {
            framesFaded = 0
        }
        let isTalkedOver = facts.isDuplex && saidLevel - cleanedLevel < Self.talkedOver
        framesTalkedOver = isTalkedOver ? framesTalkedOver + 1 : max(0, framesTalkedOver - 1)
        if !isTalkedOver || framesTalkedOver > Self.longestTalk {
            Self.keep(saidLevel - SoundLevel.ofFrame(heard[...]), in: &echoLosses)
            Self.keep(saidLevel - cleanedLevel, in: &cleanedLosses)
            Self.keep(cleanedLevel, in: &cleanedLevels)
            judge()
        }
        if facts.isDuplex || framesFaded >= Self.fadedFrames { return cleaned }
        return noise.frame(heard.count, level: quiet ?? -70)
    }

    /// A device began anew.
    public mutating func deviceBegan() { reference.forget() }

    private mutating func judge() {
        facts.jumps = reference.jumps
        guard cleanedLosses.count >= Self.judged else { return }
        // The loudest quarter decides: one word of the assistant's own taken for the customer's is enough to stop it.
        facts.echoLoss = Self.quantile(0.25, of: echoLosses)
        facts.cleanedLoss = Self.quantile(0.25, of: cleanedLosses)
        let isFaint = (facts.cleanedLoss ?? 0) >= (facts.isDuplex ? Self.least : Self.wanted)
        // In a loud shop what is left of the echo drowns before it is that faint.
        let isDrowned =
            (Self.quantile(0.75, of: cleanedLevels) ?? 0) <= (Self.quantile(0.25, of: quietLevels) ?? -100) + 3
        facts.isDuplex = isFaint || isDrowned
    }

    private static func keep(_ value: Double, in values: inout [Double]) {
        values.append(value)
        if values.count > judged { values.removeFirst() }
    }

    private static func quantile(_ share: Double, of values: [Double]) -> Double? {
        values.isEmpty ? nil : values.sorted()[Int(share * Double(values.count - 1))]
    }
}

/// Levels of sound.
public enum SoundLevel {
    /// Of one frame in dBFS, at least -100.
    public static func ofFrame(_ samples: ArraySlice<Int16>) -> Double {
        guard !samples.isEmpty else { return -100 }
        let power = samples.reduce(0.0) { $0 + Double($1) * Double($1) } / Double(samples.count) / 32_768 / 32_768
        return 10 * log10(max(power, 1e-10))
    }

    /// Louder by a factor; what is too loud then is cut off.
    public static func scaled(_ samples: [Int16], by factor: Double) -> [Int16] {
        factor == 1 ? samples : samples.map { Int16(clamping: Int((Double($0) * factor).rounded())) }
    }
}

/// Noise in the place of what is not to be heard: digital silence would be taken for a line that is switched off.
private struct NoiseSource: Sendable {
    private var state: UInt64 = 0x9E37_79B9_7F4A_7C15

    mutating func frame(_ count: Int, level: Double) -> [Int16] {
        // Even noise of amplitude a has the power a²/3.
        let amplitude = 32_768 * pow(10, level / 20) * 3.0.squareRoot()
        return (0..<count).map { _ in
            state ^= state << 13
            state ^= state >> 7
            state ^= state << 17
            return Int16(clamping: Int(amplitude * (Double(state >> 11) / Double(1 << 52) - 1)))
        }
    }
}
