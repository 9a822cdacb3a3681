// Reads a shop's own rules from JSON5 and checks all of them.
// In: the bytes of shop.json5. Out: a shop, or every mistake with its path.

public import Foundation

extension Shop {
    /// Reads a shop, whole or not at all. Only `name` and `currency` are needed.
    ///
    /// Left out means: always open; deliveries `delivery` (needs an address) and `pickup`, both free of charge; payment
    /// `on_delivery`; no limits; language `en`; time zone `UTC`; prices include tax; no operator to transfer to.
    ///
    /// Less obvious fields: of a delivery method `needsAddress` (left out: every
    /// method but `pickup` does), `hours` (left out: while the shop is open) and `payments` (the payment methods that go with
    /// it; left out: all) and `carrier` (left out: the shop brings it itself); `streets`, names that callers may use in an address; `repeatOrderByNumber` (left out: false);
    /// `ordersWhenClosed` (left out: true); `recommendations` (left out: `asked`).
    /// `"same"` as hours means the shop's. A delivery or payment method without a `name` is worded by the language pack.
    /// - Parameters:
    ///   - data: JSON5 in UTF-8.
    ///   - source: what messages call the file.
    public static func read(json5 data: Data, source: String) throws(ShopFileError) -> Shop {
        let mistakes = MistakeList(file: source)
        let tree = try JSON5Tree.read(Array(data), mistakes: mistakes)
        let shop = ShopReader(mistakes: mistakes).read(tree)
        try mistakes.check()
        guard let shop else { throw .mistakes([ShopFileMistake(file: source, path: "", reason: "holds no shop")]) }
        return shop
    }
}

private struct ShopReader {
    let mistakes: MistakeList

    private static let fields = [
        "name", "currency", "languages", "timeZone", "pricesIncludeTax", "hours", "operator", "delivery", "payment",
        "limits", "streets", "faq", "prompts", "repeatOrderByNumber", "ordersWhenClosed",
        "recommendations",
    ]

    func read(_ tree: JSON5Tree) -> Shop? {
        guard let fields = FileFields(tree, path: "", known: Self.fields, mistakes: mistakes) else { return nil }
        let name = fields.spokenText("name") ?? ""
        if !fields.has("currency") { mistakes.add("currency", "is missing") }
        guard let currency = fields.currency("currency") ?? Currency(code: "XXX") else { return nil }

        let languages = fields.has("languages") ? languages(fields) : ["en"]
        let timeZone = fields.text("timeZone") ?? "UTC"
        if TimeZone(identifier: timeZone) == nil {
            mistakes.add("timeZone", "\"\(timeZone)\" is no time zone: a name such as \"Europe/Kyiv\"")
        }
        let hours = HoursReader.read("hours", of: fields, allowsSame: false)
        let payment = payments(fields)
        let delivery = deliveries(fields, currency, payments: payment.map(\.id))
        return Shop(
            name: name, currency: currency, languages: languages, timeZone: timeZone,
            pricesIncludeTax: fields.flag("pricesIncludeTax", default: true), hours: hours,
            operator: person(fields), delivery: delivery, payment: payment,
            limits: limits(fields, currency), streets: fields.texts("streets"), faq: questions(fields),
            prompts: prompts(fields), repeatOrderByNumber: fields.flag("repeatOrderByNumber", default: false),
            ordersWhenClosed: fields.flag("ordersWhenClosed", default: true),
            recommendations: recommendations(fields))
    }

    private func recommendations(_ fields: FileFields) -> Recommendations {
        guard let said = fields.text("recommendations") else { return .asked }
        if let known = Recommendations(rawValue: said) { return known }
        let names = Recommendations.allCases.map(\.rawValue)
        mistakes.add(
            fields.at("recommendations"),
            "\"\(said)\" is none of \(names.joined(separator: ", "))" + Spelling.suggestion(for: said, among: names))
        return .asked
    }

    private func languages(_ fields: FileFields) -> [String] {
        var unique = UniqueNames()
        let codes = fields.list("languages") { tree, path -> String? in
            guard let code = FileFields.text(tree, path: path, mistakes: mistakes) else { return nil }
            guard (2...3).contains(code.utf8.count), code.utf8.allSatisfy({ (0x61...0x7A).contains($0) }) else {
                mistakes.add(path, "\"\(code)\" is no language code such as \"en\"")
                return nil
            }
            unique.take(code, path: path, mistakes: mistakes)
            return code
        }
        if case .list(let items) = fields["languages"], items.isEmpty { mistakes.add("languages", "is empty") }
        return codes
    }

    private func person(_ fields: FileFields) -> Operator? {
        guard let tree = fields["operator"],
            let fields = FileFields(tree, path: "operator", known: ["transferTo", "hours"], mistakes: mistakes)
        else { return nil }
        let transferTo = fields.text("transferTo")
        if let transferTo, !["sip:", "sips:"].contains(where: transferTo.lowercased().hasPrefix) {
            mistakes.add(fields.at("transferTo"), "\"\(transferTo)\" is no SIP address: sip:desk@host")
        }
        return Operator(transferTo: transferTo, hours: HoursReader.read("hours", of: fields, allowsSame: true))
    }

