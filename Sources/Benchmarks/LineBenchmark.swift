// The telephone under load. In: recordings, and whoever leads calls. Out: how long callers wait for an answer, packets that
// go out late, processor, memory; how soon speech stops the assistant; what the network's codings leave of a sound.
// Callers are a second telephone line in this process: their share of processor and memory is in the figures.

import Audio
import Conversation
import Dialogue
import Foundation
import Lines
import Platform
import Synchronization

enum LineBenchmark {
    private static let seconds = 40.0
    /// Callers talk a quarter of the time here: the last are as many talkers at once as 60 who talk two fifths.
    private static let loads = [1, 20, 60, 96]
    /// Calls at once in a soak, and in how many parts its time is told.
    private static let soakers = 4, parts = 6

    static func run(_ setting: BenchmarkSetting, to output: BenchmarkOutput) async throws {
        try await withLines("line", setting, output) { lines in
            output.show(try await interruptions(lines))
            output.show(try await strays(lines, setting))
            var rows: [[Table.Cell]] = []
            for load in loads { rows.append(try await measure(load, lines)) }
            output.show(
                Table(
                    "line", "calls at once, each caller talking and listening in turn for \(Int(seconds)) s",
                    [
                        "calls", "answers", "caller talks %", "median ms", "95 % ms", "longest ms", "packets late %",
                        "processor %", "MB a call",
                    ], rows))
        }
        output.show(try await quality(setting))
    }

