// Tells the caller from the assistant's own voice that comes back. In: 20 ms heard, 20 ms that were being said.
// Out: whether what is heard now could be nothing but an echo.

import Foundation

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
        heard.append(Self.power(frame[...]))
        said.append(Self.power(samples))
        if heard.count > Self.heardFrames { heard.removeFirst() }
        if said.count > Self.saidFrames { said.removeFirst() }
    }

    /// Whether the last moments are as faint as an echo of what was said.
    var mayBeEcho: Bool {
        let heardLevel = 10 * log10(max(heard.max() ?? 0, 1e-10))
        let saidLevel = 10 * log10(max(said.max() ?? 0, 1e-10))
        return saidLevel > -60 && heardLevel < saidLevel - Self.returnLoss
    }

    private static func power(_ samples: ArraySlice<Int16>) -> Double {
        guard !samples.isEmpty else { return 0 }
        return samples.reduce(0) { $0 + pow(Double($1) / 32_768, 2) } / Double(samples.count)
    }
}
