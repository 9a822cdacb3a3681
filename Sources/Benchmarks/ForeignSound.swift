// Sound that nobody means for the shop, by the minute: people, readings, other languages, noise, music, and what sounds most
// like an order. In: folders, voices, a seed. Out: programmes at 16,000 samples a second, the same for the same seed.

import Audio
import Commerce
import Conversation
import Foundation
import Language
import Speaking

/// One kind of sound.
struct Programme {
    let name: String
    /// Whether it is made of words that customers use: then not every change of a cart is a mistake.
    var isTempting = false
    /// Makes it: hours of all kinds at once would be gigabytes.
    let sound: () async throws -> [Int16]
}

/// Makes programmes of some minutes each.
struct ForeignSound {
    let setting: BenchmarkSetting
    let floor: Floor
    private let limit: Int

    /// An ordinary customer close by, and a television in the same room, in dBFS.
    static let close = -26.0
    private static let far = -40.0
    private static let languages = ["gmw/de", "roa/fr", "roa/es", "zle/ru", "zle/uk", "zlw/pl", "roa/it"]
    private static let readers = ["en-us", "gmw/en", "en-us+f3", "en-us+m3", "gmw/en-GB-x-rp"]
    /// Words a minute of a voice, and by how much a recording is played slower or faster, with its voice.
    private static let (paces, speeds) = (130...190, 0.92...1.08)

    init(_ setting: BenchmarkSetting, _ floor: Floor) {
        self.setting = setting
        self.floor = floor
        limit = setting.minutes * 60 * Band.wideband.rate
    }

    /// Every kind; one that there is nothing for is empty.
    var programmes: [Programme] {
        func people(_ folder: String) -> () throws -> [Int16] {
            { try recordings(in: setting.speech.appending(path: folder)) }
        }
        return [
            Programme(name: "people: words, spelling, numbers", sound: people("an4-train")),
            Programme(name: "people: digits", sound: people("digits-8k")),
            Programme(name: "a person: Ukrainian", sound: people("ukrainian-prompts")),
            Programme(name: "reading aloud", sound: reading), Programme(name: "seven languages", sound: languages),
            Programme(name: "shop noise", sound: noise), Programme(name: "music", sound: music),
            Programme(name: "noises and far speech") { try fixtures { $0.isIntruder } },
            Programme(name: "the assistant's own prompts", sound: prompts),
            Programme(name: "a television saying yes") { try fixtures(level: Self.far) { $0.isAnswer } },
            Programme(name: "names of products", isTempting: true, sound: products),
            Programme(name: "words of customers, shuffled", isTempting: true) { try fixtures { !$0.isIntruder } },
        ]
    }

    /// Chance for one kind of sound.
    private func chance(_ kind: UInt64) -> Chance { Chance(seed: kind &+ UInt64(setting.seed) &* 1_000) }

    // MARK: People

