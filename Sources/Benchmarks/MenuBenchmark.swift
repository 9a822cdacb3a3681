// Orders of other people on their own menus, and what understanding costs. In: shop folders with an `orders.jsonl` beside
// the catalogue, made by `Tests/Support/menus.py`. Out: how many orders are exactly right, whatever the order of their items.
// Every second order may be looked at to find out what callers say; the others only tell.

import Commerce
import Conversation
import Dialogue
import Foundation
import Language
import Platform
import Understanding

enum MenuBenchmark {
    /// One line of `orders.jsonl`.
    private struct Order: Decodable {
        let text: String
        let items: [Item]
    }

    private struct Item: Decodable, Hashable {
        let sku: String
        let quantity: String
        let modifiers: Set<Modifier>
        let without: Set<Modifier>
    }

    private struct Modifier: Decodable, Hashable {
        let group: String
        let id: String
        let amount: String?
    }

    static func run(_ setting: BenchmarkSetting, to output: BenchmarkOutput) throws {
        guard let menus = setting.menus else {
            return output.note(
                "understanding: no --menus DIR; Tests/Support/menus.py makes them of other people's menus")
        }
        let folders = try FileManager.default.contentsOfDirectory(at: menus, includingPropertiesForKeys: nil)
            .filter { FileManager.default.fileExists(atPath: $0.appending(path: "orders.jsonl").path) }
            .sorted { $0.path < $1.path }
        for folder in folders { try run(folder, setting, to: output) }
    }

    private static func run(_ folder: URL, _ setting: BenchmarkSetting, to output: BenchmarkOutput) throws {
        let (shop, catalog) = try ShopFolder.load(folder)
        let understander = try Understander(shop: shop, catalog: catalog, pack: try setting.pack(shop))
        let data = try Data(contentsOf: folder.appending(path: "orders.jsonl"))
        let orders = try data.split(separator: UInt8(ascii: "\n")).map {
            try JSONDecoder().decode(Order.self, from: $0)
        }
        var seconds: [Double] = []
        var wrong: [(text: String, acts: [Act])] = []
        var right = [0, 0]
        for (index, order) in orders.enumerated() {
            let watch = Stopwatch()
            let meaning = understander.interpret(typed: order.text, expecting: .open)
            seconds.append(watch.seconds)
            if understood(meaning) == counted(order.items) {
                right[index % 2] += 1
            } else if index % 2 == 0 {
                wrong.append((order.text, meaning.acts))
            }
        }
        let sample = Sample(seconds)
        let seen = (orders.count + 1) / 2
        output.show(
            Table(
                "understanding", "free orders, menu \(folder.lastPathComponent)",
                ["orders", "exactly right", "of the half looked at", "of the other half", "median ms", "95 % ms"],
                [
                    [
                        .count(orders.count), .share(right[0] + right[1], of: orders.count),
                        .share(right[0], of: seen), .share(right[1], of: orders.count - seen),
                        sample.milliseconds(0.5, digits: 2), sample.milliseconds(0.95, digits: 2),
                    ]
                ]))
        guard !wrong.isEmpty else { return }
        output.show(
            Table(
                "understanding", "not right, of the half looked at", ["words", "acts"],
                wrong.map { [.text($0.text), .text(JSONText.list($0.acts.map(\.json)).line)] }))
    }

    private static func counted(_ items: [Item]) -> [Item: Int] {
        items.reduce(into: [:]) { $0[$1, default: 0] += 1 }
    }

    /// The items of an order that would go into the cart; nil where something else would happen too.
    private static func understood(_ meaning: Interpretation) -> [Item: Int]? {
        guard meaning.confidence >= Assurance.understanding else { return nil }
        var items: [Item] = []
        for act in meaning.acts where act.intent != .greet && act.intent != .thanks {
            guard act.intent == .addToCart, !act.items.isEmpty else { return nil }
            items += act.items.map { item in
                Item(
                    sku: item.sku ?? "", quantity: (item.quantity ?? 1).decimal,
                    modifiers: Set(item.modifiers.map(modifier)), without: Set(item.without.map(modifier)))
            }
        }
        return counted(items)
    }

