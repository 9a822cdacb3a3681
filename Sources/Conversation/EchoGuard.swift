// Tells the caller from the assistant's own voice that comes back. In: 20 ms heard, 20 ms that were being said.
// Out: whether what is heard now could be nothing but an echo.

import Audio

/// Compares levels: a telephone network returns what it carries at least 18 dB fainter, people speak much louder.
struct EchoGuard: Sendable {
    /// Least loss of an echo on its way back; more than the most is not told from silence.
    private static let (returnLoss, most) = (18.0, 40.0)
    /// What is said is heard again up to 0.6 s later.
    private static let saidFrames = 30
    private static let heardFrames = 8
    /// Of 2 s of the assistant's speech, but not of the moments that are being judged, the loudest twentieth of what came back
    /// tells this line's loss. An echo may be this much louder the next time.
    private static let (learntFrames, share, margin) = (100, 0.05, 6.0)
    /// Nothing is known before 0.4 s of speech: by then an echo has come back on nearly every line.
    private static let fewestFrames = 20

    private var said: [Double] = []
    private var heard: [Double] = []
    private var losses: [Double] = []

    mutating func hear(_ frame: [Int16], said samples: ArraySlice<Int16>) {
        heard.append(SoundLevel.ofFrame(frame[...]))
        said.append(SoundLevel.ofFrame(samples))
        if heard.count > Self.heardFrames { heard.removeFirst() }
        if said.count > Self.saidFrames { said.removeFirst() }
        guard !samples.isEmpty, isSaying, let now = heard.last else { return }
        losses.append(saidLevel - now)
        if losses.count > Self.learntFrames + Self.heardFrames { losses.removeFirst() }
    }

    /// Whether the last moments are as faint as an echo of what was said.
    var mayBeEcho: Bool { isSaying && heardLevel < saidLevel - Self.returnLoss }

    /// The same by what this line has returned until now: enough to hesitate on, not to act on.
    var isProbablyEcho: Bool {
        let known = losses.dropLast(Self.heardFrames)
        guard mayBeEcho, known.count >= Self.fewestFrames else { return mayBeEcho }
        let usual = known.sorted()[Int(Self.share * Double(known.count))] - Self.margin
        return heardLevel < saidLevel - min(Self.most, max(Self.returnLoss, usual))
    }

    private var isSaying: Bool { saidLevel > -60 }
    private var saidLevel: Double { said.max() ?? -100 }
    private var heardLevel: Double { heard.max() ?? -100 }
}
