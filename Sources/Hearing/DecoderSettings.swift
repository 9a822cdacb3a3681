// What the engine is told: settings, and the cepstral means that an utterance starts from. All were chosen by
// measuring; `Benchmarks` shows the same audio with the engine's defaults beside them.

import Audio

/// Settings of PocketSphinx as command-line arguments.
enum DecoderSettings {
    /// How much the weights of a network count against the sound: of 182 utterances in seven tuning voices 161, 159 and
    /// 154 were right with 3, 4.5 and 6.
    static let languageWeight = 3.0

    /// For hearing with a network, streaming.
    /// Noise removal costs twenty points on single telephone digits. The lattice's best path is the first pass's again,
    /// only later. A word has to be paid for and silence is cheap: otherwise noise before and after the
    /// words becomes more of them. Strings of digits, people, 16 kHz: 26 of 60 right with the engine's 0.65 and 0.005, 49
    /// with these, other sentences the same. They were chosen on those 60, and not measured for the telephone alone. The
    /// pronunciations of a word are arcs of the network already.
    /// - Parameter wordBeam: how much less likely than the best a word may be to be followed any further.
    static func network(wordBeam: String) -> [String: String] {
        [
            "-lw": "\(languageWeight)", "-cmn": "live", "-remove_noise": "no", "-bestpath": "no", "-wbeam": wordBeam,
            "-wip": "0.01", "-silprob": "0.1", "-fsgusealtpron": "no",
        ]
    }

    /// Word beams. Of 237 fixtures by microphone 200 were right and 14 wrong with 1e-38, 205 and 13 with 1e-28, at two
    /// thirds of the cost; by telephone 178 and 20 with 1e-38, 175 and 19 with 1e-32.
    enum WordBeam {
        static let wideband = "1e-28"
        static let telephone = "1e-38"
    }

    /// For the loop over phones that a network's score is compared with. Phones without context, and the Gaussians of
    /// every second frame: more would cost more than the rest together, and separate no better.
    static let phoneLoop: [String: String] = [
        "-lw": "\(languageWeight)", "-cmn": "live", "-remove_noise": "no", "-allphone_ci": "yes", "-ds": "2",
    ]
}

extension DecoderSettings {
    /// For waiting for a phrase, with a threshold that leaves the choice to `PhraseSpotter`. Beams far wider than usual
    /// keep unusual voices, and noise removal, which costs digits so much, finds the phrase in noise: of 11 recordings 20 dB
    /// above white noise 7 instead of 4 at 1e-40.
    static let phrase: [String: String] = [
        "-cmn": "live", "-remove_noise": "yes", "-kws_threshold": "1e-100", "-kws_delay": "10",
        "-beam": "1e-120", "-wbeam": "1e-120", "-pbeam": "1e-120",
    ]
}

/// The mean of the front end's coefficients, and how many frames of sound the assumption is worth.
struct CepstralMean: Equatable {
    let values: [Float]
    let weight: Float

    /// Two seconds: one word is too little to take a mean of. By telephone, with the model's means moved, 119 of 182
    /// utterances in tuning voices were right where the assumption was worth 25 frames, 127 where it was worth 400; of
    /// 300 single digits of people 204, 202 and 200 with 25, 100 and 400.
    init(_ values: [Float], weight: Float = 200) {
        self.values = values
        self.weight = weight
    }

    /// The same of somebody who was heard before, who counts as much as what is assumed of all others after a second. Lines of
    /// another colour need that: with all below 1,000 Hz fainter by 6 dB an octave 190 of 269 recordings by telephone are right,
    /// 217 with this; as they are 216, and 223.
    func adapted(to channel: Channel) -> CepstralMean {
        let share = channel.frames / (channel.frames + Self.usual)
        return CepstralMean(zip(values, channel.mean).map { $0 + ($1 - $0) * share }, weight: weight)
    }

    /// Frames that what is assumed of all counts for beside what was heard.
    private static let usual: Float = 100

    /// Microphones: the model's own `-cmninit`.
    static let wideband = CepstralMean([
        41.00, -5.29, -0.12, 5.09, 2.48, -4.07, -1.37, -1.78, -5.08, -2.05, -6.45, -1.42, 1.17,
    ])
    /// Telephone sound that a model for microphones hears as it is: the empty octave above 3,400 Hz changes every
    /// coefficient. Between the means of recordings filtered to the band and of single digits recorded at 8 kHz.
    static let telephone = CepstralMean([
        37.0, 18.0, -33.0, 26.0, -16.0, -14.0, 6.0, -29.0, 4.0, -10.0, -11.0, 5.0, -13.0,
    ])
}

/// How the mean follows an utterance: the engine alone would only look after its end.
enum Normalization {
    /// Seconds that are held back at the beginning, to be heard with a mean that fits.
    static let headStart = 0.6
    /// Seconds between two updates.
    static let interval = 0.02
    /// Seconds of sound beyond which the engine lets go of the beginning of its sums (`CMN_WIN_HWM` less the assumption's).
    static let longest = 6.0
    /// Seconds of one frame of the front end.
    static let frame = 0.01
}
