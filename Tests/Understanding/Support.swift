// The shops and the notation of these tests.

import Commerce
import Foundation
import Language
import Understanding

/// Testing has an `Expectation` of its own.
typealias Listening = Understanding.Expectation

enum Bench {
    static let models = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../Models")
        .standardized

    static func pack() throws -> LanguagePack { try LanguagePack.load("en", in: models) }

    static func demo() throws -> Understander {
        let (shop, catalog) = try ShopFolder.load(models.appending(path: "demo-shop"))
        return try Understander(shop: shop, catalog: catalog, pack: pack())
    }

    /// A shop that has nothing in common with the demo shop.
    static func florist() throws -> Understander {
        let shop = try Shop.read(json5: Data(#"{name: "Bloom", currency: "UAH"}"#.utf8), source: "shop.json5")
        let goods = """
            {currency: "UAH",
             categories: [{id: "cut", name: "cut flower"}],
             modifierGroups: [{id: "wrap", name: "wrapping", min: 0, max: 1, removable: true,
               modifiers: [{id: "ribbon", name: "ribbon", price: "15.00"}, {id: "paper", name: "brown paper", price: "5.00"}]}],
             products: [{sku: "tulip", title: "tulip", category: "cut", price: "30.00", modifierGroups: ["wrap"]},
                        {sku: "rose", title: "red rose", aliases: ["rose"], category: "cut", price: "60.00", modifierGroups: ["wrap"]},
                        {sku: "soil", title: "potting soil", price: "90.00", unit: "kg", step: 0.5}]}
            """
        let catalog = try Catalog.read(json5: Data(goods.utf8), source: "catalog.json5", currency: shop.currency)
        return try Understander(shop: shop, catalog: catalog, pack: pack())
    }
}

/// `intent 2×sku +modifier +extra modifier -left out [slot=value]`, several acts parted by `; `.
func notation(_ acts: [Act]) -> String {
    acts.map { act in
        let items = act.items.map { item in
            let quantity = item.quantity.map { "\($0.decimal)×" } ?? ""
            let said = item.modifiers.map { " +\($0.amount.map { $0 + " " } ?? "")\($0.id)" }
            let left = item.without.map { " -\($0.amount.map { $0 + " " } ?? "")\($0.id)" }
            return " " + quantity + item.candidates.joined(separator: "|") + (said + left).joined()
        }
        let slots = act.slots.map { " [\($0.key.rawValue)=\($0.value)]" }.sorted()
        return act.intent.rawValue + (items + slots).joined()
    }.joined(separator: "; ")
}

/// The same numbers in every run (SplitMix64).
struct Dice: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }
}
