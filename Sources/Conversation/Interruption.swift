// What a sound over the assistant does to it. In: of each 20 ms whether it is loud, whether a voice's, and whether the assistant
// is speaking. Out: when it stops, and when it talks on.

/// Stops at once for anything loud, since a caller should not have to wait; stays silent for a voice only.
struct Interruption: Sendable {
    /// What the assistant does.
    enum Step: Sendable, Equatable {
        case stop, talkOn
    }

    private enum State {
        /// Nothing is heard over the assistant.
        case none
        /// It stopped for something of which it is not known yet what it is, so many frames ago.
        case hesitating(Int)
        /// It stopped for a voice; so many frames in which nobody has listened to it.
        case stopped(Int)
        /// What is heard is no voice, until now.
        case noVoice
    }

    /// Frames of a loud sound, an "a", that make it stop.
    static let onset = 2
    /// Frames with a vowel, of the last ones, that are a voice; coughs and bangs have fewer.
    private static let (vowels, recent) = (4, 8)
    /// Frames after which it talks on where no voice was heard: 0.4 s, in which words come to a vowel.
    private static let hesitation = 20
    /// The same behind the end of the sound: it was a click.
    private static let click = 8
    /// Frames of silence that part one sound from another.
    private static let parting = 15
    /// Frames after which it talks on where a voice was too short to be an utterance.
    private static let unheard = 30
    /// So often it stops in vain; then only for a voice: the fourth slam of a door need not be waited for.
    private static let patience = 2

    private var state = State.none
    private var voiced: [Bool] = []
    private var quiet = 0
    private var inVain = 0

    /// Whether a voice is heard.
    var isVoice: Bool { voiced.count { $0 } >= Self.vowels }

    /// 20 ms were heard.
    /// - Parameters:
    ///   - loud: how many frames in a row were loud, of what is no echo.
    ///   - isVoiced: whether these are a vowel's, and no echo.
    ///   - isPlaying: whether the assistant is speaking.
    ///   - isListening: whether they belong to an utterance.
    mutating func hear(loud: Int, isVoiced: Bool, isPlaying: Bool, isListening: Bool) -> Step? {
        voiced.append(isVoiced)
        if voiced.count > Self.recent { voiced.removeFirst() }
        quiet = loud > 0 || isVoiced ? 0 : quiet + 1
        switch state {
        case .none where isPlaying && isVoice, .noVoice where isPlaying && isVoice:
            state = .stopped(0)
            return .stop
        case .none where isPlaying && loud >= Self.onset && inVain < Self.patience:
            state = .hesitating(0)
            return .stop
        case .hesitating where isVoice:
            state = .stopped(0)
        case .hesitating(let frames):
            state = .hesitating(frames + 1)
            guard quiet >= Self.click || frames + 1 >= Self.hesitation else { return nil }
            inVain += 1
            state = .noVoice
            return .talkOn
        case .stopped(let frames):
            state = .stopped(isListening ? 0 : frames + 1)
            guard frames >= Self.unheard else { return nil }
            state = .noVoice
            return .talkOn
        case .noVoice where quiet >= Self.parting: state = .none
        case .none, .noVoice: break
        }
        return nil
    }

    /// What was heard has been decided on, and the assistant speaks anew.
    mutating func isOver(inVain wasInVain: Bool) {
        state = .none
        voiced = []
        if !wasInVain { inVain = 0 }
    }
}