    private static func modifier(_ chosen: ChosenModifier) -> Modifier {
        Modifier(group: chosen.group, id: chosen.id, amount: chosen.amount)
    }

    // MARK: - What it costs

    /// What an utterance costs in invented shops of growing size.
    static func cost(_ setting: BenchmarkSetting, to output: BenchmarkOutput) throws {
        var rows: [[Table.Cell]] = []
        for count in [100, 50_000] {
            var dice = Dice(state: 11)
            let (shop, catalog) = try invented(count, &dice)
            let watch = Stopwatch()
            let understander = try Understander(shop: shop, catalog: catalog, pack: try setting.pack(shop))
            let ready = watch.seconds
            var seconds: [Double] = []
            var right = 0
            for _ in 0..<300 {
                let (text, skus) = order(catalog, &dice)
                let watch = Stopwatch()
                let meaning = understander.interpret(typed: text, expecting: .open)
                seconds.append(watch.seconds)
                if meaning.acts.flatMap(\.items).map({ $0.candidates.contains }).count == skus.count,
                    zip(meaning.acts.flatMap(\.items), skus).allSatisfy({ $0.candidates.contains($1) })
                {
                    right += 1
                }
            }
            let sample = Sample(seconds)
            rows.append([
                .count(count), .decimal(ready, digits: 1), .share(right, of: 300), sample.milliseconds(0.5, digits: 2),
                sample.milliseconds(0.95, digits: 2),
            ])
        }
        output.show(
            Table(
                "understanding", "what an order of one to three things costs, every fourth with a typing mistake",
                ["products", "s to prepare", "right", "median ms", "95 % ms"], rows))
    }

    /// Titles of two to four invented words.
    private static func invented(_ count: Int, _ dice: inout Dice) throws -> (Shop, Catalog) {
        let syllables = [
            "ba", "ke", "lo", "mi", "nu", "pra", "ste", "vo", "zi", "gan", "der", "fil", "tor", "wex", "ul",
        ]
        func word(_ dice: inout Dice) -> String { (0..<3).map { _ in syllables[dice.roll(syllables.count)] }.joined() }
        let words = (0..<max(count / 10, 60)).map { _ in word(&dice) }
        let products = (0..<count).map { index in
            let title = (0..<(2 + dice.roll(3))).map { _ in words[dice.roll(words.count)] }.joined(separator: " ")
            let groups = [#"["size"]"#, #"["shade"]"#, #"["size", "shade"]"#, "[]"][index % 4]
            return #"{sku: "p\#(index)", title: "\#(title)", price: "1.00", modifierGroups: \#(groups)}"#
        }
        let goods = """
            {currency: "EUR", modifierGroups: [
              {id: "size", name: "size", min: 0, max: 1, modifiers: [{id: "l", name: "large", price: "0"}, {id: "s", name: "small", price: "0"}]},
              {id: "shade", name: "shade", min: 0, max: 1, modifiers: [{id: "r", name: "red", price: "0"}, {id: "b", name: "blue", price: "0"}]}],
             products: [\(products.joined(separator: ",\n"))]}
            """
        let shop = try Shop.read(json5: Data(#"{name: "Invented", currency: "EUR"}"#.utf8), source: "shop.json5")
        return (shop, try Catalog.read(json5: Data(goods.utf8), source: "catalog.json5", currency: shop.currency))
    }

    private static func order(_ catalog: Catalog, _ dice: inout Dice) -> (text: String, skus: [String]) {
        let wanted = (0...dice.roll(3)).map { _ in catalog.products[dice.roll(catalog.products.count)] }
        var text = "can i get " + wanted.map { "two \($0.naming.title)" }.joined(separator: " and ") + " please"
        if dice.roll(4) == 0, let slip = text.indices.dropFirst(18).first(where: { text[$0] == "e" }) {
            text.remove(at: slip)
        }
        return (text, wanted.map(\.sku))
    }

    /// The same numbers in every run (SplitMix64).
    private struct Dice {
        var state: UInt64

        mutating func roll(_ sides: Int) -> Int {
            state &+= 0x9e37_79b9_7f4a_7c15
            var mixed = state
            mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
            mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
            return Int((mixed ^ (mixed >> 31)) % UInt64(sides))
        }
    }
}
