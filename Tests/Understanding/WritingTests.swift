// What people type around an order: stories, asides, addresses on the way, the shop's questions in their own words. For each thing
// understood there is one beside it that must not be.

import Commerce
import Foundation
import Testing
import Understanding

@Suite("Writing")
struct WritingTests {
    let demo: Understander
    let pharmacy: Understander

    init() throws {
        demo = try Bench.demo()
        let text = """
            {name: "Linden", currency: "UAH", faq: [
              {topic: "guarantee", questions: ["is there a guarantee"], answer: "Two years."},
              {topic: "repairs", questions: ["can you fix my glasses"], answer: "Bring them in."}]}
            """
        let shop = try Shop.read(json5: Data(text.utf8), source: "shop.json5")
        let goods = """
            {currency: "UAH",
             categories: [{id: "cold", name: "cold remedies"}, {id: "locks", name: "locks"}],
             modifierGroups: [
              {id: "herb", name: "herb", min: 1, max: 1,
               modifiers: [{id: "camomile", name: "camomile"}, {id: "mint", name: "mint"}]},
              {id: "color", name: "color", min: 1, max: 1, default: "red",
               modifiers: [{id: "red", name: "red"}, {id: "white", name: "white"}]}],
             products: [
              {sku: "tea", title: "herbal tea", category: "cold", price: "55", modifierGroups: ["herb"]},
              {sku: "drops", title: "nose drops", category: "cold", price: "95"},
              {sku: "tulip", title: "tulip", price: "30", modifierGroups: ["color"]},
              {sku: "u-lock", title: "U lock", category: "locks", price: "490", modifierGroups: ["color"]},
              {sku: "chain", title: "chain lock", category: "locks", price: "350"}]}
            """
        let catalog = try Catalog.read(json5: Data(goods.utf8), source: "catalog.json5", currency: shop.currency)
        pharmacy = try Understander(shop: shop, catalog: catalog, pack: Bench.pack())
    }

    private func meaning(_ text: String, _ listening: Listening = .open) -> String {
        notation(pharmacy.interpret(typed: text, expecting: listening).acts)
    }

    @Test(
        "Of a story the wish is taken, and only where it is plain",
        arguments: [
            (
                "My son broke his lock and the school says he can't park without one, so I need something sturdy, a U lock maybe, in white",
                "add_to_cart 1×u-lock +white"
            ),
            ("it's my wife's birthday tomorrow and i totally forgot! what would you recommend?", "recommend"),
            ("good morning. my grandma has a cold, i'd like camomile tea", "add_to_cart tea +camomile"),
            ("i don't want anything from you, nose drops", ""),
            ("the doctor said never again, tulips", ""),
            ("my tulips died. what a pity.", ""),
        ])
    func stories(text: String, meaning: String) { #expect(self.meaning(text) == meaning) }

    @Test("A yes beside what was not understood is none")
    func yes() {
        let meaning = demo.interpret(typed: "yes, i hate this awful television show", expecting: .yesNo)
        #expect(meaning.acts.isEmpty)
    }

    @Test(
        "An address is found behind a word for bringing, without what stands around it",
        arguments: [
            ("bring them to 9 high street", "set_address [address=9 High Street]"),
            (
                "bring everything to 7 Khreshchatyk street flat 12 please",
                "set_address [address=7 Khreshchatyk street flat 12]"
            ),
            (
                "deliver to Maria Kovalenko, 22 Shevchenko Boulevard",
                "set_address [address=Maria Kovalenko, 22 Shevchenko Boulevard]"
            ),
            ("i want it delivered today to 12 vasylkivska street", "set_address [address=12 vasylkivska street]"),
            ("can you send it to my mother, 7 Rose Lane", "set_address [address=7 Rose Lane]"),
            ("nose drops delivered to 3 Foo Road", "add_to_cart drops; set_address [address=3 Foo Road]"),
            ("bring it to 3 Foo Road and two tulips", "set_address [address=3 Foo Road]; add_to_cart 2×tulip"),
        ])
    func addresses(text: String, meaning: String) {
        #expect(self.meaning(text) == meaning)
        #expect(self.meaning(text, .address).lowercased() == meaning.lowercased(), "where it was asked for too")
    }

    @Test("No address is a time, a question, or the word for bringing alone")
    func noAddresses() {
        for text in [
            "can you bring it at 5 pm", "do you deliver to 3 Foo Road", "bring it to me", "deliver it at 8 tomorrow",
        ] {
            #expect(!meaning(text).contains("address="), "\(text)")
        }
    }

    @Test("The shop's questions are known in other words, where nothing else fits")
    func questions() {
        #expect(meaning("hi there, do you also fix glasses?") == "faq [topic=repairs]")
        #expect(meaning("and what about a guarantee on these") == "faq [topic=guarantee]")
        #expect(!meaning("i broke my glasses").contains("faq"), "one of its words is not all of them")
        #expect(meaning("do you have wine glasses") == "search_products [query=wine glasses]")
    }

    @Test(
        "What stands in few sentences is understood where the usual ones do not explain all",
        arguments: [
            ("instead of the mint one give me another camomile", "change_modifiers  +camomile [instead_of=mint]"),
            ("which lock is cheaper", "search_products [category=locks] [preference=cheapest]"),
            ("anything cheaper than the u lock", "search_products u-lock [preference=cheaper]"),
            ("hmm what would a chain lock cost", "product_details chain"),
            ("something for a cold under 100", "search_products [price_max=100.00] [query=a cold]"),
            ("ten tulips, half red half white", "add_to_cart 5×tulip +red 5×tulip +white"),
            ("add nose drops first", "add_to_cart drops"),
            ("camomile tea", "add_to_cart tea +camomile"),
        ])
    func late(text: String, meaning: String) { #expect(self.meaning(text) == meaning) }

    @Test("Goods that there are not are told; of a story nothing is")
    func missed() {
        func missed(_ text: String) -> [String] { pharmacy.interpret(typed: text, expecting: .open).missed }
        #expect(missed("nose drops and shampoo") == ["shampoo"])
        #expect(missed("nose drops, my mother in law visits and she can't stand noise") == [])
    }
}
