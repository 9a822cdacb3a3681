// The project's measurements by name. In: how to make the parts that are measured. Out: tables, one after the other.

public import Audio
public import Commerce
public import Conversation
public import Dialogue
public import Foundation
public import Hearing
public import Language
public import Speaking
public import Storage

/// What a measurement is made with: the composition of the program, so that what is measured is what callers get.
public struct BenchmarkSetting: Sendable {
    /// The shop and its goods.
    public let shop: @Sendable () throws -> (shop: Shop, catalog: Catalog)
    /// The language pack of a shop.
    public let pack: @Sendable (Shop) throws -> LanguagePack
    /// The assistant's voice.
    public let voice: @Sendable (LanguagePack) -> Speaker
    /// A recogniser with one decoder.
    public let recognizer: @Sendable (LanguagePack, Speaker) throws -> Recognizer
    /// How many utterances `recognizer` hears at once; none costs anything before it is needed.
    public static let decoders = 9
    /// A new and empty database that serves the shop, under a name of its own.
    public let desk: @Sendable (Floor, String) async throws -> Store
    /// Recorded calls, ready to be played.
    public let calls: @Sendable () throws -> [RecordedCall]
    /// Leads conversations on lines of a kind, begun by anybody's speech or not, as the daemon does, with a database of
    /// their own; made for one run.
    public let answering: @Sendable (LineKind, _ isUnbidden: Bool) async throws -> CallLeader
    /// Waits for a phrase that wakes a kiosk.
    public let spotter: @Sendable (String, LanguagePack) async throws -> PhraseSpotter
    /// Where the recogniser's models are.
    public let models: ModelPaths
    /// The folder with `utterances.json5` and its recordings.
    public let recordings: URL
    /// The folders with other people's sentences and with people's speech, which need not be there.
    public let texts: URL, speech: URL
    /// The folder with shops of other people's menus, where there is one.
    public let menus: URL?
    /// Minutes of each kind of sound that nobody means for the shop, and of a soak.
    public let minutes: Int
    /// Whether the shop is one that was named, and not the demo shop.
    public let hasOwnShop: Bool
    /// How often a process is killed.
    public let kills: Int
    /// What the moments of it, and the sound of `false-orders`, come from.
    public let seed: Int
    /// What goes wrong on purpose in `kills`.
    public let fault: PlantedFault?
    /// The only way that `false-orders` comes in by; nil is all.
    public let wayIn: WayIn?

    /// Names the parts; nothing is made yet.
    public init(
        shop: @escaping @Sendable () throws -> (shop: Shop, catalog: Catalog),
        pack: @escaping @Sendable (Shop) throws -> LanguagePack,
        voice: @escaping @Sendable (LanguagePack) -> Speaker,
        recognizer: @escaping @Sendable (LanguagePack, Speaker) throws -> Recognizer,
        desk: @escaping @Sendable (Floor, String) async throws -> Store,
        calls: @escaping @Sendable () throws -> [RecordedCall],
        answering: @escaping @Sendable (LineKind, _ isUnbidden: Bool) async throws -> CallLeader,
        spotter: @escaping @Sendable (String, LanguagePack) async throws -> PhraseSpotter, models: ModelPaths,
        recordings: URL, texts: URL, speech: URL,
        minutes: Int, menus: URL?, hasOwnShop: Bool, kills: Int, seed: Int, fault: PlantedFault? = nil,
        wayIn: WayIn? = nil
    ) {
        self.shop = shop
        self.pack = pack
        self.voice = voice
        self.recognizer = recognizer
        self.desk = desk
        self.calls = calls
        self.answering = answering
        self.spotter = spotter
        self.models = models
        self.recordings = recordings
        self.texts = texts
        self.speech = speech
        self.minutes = minutes
        self.menus = menus
        self.hasOwnShop = hasOwnShop
        self.kills = kills
        self.seed = seed
        self.fault = fault
        self.wayIn = wayIn
    }

    /// How sound comes in that nobody means for the shop.
    public enum WayIn: String, Sendable, CaseIterable {
        /// A stand that waits for a phrase.
        case phrase
        /// A stand that any speech wakes.
        case open
        /// A telephone, where the call was answered.
        case phone

        var title: String {
            switch self {
            case .phrase: "kiosk, wake phrase"
            case .open: "kiosk, any speech wakes"
            case .phone: "telephone, the call answered"
            }
        }
    }

    /// The shop, ready to talk.
    func floor() throws -> Floor {
        let (shop, catalog) = try shop()
        return try Floor(shop: shop, catalog: catalog, pack: try pack(shop))
    }
}

/// Leads one call to its end, and tells each turn.
public typealias CallLeader =
    @Sendable (any AudioLine, @escaping @Sendable (TurnReport) async -> Void) async -> Void

/// A call to be played through the whole path.
public struct RecordedCall: Sendable {
    /// The band of its line.
    public let band: Band
    /// Plays it and gives its turns.
    public let play: @Sendable () async throws -> [TurnReport]

