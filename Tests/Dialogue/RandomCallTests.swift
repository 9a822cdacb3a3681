// Ten thousand callers without sense: whatever they say, mumble or press, whatever changes behind the counter, an order is sent only
// for a plain, confident yes to the quote that was read back and still holds. The oracle knows the rule and nothing of the policy.

import Commerce
import Dialogue
import Foundation
import Language
import Testing
import Understanding

@Suite("Random callers")
struct RandomCallTests {
    /// SplitMix64: the same seed gives the same calls everywhere.
    struct Chance: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var mixed = state
            mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
            mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
            return mixed ^ (mixed >> 31)
        }

        mutating func happens(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &self) < percent }

        mutating func one<Element>(of elements: [Element]) -> Element {
            elements[Int.random(in: elements.indices, using: &self)]
        }
    }

    /// What the oracle has seen of a call.
    struct Oracle {
        /// Read back in full and not answered yet, with its key.
        var readBack: (quote: Quote, key: RequestKey)?
        var isPlacing = false
        var used: [RequestKey: OrderDigest] = [:]
        var orders = 0
        var proved = false
        var complaints: [String] = []

        mutating func watch(_ event: DialogueEvent, before: DialogueState, step: Step, context: DialogueContext) {
            if step.state.customer != nil { proved = true }
            if step.state.customer == nil, step.reply?.text.contains(RandomCallTests.known) == true {
                complaints.append("told who has proved nothing: \(step.reply?.text ?? "")")
            }
            if case .outcome(.placed) = event { isPlacing = false }
            for effect in step.effects {
                guard case .placeOrder(let digest, let quote, let key) = effect else { continue }
                orders += 1
                if !Self.isPlainYes(event) { complaints.append("ordered without a plain, confident yes: \(event)") }
                if isPlacing { complaints.append("ordered while an order was being placed") }
                isPlacing = true
                if readBack?.quote != quote || readBack?.key != key {
                    complaints.append("ordered something that was not read back last")
                }
                if quote.payment == PaymentMethod.saved, before.customer == nil {
                    complaints.append("a saved card for who has proved nothing")
                }
                if digest != quote.digest { complaints.append("the digest is another quote's") }
                if let other = used[key], other != digest { complaints.append("one key for two quotes") }
                used[key] = digest
                // What holds at this moment, computed anew from the cart as it is.
                let now = context.shop.quote(
                    before.cart, catalog: context.catalog, stock: context.stock, delivery: quote.delivery,
                    address: before.checkout.address, payment: quote.payment, at: context.now)
                if (try? now.get())?.digest != digest { complaints.append("what was ordered holds no more") }
            }
            if case .confirmingOrder(let quote, let key) = step.state.phase {
                if readBack?.quote != quote || readBack?.key != key {
                    if !Self.tells(quote, step, context) {
                        complaints.append("not read back: \(step.reply?.text ?? "")")
                    }
                    readBack = (quote, key)
                }
            } else if !isPlacing {
                readBack = nil
            }
        }

        static func isPlainYes(_ event: DialogueEvent) -> Bool {
            guard case .heard(let heard) = event, heard.acts.count == 1, let act = heard.acts.first else {
                return false
            }
            return [.affirm, .placeOrder].contains(act.intent) && act.items.isEmpty && act.slots.isEmpty
                && act.confidence >= 0.8 && heard.confidence >= 0.8
        }

        /// Whether a reply names the total, the address and every product.
        static func tells(_ quote: Quote, _ step: Step, _ context: DialogueContext) -> Bool {
            guard let text = step.reply?.text else { return false }
            let total = context.pack.rules.money(
                minorUnits: quote.total.minorUnits, digits: quote.total.currency.digits,
                currency: quote.total.currency.code)
            return text.contains(total) && (quote.address.map(text.contains) ?? true)
                && quote.lines.allSatisfy { line in
                    let title = line.title
                    let counted = context.pack.rules.counted(title, thousandths: line.item.quantity.thousandths)
                    return text.localizedCaseInsensitiveContains(title)
                        || text.localizedCaseInsensitiveContains(counted)
                }
        }
    }

    /// An address that only who gives the PIN may hear.
    static let known = "99 Hidden Road"
    private static let pin = "482915"

    @Test("No order but by the gate, and nothing of a customer's but by the PIN", arguments: 0..<10)
    func neverWithoutTheGate(part: Int) throws {
        let shops = [try TestShop.hardware(), try TestShop.demo()]
        var (ordered, proved) = (0, 0)
        for seed in (part * 1_000)..<((part + 1) * 1_000) {
            let (oracle, _) = try play(seed: seed, shop: shops[seed % 2], tells: false)
            ordered += oracle.orders
            proved += oracle.proved ? 1 : 0
            guard oracle.complaints.isEmpty else {
                Issue.record("seed \(seed): \(try play(seed: seed, shop: shops[seed % 2], tells: true).story)")
                return
            }
        }
        #expect(ordered > 30, "callers who never order prove nothing: \(ordered)")
        #expect(proved > 5, "nor do callers who never give the PIN: \(proved)")
    }

    private func play(
        seed: Int, shop: (shop: Shop, catalog: Catalog), tells: Bool
    ) throws -> (oracle: Oracle, story: String) {
        var chance = Chance(state: UInt64(seed))
        var state = DialogueState()
        var oracle = Oracle()
        let dearer = GateTests.dearer(shop.catalog)
        var desk = TestDesk()
        desk.pin = SecretDigits(Self.pin)
        desk.code = SecretDigits(String(Self.pin.reversed()))
        desk.customer = KnownCustomer(orders: [], addresses: [Self.known], hasSavedMethod: true)
        var story: [String] = []
        var waiting: [Effect] = []
        var context = DialogueContext(
            shop: shop.shop, catalog: shop.catalog, pack: try TestShop.english(), now: TestShop.mondayNoon,
            freshKey: RequestKey("0"), variant: UInt64(seed), caller: chance.happens(50) ? "+380671234567" : nil,
            line: chance.one(of: [.phone, .kiosk, .text]), payments: ["on_delivery", "counter", PaymentMethod.saved],
            proofs: chance.one(of: [[], .pin, [.pin, .code]]))
        var event = DialogueEvent.started
        for turn in 1...14 {
            context.freshKey = RequestKey("\(turn)")
            let step = step(state, event, in: context)
            oracle.watch(event, before: state, step: step, context: context)
            if tells { story.append("\(event)\n  → \(step.reply?.text ?? "-")") }
            #expect(!step.effects.contains { if case .end = $0 { step.state.name != "ended" } else { false } })
            state = step.state
            waiting += step.effects.filter { if case .end = $0 { false } else { true } }
            if chance.happens(3) { context.now = chance.happens(70) ? TestShop.mondayNoon : TestShop.night }
            if chance.happens(4),
                let product = shop.catalog.products.filter({ $0.stock != nil }).randomElement(using: &chance)
            {
                context.stock[product.sku] = Quantity(Int.random(in: 0...5, using: &chance))
            }
            if chance.happens(2) { desk.failures = 1 }
            if chance.happens(6) { context.catalog = chance.happens(50) ? shop.catalog : dearer }
            if !waiting.isEmpty, chance.happens(85),
                let outcome = desk.perform(waiting.removeFirst(), caller: context.caller)
            {
                event = .outcome(outcome)
            } else {
                event = Self.event(&chance, state, shop.catalog)
            }
        }
        if desk.orders.count > oracle.used.count { oracle.complaints.append("more orders than keys") }
        return (oracle, story.joined(separator: "\n") + "\n" + oracle.complaints.joined(separator: "\n"))
    }

    private static func event(_ chance: inout Chance, _ state: DialogueState, _ catalog: Catalog) -> DialogueEvent {
        switch Int.random(in: 0..<100, using: &chance) {
        case 0..<5: return .silence
        case 5..<9: return .notUnderstood(confidence: Double.random(in: 0...1, using: &chance))
        case 9..<12: return .keys(chance.one(of: ["1#", "0", "1042#", "", "0671234567", "#"]))
        case 14..<50 where state.name == "verifying":
            return .keys(chance.one(of: [pin, pin, String(pin.reversed()), "111222", "735164"]))
        case 12: return chance.happens(20) ? .hungUp : .silence
        case 13: return .outcome(.placed(RequestKey("stray"), .failed))
        default:
            let count = chance.one(of: [1, 1, 1, 1, 2, 3])
            let acts = (0..<count).map { _ in act(&chance, state, catalog) }
            return .heard(Interpretation(acts: acts, confidence: sureness(&chance)))
        }
    }

    private static func sureness(_ chance: inout Chance) -> Double {
        chance.one(of: [1, 0.9, 0.9, 0.8, 0.7999, 0.6, 0.5, 0.39, 0.1])
    }

    private static func act(_ chance: inout Chance, _ state: DialogueState, _ catalog: Catalog) -> Act {
        var act = wish(&chance, state, catalog)
        act.confidence = sureness(&chance)
        if chance.happens(3) { act.slots[.paymentMethod] = chance.one(of: ["counter", "on_delivery", "link"]) }
        return act
    }

    private static func wish(_ chance: inout Chance, _ state: DialogueState, _ catalog: Catalog) -> Act {
        // What asks for a proof.
        if chance.happens(10) {
            return chance.one(of: [Act(.myAddresses), Act(.setPIN), Act(.sendCode), .payment(PaymentMethod.saved)])
        }
        if chance.happens(60) { return leadingOn(&chance, state, catalog) }
        switch Int.random(in: 0..<100, using: &chance) {
        case 0..<25: return chance.one(of: [.yes, .placeIt, .yes, .no])
        case 25..<32: return .done
        case 32..<40: return .delivery(chance.one(of: ["courier", "pickup", "van", "collect"]))
        case 40..<45: return .address(chance.one(of: ["5 Lake Street", "Podil 7", "Nowhere 1"]))
        case 45..<50: return .payment(chance.one(of: ["counter", "on_delivery", "saved", "nonsense"]))
        case 50..<75: return .add(product(&chance, catalog), chance.one(of: [nil, 1, 2, 99]))
        case 75..<85:
            let modifiers = catalog.modifierGroups.flatMap { group in
                group.modifiers.map { ChosenModifier(group: group.id, id: $0.id) }
            }
            let choice = chance.one(of: modifiers)
            return Act(.changeModifiers, items: [ItemPhrase(candidates: [], modifiers: [choice])])
        case 85..<90: return chance.one(of: [.ordinal(1), .number("2"), .digits("1042"), .digits("0671234567")])
        default:
            let intent = chance.one(of: Intent.allCases)
            let skus = chance.happens(60) ? [product(&chance, catalog), product(&chance, catalog)] : []
            let items = skus.prefix(chance.one(of: [1, 1, 2])).map { ItemPhrase(candidates: [$0]) }
            return Act(intent, items: chance.happens(20) ? [ItemPhrase(candidates: skus)] : items)
        }
    }

    /// What brings a call to its read-back, so that the gate is tried often.
    private static func leadingOn(_ chance: inout Chance, _ state: DialogueState, _ catalog: Catalog) -> Act {
        switch state.asking ?? state.name {
        case "address": .address(chance.one(of: ["5 Lake Street", "Podil 7"]))
        case "delivery_method": .delivery(chance.one(of: ["courier", "pickup"]))
        case "payment_method": .payment(chance.one(of: ["counter", "on_delivery"]))
        case "choosing", "modifier": .ordinal(1)
        case "ordering": .done
        case "confirming_order", "asking": chance.one(of: [.yes, .placeIt])
        default: .add(product(&chance, catalog), chance.one(of: [nil, 1, 2]))
        }
    }

    private static func product(_ chance: inout Chance, _ catalog: Catalog) -> String {
        chance.happens(2) ? "gone" : chance.one(of: catalog.products).sku
    }
}
