// The seam to the recognition of one phrase in all that is said.

/// Waits for a phrase. Nothing else that it hears is recognised, and no sound is kept but that of the utterance under way.
public protocol Spotting: Sendable {
    /// Takes the next 20 ms of a room; true where the phrase has just been said.
    func hear(_ frame: AudioFrame) async throws(RecognizingError) -> Bool
    /// Forgets what was heard until now: what comes next is another moment.
    func forget() async
}
