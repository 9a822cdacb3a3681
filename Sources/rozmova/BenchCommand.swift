// `rozmova bench`: the project's measurements, made with the same composition as conversations are.

import Audio
import Benchmarks
import Commerce
import Conversation
import Dialogue
import Foundation
import Language
import Lines
import Platform
import Sealing
import Storage

enum BenchCommand: Command {
    static let usage = Usage(
        name: "bench", summary: "measures hearing, answering, understanding, starting and ordering",
        positionals: [Positional(name: "NAME", count: .any)],
        options: [
            Option(
                name: "recordings", value: "DIR",
                summary: "utterances.json5 and its recordings; left out: AudioFixtures beside the build"),
            Option(
                name: "menus", value: "DIR",
                summary: "shop folders of other people's menus with their orders, as Tests/Support/menus.py makes them"),
            Option(
                name: "minutes", value: "N",
                summary: "of each kind of sound in `false-orders`, of calls in `soak`; left out: 10"),
            Option(name: "kills", value: "N", summary: "how often the benchmark `kills` kills; left out: 1000"),
            Option(
                name: "fault", value: "FAULT", summary: "goes wrong on purpose in `kills`, to see that it is found",
                choices: PlantedFault.allCases.map(\.rawValue)),
            Option(
                name: "way", value: "WAY", summary: "the only way that the sound of `false-orders` comes in by",
                choices: BenchmarkSetting.WayIn.allCases.map(\.rawValue)),
            Option(
                name: "seed", value: "N",
                summary: "other moments in `kills`, other sound in `false-orders`; left out: 1"),
            .json, .shop, .language, .config,
        ],
        details: Benchmark.allCases.map { "\($0.rawValue): \($0.summary)" }.joined(separator: "\n") + """

            Without NAME all of them. Other people's sentences and speech are read from $ROZMOVA_DATA/text and
            $ROZMOVA_DATA/speech, where they are there; speech in FLAC needs sox.
            """)

    static func run(_ arguments: Arguments) async throws {
        let named = try arguments.positionals.map { name in
            guard let benchmark = Benchmark(rawValue: name) else {
                throw arguments.mistake(
                    "there is no benchmark \(name)"
                        + Spelling.suggestion(for: name, among: Benchmark.allCases.map(\.rawValue)))
            }
            return benchmark
        }
        if let folder = ProcessInfo.processInfo.environment[KillWorker.variable] {
            try await KillWorker.run(in: URL(filePath: folder))
        }
        let json = arguments.has("json")
        let output = BenchmarkOutput(
            show: { table in (json ? table.json.map(\.line) : table.lines + [""]).forEach(Console.line) },
            note: { Console.error("rozmova bench: \($0)") })
        output.show(Benchmark.conditions)
        let setting = try setting(arguments)
        // In their own order, whatever the one they were named in: the start can be measured only first.
        for benchmark in Benchmark.allCases where named.isEmpty ? benchmark.isAmongAll : named.contains(benchmark) {
            try await benchmark.run(setting, to: output)
        }
    }

    private static func setting(_ arguments: Arguments) throws -> BenchmarkSetting {
        let house = try Composition(arguments)
        let recordings =
            try arguments.value("recordings").map { URL(filePath: $0) }
            ?? Places.models().deletingLastPathComponent().appending(path: "AudioFixtures")
        let texts = ProcessInfo.processInfo.environment["ROZMOVA_DATA"] ?? "../shared/data"
        // The setting holds it, and it goes away with the setting.
        let folder = try TemporaryFolder("rozmova-bench")
        return BenchmarkSetting(
            shop: { try house.shop() }, pack: { try house.pack(for: $0) }, voice: { house.speaker($0) },
            recognizer: { try house.recognizer(for: $0, voice: $1, decoders: BenchmarkSetting.decoders) },
            desk: { try await desk(of: $0, in: folder.url.appending(path: $1), house) },
            calls: { try calls(house, in: recordings) },
            answering: { try await answering($0, isUnbidden: $1, house, in: folder.url) },
            spotter: { try await house.spotter(of: .init(phrase: $0), pack: $1, voice: house.speaker($1)) },
            models: try house.models(for: house.pack().code), recordings: recordings,
            texts: URL(filePath: texts).appending(path: "text"),
            speech: URL(filePath: texts).appending(path: "speech"),
            minutes: try arguments.integer("minutes", in: 1...1_000) ?? 10,
            menus: arguments.value("menus").map { URL(filePath: $0) },
            hasOwnShop: arguments.value("shop") != nil,
            kills: try arguments.integer("kills", in: 1...1_000_000) ?? 1_000,
            seed: try arguments.integer("seed", in: 0...Int.max) ?? 1,
            fault: arguments.value("fault").flatMap(PlantedFault.init),
            wayIn: arguments.value("way").flatMap(BenchmarkSetting.WayIn.init))
    }

    /// A database of its own in `folder`, which is made.
    private static func desk(of floor: Floor, in folder: URL, _ house: Composition) async throws -> Store {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
        let clock = house.clock
        let store = try Store(
            at: folder.appending(path: "rozmova.sqlite"),
            masterKey: try MasterKey.load(credentialsDirectory: nil, dataDirectory: folder.path),
            policy: house.settings.retention, clock: { clock.now })
        try await store.use(shop: floor.shop, catalog: floor.catalog, now: clock.now)
        return store
    }

    /// What the daemon does with a call, with a database of its own and the decoders that the configuration has.
    private static func answering(
        _ kind: LineKind, isUnbidden: Bool, _ house: Composition, in folder: URL
    ) async throws -> CallLeader {
        let floor = try house.floor()
        let desk = try await desk(of: floor, in: folder.appending(path: "lines-\(UUID().uuidString)"), house)
        let voice = house.speaker(floor.pack)
        let decoders = house.settings.limits.decoders
        let ears = SharedRecognizer(
            try house.recognizer(for: floor.pack, voice: voice, decoders: decoders), lanes: decoders)
        let networks = floor.networks()
        for network in networks.values { try await ears.prepare(network) }
        let equipment = house.equipment(for: floor, recognizer: ears, voice: voice, networks: networks)
        // The same prompts in each run.
        let identifiers = Identifiers(seed: 1)
        return { line, onTurn in
            let session = house.session(
                on: floor, desk: desk, line: kind, caller: nil, identifiers: identifiers, isUnbidden: isUnbidden)
            let call = Call(session: session, line: line, equipment: equipment, onTurn: onTurn)
            // A call that fails has no answers, and they are counted.
            _ = try? await call.run()
            while case .frame = await line.next() {}
        }
    }

    /// Every tester's call among the recordings, each with a database of its own.
    private static func calls(_ house: Composition, in recordings: URL) throws -> [RecordedCall] {
        let player = try CallPlayer(house)
        return try TestCommand.callFiles(in: recordings).map { file in
            let call = try TestersCall.read(file)
            return RecordedCall(band: call.line == .kiosk ? .wideband : .telephone) {
                let data = try TemporaryFolder("rozmova-bench")
                let clock = call.now.map(WallClock.fixed) ?? .system
                let played = try await player.play(
                    call, in: file.deletingLastPathComponent(), desk: try await player.desk(in: data, clock: clock),
                    clock: clock, identifiers: Identifiers(seed: 1), isPaced: true)
                return played.exchanges.flatMap(\.reports)
            }
        }
    }
}