    /// Calls one after the other, for as long as is wanted: what grows shows in memory.
    static func soak(_ setting: BenchmarkSetting, to output: BenchmarkOutput) async throws {
        try await withLines("soak", setting, output) { lines in
            let (watch, whole) = (Stopwatch(), Double(60 * setting.minutes))
            var rows: [[Table.Cell]] = []
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<soakers {
                    group.addTask {
                        while watch.seconds < whole {
                            let call = try await lines.callers.dial(lines.address, seconds: 20)
                            let count = soaked.withLock { made in
                                made += 1
                                return made
                            }
                            _ = await talk(on: call, lines.sounds, beginningWith: number + count)
                        }
                    }
                }
                for part in 1...parts {
                    try await Task.sleep(for: .seconds(max(0, whole * Double(part) / Double(parts) - watch.seconds)))
                    let counts = lines.shop.counts
                    rows.append([
                        .decimal(watch.seconds / 60, digits: 1), .count(soaked.withLock { $0 }),
                        .count(answers.withLock { $0.count }),
                        .decimal(ProcessFacts.memory?.now ?? 0, digits: 1),
                        .decimal(100 * Double(counts.sentLate) / Double(max(1, counts.sent)), digits: 2),
                    ])
                }
                try await group.waitForAll()
            }
            output.show(
                Table(
                    "soak", "\(soakers) calls at once, \(Int(seconds)) s each, one after the other",
                    ["minutes", "calls", "answers", "memory MB", "packets late %"], rows))
        }
    }

    /// The shop's line, where calls are led, and what calls it.
    struct Lines: Sendable {
        let shop: PhoneLine
        let address: String
        let callers: PhoneLine
        /// What callers say.
        let sounds: [[Int16]]
    }

    /// Measures what is called `name` on two lines of its own.
    private static func withLines(
        _ name: String, _ setting: BenchmarkSetting, _ output: BenchmarkOutput, _ work: (Lines) async throws -> Void
    ) async throws {
        let sounds = try Self.sounds(setting, in: .telephone)
        guard !sounds.isEmpty else {
            return output.note("\(name): skipped, there are no recordings of telephone callers")
        }
        let lead = try await setting.answering(.phone, false)
        let shop = try open { $0.isWidebandPreferred = false }
        let callers = try open { $0.isWidebandPreferred = false }
        let answering = Task { await answer(shop.line, lead) }
        try await work(Lines(shop: shop.line, address: shop.address, callers: callers.line, sounds: sounds))
        answering.cancel()
        await shop.line.close()
        await callers.line.close()
    }

    /// Calls of a soak until now.
    private static let soaked = Mutex(0)

    // MARK: Load

    private static let answers = Mutex<[Double]>([])
    /// Calls that are being led.
    private static let open = Mutex(0)

    private static func answer(_ line: PhoneLine, _ lead: @escaping CallLeader) async {
        for await event in line.events {
            guard case .incoming(let call) = event else { continue }
            call.answer()
            open.withLock { $0 += 1 }
            Task {
                defer { open.withLock { $0 -= 1 } }
                let timings = Mutex<[Double]>([])
                await lead(call) { turn in
                    if let timing = turn.timing { timings.withLock { $0.append(timing.firstAudio - timing.decided) } }
                }
                // The first wait is that of the greeting; each answer has one behind it.
                let waits = call.facts.waits.dropFirst()
                let whole = zip(timings.withLock { $0 }, waits).map { $0 + $1 }
                answers.withLock { $0 += whole }
            }
        }
    }

    private static func measure(_ load: Int, _ lines: Lines) async throws -> [Table.Cell] {
        answers.withLock { $0 = [] }
        let (before, memory, processor, watch) = (
            lines.shop.counts, ProcessFacts.memory?.now ?? 0, ProcessorTime.ofProcess, Stopwatch()
        )
        let talked = try await withThrowingTaskGroup(of: (Int, Int).self) { group in
            for number in 0..<load {
                group.addTask {
                    // Nobody calls at the same moment as everybody else.
                    try await Task.sleep(for: .milliseconds(137 * number % 4_000))
                    let call = try await lines.callers.dial(lines.address, seconds: 20)
                    return await talk(on: call, lines.sounds, beginningWith: number)
                }
            }
            return try await group.reduce(into: (0, 0)) { $0 = ($0.0 + $1.0, $0.1 + $1.1) }
        }
        let used = (ProcessorTime.ofProcess - processor) / watch.seconds
        let grown = (ProcessFacts.memory?.now ?? 0) - memory
        // Calls end a moment after their callers, later where utterances wait for a decoder.
        for _ in 0..<300 where open.withLock({ $0 }) > 0 { try await Task.sleep(for: .milliseconds(100)) }
        let after = lines.shop.counts
        let sample = Sample(answers.withLock { $0 })
        let late = Double(after.sentLate - before.sentLate) / Double(max(1, after.sent - before.sent))
        return [
            .count(load), .count(sample.count), .decimal(100 * Double(talked.0) / Double(max(1, talked.1)), digits: 0),
            sample.milliseconds(0.5), sample.milliseconds(0.95), sample.milliseconds(1),
            .decimal(100 * late, digits: 2), .decimal(100 * used, digits: 0),
            .decimal(max(0, grown) / Double(load), digits: 1),
        ]
    }

    /// Says one thing after the other, each when the assistant has been silent for a moment.
    /// - Returns: frames in which the caller spoke, and all.
    private static func talk(on call: PhoneCall, _ sounds: [[Int16]], beginningWith first: Int) async -> (Int, Int) {
        // Who has said something waits for the answer, but not for ever.
        let patience = 300
        var (frames, talking, silent, said, waited) = (0, 0, 0, 0, patience)
        while frames < Int(seconds * 50), case .frame(let frame) = await call.next() {
            frames += 1
            silent = frame.isLoud ? 0 : silent + 1
            waited += frame.isLoud ? patience : 1
            if await call.toBePlayed > 0 {
                talking += 1
                (silent, waited) = (0, 0)
            } else if silent > 40, waited >= patience, frames > 100 {
                await call.play(sounds[(first + said) % sounds.count])
                said += 1
                silent = 0
            }
        }
        await call.stopPlaying()
        await call.hangUp()
        while case .frame = await call.next() {}
        return (talking, frames)
    }

    // MARK: Quality

    private static func quality(_ setting: BenchmarkSetting) async throws -> Table {
        var rows: [[Table.Cell]] = []
        for band in Band.allCases {
            guard let sound = try sounds(setting, in: band).first else { continue }
            let (there, here) = (try open { _ in }, try open { $0.isWidebandPreferred = band == .wideband })
            let listening = Task {
                for await event in there.line.events {
                    guard case .incoming(let call) = event else { continue }
                    call.answer()
                    var heard: [Int16] = []
                    while case .frame(let frame) = await call.next() { heard += frame.samples }
                    return heard
                }
                return []
            }
            let call = try await here.line.dial(there.address, seconds: 5)
            await call.play(sound)
            while await call.toBePlayed > 0, case .frame = await call.next() {}
            for _ in 0..<15 { _ = await call.next() }
            await call.hangUp()
            let heard = await listening.value
            rows.append([
                .text(band == .wideband ? "G.722" : "A-law"), .decimal(ratio(of: sound, in: heard), digits: 1),
            ])
            await here.line.close()
            await there.line.close()
        }
        return Table("line", "signal to noise over the wire, against the recording", ["coding", "dB"], rows)
    }

    /// Decibels of a sound above what is wrong with it in `heard`, each tenth of a second at the delay where it fits best: the
    /// wait for late packets changes in pauses.
    private static func ratio(of sound: [Int16], in heard: [Int16]) -> Double {
        let piece = 800
        var (signal, noise) = (0.0, 0.0)
        for start in stride(from: 0, to: sound.count - piece, by: piece) {
            var least = Double.infinity
            for delay in 0..<max(1, min(heard.count - start - piece, 8_000)) {
                var wrong = 0.0
                for index in stride(from: start, to: start + piece, by: 7) {
                    let difference = Double(heard[delay + index]) - Double(sound[index])
                    wrong += difference * difference
                }
                least = min(least, wrong)
            }
            noise += least
            signal += stride(from: start, to: start + piece, by: 7).reduce(0) {
                $0 + Double(sound[$1]) * Double(sound[$1])
            }
        }
        return 10 * log10(max(signal, 1) / max(noise, 1))
    }

    // MARK: Parts

    private static func open(
        _ change: (inout PhoneLineSettings) -> Void
    ) throws(PhoneLineError) -> (line: PhoneLine, address: String) {
        var settings = PhoneLineSettings()
        settings.address = "127.0.0.1"
        settings.trusted = ["127.0.0.1"]
        settings.calls = 200
        settings.pendingPerSource = 200
        settings.invitesPerMinute = 100_000
        change(&settings)
        for port in stride(from: 28_060, to: 28_260, by: 2) {
            settings.port = port
            settings.soundPorts = 30_000...34_000
            if let line = try? PhoneLine.open(settings) { return (line, "sip:shop@127.0.0.1:\(port)") }
        }
        throw .cannotOpen("no port is free on loopback")
    }

    /// Recordings of a band: the first requests, or what is none.
    static func sounds(
        _ setting: BenchmarkSetting, in band: Band, where isWanted: (String) -> Bool = { !$0.hasPrefix("oov-") }
    ) throws -> [[Int16]] {
        let files = (try? FileManager.default.contentsOfDirectory(atPath: setting.folder(of: band).path)) ?? []
        return try files.filter { $0.hasSuffix(".wav") && isWanted($0) }.sorted().prefix(24).map {
            try setting.recording($0, in: band)
        }
    }
}

extension AudioFrame {
    /// Whether somebody speaks in it, and not only the line's noise.
    var isLoud: Bool { samples.contains { abs(Int($0)) > 300 } }
}
