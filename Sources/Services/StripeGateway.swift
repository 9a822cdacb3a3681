// Stripe behind `PaymentGateway`: PaymentIntents for saved methods, Checkout for links, Refunds. Requests are form-encoded,
// every act carries its key (https://docs.stripe.com/api/idempotent_requests). Card numbers are typed on Stripe's own
// pages and never come here.

public import Commerce
public import Foundation

/// An account at Stripe, or a server that speaks like it.
public struct StripeGateway: PaymentGateway {
    /// Where Stripe is.
    public static let standardURL = "https://api.stripe.com"

    private let url: URL
    private let secret: String
    private let returnURL: String
    private let title: String
    private let door: HTTPDoor

    /// Stripe may forget a key after 24 hours.
    public var keyLifetime: Duration { .seconds(23 * 3_600) }

    /// - Parameters:
    ///   - url: without `/v1`.
    ///   - secret: the account's secret key.
    ///   - returnURL: the page of the shop where a customer comes back to.
    ///   - title: what the payment page calls an order, before its number.
    public init(url: URL, secret: String, returnURL: String, title: String, door: HTTPDoor = HTTPDoor()) {
        self.url = url
        self.secret = secret
        self.returnURL = returnURL
        self.title = title
        self.door = door
    }

    // MARK: Saved methods

    /// Takes the amount from a saved method, without the customer being there.
    public func charge(_ charge: Charge, from method: SavedMethod) async throws(ServiceError) -> PaymentReport {
        let (status, answer) = try await post(
            "payment_intents",
            [
                ("amount", String(units(of: charge.amount))), ("currency", charge.amount.currency.code.lowercased()),
                ("customer", method.customer), ("payment_method", method.method), ("off_session", "true"),
                ("confirm", "true"), ("metadata[order]", charge.order),
            ], key: charge.key)
        if status == 402 {
            let error = answer["error"]
            let reference = error?["payment_intent"]?["id"]?.text ?? charge.key.value
            return PaymentReport(
                reference: reference, progress: .declined(Self.decline(error)), amount: charge.amount)
        }
        return try report(onIntent: answer)
    }

    /// Takes what an account that captures by hand has only reserved. Where it is taken or gone already, that is the answer.
    public func capture(_ charge: Charge, of reference: String) async throws(ServiceError) -> PaymentReport {
        let name = try Self.name(reference)
        do throws(ServiceError) {
            let (_, intent) = try await post(
                "payment_intents/\(name)/capture", [("amount_to_capture", String(units(of: charge.amount)))],
                key: RequestKey(charge.key.value + "/capture"))
            return try report(onIntent: intent)
        } catch .refused(let reason) {
            let found = try await report(on: reference)
            guard found.progress == .paid || found.progress == .over else { throw .refused(reason) }
            return found
        }
    }

    /// Makes a page where a customer leaves a method of payment.
    public func setupLink(for customer: String, key: RequestKey) async throws(ServiceError) -> PaymentLink {
        let (_, made) = try await post(
            "customers", [("metadata[customer]", customer)], key: RequestKey(key.value + "/customer"))
        guard let id = made["id"]?.text else { throw .nonsense("Stripe made a customer without a name") }
        let (_, session) = try await post(
            "checkout/sessions",
            [
                ("mode", "setup"), ("customer", id), ("payment_method_types[0]", "card"), ("success_url", returnURL),
                ("cancel_url", returnURL),
            ], key: key)
        return try link(session)
    }

    /// The method that was left on such a page; nil while none is.
    public func savedMethod(onLink reference: String) async throws(ServiceError) -> SavedMethod? {
        let session = try await get("checkout/sessions/\(try Self.name(reference))?expand[]=setup_intent")
        guard let method = session["setup_intent"]?["payment_method"]?.text, let customer = session["customer"]?.text
        else { return nil }
        return SavedMethod(customer: customer, method: method)
    }

    // MARK: Links

