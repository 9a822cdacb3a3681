// A kiosk in computed rooms. In: recordings of customers, the assistant's own voice. Out: how much of that voice is taken
// out, what is still heard of customers over it, whom a wake phrase wakes, a purchase while the assistant talks, processor.

import Audio
import Commerce
import Conversation
import Dialogue
import Foundation
import Hearing
import Language
import Lines
import Platform
import Speaking
import Synchronization

enum KioskBenchmark {
    static func run(_ setting: BenchmarkSetting, to output: BenchmarkOutput) async throws {
        let floor = try setting.floor()
        let speech = try await assistant(setting, floor)
        output.show(await rooms(speech))
        let requests = try KioskRequests(setting, floor)
        output.show(try await overTheAssistant(requests, speech))
        output.show(try await requests.throughMicrophones())
        output.show(try await requests.overNoise())
        output.show(try await waking(setting, floor, output))
        output.show(try await purchase(setting, speech, output))
        if let table = try await KioskRecovery.table(output) { output.show(table) }
    }

    /// Some 25 s of prompts.
    private static func assistant(_ setting: BenchmarkSetting, _ floor: Floor) async throws -> [Int16] {
        let voice = setting.voice(floor.pack)
        var samples: [Int16] = []
        for key in floor.pack.prompts.keys.sorted() where samples.count < 25 * Band.wideband.rate {
            let words = floor.pack.prompts.render(key, [:], variant: 0, rules: floor.pack.rules).speech
            samples += try await voice.synthesize(words, language: floor.pack.code, band: .wideband)
        }
        return samples
    }

    // MARK: Echo

    private static var natures: [(name: String, nature: RoomNature)] {
        func room(_ name: String, _ change: (inout RoomNature) -> Void) -> (String, RoomNature) {
            var nature = RoomNature()
            change(&nature)
            return (name, nature)
        }
        return [
            room("small shop") { _ in }, room("loud fridge, -42 dBFS") { $0.noise = -42 },
            room("echo as loud as speech") { $0.echoLoss = 0 }, room("hall, 0.6 s") { $0.reverberation = 0.6 },
            room("clocks 100 ppm apart") { $0.skew = 100 },
            room("loudspeaker distorts") { ($0.distorts, $0.echoLoss) = (true, -6) },
        ]
    }

    private static func rooms(_ speech: [Int16]) async -> Table {
        var rows: [[Table.Cell]] = []
        for (name, nature) in natures {
            let line = RoomLine(SimulatedRoom(nature, rate: Band.wideband.rate), turns: [])
            await line.play(speech)
            var duplexAfter: Double?
            var clock = 0.0
            while await line.toBePlayed > 0, case .frame = await line.next() {
                clock += 0.02
                if duplexAfter == nil, await line.echo.isDuplex { duplexAfter = clock }
            }
            let echo = await line.echo
            func cell(_ value: Double?) -> Table.Cell { value.map { .decimal($0, digits: 1) } ?? .nothing }
            rows.append([
                .text(name), cell(echo.echoLoss), cell(echo.cleanedLoss), .text(echo.isDuplex ? "yes" : "no"),
                cell(duplexAfter),
            ])
        }
        return Table(
            "kiosk", "the assistant's own voice: decibels lost in the room, and behind the canceller",
            ["room", "room dB", "cleaned dB", "may be interrupted", "after s of its speech"], rows)
    }

    /// The same utterances in silence and over the assistant, whose echo is known by then.
    private static func overTheAssistant(_ requests: KioskRequests, _ speech: [Int16]) async throws -> Table {
        var right = [0, 0, 0]
        for request in requests.all {
            for (place, stopping) in [nil, 0.5, .infinity].enumerated() {
                let heard = await hear(request.sound, over: stopping == nil ? [] : speech, until: stopping ?? 0)
                right[place] += try await requests.isUnderstood(request, heard: heard) ? 1 : 0
            }
        }
        let total = requests.all.count
        return Table(
            "kiosk",
            "utterances understood in a small shop: alone, over the assistant who stops as in calls, who goes on",
            ["in silence", "it stops after 0.5 s", "it goes on"], [right.map { .share($0, of: total) }])
    }

    /// What the line gives of a customer, who speaks 6 s after the assistant began; it stops so many seconds later.
    private static func hear(_ customer: [Int16], over speech: [Int16], until stop: Double) async -> [Int16] {
        let turn: RoomTurn = speech.isEmpty ? .after(0.5, customer) : .over(6, customer)
        let line = RoomLine(SimulatedRoom(RoomNature(), rate: Band.wideband.rate), turns: [turn])
        await line.play(speech)
        var heard: [Int16] = []
        while case .frame(let frame) = await line.next() {
            guard await !line.begun.isEmpty else { continue }
            heard += frame.samples
            if Double(heard.count) >= stop * Double(Band.wideband.rate) { await line.stopPlaying() }
            if heard.count > customer.count + Band.wideband.rate / 5 { break }
        }
        return heard
    }

