// What people leave out, put in the wrong place or say of everything, in a shop that no rule was made for.

import Commerce
import Foundation
import Testing
import Understanding

@Suite("Shop talk")
struct ShopTalkTests {
    let deli: Understander

    init() throws {
        let shop = try Shop.read(json5: Data(#"{name: "Deli", currency: "USD"}"#.utf8), source: "shop.json5")
        let goods = """
            {currency: "USD",
             categories: [{id: "roll", name: "roll"}, {id: "drink", name: "drink"}, {id: "spread", name: "spread"}],
             modifierGroups: [
              {id: "size", name: "size", min: 1, max: 1, default: "small",
               modifiers: [{id: "small", name: "small"}, {id: "large", name: "large"}]},
              {id: "veg", name: "vegetables", removable: true, amounts: ["extra", "light"],
               modifiers: [{id: "green", name: "green pepper", aliases: ["pepper"]}, {id: "onion", name: "onion"}, {id: "corn", name: "corn"}]},
              {id: "spice", name: "spices", removable: true,
               modifiers: [{id: "black", name: "black pepper", aliases: ["pepper"]}, {id: "salt", name: "salt"}]},
              {id: "milk", name: "milk", max: 1, removable: true,
               modifiers: [{id: "oat", name: "oat milk", aliases: ["oat"]}, {id: "soy", name: "soy milk", aliases: ["soy"]}]}],
             products: [
              {sku: "beef", title: "roast beef roll", category: "roll", price: "5", modifierGroups: ["size", "veg", "spice"]},
              {sku: "egg", title: "egg roll", category: "roll", price: "4", modifierGroups: ["size", "veg", "spice"]},
              {sku: "tea", title: "tea", category: "drink", price: "2", modifierGroups: ["size", "milk"]},
              {sku: "peanut", title: "peanut butter", category: "spread", price: "3"},
              {sku: "jam-a", title: "Orchard plum jam 200 g", brand: "Orchard", category: "spread", price: "3"},
              {sku: "jam-b", title: "cherry jam 200 g", brand: "Hillside", category: "spread", price: "3"},
              {sku: "oil1", title: "Sunny oil 1 l", brand: "Sunny", price: "3"},
              {sku: "noise", title: "noise cancelling earplugs", price: "9"}]}
            """
        let catalog = try Catalog.read(json5: Data(goods.utf8), source: "catalog.json5", currency: shop.currency)
        deli = try Understander(shop: shop, catalog: catalog, pack: Bench.pack())
    }

    private func meaning(_ text: String) -> String { notation(deli.interpret(typed: text, expecting: .open).acts) }

    @Test(
        "Some words of a name are enough, where they leave nothing open but figures, maker and kind",
        arguments: [
            ("roast beef please", "add_to_cart beef"), ("a sunny oil", "add_to_cart 1×oil1"),
            ("two jams", "add_to_cart 2×jam-a|jam-b"), ("hillside jam", "add_to_cart jam-b"),
            ("noise cancelling earplugs", "add_to_cart noise"),
        ])
    func parts(text: String, meaning: String) { #expect(self.meaning(text) == meaning) }

    @Test(
        "What is said of several things is of each, of some of them, or of what comes next",
        arguments: [
            ("two teas, one with oat and one with soy, both large", "add_to_cart 1×tea +oat +large 1×tea +soy +large"),
            ("both large, a tea and an egg roll", "add_to_cart 1×tea +large 1×egg +large"),
            ("four large, two teas and two egg rolls", "add_to_cart 2×tea +large 2×egg +large"),
            ("six egg rolls, two of them with onion", "add_to_cart 2×egg +onion 4×egg"),
            ("two egg rolls, no onion on one of them", "add_to_cart 1×egg -onion 1×egg"),
            ("three egg rolls, one plain and two with corn", "add_to_cart 1×egg 2×egg +corn"),
            ("one large tea, one small", "add_to_cart 1×tea +large 1×tea +small"),
            ("large tea large egg roll", "add_to_cart tea +large egg +large"),
            ("a large tea with oat and a small one with soy", "add_to_cart 1×tea +large +oat 1×tea +small +soy"),
            ("an egg roll with everything but corn", "add_to_cart 1×egg +green +onion -corn"),
            ("an egg roll with two scoops of corn", "add_to_cart 1×egg +extra corn"),
            ("a tea with soy instead of oat", "add_to_cart 1×tea +soy"),
            ("2 larges: tea and egg roll", "add_to_cart tea +large egg +large"),
            ("two egg rolls: large and small", "add_to_cart 1×egg +large 1×egg +small"),
            ("3 teas, 2 with oat and a large one", "add_to_cart 2×tea +oat 1×tea +large"),
            ("tea, two with oat, one with soy", "add_to_cart 2×tea +oat 1×tea +soy"),
            ("egg roll, 3 packs, tea, one pack", "add_to_cart 3×egg 1×tea"),
            ("two teas and the same of egg rolls", "add_to_cart 2×tea 2×egg"),
            ("the same amount of tea", "add_to_cart tea [preference=as_much]"),
            ("a tea for two", "add_to_cart 1×tea"), ("tea for two", "add_to_cart tea"),
            ("tea x 3, oat", "add_to_cart 3×tea +oat"),
        ])
    func shares(text: String, meaning: String) { #expect(self.meaning(text) == meaning) }

    @Test("A group that is named alone is asked for")
    func unclear() {
        let tea = deli.interpret(typed: "a tea with milk", expecting: .open).acts.first?.items.first
        #expect(tea?.sku == "tea" && tea?.unclear.first?.map(\.id) == ["oat", "soy"])
    }

    @Test(
        "What stands around goods says whether they are ordered, and how many",
        arguments: [
            ("any tea?", "check_availability tea"), ("a tea because two of us like it", "add_to_cart 1×tea"),
            ("for the kids 3 teas", "add_to_cart 3×tea"),
            ("only two egg rolls", "change_quantity 2×egg"), ("leave the tea as it is", ""),
            ("make one of the teas large", "change_modifiers tea +large [quantity=1]"),
            ("a tea instead of the large egg roll", "add_to_cart 1×tea [instead_of=egg]"),
        ])
    func around(text: String, meaning: String) { #expect(self.meaning(text) == meaning) }

    @Test("What is left out may say what it is: butter is only guessed to be peanut butter")
    func guesses() {
        func isGuess(_ text: String) -> Bool? {
            deli.interpret(typed: text, expecting: .open).acts.first?.items.first?.isGuess
        }
        #expect(isGuess("some butter") == true)
        #expect(isGuess("some peanut butter") == false && isGuess("roast beef") == false)
        #expect(meaning("some butter for my burnt toast") == "", "beside what is not understood nothing is guessed")
    }

    @Test("A modifier may stand inside a name")
    func inside() { #expect(meaning("a roast large beef roll with corn") == "add_to_cart 1×beef +large +corn") }

    @Test("A word that two modifiers share is left open, and asked about")
    func shared() throws {
        let act = try #require(deli.interpret(typed: "egg roll with pepper and salt", expecting: .open).acts.first)
        #expect(act.items.first?.unclear.map { $0.map(\.id) } == [["green", "black"]])
        #expect(act.items.first?.modifiers.map(\.id) == ["salt"])
        #expect(meaning("an egg roll with black pepper") == "add_to_cart 1×egg +black")
        #expect(meaning("a tea with oat") == "add_to_cart 1×tea +oat", "one that is called by two names is clear")
    }

    @Test(
        "Everything is all that can be left out again",
        arguments: [
            ("an egg roll with everything", "add_to_cart 1×egg +green +onion +corn"),
            ("an egg roll with all the vegetables but no corn", "add_to_cart 1×egg +green +onion -corn"),
            ("an egg roll with all the spices", "add_to_cart 1×egg +black +salt"),
        ])
    func everything(text: String, meaning: String) { #expect(self.meaning(text) == meaning) }

    @Test(
        "What is said later in the same breath counts",
        arguments: [
            ("a tea with oat milk, actually make that soy", "add_to_cart 1×tea +soy"),
            ("an egg roll and a tea, no, make the tea a roast beef roll", "add_to_cart 1×egg 1×beef"),
            ("a tea, make it an egg roll", "add_to_cart 1×egg"),
            ("egg rolls x 3", "add_to_cart 3×egg"), ("egg roll, two pieces, and a tea", "add_to_cart 2×egg 1×tea"),
            ("egg roll and roast beef, two each", "add_to_cart 2×egg 2×beef"),
            ("an egg roll and a tea, scrap the tea", "add_to_cart 1×egg"),
            ("egg roll with a little onion and extra onion", "add_to_cart egg +extra onion"),
        ])
    func later(text: String, meaning: String) { #expect(self.meaning(text) == meaning) }

    @Test("A word that turns the sentence round and fits nothing makes no order")
    func contrary() {
        #expect(meaning("swap the mustard for the egg roll") == "")
        #expect(!meaning("not the cheese, the egg roll").contains("remove_from_cart"))
    }

    @Test("Goods that there are not are told, explanations are not")
    func missed() {
        func missed(_ text: String) -> [String] { deli.interpret(typed: text, expecting: .open).missed }
        #expect(missed("an egg roll, mustard and a tea") == ["mustard"])
        #expect(missed("a nice egg roll for my grandma") == [])
    }
}
