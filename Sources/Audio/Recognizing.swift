// The seam to speech recognition: what may be said goes in with the sound, hypotheses come out.

/// What may be said now: an acceptor over words with one start and any number of final states.
///
/// A recogniser compiles it once for each `id` and keeps it for as long as it is used.
public struct WordNetwork: Sendable, Equatable {
    /// One word from one state to another.
    public struct Arc: Sendable, Hashable {
        /// The state it leaves, `0..<stateCount`.
        public let from: Int
        /// The state it reaches, `0..<stateCount`.
        public let to: Int
        /// The word in lower case, as the lexicon spells it.
        public let word: String
        /// Natural logarithm of its weight, at most 0.
        public let logWeight: Double

        /// Makes an arc.
        public init(from: Int, to: Int, word: String, logWeight: Double = 0) {
            self.from = from
            self.to = to
            self.word = word
            self.logWeight = logWeight
        }
    }

    /// From one state to another without a word. No such arc leads to a state that another one leaves.
    public struct EmptyArc: Sendable, Hashable {
        /// The state it leaves.
        public let from: Int
        /// The state it reaches.
        public let to: Int
        /// Natural logarithm of its weight, at most 0.
        public let logWeight: Double

        /// Makes an empty arc.
        public init(from: Int, to: Int, logWeight: Double = 0) {
            self.from = from
            self.to = to
            self.logWeight = logWeight
        }
    }

    /// Changes whenever anything else of the network does.
    public let id: String
    /// States are numbered from 0, the start.
    public let stateCount: Int
    /// Where an utterance may end.
    public let finals: [Int]
    /// Every word that may be said, where.
    public let arcs: [Arc]
    /// Ways on without a word.
    public let empties: [EmptyArc]
    /// Where phrases of the assortment may be said; none where all that may be said is written out.
    public let blanks: [Blank]
    /// What may stand in the blanks.
    public let assortment: Assortment?

    /// Makes a network; `id` has to be another for another content.
    public init(
        id: String, stateCount: Int, finals: [Int], arcs: [Arc], empties: [EmptyArc] = [], blanks: [Blank] = [],
        assortment: Assortment? = nil
    ) {
        self.id = id
        self.stateCount = stateCount
        self.finals = finals
        self.arcs = arcs
        self.empties = empties
        self.blanks = blanks
        self.assortment = assortment
    }

    /// Networks of one name have one content.
    public static func == (left: WordNetwork, right: WordNetwork) -> Bool { left.id == right.id }
}

/// One reading of an utterance.
public struct Hypothesis: Sendable, Equatable {
    /// In lower case, as the network spells them.
    public let words: [String]
    /// From 0 to 1: the share of utterances with this much evidence that were heard right.
    public let confidence: Double
    /// Whether the sound was heard several times and this is what some of them say: where two mean the same, their
    /// confidences add up. Else it is one of several readings of one hearing.
    public let isShare: Bool

    /// The words with a space between.
    public var text: String { words.joined(separator: " ") }

    /// Makes a hypothesis.
    public init(words: [String], confidence: Double, isShare: Bool = false) {
        self.words = words
        self.confidence = confidence
        self.isShare = isShare
    }

    /// The same, believed so much less.
    public func trusted(_ trust: Double) -> Hypothesis {
        Hypothesis(words: words, confidence: confidence * trust, isShare: isShare)
    }
}

/// What became of one utterance.
public struct Recognition: Sendable, Equatable {
    /// Best first; empty where nothing of the network fits.
    public let hypotheses: [Hypothesis]
    /// Seconds of sound that were given.
    public let audioSeconds: Double
    /// Seconds of processor time that it took.
    public let cpuSeconds: Double
    /// How the speaker and the line sounded; nil where this may have been no speech for the shop.
    public let channel: Channel?

    /// Makes a recognition.
    public init(hypotheses: [Hypothesis], audioSeconds: Double, cpuSeconds: Double, channel: Channel? = nil) {
        self.hypotheses = hypotheses
        self.audioSeconds = audioSeconds
        self.cpuSeconds = cpuSeconds
        self.channel = channel
    }
}

/// Why nothing can be recognised. A person has to change something; trying again does not help, but for `busy`.
public enum RecognizingError: Error, Sendable, Equatable {
    /// A model file is missing or of another kind: path and what to do.
    case model(String)
    /// The network cannot be used: which word or state, and why.
    case network(String)
    /// Every decoder is in use.
    case busy
}

/// A recogniser that serves many calls, one utterance of each at a time.
public protocol Recognizing: Sendable {
    /// Makes `network` ready ahead of its first use.
    func prepare(_ network: WordNetwork) async throws(RecognizingError)
    /// Begins an utterance in `band`. The one who begins it finishes or abandons it.
    /// - Parameter channel: what is known of the caller's voice and line; nil where it is the first utterance.
    func begin(
        _ network: WordNetwork, band: Band, channel: Channel?
    ) async throws(RecognizingError) -> any UtteranceRecognizing
}

extension Recognizing {
    /// Begins an utterance of somebody of whom nothing is known.
    public func begin(_ network: WordNetwork, band: Band) async throws(RecognizingError) -> any UtteranceRecognizing {
        try await begin(network, band: band, channel: nil)
    }
}

/// One utterance being heard.
public protocol UtteranceRecognizing: Sendable {
    /// Takes the next samples, in the band it was begun in.
    func hear(_ samples: [Int16]) async
    /// Ends the utterance and gives what was heard.
    /// - Parameter isHurried: whether others wait for the decoder, so that what was not heard for sure is not heard again.
    func finish(isHurried: Bool) async -> Recognition
    /// Ends it without a result.
    func abandon() async
}

extension UtteranceRecognizing {
    /// Ends the utterance and gives what was heard, with all the care there is.
    public func finish() async -> Recognition { await finish(isHurried: false) }
}
