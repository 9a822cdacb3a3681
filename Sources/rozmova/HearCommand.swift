// `rozmova hear`: recognition and meaning of single recordings, without a dialogue.

import Audio
import Commerce
import Conversation
import Dialogue
import Understanding

enum HearCommand: Command {
    static let usage = Usage(
        name: "hear", summary: "says what is heard in recordings and what it means",
        positionals: [Positional(name: "FILE.wav", count: .oneOrMore)],
        options: [.line, .state, .json, .shop, .language, .config],
        details: """
            Each FILE is one utterance; one of more than \(Int(Ear.longestUtterance)) seconds is cut where nobody speaks.
            STATE is what the assistant would be listening for; left out: open.
            """)

    static func run(_ arguments: Arguments) async throws {
        let expectation = arguments.expectation()
        let house = try Composition(arguments)
        let floor = try house.floor()
        // What cannot be read is told when its turn comes.
        let recognizer = try house.recognizer(for: floor.pack, voice: house.speaker(floor.pack))
        let ear = Ear(
            recognizer: recognizer, network: floor.network(for: expectation), understander: floor.understander,
            expectation: expectation)
        var failed = false
        for file in arguments.positionals {
            do {
                let heard = try await ear.hear(file, band: try arguments.line(for: [file]).band)
                if arguments.has("json") {
                    Console.line(heard.json(file: file).line)
                } else {
                    heard.lines(file: file).forEach(Console.line)
                }
            } catch let error as WaveFileError {
                // The other files can be heard all the same.
                Console.error("rozmova hear: \(error)")
                failed = true
            }
        }
        if failed { throw Failure.alreadyTold }
    }
}

/// What became of a recording.
struct HeardFile: Sendable {
    var words = ""
    /// Of the words and their meaning together.
    var confidence = 0.0
    var alternatives: [Hypothesis] = []
    var acts: [Act] = []
    var audioSeconds = 0.0
    var cpuSeconds = 0.0

    var isAccepted: Bool { !acts.isEmpty }

    func json(file: String) -> JSONText {
        .object([
            ("file", .text(file)), ("heard", .text(words)), ("confidence", .decimal(confidence, digits: 2)),
            ("accepted", .flag(isAccepted)),
            (
                "alternatives",
                .list(
                    alternatives.map {
                        .object([("heard", .text($0.text)), ("confidence", .decimal($0.confidence, digits: 2))])
                    })
            ),
            ("acts", .list(acts.map(\.json))), ("audioSeconds", .decimal(audioSeconds, digits: 3)),
            ("cpuSeconds", .decimal(cpuSeconds, digits: 3)),
        ])
    }

    func lines(file: String) -> [String] {
        let heard = words.isEmpty ? "(nothing)" : "\(Transcript.twoDigits(confidence))  \(words)"
        return ["\(file): \(heard)"]
            + Transcript.meaning(of: words, Interpretation(acts: acts, confidence: confidence)).dropFirst()
    }
}

/// Hears recordings outside of any call.
struct Ear: Sendable {
    /// In seconds: what is longer is no single utterance.
    static let longestUtterance = 30.0

    let recognizer: any Recognizing
    let network: WordNetwork
    let understander: Understander
    let expectation: Expectation

    /// A recording as one utterance; of a long one each utterance in it, one after the other.
    func hear(_ path: String, band: Band) async throws -> HeardFile {
        let reader = try BandReader(path: path, band: band)
        let longest = Int(Self.longestUtterance * Double(band.rate))
        var samples: [Int16] = []
        while samples.count <= longest {
            let block = try reader.next()
            if block.isEmpty {
                guard !samples.isEmpty else { throw WaveFileError.noSound(path: path) }
                var heard = HeardFile()
                // As in a call: where no speech begins, nothing is recognised.
                if Self.hasSpeech(samples, band) {
                    let utterance = try await recognizer.begin(network, band: band)
                    await utterance.hear(samples)
                    take(await utterance.finish(), into: &heard)
                }
                heard.audioSeconds = Double(samples.count) / Double(band.rate)
                return heard
            }
            samples += block
        }
        return try await hearInParts(samples, reader)
    }

    private static func hasSpeech(_ samples: [Int16], _ band: Band) -> Bool {
        var detector = EndpointDetector(band: band)
        for start in stride(from: 0, to: samples.count, by: band.frameLength) {
            let sound = samples[start..<min(start + band.frameLength, samples.count)]
            let silence = [Int16](repeating: 0, count: band.frameLength - sound.count)
            if detector.hear(AudioFrame(sampleIndex: start, samples: sound + silence)) != nil { return true }
        }
        return false
    }

    /// The same for what begins with `samples` and goes on in `reader`.
    private func hearInParts(_ samples: [Int16], _ reader: BandReader) async throws -> HeardFile {
        let band = reader.band
        var heard = HeardFile()
        var detector = EndpointDetector(band: band)
        var preRoll = PreRoll(band: band)
        var utterance: (any UtteranceRecognizing)?
        var rest = samples[...]
        var clock = 0
        var isLast = false
        while !isLast {
            while rest.count < band.frameLength, !isLast {
                let block = try reader.next()
                isLast = block.isEmpty
                rest += block
            }
            let sound = rest.prefix(band.frameLength)
            rest = rest.dropFirst(band.frameLength)
            let frame = AudioFrame(
                sampleIndex: clock,
                samples: sound + [Int16](repeating: 0, count: band.frameLength - sound.count))
            clock += sound.count
            preRoll.hear(frame)
            await utterance?.hear(frame.samples)
            switch detector.hear(frame) ?? (isLast ? detector.finish() : nil) {
            case .speechStarted(let start):
                utterance = try await recognizer.begin(network, band: band)
                await utterance?.hear(preRoll.since(start))
            case .speechEnded:
                if let ended = utterance { take(await ended.finish(), into: &heard) }
                utterance = nil
                preRoll.forget()
            case nil: break
            }
        }
        if let open = utterance { take(await open.finish(), into: &heard) }
        heard.audioSeconds = Double(clock) / Double(band.rate)
        return heard
    }

    /// Adds an utterance. Words that are not sure enough keep their place, without a meaning.
    private func take(_ recognition: Recognition, into heard: inout HeardFile) {
        heard.cpuSeconds += recognition.cpuSeconds
        let (words, meaning) = understander.best(of: recognition.hypotheses, expecting: expectation)
        guard !words.isEmpty else { return }
        let isFirst = heard.words.isEmpty
        heard.words += (isFirst ? "" : " ") + words
        heard.confidence = isFirst ? meaning.confidence : min(heard.confidence, meaning.confidence)
        if meaning.confidence >= Assurance.understanding { heard.acts += meaning.acts }
        // Of several utterances there would be a product of alternatives.
        heard.alternatives = isFirst ? recognition.hypotheses.filter { $0.text != words } : []
    }
}
