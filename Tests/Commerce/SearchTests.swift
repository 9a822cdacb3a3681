// Finding products by what callers say, and what to offer instead.

import Commerce
import Foundation
import Testing

struct SearchTests {
    private let catalog: Catalog

    init() throws {
        let text = """
            {categories: [{id: "fruit", name: "fruit", aliases: ["fruits"]}, {id: "drinks", name: "drinks"}], products: [
              {sku: "gala", title: "Gala apples", category: "fruit", price: "2.00", tags: ["sweet"]},
              {sku: "sour", title: "Granny Smith apples", category: "fruit", price: "2.40", stock: 5},
              {sku: "juice", title: "apple juice", category: "drinks", brand: "Sadok", price: "3.00"},
              {sku: "cherries", title: "cherries", category: "fruit", price: "6.00", tags: ["sweet"]},
              {sku: "cafe", title: "Café au lait", category: "drinks", price: "1.50", description: "With apple cake."},
              {sku: "soap", title: "soap", aliases: ["hand wash"], price: "1.00"},
              {sku: "tv", title: "Telefunken TV", price: "200.00", names: {uk: {title: "телевізор"}}},
            ]}
            """
        catalog = try Catalog.read(json5: Data(text.utf8), source: "c", currency: Currency(code: "USD"))
    }

    @Test(
        arguments: [
            (["apple"], ["juice", "gala", "sour", "cafe"]), (["apples"], ["gala", "sour", "juice", "cafe"]),
            (["granny"], ["sour"]), (["apple", "juice"], ["juice"]), (["APPLE JUICE"], ["juice"]),
            (["cherry"], ["cherries"]), (["cher"], ["cherries"]), (["cafe"], ["cafe"]), (["CAFÉ"], ["cafe"]),
            (["sadok"], ["juice"]), (["wash"], ["soap"]), (["sweet"], ["cherries", "gala"]), (["телевізори"], ["tv"]),
            (["fruits"], ["cherries", "gala", "sour"]), (["banana"], []), (["so"], []), (["tele"], ["tv"]),
            (["television"], []),
            (["sweet", "banana"], ["cherries", "gala"]),
            (["..."], ["gala", "sour", "juice", "cherries", "cafe", "soap", "tv"]),
        ] as [([String], [String])])
    func findsByWords(words: [String], skus: [String]) {
        #expect(catalog.search(words, limit: 10).map(\.sku) == skus)
    }

    @Test func filters() throws {
        let search = ProductSearch(catalog)
        let cheap = try #require(Money(decimal: "2.00", currency: catalog.currency))
        #expect(search.search(["apple"], limit: 10, category: "drinks").map(\.sku) == ["juice", "cafe"])
        #expect(search.search(["apple"], limit: 10, priceMax: cheap).map(\.sku) == ["gala", "cafe"])
        #expect(search.search([], limit: 10, category: "fruit", priceMax: cheap).map(\.sku) == ["gala"])
        #expect(search.search(["apple"], limit: 2).count == 2)
        #expect(search.search(["apple"], limit: 0).isEmpty)
        // The filter comes before the best is chosen: juice fits both words but is no fruit.
        #expect(search.search(["apple", "juice"], limit: 10, category: "fruit").map(\.sku) == ["gala", "sour"])
    }

    @Test func offersWhatIsNear() {
        #expect(catalog.alternatives(to: "gala").map(\.sku) == ["cherries", "sour"])
        #expect(catalog.alternatives(to: "sour").map(\.sku) == ["gala", "cherries"])
        #expect(catalog.alternatives(to: "gala", stock: ["sour": 0]).map(\.sku) == ["cherries"])
        #expect(catalog.alternatives(to: "gala", limit: 1).map(\.sku) == ["cherries"])
        #expect(catalog.alternatives(to: "soap").isEmpty)
        #expect(catalog.alternatives(to: "none").isEmpty)
    }

    @Test func tellsWhatIsLeft() throws {
        let sour = try #require(catalog.product("sour"))
        let gala = try #require(catalog.product("gala"))
        #expect(catalog.available(sour, stock: [:]) == 5)
        #expect(catalog.available(sour, stock: ["sour": 2]) == 2)
        #expect(catalog.available(sour, stock: ["sour": -1]) == 0)
        #expect(catalog.available(gala, stock: ["gala": 2]) == nil)
    }
}
