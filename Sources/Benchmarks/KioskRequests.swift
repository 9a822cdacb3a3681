// Requests of customers, for what a kiosk's microphone does to them. In: the project's recordings, a room. Out: how many are
// understood as a call hears them: ends of speech found, the recogniser in front of it as a kiosk has it.

import Audio
import Conversation
import Dialogue
import Foundation
import Hearing
import Lines
import Understanding

/// Recorded requests and an ear for them.
struct KioskRequests {
    struct Request {
        let row: FixtureBook.Utterance
        let sound: [Int16]
    }

    let all: [Request]
    private let floor: Floor
    private let networks: [Expectation: WordNetwork]
    private let recognizer: Recognizer

    init(_ setting: BenchmarkSetting, _ floor: Floor) throws {
        self.floor = floor
        networks = floor.networks()
        recognizer = try setting.recognizer(floor.pack, setting.voice(floor.pack))
        let wanted = try FixtureBook.read(setting.recordings).utterances.filter {
            !$0.isIntruder && $0.scene == nil && $0.state == "open"
        }
        let files = wanted.flatMap { row in row.recordings.map { (row, $0.name) } }
        // Every third: the voices and sentences mix.
        all = try stride(from: 0, to: files.count, by: 3).map { index in
            Request(row: files[index].0, sound: try setting.recording(files[index].1, in: .wideband))
        }
    }

    /// Whether a request is understood in one piece of sound.
    func isUnderstood(_ request: Request, heard: [Int16]) async throws -> Bool {
        guard let utterance = try await begin(request) else { return false }
        for start in stride(from: 0, to: heard.count, by: Band.wideband.frameLength) {
            await utterance.hear(Array(heard[start..<min(heard.count, start + Band.wideband.frameLength)]))
        }
        return await isRight(request, utterance)
    }

    private func begin(_ request: Request) async throws -> (any UtteranceRecognizing)? {
        guard let network = networks[request.row.expectation] else { return nil }
        return try await recognizer.begin(network, band: .wideband)
    }

    private func isRight(_ request: Request, _ utterance: any UtteranceRecognizing) async -> Bool {
        request.row.verdict(on: await utterance.finish().hypotheses, by: floor.understander) == .right
    }

    // MARK: Microphones and noise

    /// What is done to sound on its way to the recogniser.
    enum Treatment {
        case none
        case levelled
        /// Levelled and without noise, as in calls.
        case cleaned
    }

    /// What customers are heard at, in dBFS: from far too faint to more than a converter can take.
    private static let levels = [-50.0, -40, -33, -26, -18, -10, -5]
    /// A customer's own level.
    private static let usual = -26.0
    /// How loud a room may be, in dBFS.
    private static let noises = [-62.0, -56, -50, -44, -38]

    /// Microphones that are set too low and too high, the room's noise with them.
    func throughMicrophones() async throws -> Table {
        var rows: [[Table.Cell]] = []
        for level in Self.levels {
            var nature = RoomNature()
            nature.sensitivity = level - Self.usual
            rows.append([.decimal(level, digits: 0)] + (try await cells(in: nature, [.none, .cleaned])))
        }
        return Table(
            "kiosk", "utterances understood through microphones that are set too low and too high",
            ["customers at dBFS", "as they are", "levelled, as in calls"], rows)
    }

    /// Whether it helps to turn the noise down before other words than the wake phrase.
    func overNoise() async throws -> Table {
        let rooms = [("white noise", []), ("a fridge", ForeignSound.fridge()), ("music", ForeignSound.melody())]
        var rows: [[Table.Cell]] = []
        for (name, background) in rooms {
            for level in Self.noises {
                var nature = RoomNature()
                nature.noise = level
                let cells = try await cells(in: nature, [.levelled, .cleaned], background)
                rows.append([.text(name), .decimal(level, digits: 0)] + cells)
            }
        }
        return Table(
            "kiosk", "utterances said at -26 dBFS and understood over noise",
            ["noise", "dBFS", "as it is", "turned down, as in calls"], rows)
    }

    private func cells(
        in nature: RoomNature, _ treatments: [Treatment], _ background: [Int16] = []
    ) async throws -> [Table.Cell] {
        var cells: [Table.Cell] = []
        for treatment in treatments {
            let room = SimulatedRoom(nature, rate: Band.wideband.rate, background: background)
            cells.append(.share(try await understood(in: room, treatment), of: all.count))
        }
        return cells
    }

    /// How many of the requests are understood that one customer after the other says in a room.
    private func understood(in room: SimulatedRoom, _ treatment: Treatment) async throws -> Int {
        let line = RoomLine(
            room, turns: all.map { .after(1, ForeignSound.at(Self.usual, $0.sound)) })
        // The assistant's answers are silent here: each tells the next customer to speak.
        let answer = [Int16](repeating: 0, count: Band.wideband.frameLength)
        await line.play(answer)
        var quieted = QuietedRoom(band: .wideband)
        var detector = EndpointDetector(band: .wideband)
        var preRoll = PreRoll(band: .wideband)
        var utterance: (any UtteranceRecognizing)?
        var right: Set<Int> = []
        var usual: Double?
        while case .frame(let frame) = await line.next() {
            let heard =
                treatment == .cleaned ? quieted.hear(frame.samples, inSpeech: utterance != nil) : frame.samples
            preRoll.hear(AudioFrame(sampleIndex: frame.sampleIndex, samples: heard))
            await utterance?.hear(heard)
            let customer = await line.begun.count - 1
            switch detector.hear(frame) {
            case .speechStarted(let start) where customer >= 0:
                guard let begun = try await begin(all[customer]) else { continue }
                utterance = treatment == .none ? begun : LevelledUtterance(begun, band: .wideband, usual: usual)
                await utterance?.hear(preRoll.since(start))
            case .speechEnded(let span):
                if let said = utterance.take(), await isRight(all[customer], said) {
                    right.insert(customer)
                    usual = span.levelDBFS
                }
                preRoll.forget()
                await line.play(answer)
            default: break
            }
        }
        return right.count
    }
}
