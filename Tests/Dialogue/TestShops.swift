// The shops of these tests: the demo shop, and a small hardware shop in hryvnias, which proves that nothing is tied to the first.

import Commerce
import Dialogue
import Foundation
import Language

enum TestShop {
    static let models = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "Models")

    /// Read once: it takes longer than most of these tests.
    private static let loaded = Result { try LanguagePack.load("en", in: models) }
    private static let demoShop = Result { try ShopFolder.load(models.appending(path: "demo-shop")) }

    static func english() throws -> LanguagePack { try loaded.get() }

    /// Monday, 14:00 in Kyiv.
    static let mondayNoon = Date(timeIntervalSince1970: 1_772_452_800)
    /// The same night, 03:00 in Kyiv: everything is closed.
    static let night = Date(timeIntervalSince1970: 1_772_413_200)

    static func demo() throws -> (shop: Shop, catalog: Catalog) {
        try demoShop.get()
    }

    static func hardware() throws -> (shop: Shop, catalog: Catalog) {
        let shop = try Shop.read(json5: Data(shopFile.utf8), source: "shop")
        let catalog = try Catalog.read(json5: Data(catalogFile.utf8), source: "catalog", currency: shop.currency)
        return (shop, catalog)
    }

    static let shopFile = """
        {
          name: "Iron and Sons", currency: "UAH", languages: ["en"], timeZone: "Europe/Kyiv", ordersWhenClosed: false,
          hours: [{days: "mon-fri", open: "09:00", close: "18:00"}],
          delivery: [
            {id: "van", name: "van", fee: "90.00", freeOver: "2000.00", needsAddress: true, areas: ["Podil"],
              hours: [{days: "mon-fri", open: "09:00", close: "16:00"}],
              payments: ["on_delivery"]},
            {id: "collect", name: "collection", fee: "0.00", needsAddress: false},
          ],
          payment: [{id: "on_delivery"}, {id: "counter"}, {id: "saved"}],
          limits: {minimumOrder: "100.00", maximumOrder: "5000.00", maximumQuantity: 20},
          faq: [{topic: "cutting", questions: ["do you cut keys"], answer: "We cut keys while you wait, for 50 UAH."}],
        }
        """

    static let catalogFile = """
        {
          currency: "UAH",
          categories: [{id: "tools", name: "tools"}, {id: "paint", name: "paint"}],
          products: [
            {sku: "hammer", title: "hammer", category: "tools", price: "350.00", stock: 4, related: ["nails"],
              tags: ["steel"]},
            {sku: "mallet", title: "rubber mallet", category: "tools", price: "280.00", stock: 9, tags: ["soft"]},
            {sku: "saw", title: "saw", category: "tools", price: "420.00", stock: 0},
            {sku: "nails", title: "nails", category: "tools", price: "120.00", unit: "kg", step: 0.1},
            {sku: "paint", title: "can of paint", category: "paint", price: "500.00",
              description: "Covers eight square meters.", modifierGroups: ["color", "finish"]},
            {sku: "screw", title: "screw", category: "tools", price: "0.50", step: 10, stock: 500},
            {sku: "ladder", title: "ladder", category: "tools", price: "2400.00", stock: 3},
          ],
          modifierGroups: [
            {id: "color", name: "color", min: 1, max: 1, modifiers: [
              {id: "white", name: "white", price: "0.00"}, {id: "red", name: "red", price: "40.00"}]},
            {id: "finish", name: "finish", min: 1, max: 1, default: "matte", modifiers: [
              {id: "matte", name: "matte", price: "0.00"}, {id: "glossy", name: "glossy", price: "60.00"}]},
          ],
        }
        """
}
