// What is recommended: from where, to whom, how often. Reads as what callers hear.

import Commerce
import Dialogue
import Foundation
import Testing
import Understanding

@Suite("Recommendations")
struct RecommendingTests {
    private static func call(_ recommendations: Recommendations, caller: String? = nil) throws -> TestCall {
        let text = TestShop.shopFile.replacing(
            "name:", with: "recommendations: '\(recommendations.rawValue)', name:", maxReplacements: 1)
        let shop = try Shop.read(json5: Data(text.utf8), source: "shop")
        return try TestCall.begun((shop, TestShop.hardware().catalog), caller: caller)
    }

    private static let ask = Act(.recommend)

    @Test("Unasked one at most, once something is in the cart; not after a no, and not again after a new start")
    func once() throws {
        var call = try Self.call(.once)
        #expect(call.says("how late are you open", .faq("hours")).hasSuffix("Anything else?"))
        call.says("a hammer", .add("hammer"))
        #expect(call.reply.contains("nails") && call.reply.contains("Shall I add"), "\(call.reply)")
        #expect(call.says("no", .no) == "All right. Anything else?")
        call.says("start over", Act(.startOver))
        #expect(call.says("a hammer", .add("hammer")).hasSuffix("Anything else?"))
        #expect(call.says("a mallet", .add("mallet")).hasSuffix("Anything else?"))
        #expect(call.state.advice.given == ["nails"] && call.state.advice.taken.isEmpty)
    }

    @Test("Without the shop's wish nothing is recommended unasked, or not at all")
    func policies() throws {
        var asked = try Self.call(.asked)
        #expect(asked.says("a hammer", .add("hammer")).hasSuffix("Anything else?"))
        #expect(asked.says("what goes with it", Self.ask).contains("nails"))
        asked.says("yes", .yes)
        #expect(asked.state.advice.taken == ["nails"])
        var never = try Self.call(.never)
        never.says("a hammer", .add("hammer"))
        #expect(never.says("what goes with it", Self.ask).hasPrefix("I have nothing else to recommend"))
    }

    @Test("Asked again and again each thing comes once, what is sold out never")
    func eachOnce() throws {
        var call = try Self.call(.asked)
        for _ in 0..<10 { call.says("what do you recommend", Self.ask) }
        let given = call.state.advice.given
        #expect(Set(given) == ["hammer", "mallet", "nails", "paint", "screw", "ladder"] && given.count == 6)
        #expect(call.reply.hasPrefix("I have nothing else to recommend"))
    }

    @Test("What others buy with it comes before what the shop relates; what is had or gone is passed over")
    func together() throws {
        var call = try Self.call(.asked)
        call.context.together = BoughtTogether([
            .init("hammer", "screw", lift: 1.5), .init("paint", "hammer", lift: 3), .init("hammer", "saw", lift: 9),
            .init("ladder", "mallet", lift: 20),
        ])
        call.says("a hammer", .add("hammer"))
        for sku in ["paint", "screw", "nails"] {
            call.says("what do you recommend", Self.ask)
            #expect(call.state.advice.given.last == sku, "\(call.text)")
        }
    }

    @Test("What this customer had before comes first, but only after the PIN")
    func history() throws {
        var call = try Self.call(.asked, caller: "+380671234567")
        call.says("three mallets", .add("mallet", 3))
        call.says("done", .done)
        call.says("collection", .delivery("collect"))
        call.says("at the counter", .payment("counter"))
        call.says("yes", .yes)
        #expect(call.desk.orders.count == 1, "\(call.text)")
        // The same customer calls again.
        var next = try Self.call(.asked, caller: "+380671234567")
        next.desk = call.desk
        next.says("what do you recommend", Self.ask)
        #expect(next.state.advice.given == ["hammer"] && !next.reply.contains("before"))
        next.says("no", .no)
        next.proves()
        next.says("what do you recommend", Self.ask)
        #expect(next.state.advice.given.last == "mallet" && next.reply.contains("before"), "\(next.text)")
    }
}
