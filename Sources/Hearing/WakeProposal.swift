// Where to put the threshold of a wake phrase. In: how strongly it was found where it was said, and where it was not.
// Out: a threshold, and what it would have done with these recordings.

/// A threshold between those who call a kiosk and those who do not.
public struct WakeProposal: Sendable, Equatable {
    /// The power of ten that a find has to reach.
    public let threshold: Double
    /// Of so many who said the phrase, so many are heard.
    public let said: Int, heard: Int
    /// Hours in which nobody said it, and how often it is found in them all the same.
    public let hours: Double, falseWakes: Int

    /// Steps in which thresholds are tried, and the furthest from certainty that the engine still finds.
    private static let (step, lowest) = (1.0, -80.0)

    /// Finds the threshold that hears the most and is not woken more often than `allowed` times an hour; of those that do
    /// the same it takes the middle, so that neither a fainter voice nor a louder shop is at the edge.
    /// - Parameters:
    ///   - said: the strongest find in each recording of the phrase; nil where there was none.
    ///   - others: every find in recordings without it, `hours` long together.
    public init(said: [Double?], others: [Double], hours: Double, allowed: Double) {
        self.said = said.count
        self.hours = hours
        func heard(_ threshold: Double) -> Int { said.count { $0.map { $0 >= threshold } ?? false } }
        func falseWakes(_ threshold: Double) -> Int { others.count { $0 >= threshold } }
        let all = Array(stride(from: Self.lowest, through: 0, by: Self.step))
        let quiet = all.filter { Double(falseWakes($0)) <= allowed * hours }
        let most = quiet.map(heard).max() ?? 0
        let best = quiet.filter { heard($0) == most }
        // Where nothing keeps it quiet enough, certainty is asked for.
        threshold = best.isEmpty ? 0 : best[best.count / 2]
        self.heard = heard(threshold)
        self.falseWakes = falseWakes(threshold)
    }
}
