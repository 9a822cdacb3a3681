// What conversations are made of: the shop in its language, the order desk, identifiers, and where their trace goes.
// In: the configuration and the options of a command. Out: sessions that are ready to greet.

import Audio
import Commerce
import Conversation
import Dialogue
import Foundation
import Language
import Platform
import Privacy
import Sealing
import Services
import Storage
import Synchronization

extension Composition {
    /// The shop, ready to talk.
    func floor() throws -> Floor {
        let (shop, catalog) = try shop()
        return try Floor(shop: shop, catalog: catalog, pack: try pack(for: shop))
    }

    /// The database as the order desk of a shop.
    func desk(of floor: Floor) async throws -> Store {
        let store = try store()
        try await store.use(shop: floor.shop, catalog: floor.catalog, now: clock.now)
        return store
    }

    /// A conversation that has not begun; another clock than the program's is for calls that are played.
    func session(
        on floor: Floor, desk: Store, line: LineKind, caller: String?, identifiers: Identifiers,
        clock: WallClock? = nil,
        services: Services? = nil, canTransfer: Bool = false, isUnbidden: Bool = false
    ) -> Session {
        let conversation = identifiers.nextConversation()
        let clock = clock ?? self.clock
        return Session(
            floor: floor, desk: self.desk(desk, services),
            surroundings: Surroundings(
                conversation: conversation, line: line, caller: caller, now: { clock.now },
                freshKey: identifiers.keys(of: conversation),
                // A caller who calls again hears the variants that were heard before.
                variant: Identifiers.hash(caller ?? conversation)),
            trace: StoreTrace(store: desk, clock: clock, language: floor.pack.code),
            policy: settings.retention.of(line: line.rawValue, language: floor.pack.code),
            payments: services?.payments ?? PaymentMethod.withoutGateway, canTransfer: canTransfer,
            isUnbidden: isUnbidden, identity: identityDesk(desk, services), sendsCodes: services?.messages != nil,
            data: desk)
    }
}

extension Option {
    static let caller = Option(name: "caller", value: "NUMBER", summary: "the number that a trusted line would report")
    static let now = Option(
        name: "now", value: "TIME", summary: "the date of day, such as 2026-03-02T12:00:00Z; left out: the clock's")
}

extension Arguments {
    /// What `--now` says stands still; without it time goes on.
    func clock() throws -> WallClock {
        guard let text = value("now") else { return .system }
        guard let date = try? Date(text, strategy: .iso8601) else {
            throw mistake("--now is a time such as 2026-03-02T12:00:00Z, not \(text)")
        }
        return .fixed(date)
    }

    /// The number of `--caller`, in E.164.
    func caller() throws -> String? {
        guard let number = value("caller") else { return nil }
        guard PhoneNumber.isE164(number) else {
            throw mistake("--caller is a number in E.164, such as +380671234567, not \(number)")
        }
        return number
    }
}

enum PhoneNumber {
    /// A plus sign and 7 to 15 digits, of which the first is not 0 (ITU-T E.164).
    static func isE164(_ text: String) -> Bool {
        let digits = text.dropFirst()
        return text.first == "+" && (7...15).contains(digits.count) && digits.first != "0"
            && digits.allSatisfy { $0.isASCII && $0.isNumber }
    }
}

/// Names of conversations and keys of acts: nobody can foresee them, but a tester's seed gives the same ones again.
final class Identifiers: Sendable {
    private enum Source {
        case kernel
        case seed(Int, conversations: Int)
    }

    private let source: Mutex<Source>

    /// Unforeseeable ones, or those of a seed.
    init(seed: Int? = nil) {
        source = Mutex(seed.map { .seed($0, conversations: 0) } ?? .kernel)
    }

    /// 32 hexadecimal digits.
    func nextConversation() -> String {
        source.withLock { source in
            guard case .seed(let seed, let conversations) = source else {
                return Digest.hexadecimal(SecureRandom.bytes(16))
            }
            source = .seed(seed, conversations: conversations + 1)
            return String(Digest.hex(of: "\(seed)/\(conversations)").prefix(32))
        }
    }

    /// Gives the keys of one conversation, one after the other. At most 64 characters for more turns than a life has.
    func keys(of conversation: String) -> @Sendable () -> RequestKey {
        let count = Mutex(0)
        return {
            count.withLock { count in
                count += 1
                return RequestKey("\(conversation)/\(count)")
            }
        }
    }

    /// FNV-1a: the same in every process, which Swift's own hash is not.
    static func hash(_ text: String) -> UInt64 {
        text.utf8.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
    }
}

/// What a conversation leaves in the database. A failure is told to the operator, and the conversation goes on.
struct StoreTrace: TraceSink {
    let store: Store
    let clock: WallClock
    let language: String
    private let log = Log(component: "trace")

    init(store: Store, clock: WallClock, language: String) {
        self.store = store
        self.clock = clock
        self.language = language
    }

    func began(_ conversation: String, line: LineKind, caller: String?) async {
        await keep { () async throws(StoreError) in
            try await store.beginConversation(
                conversation, line: line.rawValue, language: language, caller: caller, now: clock.now)
        }
    }

    func turn(_ turn: TracedTurn) async {
        await keep { () async throws(StoreError) in
            try await store.record(
                TurnRecord(
                    conversation: turn.conversation, turn: turn.turn, heard: turn.heard, reply: turn.reply,
                    isAccepted: turn.isAccepted, intents: turn.intents, acts: turn.acts), now: clock.now)
        }
    }

    func summed(_ conversation: String, _ summary: ConversationSummary) async {
        await keep { () async throws(StoreError) in
            try await store.record(summary, of: conversation)
        }
    }

    func ended(_ conversation: String, outcome: CallEnd) async {
        await keep { () async throws(StoreError) in
            try await store.endConversation(conversation, outcome: outcome.rawValue, now: clock.now)
        }
    }

    func sound(of conversation: String, band: Band) async -> (any SoundSink)? {
        do throws(StoreError) {
            guard let file = try await store.beginRecording(conversation: conversation, now: clock.now) else {
                return nil
            }
            let sink = StoredSound(file: file)
            try file.append(StoredSound.head(band))
            return sink
        } catch {
            log.warning("a call is not recorded: \(fact: error)")
            return nil
        }
    }

    func refused(_ conversation: String) async -> Bool {
        do throws(StoreError) {
            try await store.refuse(conversation: conversation)
            return true
        } catch {
            log.warning("what a caller refused cannot be removed yet: \(fact: error)")
            return false
        }
    }

    private func keep(_ work: () async throws(StoreError) -> Void) async {
        do throws(StoreError) { try await work() } catch { log.warning("a turn is not kept: \(fact: error)") }
    }
}
