// An utterance that is recognised already while it is not known yet whether its speaker has finished. In: its samples, and how
// long the speaker has paused. Out: what was heard, ready in most cases when the silence is long enough to be its end.

public import Audio

/// An utterance on its way into a recogniser, which is asked for it in every pause that may be its end.
///
/// Hearing what is doubtful again takes longer than people like to wait, and silence has to be waited for anyway. Who goes on
/// speaking is heard anew from the beginning: that costs as much again, and happens seldom.
public actor AnticipatedUtterance {
    private let begin: @Sendable () async throws(RecognizingError) -> any UtteranceRecognizing
    private var recognition: any UtteranceRecognizing
    /// All of it so far.
    private var sound: [Int16]
    private var result: Task<Recognition, Never>?

    /// Begins with what has been said so far.
    /// - Parameter begin: begins to recognise it, as often as it is asked to.
    public init(
        _ sound: [Int16],
        begin: @escaping @Sendable () async throws(RecognizingError) -> any UtteranceRecognizing
    ) async throws(RecognizingError) {
        self.begin = begin
        self.sound = sound
        recognition = try await begin()
        await recognition.hear(sound)
    }

    /// Takes the next samples.
    /// - Parameter isPausing: whether the speaker has been silent for so long that this may be the end.
    public func hear(_ samples: [Int16], isPausing: Bool) async throws(RecognizingError) {
        sound += samples
        guard let result else {
            await recognition.hear(samples)
            if isPausing { self.result = Task { [recognition] in await recognition.finish() } }
            return
        }
        guard !isPausing else { return }
        // What was heard is not wanted any more; its decoder may be the only one.
        result.cancel()
        _ = await result.value
        self.result = nil
        recognition = try await begin()
        await recognition.hear(sound)
    }

    /// What was heard until the pause that lasts; nil where there is none.
    public var foreseen: Recognition? { get async { await result?.value } }

    /// What was heard, without a pause that lasts.
    public func finish() async -> Recognition {
        if let result { return await result.value }
        return await recognition.finish()
    }

    /// Ends it without a result.
    public func abandon() async {
        if let result { return result.cancel() }
        await recognition.abandon()
    }
}
