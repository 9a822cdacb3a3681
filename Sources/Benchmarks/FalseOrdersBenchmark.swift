// What becomes of sound that nobody means for the shop. In: programmes of it, through a kiosk with and without a wake phrase
// and through a telephone call, faster than real time. Out: how often that wakes, changes a cart, orders and pays.

import Audio
import Commerce
import Conversation
import Dialogue
import Foundation
import Hearing
import Language
import Lines
import Synchronization

enum FalseOrdersBenchmark {
    /// How the sound comes in.
    typealias Path = BenchmarkSetting.WayIn

    /// What was counted.
    private struct Count {
        var minutes = 0.0
        var wakes = 0, turns = 0, changes = 0, orders = 0, payments = 0

        static func + (one: Count, other: Count) -> Count {
            Count(
                minutes: one.minutes + other.minutes, wakes: one.wakes + other.wakes, turns: one.turns + other.turns,
                changes: one.changes + other.changes, orders: one.orders + other.orders,
                payments: one.payments + other.payments)
        }

        func cells(_ path: Path, _ name: String) -> [Table.Cell] {
            [
                .text(path.title), .text(name), .decimal(minutes, digits: 1), .count(wakes), .count(turns),
                .count(changes), .count(orders), .count(payments),
                .decimal(60 * Double(changes) / max(1, minutes), digits: 2),
            ]
        }
    }

    /// Turns that are told of each change of a cart.
    private static let told = 5
    /// A phrase such as shops would have.
    static let phrase = "hello corner kitchen"
    /// What customers say may change a cart; what nobody means for the shop must not.
    private static let (foreign, tempting) = ("all that is no customer's", "all of customers' words")

    static func run(_ setting: BenchmarkSetting, to output: BenchmarkOutput) async throws {
        let floor = try setting.floor()
        let programmes = ForeignSound(setting, floor).programmes
        let spotter = try await setting.spotter(phrase, floor.pack)
        var results: [(path: Path, leader: CallLeader, rows: [[Table.Cell]], foreign: Count, tempting: Count)] = []
        for path in Path.allCases where setting.wayIn == nil || setting.wayIn == path {
            let lead = try await setting.answering(path == .phone ? .phone : .kiosk, path == .open)
            results.append((path, lead, [], Count(), Count()))
        }
        for programme in programmes {
            let sound = try await programme.sound()
            guard !sound.isEmpty else { continue }
            for index in results.indices {
                let (path, lead) = (results[index].path, results[index].leader)
                let count = try await play(sound, through: path, spotter, lead, output)
                if programme.isTempting {
                    results[index].tempting = results[index].tempting + count
                } else {
                    results[index].foreign = results[index].foreign + count
                }
                results[index].rows.append(count.cells(path, programme.name))
                output.note("\(path.title), \(programme.name): \(count)")
            }
        }
        let rows = results.flatMap { result in
            result.rows
                + [result.foreign.cells(result.path, foreign), result.tempting.cells(result.path, tempting)]
        }
        output.show(
            Table(
                "false-orders", "what nobody means for the shop, as loud as a customer where nothing else is said",
                [
                    "path", "sound", "minutes", "conversations", "turns", "cart changes", "orders", "payments",
                    "changes an hour",
                ], rows))
    }

    private static func play(
        _ sound: [Int16], through path: Path, _ spotter: PhraseSpotter, _ lead: @escaping CallLeader,
        _ output: BenchmarkOutput
    ) async throws -> Count {
        let counted = Mutex(Count(minutes: Double(sound.count) / Double(Band.wideband.rate) / 60))
        let line: any AudioLine =
            if path == .phone {
                FileLine(
                    continuous: Resampler.convert(
                        sound, from: Band.wideband.rate, to: Band.telephone.rate), band: .telephone)
            } else {
                RoomLine(SimulatedRoom(RoomNature(), rate: Band.wideband.rate), turns: [.after(0, sound)])
            }
        let stand = Stand(
            line: line, waking: path == .phrase ? .phrase(spotter) : .speech,
            lead: { visit in
                counted.withLock { $0.wakes += 1 }
                let cart = Mutex<[PricedLine]>([])
                // How it came to a change: the turns of the conversation since the last one.
                let story = Mutex<[String]>([])
                await lead(visit) { turn in
                    let isChanged = cart.withLock { cart in
                        defer { cart = turn.cart }
                        // A cart that an order has emptied was no change of anybody's mind.
                        return turn.cart != cart && !turn.hasOrdered
                    }
                    let sureness = turn.confidence.map { " \(Int(100 * $0)) %" } ?? ""
                    let line = "“\(turn.heard ?? "")”\(sureness): \(turn.reply?.text ?? "")"
                    let told = story.withLock { story in
                        story.append(line)
                        defer { if isChanged { story = [] } }
                        return story.suffix(Self.told)
                    }
                    if isChanged { output.note("  a change: " + told.joined(separator: "\n      ")) }
                    counted.withLock { count in
                        count.turns += 1
                        count.changes += isChanged ? 1 : 0
                        guard turn.hasOrdered, let order = turn.order else { return }
                        count.orders += 1
                        count.payments += PaymentMethod.withoutGateway.contains(order.order.quote.payment) ? 0 : 1
                    }
                }
            }, onPhase: { _ in })
        try await stand.run()
        return counted.withLock { $0 }
    }
}
