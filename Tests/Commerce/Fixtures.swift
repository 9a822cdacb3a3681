// A small shop with everything that rules can be about, and a seeded source of chance for the property tests.

import Commerce
import Foundation

enum Corner {
    static let shopText = """
        {
          name: "Corner Kitchen", currency: "USD", languages: ["en", "uk"], timeZone: "Europe/Kyiv",
          hours: [{days: "mon-sat", open: "08:00", close: "21:00"}],
          operator: {transferTo: "sip:desk@corner.example", hours: "same"},
          delivery: [
            {id: "courier", name: "courier", aliases: ["home delivery"], fee: "2.00", freeOver: "30.00",
             areas: ["Lake Street", "Złota"]},
            {id: "night", name: "night courier", fee: "5.00", hours: [{days: "daily", open: "21:00", close: "02:00"}],
             payments: ["link"]},
            {id: "pickup", name: "pickup", fee: "0.00"},
          ],
          payment: [{id: "on_delivery", name: "cash", aliases: ["cash on delivery"]}, {id: "counter"}, {id: "link"}],
          limits: {minimumOrder: "5.00", maximumOrder: "500.00", maximumQuantity: 50},
          streets: ["Lake Street"], repeatOrderByNumber: true, ordersWhenClosed: false,
          faq: [{topic: "refund_policy", questions: ["can I get my money back"], answer: "Within a day."}],
          prompts: {greeting: ["Corner Kitchen, hello!", "Hi."], goodbye: "Bye."},
        }
        """

    static let catalogText = """
        {
          currency: "USD",
          categories: [{id: "pizza", name: "pizza", aliases: ["pie"]}, {id: "drinks", name: "drinks"}],
          products: [
            {sku: "pizza", title: "pizza", aliases: ["pie"], category: "pizza", description: "Baked on stone.",
             price: "8.50", salePrice: "7.50", stock: 40, modifierGroups: ["size", "topping", "sauce"],
             related: ["cola"], tags: ["hot"], names: {uk: {title: "піца", aliases: ["піцца"]}}},
            {sku: "cola", title: "Coca-Cola", aliases: ["coke"], category: "drinks", brand: "Coca-Cola", price: "1.80"},
            {sku: "cherries", title: "cherries", price: "6.00", unit: "kg", step: 0.1, stock: 2.5},
          ],
          modifierGroups: [
            {id: "size", name: "size", min: 1, max: 1, default: "medium", modifiers: [
              {id: "small", name: "small", price: "-1.00"}, {id: "medium", name: "medium"},
              {id: "large", name: "large", aliases: ["big"], price: "2.00"}]},
            {id: "topping", name: "topping", max: 2, amounts: ["extra", "light"], removable: true, modifiers: [
              {id: "cheese", name: "cheese", price: "1.00"}, {id: "ham", name: "ham", price: "1.50"},
              {id: "onion", name: "onion", price: "0.50"}]},
            {id: "sauce", name: "sauce", max: 1, default: "tomato", removable: true, modifiers: [
              {id: "tomato", name: "tomato sauce"}, {id: "cream", name: "cream", price: "0.40"}]},
          ],
        }
        """

    static let shop = Result { () throws(ShopFileError) in
        try Shop.read(json5: Data(shopText.utf8), source: "shop.json5")
    }
    static let catalog = Result { () throws(ShopFileError) in
        try Catalog.read(json5: Data(catalogText.utf8), source: "catalog.json5", currency: Currency(code: "USD"))
    }
}

/// A moment by its clock in a zone.
func moment(_ text: String, in zone: String = "Europe/Kyiv") -> Date {
    let format = DateFormatter()
    format.calendar = Calendar(identifier: .gregorian)
    format.locale = Locale(identifier: "en_US_POSIX")
    format.timeZone = TimeZone(identifier: zone)
    format.dateFormat = "yyyy-MM-dd HH:mm"
    return format.date(from: text) ?? .distantPast
}

/// SplitMix64: the same seed gives the same run.
struct Seeded: RandomNumberGenerator {
    private var state: UInt64
    init(_ seed: UInt64) { state = seed }
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
