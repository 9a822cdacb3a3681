// A whole conversation as it is written down: what the caller types is understood and answered, and must read as it stands there.

import Commerce
import Dialogue
import Foundation
import Language
import Testing
import Understanding

/// Understands what is typed to one shop.
struct TypedCall {
    private(set) var call: TestCall
    private let understander: Understander

    /// A shop on a Monday at noon, the demo shop or the one in `folder`; `stock` says what is left where it is not as the catalogue says. With a `pin` the
    /// caller is a customer who has one, and whose orders went to two addresses.
    static func demo(
        caller: String? = nil, stock: [String: Quantity] = [:], pin: String? = nil, now: Date = TestShop.mondayNoon,
        recommendations: String? = nil, together: BoughtTogether = BoughtTogether(), in folder: URL? = nil
    ) throws -> TypedCall {
        let folder = folder ?? TestShop.models.appending(path: "demo-shop")
        var (shop, catalog) = try ShopFolder.load(folder.standardized)
        if let recommendations {
            let file = try String(contentsOf: folder.appending(path: "shop.json5"), encoding: .utf8)
            let text = file.replacing("name:", with: "recommendations: '\(recommendations)', name:", maxReplacements: 1)
            shop = try Shop.read(json5: Data(text.utf8), source: "shop.json5")
        }
        var call = try TestCall.begun((shop, catalog), caller: caller, now: now)
        call.context.stock = stock
        call.context.together = together
        if let pin {
            call.context.proofs = [.pin, .code]
            call.desk.pin = SecretDigits(pin)
            call.desk.code = SecretDigits("730146")
            call.desk.customer = KnownCustomer(
                orders: [], addresses: ["7 Mill Lane", "5 Lake Street"], hasSavedMethod: false)
        }
        return TypedCall(
            call: call,
            understander: try Understander(shop: shop, catalog: catalog, pack: try TestShop.english()))
    }

    private static let keys = "        | keys "

    private init(call: TestCall, understander: Understander) {
        self.call = call
        self.understander = understander
    }

    /// One line of the caller: an empty one is silence.
    mutating func types(_ text: String) {
        let meaning = understander.interpret(typed: text, expecting: call.state.listening)
        if text.isEmpty {
            call.silent()
        } else if meaning.acts.isEmpty || meaning.confidence < Assurance.understanding {
            call.hears(text, nil)
        } else {
            call.hears(text, meaning)
        }
    }

    /// Plays the caller's lines of `story` and gives what was said by both.
    mutating func play(_ story: String) -> String {
        for line in story.split(separator: "\n", omittingEmptySubsequences: false) {
            if line.hasPrefix("caller: ") { types(String(line.dropFirst("caller: ".count))) }
            if line.hasPrefix("        | silence") { types("") }
            if line.hasPrefix(Self.keys) { call.presses(String(line.dropFirst(Self.keys.count))) }
        }
        return call.text
    }
}
