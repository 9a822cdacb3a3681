// A recorded caller, turn by turn, who waits for the answer to each as a person would.
// In: the turns, and what the assistant is doing. Out: the caller's next 20 ms, key or words.

public import Audio

/// One thing that the caller of a recorded call does.
public enum CallerTurn: Sendable, Equatable {
    /// Says this, in the band of the line.
    case sound([Int16])
    /// Says this, and it was already recognised.
    case text(String)
    /// Says nothing for so many seconds, whatever the assistant does.
    case silence(Double)
    /// Presses these keys of the telephone.
    case keys(String)

    /// Says what is in a WAV file, of any rate and number of channels and at most two hours.
    public static func recording(_ path: String, band: Band) throws(WaveFileError) -> CallerTurn {
        .sound(try BandReader.load(path, band: band))
    }
}

/// What a caller does in one step of the line's clock; keys and words take no time.
enum CallerStep: Equatable {
    case samples(ArraySlice<Int16>)
    case key(Character)
    case text(String)
    case ended(LineEnd)
}

/// The caller who takes turns. A turn begins a moment after the answer to the one before has been heard.
struct TurnTakingCaller {
    /// What people take before they answer, in frames: 300 ms.
    private static let pauseFrames = 15
    /// Without any answer the caller goes on after 30 s, so that a recorded call always ends.
    private static let givingUpFrames = 1_500
    /// Who is answered at all is answered by then, in frames: 2 s.
    private static let pacedFrames = 100
    /// Between keys, in frames: 120 ms.
    private static let keyFrames = 6

    private enum State {
        /// Until the assistant has said something and it has been heard.
        case waiting(isAnswered: Bool, silentFrames: Int)
        case pausing(framesLeft: Int)
        /// `isAnswered` once the assistant began to speak behind `speechEnd`.
        case speaking([Int16], position: Int, speechEnd: Int, isAnswered: Bool)
        case silent(framesLeft: Int)
        case pressing(Substring, framesLeft: Int)
        case done
    }

    private let turns: [CallerTurn]
    private let frameLength: Int
    private var state = State.waiting(isAnswered: false, silentFrames: 0)
    /// How many turns have begun.
    private(set) var turnsBegun = 0

    init(_ turns: [CallerTurn], band: Band) {
        self.turns = turns
        frameLength = band.frameLength
    }

    /// Whether the caller has said something that the assistant did not begin to answer.
    var hasSpoken: Bool {
        switch state {
        case .speaking(_, let position, let speechEnd, let isAnswered): !isAnswered && position >= speechEnd
        case .waiting(let isAnswered, let silentFrames):
            !isAnswered && turnsBegun > 0 && silentFrames < Self.pacedFrames
        case .pausing, .silent, .pressing, .done: false
        }
    }

    /// Tells that the assistant has something new to say.
    mutating func assistantSpeaks() {
        switch state {
        case .waiting: state = .waiting(isAnswered: true, silentFrames: 0)
        // Before the end of what is being said it is no answer to it, but an interruption or its remains.
        case .speaking(let sound, let position, let speechEnd, _) where position >= speechEnd:
            state = .speaking(sound, position: position, speechEnd: speechEnd, isAnswered: true)
        case .pausing, .speaking, .silent, .pressing, .done: break
        }
    }

    /// One step; `isPlaying` says whether the assistant is still to be heard.
    mutating func next(isPlaying: Bool) -> CallerStep {
        while true {
            switch state {
            case .waiting(let isAnswered, let silentFrames):
                if isPlaying {
                    state = .waiting(isAnswered: isAnswered, silentFrames: 0)
                    return .samples([])
                }
                if isAnswered {
                    state = .pausing(framesLeft: Self.pauseFrames)
                } else if silentFrames >= Self.givingUpFrames {
                    state = .pausing(framesLeft: 0)
                } else {
                    state = .waiting(isAnswered: false, silentFrames: silentFrames + 1)
                    return .samples([])
                }
            case .pausing(let framesLeft):
                if isPlaying {
                    state = .waiting(isAnswered: true, silentFrames: 0)
                } else if framesLeft > 0 {
                    state = .pausing(framesLeft: framesLeft - 1)
                    return .samples([])
                } else if let step = beginTurn() {
                    return step
                }
            case .speaking(let sound, let position, let speechEnd, let isAnswered):
                guard position < sound.count else {
                    state = .waiting(isAnswered: isAnswered, silentFrames: 0)
                    continue
                }
                let end = min(position + frameLength, sound.count)
                state = .speaking(sound, position: end, speechEnd: speechEnd, isAnswered: isAnswered)
                return .samples(sound[position..<end])
            case .silent(let framesLeft):
                guard framesLeft > 0 else {
                    state = .waiting(isAnswered: true, silentFrames: 0)
                    continue
                }
                state = .silent(framesLeft: framesLeft - 1)
                return .samples([])
            case .pressing(let keys, let framesLeft):
                if framesLeft > 0 {
                    state = .pressing(keys, framesLeft: framesLeft - 1)
                    return .samples([])
                }
                guard let key = keys.first else {
                    state = .waiting(isAnswered: false, silentFrames: 0)
                    continue
                }
                state = .pressing(keys.dropFirst(), framesLeft: Self.keyFrames)
                return .key(key)
            case .done:
                return .ended(.inputEnd)
            }
        }
    }

    /// Begins the next turn, or the end; gives what takes no time.
    private mutating func beginTurn() -> CallerStep? {
        guard turnsBegun < turns.count else {
            state = .done
            return nil
        }
        let turn = turns[turnsBegun]
        turnsBegun += 1
        switch turn {
        case .sound(let sound):
            state = .speaking(sound, position: 0, speechEnd: speechEnd(of: sound), isAnswered: false)
        case .text(let text):
            state = .waiting(isAnswered: false, silentFrames: 0)
            return .text(text)
        case .silence(let seconds):
            state = .silent(framesLeft: Int((max(0, min(seconds, 86_400)) * 50).rounded()))
        case .keys(let keys):
            state = .pressing(keys[...], framesLeft: 0)
        }
        return nil
    }

    /// Behind the last frame less than 26 dB under the loudest and 6 dB above the quiet ones: what follows in a
    /// recording is its room.
    private func speechEnd(of sound: [Int16]) -> Int {
        let powers = stride(from: 0, to: sound.count, by: frameLength).map { start in
            sound[start..<min(start + frameLength, sound.count)].reduce(0.0) { $0 + Double($1) * Double($1) }
        }
        guard let loudest = powers.max(), loudest > 0 else { return 0 }
        let quiet = powers.sorted()[powers.count / 10]
        // Where even the quiet frames are loud, music or a crowd goes on to the end.
        let threshold = max(loudest / 400, quiet * 4 < loudest / 4 ? quiet * 4 : 0)
        guard let last = powers.lastIndex(where: { $0 > threshold }) else { return 0 }
        return min((last + 1) * frameLength, sound.count)
    }
}