    private func payments(_ fields: FileFields) -> [PaymentMethod] {
        guard fields.has("payment") else { return [PaymentMethod(id: "on_delivery", naming: Naming(title: ""))] }
        var unique = UniqueNames()
        let methods = fields.list("payment") { tree, path -> PaymentMethod? in
            guard let fields = FileFields(tree, path: path, known: ["id", "name", "aliases"], mistakes: mistakes) else {
                return nil
            }
            guard let id = fields.requiredText("id") else { return nil }
            unique.take(id, path: fields.at("id"), mistakes: mistakes)
            let known = ["on_delivery", "counter", "saved", "link"]
            if !known.contains(id) {
                let near = Spelling.suggestion(for: id, among: known)
                mistakes.add(
                    fields.at("id"), "\"\(id)\" is none of on_delivery, counter, saved, link" + near)
            }
            return PaymentMethod(id: id, naming: optionalNaming(fields))
        }
        if case .list(let items) = fields["payment"], items.isEmpty { mistakes.add("payment", "is empty") }
        return methods
    }

    private func optionalNaming(_ fields: FileFields) -> Naming {
        fields.has("name") ? fields.naming("name") : Naming(title: "", aliases: fields.texts("aliases"))
    }

    private static let deliveryFields = [
        "id", "name", "aliases", "fee", "freeOver", "areas", "needsAddress", "hours", "payments", "carrier",
    ]

    private func deliveries(_ fields: FileFields, _ currency: Currency, payments: [String]) -> [DeliveryMethod] {
        guard fields.has("delivery") else {
            let free = Money.zero(currency)
            return [
                DeliveryMethod(id: "delivery", naming: Naming(title: ""), fee: free, needsAddress: true),
                DeliveryMethod(id: "pickup", naming: Naming(title: ""), fee: free, needsAddress: false),
            ]
        }
        var unique = UniqueNames()
        let methods = fields.list("delivery") { tree, path -> DeliveryMethod? in
            guard let fields = FileFields(tree, path: path, known: Self.deliveryFields, mistakes: mistakes) else {
                return nil
            }
            let id = fields.requiredText("id") ?? ""
            if !id.isEmpty { unique.take(id, path: fields.at("id"), mistakes: mistakes) }
            let allowed = fields.texts("payments")
            for (index, payment) in allowed.enumerated() where !payments.contains(payment) {
                let near = Spelling.suggestion(for: payment, among: payments)
                mistakes.add(
                    "\(fields.at("payments"))[\(index)]", "\"\(payment)\" is not among the shop's payments" + near)
            }
            let areas = fields.texts("areas")
            for (index, area) in areas.enumerated() where Folding.words(area).isEmpty {
                mistakes.add("\(fields.at("areas"))[\(index)]", "\"\(area)\" has no letter or digit to find")
            }
            let carrier = fields.text("carrier")
            if let carrier, !DeliveryMethod.carriers.contains(carrier) {
                let near = Spelling.suggestion(for: carrier, among: DeliveryMethod.carriers)
                mistakes.add(fields.at("carrier"), "\"\(carrier)\" is no carrier that is known" + near)
            }
            return DeliveryMethod(
                id: id, naming: optionalNaming(fields), fee: fields.money("fee", currency) ?? .zero(currency),
                freeOver: fields.money("freeOver", currency), areas: areas,
                needsAddress: fields.flag("needsAddress", default: id != "pickup"),
                hours: HoursReader.read("hours", of: fields, allowsSame: true), payments: allowed, carrier: carrier)
        }
        if case .list(let items) = fields["delivery"], items.isEmpty { mistakes.add("delivery", "is empty") }
        return methods
    }

    private func limits(_ fields: FileFields, _ currency: Currency) -> OrderLimits {
        let known = ["minimumOrder", "maximumOrder", "maximumQuantity"]
        guard let tree = fields["limits"],
            let fields = FileFields(tree, path: "limits", known: known, mistakes: mistakes)
        else { return OrderLimits() }
        let limits = OrderLimits(
            minimumOrder: fields.money("minimumOrder", currency), maximumOrder: fields.money("maximumOrder", currency),
            maximumQuantity: fields.quantity("maximumQuantity"))
        if let least = limits.minimumOrder, let most = limits.maximumOrder, least.minorUnits > most.minorUnits {
            mistakes.add(
                fields.at("minimumOrder"), "\(least.decimal) is more than maximumOrder, \(most.decimal)")
        }
        if limits.maximumQuantity == 0 { mistakes.add(fields.at("maximumQuantity"), "is nothing") }
        return limits
    }

    private func questions(_ fields: FileFields) -> [FrequentQuestion] {
        var unique = UniqueNames()
        return fields.list("faq") { tree, path in
            let known = ["topic", "questions", "answer"]
            guard let fields = FileFields(tree, path: path, known: known, mistakes: mistakes) else { return nil }
            let topic = fields.requiredText("topic")
            if let topic { unique.take(topic, path: fields.at("topic"), mistakes: mistakes) }
            return FrequentQuestion(
                topic: topic ?? "", questions: fields.texts("questions"), answer: fields.spokenText("answer") ?? "")
        }
    }

    /// Whether a prompt's key and placeholders are known is the language pack's to say.
    private func prompts(_ fields: FileFields) -> [String: [String]] {
        guard let tree = fields["prompts"] else { return [:] }
        guard case .object(let entries) = tree else {
            fields.wrongType("prompts", tree, wanted: "an object")
            return [:]
        }
        let keys = FileFields(tree, path: "prompts", known: Array(entries.keys), mistakes: mistakes)
        var prompts: [String: [String]] = [:]
        for key in entries.keys.sorted() {
            if case .text = entries[key] {
                prompts[key] = keys?.text(key).map { [$0] }
            } else if let variants = keys?.texts(key), !variants.isEmpty {
                prompts[key] = variants
            } else if case .list(let items) = entries[key], items.isEmpty {
                mistakes.add("prompts.\(key)", "is empty")
            }
        }
        return prompts
    }
}
