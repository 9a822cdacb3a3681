// Tells the caller from the assistant's own voice that comes back. In: 20 ms heard, 20 ms that were being said.
// Out: whether what is heard now could be nothing but an echo.

import Audio

/// Compares levels: a telephone network returns what it carries at least 18 dB fainter, people speak much louder.
struct EchoGuard: Sendable {
    /// Least loss of an echo on its way back.
    private static let returnLoss = 18.0
    /// What is said is heard again up to 0.6 s later.
    private static let saidFrames = 30
    private static let heardFrames = 8

    private var said: [Double] = []
    private var heard: [Double] = []

    mutating func hear(_ frame: [Int16], said samples: ArraySlice<Int16>) {
        heard.append(SoundLevel.ofFrame(frame[...]))
        said.append(SoundLevel.ofFrame(samples))
        if heard.count > Self.heardFrames { heard.removeFirst() }
        if said.count > Self.saidFrames { said.removeFirst() }
    }

    /// Whether the last moments are as faint as an echo of what was said.
    var mayBeEcho: Bool {
        let (heardLevel, saidLevel) = (heard.max() ?? -100, said.max() ?? -100)
        return saidLevel > -60 && heardLevel < saidLevel - Self.returnLoss
    }
}