    // MARK: Waking

    private static func waking(
        _ setting: BenchmarkSetting, _ floor: Floor, _ output: BenchmarkOutput
    ) async throws -> Table {
        let spotter = try await setting.spotter(FalseOrdersBenchmark.phrase, floor.pack)
        let people = try voices(saying: FalseOrdersBenchmark.phrase)
        if people.isEmpty { output.note("kiosk: without flite nobody says the wake phrase") }
        var rows: [[Table.Cell]] = []
        for noise in [-70.0, -56, -46, -40] {
            var nature = RoomNature()
            nature.noise = noise
            // Ten minutes in which nobody speaks.
            let started = ProcessorTime.ofProcess
            let falseWakes = try await count(silence: 600, in: nature, spotter)
            let load = (ProcessorTime.ofProcess - started) / 600
            // By now the stand knows the room, as it does when customers come.
            var woken = 0
            for samples in people where try await wakes(samples, in: nature, spotter) { woken += 1 }
            rows.append([
                .decimal(noise, digits: 0), .decimal(-26 - noise, digits: 0), .share(woken, of: people.count),
                .count(falseWakes), .decimal(100 * load, digits: 1),
            ])
        }
        return Table(
            "kiosk",
            "the wake phrase, said at -26 dBFS; processor of one core while nobody speaks, the room's computing included",
            ["noise dBFS", "above it dB", "woken", "false wakes in 10 min", "processor %"], rows)
    }

    /// flite's voices, which were recorded from people, in three paces.
    private static func voices(saying phrase: String) throws -> [[Int16]] {
        try ["slt", "rms", "awb", "kal16"].flatMap { voice in
            try ["0.9", "1.0", "1.15"].compactMap { pace in
                try Tool.sound(in: .wideband) { wave in
                    ("flite", ["-voice", voice, "--setf", "duration_stretch=\(pace)", "-t", phrase, "-o", wave])
                }.map { ForeignSound.at(-26, $0) }
            }
        }
    }

    private static func wakes(
        _ samples: [Int16], in nature: RoomNature, _ spotter: PhraseSpotter
    ) async throws -> Bool {
        let line = RoomLine(SimulatedRoom(nature, rate: Band.wideband.rate), turns: [.after(2, samples)])
        await spotter.forget()
        while case .frame(let frame) = await line.next() {
            if try await spotter.hear(frame) { return true }
        }
        return false
    }

    private static func count(
        silence seconds: Int, in nature: RoomNature, _ spotter: PhraseSpotter
    ) async throws -> Int {
        let silence = [Int16](repeating: 0, count: seconds * Band.wideband.rate)
        let line = RoomLine(SimulatedRoom(nature, rate: Band.wideband.rate), turns: [.after(0, silence)])
        await spotter.forget()
        var count = 0
        while case .frame(let frame) = await line.next() {
            if try await spotter.hear(frame) { count += 1 }
        }
        return count
    }

    // MARK: A purchase

    /// What a customer says, each sentence a second and a half into what the assistant is saying.
    private static let sentences = ["a-large-pepperoni-pizza-please", "thats-all", "pickup", "place-the-order"]

    private static func purchase(
        _ setting: BenchmarkSetting, _ speech: [Int16], _ output: BenchmarkOutput
    ) async throws -> Table {
        let lead = try await setting.answering(.kiosk, false)
        var turns: [RoomTurn] = []
        for name in sentences {
            turns.append(.over(1.5, try setting.recording("\(name).rms.wav", in: .wideband)))
        }
        let line = RoomLine(SimulatedRoom(RoomNature(), rate: Band.wideband.rate), turns: turns)
        await line.warmUp(saying: speech)
        let reports = Mutex<[TurnReport]>([])
        let stand = Stand(
            line: line, waking: .button,
            lead: { visit in await lead(visit) { turn in reports.withLock { $0.append(turn) } } }, onPhase: { _ in })
        let started = ProcessorTime.ofProcess
        stand.wake()
        try await stand.run()
        let load = ProcessorTime.ofProcess - started
        let all = reports.withLock { $0 }
        for turn in all { output.note("“\(turn.heard ?? "")” → \(turn.reply?.text ?? "")") }
        let orders = Set(all.compactMap { $0.hasOrdered ? $0.order?.number : nil }).count
        let response = Sample(all.compactMap { $0.timing.map { $0.firstAudio - $0.speechEnd } })
        let seconds = Double(await line.seconds)
        return Table(
            "kiosk", "a purchase, every sentence said while the assistant talks",
            ["said", "over it", "assistant stopped", "orders", "seconds", "median answer ms", "processor %"],
            [
                [
                    .count(sentences.count), .count(await line.begunOver), .count(await line.stopped.count),
                    .count(orders),
                    .decimal(seconds, digits: 0), response.milliseconds(0.5, digits: 0),
                    .decimal(100 * load / max(1, seconds), digits: 1),
                ]
            ])
    }
}