    /// A folder of recordings; FLAC by sox.
    private func recordings(in folder: URL) throws -> [Int16] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path))?.sorted() ?? []
        return try shuffled(names.filter { $0.hasSuffix(".flac") }, chance(1)) { name in
            Self.at(Self.close, try PeoplesSpeech.load(folder.appending(path: name), band: .wideband) ?? [])
        }
    }

    private func fixtures(level: Double = close, _ isWanted: (FixtureBook.Utterance) -> Bool) throws -> [Int16] {
        let book = try FixtureBook.read(setting.recordings)
        let files = book.utterances.filter(isWanted).flatMap(\.recordings).map(\.name)
        return try shuffled(files, chance(7)) { name in
            Self.at(level, try setting.recording(name, in: .wideband))
        }
    }

    /// What is made of names, in a random order with pauses; again and again until the time is over, each time in another order
    /// and, after the first, at another speed.
    private func shuffled(_ names: [String], _ chance: Chance, _ make: (String) throws -> [Int16]) rethrows -> [Int16] {
        var (names, chance) = (names, chance)
        var samples: [Int16] = []
        var isRepeated = false
        while samples.count < limit {
            names.shuffle(using: &chance)
            var isAny = false
            for name in names where samples.count < limit {
                let sound = try make(name)
                isAny = isAny || !sound.isEmpty
                let speed = isRepeated ? Double.random(in: Self.speeds, using: &chance) : 1
                samples += Self.played(sound, speed: speed) + Self.pause
            }
            // What is there cannot be read here.
            if !isAny { return [] }
            isRepeated = true
        }
        return Array(samples.prefix(limit))
    }

    // MARK: Voices

    /// A sentence in one of eSpeak NG's voices.
    func say(_ text: String, by voice: String, pace: Int = 160) async throws -> [Int16] {
        let speaker = Speaker(voices: [Voice(language: voice, name: voice, rate: pace)], cacheBytes: 0)
        return Self.at(Self.close, try await speaker.synthesize(text, language: voice, band: .wideband))
    }

    /// What texts there are, said by voices in turns until the time is over.
    private func spoken(
        by voices: [String], _ chance: Chance, _ text: (Int, inout Chance) -> String?
    ) async throws -> [Int16] {
        var chance = chance
        var samples: [Int16] = []
        var index = 0
        while samples.count < limit, let words = text(index, &chance) {
            let pace = Int.random(in: Self.paces, using: &chance)
            samples += try await say(words, by: voices[index % voices.count], pace: pace) + Self.pause
            index += 1
        }
        return Array(samples.prefix(limit))
    }

    /// The project's own licence: sentences of a kind that no customer says.
    private func reading() async throws -> [Int16] {
        let file = setting.recordings.deletingLastPathComponent().appending(path: "LICENSE")
        let text = (try? String(contentsOf: file, encoding: .utf8)) ?? ""
        let paragraphs = text.replacing("\n\n", with: "\u{0}").replacing("\n", with: " ").split(separator: "\u{0}")
        return try await spoken(by: Self.readers, chance(2)) { _, chance in
            paragraphs.randomElement(using: &chance).map(String.init)
        }
    }

    /// Numbers, dates and amounts, which every voice reads in its own language.
    private func languages() async throws -> [Int16] {
        try await spoken(by: Self.languages, chance(3)) { _, chance in
            let numbers = (0..<6).map { _ in String(Int.random(in: 1...9_999, using: &chance)) }
            return numbers.joined(separator: ", ") + "."
        }
    }

    private func products() async throws -> [Int16] {
        let names = floor.catalog.products.flatMap { [$0.naming.title] + $0.naming.aliases }
        return try await spoken(by: Self.readers, chance(5)) { _, chance in names.randomElement(using: &chance) }
    }

    /// Every prompt as the assistant itself says it, values left out.
    private func prompts() async throws -> [Int16] {
        let voice = setting.voice(floor.pack)
        var chance = chance(4)
        var samples: [Int16] = []
        while samples.count < limit {
            let variant = UInt64.random(in: 0...7, using: &chance)
            for key in floor.pack.prompts.keys.sorted().shuffled(using: &chance) where samples.count < limit {
                let words = floor.pack.prompts.render(key, [:], variant: variant, rules: floor.pack.rules).speech
                let spoken = try await voice.synthesize(words, language: floor.pack.code, band: .wideband)
                samples += Self.at(Self.close, spoken) + Self.pause
            }
        }
        return Array(samples.prefix(limit))
    }

    // MARK: No voices

    /// Five people at once, a fridge, and things that fall.
    private func noise() async throws -> [Int16] {
        let talk = try await reading()
        var chance = chance(11)
        var clatter = 0.0
        return (0..<limit).map { index in
            let time = Double(index) / Double(Band.wideband.rate)
            // The same reading from five places is five people.
            let crowd =
                talk.isEmpty ? 0 : (0..<5).reduce(0) { $0 + Int(talk[(index + $1 * 1_234_567) % talk.count]) } / 8
            let fridge = 300 * (sin(2 * .pi * 50 * time) + 0.6 * sin(2 * .pi * 100 * time))
            if Int.random(in: 0..<40_000, using: &chance) == 0 {
                clatter = Double.random(in: 1_000...12_000, using: &chance)
            }
            clatter *= 0.9992
            let hiss = Double.random(in: -1...1, using: &chance)
            return Int16(clamping: crowd + Int(fridge + (clatter + 120) * hiss))
        }
    }

    private func music() -> [Int16] { Self.melody(samples: limit, chance(13)) }

    /// Four notes a second with overtones over a bass, and a drum.
    static func melody(
        samples: Int = 20 * Band.wideband.rate, _ chance: Chance = Chance(seed: 13)
    ) -> [Int16] {
        var chance = chance
        let scale = [220.0, 247, 262, 294, 330, 349, 392, 440, 494, 523]
        let rate = Double(Band.wideband.rate)
        var (note, bass) = (440.0, 110.0)
        return (0..<samples).map { index in
            let beat = index % (Band.wideband.rate / 4)
            if beat == 0 { note = scale.randomElement(using: &chance) ?? note }
            if index % Band.wideband.rate == 0 { bass = (scale.randomElement(using: &chance) ?? 220) / 2 }
            let (time, since) = (Double(index) / rate, Double(beat) / rate)
            let tone = (1...4).reduce(0.0) { $0 + sin(2 * .pi * note * Double($1) * time) / Double($1) }
            let drum = Double.random(in: -1...1, using: &chance) * exp(-since * 40)
            return Int16(1_800 * (tone * exp(-since * 5) + sin(2 * .pi * bass * time) + drum))
        }
    }

    /// A fridge that runs: the hum of its motor, and air that is moved.
    static func fridge(samples: Int = 20 * Band.wideband.rate) -> [Int16] {
        var chance = Chance(seed: 17)
        var air = 0.0
        return (0..<samples).map { index in
            let time = Double(index) / Double(Band.wideband.rate)
            let hum = (1...5).reduce(0.0) { $0 + sin(2 * .pi * 50 * Double($1) * time) / Double($1) }
            // Falls by 6 dB an octave from 400 Hz on.
            air += 0.15 * (Double.random(in: -1...1, using: &chance) - air)
            return Int16(1_500 * hum + 20_000 * air * 0.4)
        }
    }

    // MARK: Parts

    /// A second and a half: each piece is heard as something of its own.
    private static let pause = [Int16](repeating: 0, count: Band.wideband.rate * 3 / 2)

    /// As on a tape that runs slower or faster.
    private static func played(_ samples: [Int16], speed: Double) -> [Int16] {
        let rate = Band.wideband.rate
        return speed == 1 ? samples : Resampler.convert(samples, from: Int(Double(rate) * speed), to: rate)
    }

    /// At a level, in dBFS.
    static func at(_ level: Double, _ samples: [Int16]) -> [Int16] {
        let gain = pow(10, (level - SoundLevel.ofFrame(samples[...])) / 20)
        return samples.map { Int16(clamping: Int(Double($0) * gain)) }
    }
}