    /// Names a call.
    public init(band: Band, play: @escaping @Sendable () async throws -> [TurnReport]) {
        self.band = band
        self.play = play
    }
}

/// Where results go, as they come.
public struct BenchmarkOutput: Sendable {
    /// Takes a table.
    public let show: @Sendable (Table) -> Void
    let note: @Sendable (String) -> Void

    /// - Parameters:
    ///   - show: takes a table.
    ///   - note: takes a remark for a person.
    public init(show: @escaping @Sendable (Table) -> Void, note: @escaping @Sendable (String) -> Void) {
        self.show = show
        self.note = note
    }
}

/// One measurement, in the order in which they run: the start is only a start while nothing else has run.
public enum Benchmark: String, Sendable, CaseIterable {
    /// From the process's start to the readiness for a call; memory.
    case startup
    /// Recorded utterances: right, wrong, rejected.
    case hearing
    /// What the confidence is fitted to.
    case calibration
    /// From the end of speech being decided to the first sample of the answer.
    case latency
    /// Typed utterances.
    case understanding
    /// Orders written to the disk.
    case orders
    /// PINs looked at, and lines of the audit trail.
    case identity
    /// A process that is killed while it takes orders.
    case kills
    /// What is blacked out, and what forgetting costs.
    case privacy
    /// Telephone calls at once.
    case line
    /// Telephone calls for as long as is wanted.
    case soak
    /// A kiosk in computed rooms.
    case kiosk
    /// Hours of sound that nobody means for the shop.
    case falseOrders = "false-orders"

    /// Whether it runs without being named: not what takes an hour, nor what measures nothing.
    public var isAmongAll: Bool { ![.soak, .calibration].contains(self) }

    /// One line.
    public var summary: String {
        switch self {
        case .startup: "from the start of the process to the readiness for a call, part by part; memory"
        case .hearing:
            "recorded utterances right, wrong, rejected, beside PocketSphinx by default; people; large catalogues. With "
                + "--shop: names of that shop's goods that are heard badly, sound alike or have a guessed pronunciation"
        case .calibration: "the weights of the confidence, fitted to recordings; only where it is named"
        case .latency: "recorded calls: from the end of speech being decided to the first sample of the answer"
        case .understanding: "the same utterances typed, and other people's sentences where they are there"
        case .orders: "orders placed a second, each durable, beside SQLite alone; one found among a million"
        case .identity: "a PIN looked at, right, wrong and not there; a line of the audit trail, and its proof"
        case .kills:
            "a process killed 1,000 times while it takes orders, and 100 while it erases: what was lost, doubled, left"
        case .kiosk: "a kiosk in computed rooms: echo, words over the assistant, waking, a purchase, processor"
        case .falseOrders:
            "speech, noise, music and the like through kiosk and telephone: what is woken, changed, ordered"
        case .privacy:
            "made sentences with private details: missed, taken too much; sealing, erasing, sweeping a million rows"
        case .line: "1, 20 and 60 telephone calls at once: answers, late packets, load; interruptions; quality"
        case .soak: "telephone calls for --minutes: whether memory stays; only where it is named"
        }
    }

    /// Measures.
    public func run(_ setting: BenchmarkSetting, to output: BenchmarkOutput) async throws {
        switch self {
        case .startup: try await StartupBenchmark.run(setting, to: output)
        case .hearing: try await HearingBenchmark.run(setting, to: output)
        case .calibration: try await CalibrationBenchmark.run(setting, to: output)
        case .latency: try await LatencyBenchmark.run(setting, to: output)
        case .understanding: try UnderstandingBenchmark.run(setting, to: output)
        case .orders: try await OrdersBenchmark.run(setting, to: output)
        case .identity: try await IdentityBenchmark.run(setting, to: output)
        case .kills: try await KillsBenchmark.run(setting.kills, seed: setting.seed, fault: setting.fault, to: output)
        case .privacy: try await PrivacyBenchmark.run(setting, to: output)
        case .line: try await LineBenchmark.run(setting, to: output)
        case .soak: try await LineBenchmark.soak(setting, to: output)
        case .kiosk: try await KioskBenchmark.run(setting, to: output)
        case .falseOrders: try await FalseOrdersBenchmark.run(setting, to: output)
        }
    }

    /// What the figures depend on: figures of a busy machine compare within a run, not with others.
    public static var conditions: Table {
        #if DEBUG
            let build = "debug"
        #else
            let build = "release"
        #endif
        var load = [0.0]
        let isKnown = unsafe getloadavg(&load, 1) == 1
        return Table(
            "conditions", "conditions", ["build", "cores", "load at the start"],
            [
                [
                    .text(build), .count(ProcessInfo.processInfo.activeProcessorCount),
                    isKnown ? .decimal(load[0], digits: 1) : .nothing,
                ]
            ])
    }
}
