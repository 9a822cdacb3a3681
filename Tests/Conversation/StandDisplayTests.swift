// What a display beside a stand shows of a customer: the page where the order can be paid, for as long as it is to be paid.

import Commerce
import Conversation
import Dialogue
import Foundation
import Testing

@Suite("A display beside a stand")
struct StandDisplayTests {
    private static let page = "https://pay.example/1"

    /// What the file says, member by member.
    private static func shown(_ file: URL) throws -> [String: String] {
        let json = try JSONSerialization.jsonObject(with: Data(contentsOf: file)) as? [String: Any] ?? [:]
        return json.compactMapValues { $0 as? String }
    }

    @Test(
        "The page where an order is paid is shown until it is paid or the customer has gone, and never anybody's words")
    func page() async throws {
        let file = FileManager.default.temporaryDirectory.appending(path: "rozmova-display-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: file) }
        let display = StandDisplay(path: file.path)
        let desk = MemoryDesk(paidAt: Self.page)
        let session = try TestFloor.session(desk: desk, line: .kiosk)
        display.tell(.listening)
        display.tell(await session.start())
        for words in ["two large pepperoni pizzas", "that's all", "pickup"] {
            display.tell(await session.hear(typed: words))
            #expect(try Self.shown(file)["paymentPage"] == nil)
            #expect(try Self.shown(file)["cartTotal"] == "19.00")
        }
        let ordered = await session.hear(typed: "yes")
        display.tell(ordered)
        var shown = try Self.shown(file)
        #expect(shown["paymentPage"] == Self.page && shown["order"] == "1001" && shown["state"] == "listening")
        #expect(!shown.values.contains { $0.contains("yes") })
        // A question about something else takes nothing away.
        display.tell(await session.hear(typed: "when do you close"))
        #expect(try Self.shown(file)["paymentPage"] == Self.page)
        await desk.pay()
        display.tell(await session.hear(typed: "where is my order 1001"))
        #expect(try Self.shown(file)["paymentPage"] == nil)
        display.tell(ordered)
        display.tell(.waiting)
        shown = try Self.shown(file)
        #expect(shown == ["state": "waiting"], "the next customer finds nothing of it")
    }
}