/// Numbers as if by chance, the same each time.
struct Chance: RandomNumberGenerator {
    private var state: UInt64
    init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 | 1 }

    mutating func next() -> UInt64 {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return state
    }
}

/// Programs of others that a measurement can use where they are installed.
enum Tool {
    /// Whether it was there and did its work.
    static func run(_ name: String, _ words: [String]) -> Bool {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/\(name)")
        process.arguments = words
        process.standardError = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        guard (try? process.run()) != nil else { return false }
        process.waitUntilExit()
        return process.terminationStatus == 0
    }

    /// The recording that a program writes; nil where it is not there or fails.
    /// - Parameter command: the program and its words, for the path of the recording.
    static func sound(in band: Band, _ command: (String) -> (name: String, words: [String])) throws -> [Int16]? {
        let wave = FileManager.default.temporaryDirectory.appending(path: "rozmova-\(UUID().uuidString).wav")
        defer { try? FileManager.default.removeItem(at: wave) }
        let (name, words) = command(wave.path)
        return run(name, words) ? try BandReader.load(wave.path, band: band) : nil
    }
}

extension FixtureBook.Utterance {
    /// A yes, however it is worded.
    fileprivate var isAnswer: Bool {
        guard case .acts(let acts) = expect else { return false }
        return acts.contains { $0.intent == "affirm" || $0.intent == "place_order" }
    }
}
