// Plays testers' calls through the whole path. In: a call, an order desk. Out: what was said and done, turn by turn.

import Audio
import Commerce
import Conversation
import Dialogue
import Foundation
import Lines
import Platform
import Sealing
import Storage

/// What came of a call.
struct PlayedCall: Sendable {
    /// One of the caller's turns with what followed it.
    struct Exchange: Sendable {
        var reports: [TurnReport] = []
        /// Placed in this call until then.
        var orders = 0
    }
    /// The greeting, then one for each of the caller's turns that began.
    let exchanges: [Exchange]
    let end: CallEnd
    /// Seconds on the line.
    let seconds: Double
}

/// Plays calls against one shop.
struct CallPlayer: Sendable {
    let house: Composition
    let floor: Floor
    let equipment: CallEquipment

    init(_ house: Composition) throws {
        self.house = house
        floor = try house.floor()
        equipment = try house.equipment(for: floor)
    }

    /// An order desk in `folder`, for calls that must leave nothing behind.
    func desk(in folder: TemporaryFolder, clock: WallClock) async throws -> Store {
        let store = try Store(
            at: folder.url.appending(path: "rozmova.sqlite"),
            masterKey: try MasterKey.load(credentialsDirectory: nil, dataDirectory: folder.url.path),
            policy: house.settings.retention, clock: { clock.now })
        try await store.use(shop: floor.shop, catalog: floor.catalog, now: clock.now)
        return store
    }

    /// Plays `call`, whose recordings' paths count from `folder`.
    /// - Parameters:
    ///   - isPaced: whether what the caller waits for an answer takes as long as on a telephone.
    ///   - recording: the file that both sides go to, where wanted.
    ///   - onTurn: is told each turn with the number of the caller's turn that it answers, 0 for the greeting.
    func play(
        _ call: TestersCall, in folder: URL, desk: Store, clock: WallClock, identifiers: Identifiers,
        isPaced: Bool = false, recording: URL? = nil,
        onTurn: @escaping @Sendable (TurnReport, Int) async -> Void = { _, _ in }
    ) async throws -> PlayedCall {
        let kind: LineKind = call.line == .kiosk ? .kiosk : .phone
        let turns = try call.turns.compactMap { turn -> CallerTurn? in
            switch turn.doing {
            case .wav(let path):
                try .recording(URL(filePath: path, relativeTo: folder).standardizedFileURL.path, band: kind.band)
            case .text(let text): .text(text)
            case .silence(let seconds): .silence(seconds)
            case .keys(let keys): .keys(keys)
            case .hangup: nil
            }
        }
        let recorder = try recording.map { try WaveWriter(path: $0.path, rate: kind.band.rate, channels: 2) }
        let line = FileLine(turns: turns, band: kind.band, recorder: recorder)
        let session = house.session(
            on: floor, desk: desk, line: kind, caller: call.caller, identifiers: identifiers, clock: clock)
        let notes = Notes(desk: desk, ordersBefore: try await desk.orders(limit: .max).count)
        let hangsUp = call.turns.last?.isHangup == true
        let conversation = Call(
            session: session, line: PlayedLine(line: line, hangsUp: hangsUp, isPaced: isPaced), equipment: equipment
        ) { report in
            let turn = await line.turnsBegun
            await notes.take(report, of: turn)
            await onTurn(report, turn)
        }
        let end = try await conversation.run()
        if let failure = await line.recordingFailure { throw failure }
        return PlayedCall(
            exchanges: try await notes.exchanges(upTo: await line.turnsBegun), end: end,
            seconds: Double(await line.position) / Double(kind.band.rate))
    }

    /// Keeps the turns of a call.
    private actor Notes {
        private let desk: Store
        private let ordersBefore: Int
        private var taken: [PlayedCall.Exchange] = []
        private var failure: StoreError?

        init(desk: Store, ordersBefore: Int) {
            self.desk = desk
            self.ordersBefore = ordersBefore
        }

        func take(_ report: TurnReport, of turn: Int) async {
            fill(upTo: turn)
            taken[turn].reports.append(report)
            do throws(StoreError) {
                taken[turn].orders = try await desk.orders(limit: .max).count - ordersBefore
            } catch {
                failure = error
            }
        }

        func exchanges(upTo turn: Int) throws -> [PlayedCall.Exchange] {
            if let failure { throw failure }
            fill(upTo: turn)
            return taken
        }

        /// A turn that nothing answered leaves the orders as they were.
        private func fill(upTo turn: Int) {
            while taken.count <= turn { taken.append(.init(orders: taken.last?.orders ?? 0)) }
        }
    }
}

/// A recorded caller who may hang up, where the recording of another would be used up, and may wait like a person.
private struct PlayedLine: AudioLine {
    let line: FileLine
    let hangsUp: Bool
    let isPaced: Bool

    var band: Band { line.band }
    var toBePlayed: Int { get async { await line.toBePlayed } }

    func next() async -> LineEvent {
        if isPaced, await line.isWaiting { try? await Task.sleep(for: .milliseconds(20)) }
        let event = await line.next()
        return hangsUp && event == .ended(.inputEnd) ? .ended(.hangup) : event
    }

    func play(_ samples: [Int16]) async { await line.play(samples) }
    @discardableResult func stopPlaying() async -> Int { await line.stopPlaying() }
    func hangUp() async { await line.hangUp() }
}

/// A folder for its owner's eyes only, which goes away with the last reference.
final class TemporaryFolder: Sendable {
    let url: URL
    private let stays: Bool

    /// Makes it; one that `stays` is for a person to look into.
    init(_ name: String, stays: Bool = false) throws {
        let folder = FileManager.default.temporaryDirectory
        url = folder.appending(path: "\(name)-\(Digest.hexadecimal(SecureRandom.bytes(6)))")
        self.stays = stays
        do {
            try FileManager.default.createDirectory(
                at: url, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
        } catch {
            throw Failure("\(folder.path) takes no folder: \(Reason.of(error)); set TMPDIR to one that does")
        }
    }

    deinit { if !stays { try? FileManager.default.removeItem(at: url) } }
}
