// A caller wants a person: put through where somebody is there, called back where nobody is.

import Audio
import Commerce
import Conversation
import Dialogue
import Foundation
import Language
import Lines
import Synchronization
import Testing
import Understanding

/// Persons who take over, or do not; what they were told is kept.
private final class People: PersonTransferring {
    let isThere: Bool
    let wanted = Mutex<[(address: String, samples: Int)]>([])

    init(isThere: Bool) { self.isThere = isThere }

    func transfer(to address: String, summary: [Int16]) async -> Bool {
        wanted.withLock { $0.append((address, summary.count)) }
        return isThere
    }
}

@Suite("A person")
struct TransferTests {
    /// The demo shop with somebody at the desk while it is open.
    private static let floor = Result { () throws -> Floor in
        let models = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "Models")
        let folder = models.appending(path: "demo-shop")
        let text = try String(contentsOf: folder.appending(path: "shop.json5"), encoding: .utf8)
            .replacing("operator: {", with: "operator: {transferTo: \"sip:desk@192.0.2.1\", ")
        let shop = try Shop.read(json5: Data(text.utf8), source: "shop.json5")
        return try Floor(
            shop: shop, catalog: try ShopFolder.load(folder).catalog, pack: try LanguagePack.load("en", in: models))
    }

    private func session(desk: MemoryDesk, now: Date = TestFloor.mondayNoon, canTransfer: Bool = true) throws -> Session
    {
        let keys = Counter()
        return Session(
            floor: try Self.floor.get(), desk: desk,
            surroundings: Surroundings(
                conversation: "call", line: .phone, caller: "+380671234567", now: { now },
                freshKey: { RequestKey("call/\(keys.next())") }, variant: 0),
            canTransfer: canTransfer)
    }

    @Test("Somebody is there: who, what and the cart are told, and the call ends with the transfer")
    func there() async throws {
        let session = try session(desk: MemoryDesk())
        _ = await session.start()
        _ = await session.hear(typed: "two large pepperoni pizzas")
        let turn = await session.hear(typed: "i want to talk to a person")
        #expect(turn.state == "transferring")
        let person = try #require(await session.person)
        #expect(person.address == "sip:desk@192.0.2.1")
        let summary = person.summary.lowercased()
        for part in ["corner kitchen", "pepperoni", "person"] { #expect(summary.contains(part), "\(summary)") }
        #expect(!summary.contains("380"), "numbers are worded for the ear")
        let done = await session.transferred(true)
        #expect(done.state == "ended" && done.reply == nil)
        #expect(await session.end == .transferred)
    }

    @Test("Nobody comes: a callback is noted, and it is not tried again")
    func nobody() async throws {
        let desk = MemoryDesk()
        let session = try session(desk: desk)
        _ = await session.start()
        _ = await session.hear(keys: "0#")
        #expect(await session.person != nil)
        let failed = await session.transferred(false)
        #expect(await session.end == nil && failed.state == "open")
        #expect(await desk.callbacks.map(\.phone) == ["+380671234567"])
        _ = await session.hear(keys: "0#")
        #expect(await session.person == nil)
        #expect(await desk.callbacks.count == 2)
    }

    @Test("At night, and on a line that cannot transfer, a callback is noted at once")
    func closed() async throws {
        for (night, canTransfer) in [(true, true), (false, false)] {
            let desk = MemoryDesk()
            let now = TestFloor.mondayNoon.addingTimeInterval(night ? 10 * 3_600 : 0)
            let session = try session(desk: desk, now: now, canTransfer: canTransfer)
            _ = await session.start()
            _ = await session.hear(typed: "i want to talk to a person")
            #expect(await session.person == nil)
            #expect(await desk.callbacks.count == 1)
        }
    }

    @Test("The call puts its caller through when everything has been said, once", arguments: [true, false])
    func call(isThere: Bool) async throws {
        let desk = MemoryDesk()
        let people = People(isThere: isThere)
        let call = Call(
            session: try session(desk: desk),
            line: FileLine(turns: [.text("i want to talk to a person"), .silence(3)], band: .telephone),
            equipment: CallEquipment(
                recognizer: ScriptedEars([]), synthesizer: SilentVoice(), networks: [:], language: "en"),
            people: people
        ) { _ in }
        let end = try await call.run()
        #expect(people.wanted.withLock { $0.map(\.address) } == ["sip:desk@192.0.2.1"])
        #expect(people.wanted.withLock { $0.allSatisfy { $0.samples > 8_000 } }, "a summary of more than a second")
        #expect(end == (isThere ? .transferred : .inputEnd))
        #expect(await desk.callbacks.count == (isThere ? 0 : 1))
    }

    @Test("No key places an order")
    func keys() async throws {
        let desk = MemoryDesk()
        let session = try session(desk: desk, canTransfer: false)
        _ = await session.start()
        for words in ["a large pepperoni pizza", "that's all", "pickup"] { _ = await session.hear(typed: words) }
        let asked = await session.hear(keys: "1#")
        #expect(asked.state == "confirming_order")
        #expect(await desk.keys.isEmpty)
    }

    @Test("To the offer of a person 1 is yes and 2 is no", arguments: [("1#", 1), ("2#", 0)])
    func offer(key: String, callbacks: Int) async throws {
        let desk = MemoryDesk()
        let session = try session(desk: desk, canTransfer: false)
        _ = await session.start()
        _ = await session.hear(typed: "i have a complaint")
        #expect(await session.expectation == .yesNo)
        _ = await session.hear(keys: key)
        #expect(await desk.callbacks.count == callbacks)
    }
}
