// What the engine is told: settings, and the cepstral means that an utterance starts from. All were chosen by
// measuring; `Benchmarks` shows the same audio with the engine's defaults beside them.

/// Settings of PocketSphinx as command-line arguments.
enum DecoderSettings {
    /// How much the weights of a network count against the sound.
    static let languageWeight = 6.5

    /// For hearing with a network, streaming.
    /// Noise removal costs twenty points on single telephone digits. Scores have to be comparable between passes, so
    /// every senone is computed. The lattice's best path is the first pass's again, only later.
    static let network: [String: String] = [
        "-lw": "\(languageWeight)", "-cmn": "live", "-remove_noise": "no", "-bestpath": "no", "-compallsen": "yes",
    ]

    /// For the loop over phones that a network's score is compared with. Phones without context: with context the
    /// loop would cost more than the rest together.
    static let phoneLoop: [String: String] = [
        "-lw": "\(languageWeight)", "-cmn": "live", "-remove_noise": "no", "-bestpath": "no", "-compallsen": "yes",
        "-allphone_ci": "yes",
    ]
}

/// The mean of the front end's coefficients, and how many frames of sound the assumption is worth.
struct CepstralMean: Equatable {
    let values: [Float]
    let weight: Float

    /// Microphones: human and synthetic speakers of several rooms.
    static let wideband = CepstralMean(
        values: [41.00, -5.29, -0.12, 5.09, 2.48, -4.07, -1.37, -1.78, -5.08, -2.05, -6.45, -1.42, 1.17], weight: 50)
    /// Telephone: the empty octave above 3,400 Hz changes every coefficient.
    static let telephone = CepstralMean(
        values: [37.0, 18.0, -33.0, 26.0, -16.0, -14.0, 6.0, -29.0, 4.0, -10.0, -11.0, 5.0, -13.0], weight: 50)
}

/// How the mean follows an utterance: the engine alone would only look after its end.
enum Normalization {
    /// Samples that are held back at the beginning, to be heard with a mean that fits.
    static let headStart = 6_400
    /// Samples between two updates.
    static let interval = 1_600
    /// Samples of one frame of the front end, at least.
    static let shortestFrame = 160
}