    /// Makes a page where the amount can be paid: by card, Apple Pay, Google Pay, whatever the account allows.
    public func link(for charge: Charge, until: Date) async throws(ServiceError) -> PaymentLink {
        let (_, session) = try await post(
            "checkout/sessions",
            [
                ("mode", "payment"), ("client_reference_id", charge.order), ("metadata[order]", charge.order),
                ("line_items[0][quantity]", "1"),
                ("line_items[0][price_data][currency]", charge.amount.currency.code.lowercased()),
                ("line_items[0][price_data][unit_amount]", String(units(of: charge.amount))),
                ("line_items[0][price_data][product_data][name]", "\(title) \(charge.order)"),
                ("success_url", returnURL), ("cancel_url", returnURL),
                ("expires_at", String(Int64(until.timeIntervalSince1970))),
            ], key: charge.key)
        return try link(session)
    }

    /// Where a payment stands: of a link, or one that was charged and not answered at once.
    public func report(on reference: String) async throws(ServiceError) -> PaymentReport {
        if reference.hasPrefix("pi_") {
            return try report(onIntent: try await get("payment_intents/\(try Self.name(reference))"))
        }
        return try report(onSession: try await get("checkout/sessions/\(try Self.name(reference))"))
    }

    /// Closes a link. One that was paid meanwhile cannot be closed, and says so.
    public func close(link reference: String) async throws(ServiceError) -> PaymentReport {
        let name = try Self.name(reference)
        if reference.hasPrefix("pi_") {
            let (_, intent) = try await post("payment_intents/\(name)/cancel", [], key: nil)
            return try report(onIntent: intent)
        }
        do throws(ServiceError) {
            let (_, session) = try await post("checkout/sessions/\(name)/expire", [], key: nil)
            return try report(onSession: session)
        } catch .refused {
            return try await report(on: reference)
        }
    }

    // MARK: Money back

    /// Gives money back, all of a payment or part of it.
    public func refund(_ refund: Charge, of reference: String) async throws(ServiceError) -> PaymentReport {
        var intent = reference
        if !intent.hasPrefix("pi_") {
            let session = try await get("checkout/sessions/\(try Self.name(reference))")
            guard let paid = session["payment_intent"]?.text else {
                throw .nonsense("Stripe has no payment behind the link \(reference)")
            }
            intent = paid
        }
        let (_, answer) = try await post(
            "refunds",
            [
                ("payment_intent", intent), ("amount", String(units(of: refund.amount))),
                ("metadata[order]", refund.order),
            ], key: refund.key)
        let progress: PaymentProgress
        switch answer["status"]?.text {
        // Pending is on its way to the bank: nothing is left for anybody to do.
        case "succeeded", "pending": progress = .paid
        case "failed", "canceled": progress = .declined(.refused)
        default: throw .nonsense("Stripe answers a refund with the status \(answer["status"]?.text ?? "none")")
        }
        return PaymentReport(
            reference: answer["id"]?.text ?? "", progress: progress,
            amount: try money(answer["amount"], answer["currency"] ?? .text(refund.amount.currency.code)))
    }

    // MARK: - Answers

    private func report(onIntent intent: AnswerJSON) throws(ServiceError) -> PaymentReport {
        guard let id = intent["id"]?.text, let status = intent["status"]?.text else {
            throw .nonsense("Stripe answers with no payment")
        }
        let progress: PaymentProgress
        switch status {
        case "succeeded": progress = .paid
        case "processing": progress = .waiting
        case "requires_capture": progress = .authorized
        case "requires_action", "requires_confirmation": progress = .declined(.authenticationNeeded)
        case "requires_payment_method": progress = .declined(Self.decline(intent["last_payment_error"]))
        case "canceled": progress = .over
        default: throw .nonsense("Stripe answers with the status \(status)")
        }
        return PaymentReport(reference: id, progress: progress, amount: try money(intent["amount"], intent["currency"]))
    }

    private func report(onSession session: AnswerJSON) throws(ServiceError) -> PaymentReport {
        guard let id = session["id"]?.text else { throw .nonsense("Stripe answers with no link") }
        let progress: PaymentProgress
        switch (session["status"]?.text, session["payment_status"]?.text) {
        case (_, "paid"): progress = .paid
        case ("expired", _): progress = .over
        case ("open", _), ("complete", "unpaid"): progress = .waiting
        case (let status, let payment):
            throw .nonsense("Stripe answers with a link that is \(status ?? "nothing") and \(payment ?? "nothing")")
        }
        return PaymentReport(
            reference: id, progress: progress, amount: try money(session["amount_total"], session["currency"]))
    }

