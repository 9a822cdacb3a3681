// What all stories about the store share: a folder that goes away, a small shop, a caller.

import Commerce
import Foundation
import Privacy
import Sealing
import Testing

@testable import Storage

/// A folder of its own for each test.
final class Folder: Sendable {
    let url: URL

    init() throws {
        url = FileManager.default.temporaryDirectory.appending(path: "rozmova-storage-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: url) }

    var database: URL { url.appending(path: "rozmova.sqlite") }

    /// Every byte of every file in it.
    var bytes: Data {
        let names = (try? FileManager.default.subpathsOfDirectory(atPath: url.path)) ?? []
        return names.sorted().reduce(into: Data()) { $0 += (try? Data(contentsOf: url.appending(path: $1))) ?? Data() }
    }

    /// The files of recordings.
    var recordings: [URL] {
        let place = url.appending(path: "recordings")
        return ((try? FileManager.default.contentsOfDirectory(atPath: place.path)) ?? []).map {
            place.appending(path: $0)
        }
    }

    func copy() throws -> Folder {
        let other = try Folder()
        for name in try FileManager.default.contentsOfDirectory(atPath: url.path) where !name.hasSuffix("-shm") {
            try FileManager.default.copyItem(at: url.appending(path: name), to: other.url.appending(path: name))
        }
        return other
    }
}

let noon = Date(timeIntervalSince1970: 1_772_452_800)
let usd = Currency(code: "USD") ?? { preconditionFailure("USD is a currency") }()
let alice = "+380671234567"
let bob = "+380507654321"

func dollars(_ minorUnits: Int64) -> Money { Money(minorUnits: minorUnits, currency: usd) }

func days(_ count: Int) -> Date { noon.addingTimeInterval(Double(count) * 86_400) }

/// Pizza never runs out, of cola there are three, of cheese 2.5 kg.
func catalog(cola price: Int64 = 150, stock: Quantity = 3) -> Catalog {
    Catalog(
        currency: usd, categories: [],
        products: [
            Product(
                sku: "pizza", naming: Naming(title: "pizza"), price: dollars(850), modifierGroups: ["size"],
                variants: [Product.Variant(sku: "PZ-L", modifiers: ["large"])]),
            Product(sku: "cola", naming: Naming(title: "cola"), price: dollars(price), stock: stock),
            Product(
                sku: "cheese", naming: Naming(title: "cheese"), price: dollars(1_200),
                stock: Quantity(thousandths: 2_500), unit: "kg", step: Quantity(thousandths: 100)),
        ],
        modifierGroups: [
            ModifierGroup(
                id: "size", naming: Naming(title: "size"), min: 1, max: 1, defaultModifier: "medium", amounts: [],
                removable: false,
                modifiers: [
                    Modifier(id: "medium", naming: Naming(title: "medium"), price: dollars(0)),
                    Modifier(id: "large", naming: Naming(title: "large"), price: dollars(200)),
                ])
        ])
}

let shop = Shop(
    name: "Corner", currency: usd, languages: ["en"], timeZone: "Europe/Kyiv", pricesIncludeTax: true, hours: nil,
    operator: nil,
    delivery: [
        DeliveryMethod(id: "courier", naming: Naming(title: "courier"), fee: dollars(200), needsAddress: true),
        DeliveryMethod(id: "pickup", naming: Naming(title: "pickup"), fee: dollars(0), needsAddress: false),
    ],
    payment: [PaymentMethod(id: "on_delivery", naming: Naming(title: "cash"))], limits: OrderLimits(), streets: [],
    faq: [], prompts: [:], repeatOrderByNumber: false)

let address = "5 Lake Street, flat 12"

/// A quote as the dialogue would have read it back.
func quote(_ lines: [LineItem], from catalog: Catalog = catalog(), pickup: Bool = false) throws -> Quote {
    try shop.quote(
        Cart(lines: lines), catalog: catalog, stock: [:], delivery: pickup ? "pickup" : "courier",
        address: pickup ? nil : address, payment: "on_delivery", at: noon
    ).get()
}

let largePizzas = LineItem(sku: "pizza", quantity: 2, modifiers: [ChosenModifier(group: "size", id: "large")])
func colas(_ count: Int) -> LineItem { LineItem(sku: "cola", quantity: Quantity(count)) }

func request(
    _ key: String, _ quote: Quote, phone: String? = alice, isProved: Bool = true, conversation: String = "call-1"
) -> OrderRequest {
    OrderRequest(
        key: RequestKey(key), quote: quote, phone: phone, isPhoneTrusted: phone != nil, isProved: isProved,
        conversation: conversation)
}

let masterKey = MasterKey(.random())

func openStore(
    _ folder: Folder, key: MasterKey = masterKey, policy: RetentionPolicy = .standard, catalog: Catalog? = catalog()
) async throws -> Store {
    let store = try Store(at: folder.database, masterKey: key, policy: policy, clock: { noon })
    if let catalog { try await store.use(shop: shop, catalog: catalog, now: noon) }
    return store
}

struct Played: Equatable {
    let bytes: [UInt8]
    let isWhole: Bool

    init(_ bytes: [UInt8], _ isWhole: Bool) { (self.bytes, self.isWhole) = (bytes, isWhole) }
}

extension Store {
    /// For tests that look at the tables, or change what only another program would change.
    func sql(_ statement: String) throws(StoreError) -> [Row] { try database.run(statement) }

    func number(_ statement: String) throws(StoreError) -> Int64 { try sql(statement).first?.integer(0) ?? -1 }

    /// The sound of a conversation, and whether it is whole.
    func played(_ conversation: String) throws -> Played? {
        var bytes: [UInt8] = []
        return try readRecording(of: conversation) { bytes += $0 }.map { Played(bytes, $0) }
    }

    func observe(_ observer: @escaping @Sendable (String) throws(StoreError) -> Void) {
        database.beforeStatement = observer
    }
}

/// Whether a place-outcome is this refusal.
func expect(_ outcome: OrderOutcome, refused refusal: Refusal, _ location: SourceLocation = #_sourceLocation) {
    #expect(outcome == .failure(refusal), sourceLocation: location)
}
