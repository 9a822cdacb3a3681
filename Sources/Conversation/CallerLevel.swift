// How loud this caller is, so that a television behind them can be told: it is fainter, and nearer to the noise.

/// Follows the level of a caller's understood speech.
struct CallerLevel: Sendable {
    /// Speech this much fainter than the caller's usual is somebody else's, or turned away. People vary by some 6 dB
    /// from turn to turn; a television across a room is 15 to 25 dB below somebody at the telephone.
    private static let usualSpread = 7.0
    /// From here on too little is left of any confidence to act on it.
    private static let far = 14.0

    /// In dBFS; nil before anything was understood.
    private(set) var usual: Double?
    private var turns = 0.0

    /// Takes the level of speech that was understood and accepted, in dBFS.
    mutating func accept(_ level: Double) {
        turns = min(turns + 1, 6)
        usual = (usual ?? level) + (level - (usual ?? level)) / turns
    }

    /// What a confidence is multiplied by: 1 for the caller's usual level, 0.3 for far-away speech.
    func trust(in level: Double) -> Double {
        guard let usual else { return 1 }
        let deficit = usual - level
        guard deficit > Self.usualSpread else { return 1 }
        return max(0.3, 1 - 0.7 * (deficit - Self.usualSpread) / (Self.far - Self.usualSpread))
    }
}