    private func link(_ session: AnswerJSON) throws(ServiceError) -> PaymentLink {
        guard let id = session["id"]?.text, let page = session["url"]?.text, page.hasPrefix("http"),
            let expiry = session["expires_at"]?.integer
        else { throw .nonsense("Stripe answers with no page to pay on") }
        return PaymentLink(reference: id, url: page, expiresAt: Date(timeIntervalSince1970: Double(expiry)))
    }

    /// Only what helps the customer: a lost or stolen card is nobody's business at the telephone.
    private static func decline(_ error: AnswerJSON?) -> Decline {
        switch error?["decline_code"]?.text ?? error?["code"]?.text {
        case "insufficient_funds", "card_velocity_exceeded": .insufficientFunds
        case "expired_card": .expired
        case "authentication_required": .authenticationNeeded
        default: .refused
        }
    }

    /// Stripe counts two digits where the currency has none any more
    /// (https://docs.stripe.com/currencies#special-cases).
    private func scale(_ currency: Currency) -> Int64 { ["ISK", "UGX"].contains(currency.code) ? 100 : 1 }

    private func units(of money: Money) -> Int64 { money.minorUnits * scale(money.currency) }

    private func money(_ units: AnswerJSON?, _ code: AnswerJSON?) throws(ServiceError) -> Money {
        guard let units = units?.integer, let currency = code?.text.flatMap(Currency.init),
            units % scale(currency) == 0
        else { throw .nonsense("Stripe answers with no amount") }
        return Money(minorUnits: units / scale(currency), currency: currency)
    }

    // MARK: - Requests

    /// A name of Stripe's, fit to stand in a path.
    private static func name(_ reference: String) throws(ServiceError) -> String {
        guard !reference.isEmpty, reference.utf8.allSatisfy({ isPlain($0) && $0 != UInt8(ascii: ".") }) else {
            throw .nonsense("\(reference) is no name of Stripe's")
        }
        return reference
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
            || [0x2D, 0x2E, 0x5F, 0x7E].contains(byte)
    }

    private static func escaped(_ text: String) -> String {
        text.utf8.map { isPlain($0) ? String(Unicode.Scalar($0)) : String(format: "%%%02X", Int($0)) }.joined()
    }

    private func get(_ path: String) async throws(ServiceError) -> AnswerJSON {
        try await send("GET", path, body: Data(), key: nil).answer
    }

    private func post(
        _ path: String, _ fields: [(name: String, value: String)], key: RequestKey?
    ) async throws(ServiceError) -> (status: Int, answer: AnswerJSON) {
        let form = fields.map { "\(Self.escaped($0.name))=\(Self.escaped($0.value))" }.joined(separator: "&")
        return try await send("POST", path, body: Data(form.utf8), key: key)
    }

    /// Declines (402) are answers; every other refusal is thrown.
    private func send(
        _ method: String, _ path: String, body: Data, key: RequestKey?
    ) async throws(ServiceError) -> (status: Int, answer: AnswerJSON) {
        guard let place = URL(string: "\(url.absoluteString)/v1/\(path)") else {
            throw .refused("\(url) is no address")
        }
        var headers = [(name: "Authorization", value: "Bearer \(secret)")]
        if method == "POST" { headers.append(("Content-Type", "application/x-www-form-urlencoded")) }
        if let key { headers.append(("Idempotency-Key", key.value)) }
        let answer = try await door.send(HTTPRequest(method: method, url: place, headers: headers, body: body))
        if answer.isPassing { throw .unreachable("Stripe answers \(answer.status)") }
        guard let json = AnswerJSON(answer.body) else {
            throw .nonsense("Stripe answers \(answer.status), and no JSON")
        }
        guard (200..<300).contains(answer.status) || answer.status == 402 else {
            // Its message may repeat what was sent; the code says enough.
            let code = json["error"]?["code"]?.text ?? json["error"]?["type"]?.text ?? "no code"
            throw .refused("Stripe answers \(answer.status): \(code)")
        }
        return (answer.status, json)
    }
}
