// Stripe: against localstripe, a server that speaks like it, where it is there; and against answers that nobody should believe.

import Commerce
import Foundation
import Testing

@testable import Services

private let usd = Currency(code: "USD") ?? { preconditionFailure("USD is a currency") }()
private func dollars(_ cents: Int64) -> Money { Money(minorUnits: cents, currency: usd) }
private func charge(_ key: String, _ cents: Int64 = 1_950) -> Charge {
    Charge(key: RequestKey(key), order: "1001", amount: dollars(cents))
}

private func gateway(_ url: URL) -> StripeGateway {
    StripeGateway(
        url: url, secret: "sk_test_12345", returnURL: "https://shop.example/", title: "Corner",
        door: HTTPDoor(patience: .seconds(30)))
}

/// The server that `make deps` puts into a virtual environment.
final class LocalStripe: Sendable {
    private static let program =
        ProcessInfo.processInfo.environment["LOCALSTRIPE"]
        ?? URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: ".build/localstripe/bin/localstripe").path
    static let isThere = FileManager.default.isExecutableFile(atPath: program)

    private let process: Process
    let url: URL

    init() async throws {
        let port = Int.random(in: 20_000...40_000)
        process = Process()
        process.executableURL = URL(filePath: Self.program)
        process.arguments = ["--port", String(port), "--from-scratch"]
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        process.currentDirectoryURL = FileManager.default.temporaryDirectory
        try process.run()
        guard let url = URL(string: "http://127.0.0.1:\(port)") else { throw POSIXError(.EINVAL) }
        self.url = url
        for _ in 0..<100 {
            if (try? await HTTPDoor().send(HTTPRequest(method: "GET", url: url))) != nil { return }
            try await Task.sleep(for: .milliseconds(100))
        }
        throw POSIXError(.ETIMEDOUT)
    }

    deinit { process.terminate() }

    func post(_ path: String, _ body: String) async throws -> AnswerJSON {
        let answer = try await HTTPDoor().send(
            HTTPRequest(
                url: url.appending(path: "v1/\(path)"),
                headers: [
                    ("Authorization", "Bearer sk_test_12345"), ("Content-Type", "application/x-www-form-urlencoded"),
                ], body: Data(body.utf8)))
        return try #require(AnswerJSON(answer.body))
    }

    /// A customer with a card, as the gateway's own page would have left it.
    func customer(card: String) async throws -> SavedMethod {
        let method = try await post(
            "payment_methods", "type=card&card[number]=\(card)&card[exp_month]=12&card[exp_year]=2040&card[cvc]=123")
        let customer = try await post("customers", "metadata[x]=y")
        let saved = SavedMethod(
            customer: try #require(customer["id"]?.text), method: try #require(method["id"]?.text))
        _ = try await post("payment_methods/\(saved.method)/attach", "customer=\(saved.customer)")
        return saved
    }
}

@Suite(
    "Stripe as localstripe has it", .enabled(if: LocalStripe.isThere, "localstripe is not there; make deps fetches it"))
struct LocalStripeTests {
    @Test func aChargeHappensOnceAndGoesBackInParts() async throws {
        let server = try await LocalStripe()
        let stripe = gateway(server.url)
        let card = try await server.customer(card: "4242424242424242")
        let first = try await stripe.charge(charge("k"), from: card)
        #expect(first.progress == .paid)
        #expect(first.amount == dollars(1_950))
        #expect(try await stripe.report(on: first.reference) == first)
        let half = try await stripe.refund(charge("r1", 1_000), of: first.reference)
        #expect(half.progress == .paid)
        #expect(half.amount == dollars(1_000))
        _ = try await stripe.refund(charge("r3", 950), of: first.reference)
    }

    @Test func declinesHaveTheirReason() async throws {
        let server = try await LocalStripe()
        let stripe = gateway(server.url)
        for (card, decline) in [("4000000000000341", Decline.refused), ("4000002760003184", .authenticationNeeded)] {
            let report = try await stripe.charge(charge(card), from: try await server.customer(card: card))
            #expect(report.progress == .declined(decline), "\(card)")
        }
        await #expect(throws: ServiceError.self) {
            try await stripe.charge(charge("x"), from: SavedMethod(customer: "cus_none", method: "pm_none"))
        }
    }
}

@Suite struct StripeTests {
    private static func intent(_ status: String, amount: Int = 1_950, currency: String = "usd") -> Reply {
        .json(200, "{\"id\":\"pi_1\",\"status\":\"\(status)\",\"amount\":\(amount),\"currency\":\"\(currency)\"}")
    }

    private let card = SavedMethod(customer: "cus_1", method: "pm_1")

    @Test func aChargeCarriesItsKeyAndNoCard() async throws {
        let server = try StubServer { _, _ in Self.intent("succeeded") }
        let report = try await gateway(server.url).charge(charge("order-key/pay"), from: card)
        #expect(report == PaymentReport(reference: "pi_1", progress: .paid, amount: dollars(1_950)))
        let request = try #require(server.requests.first)
        #expect(request.path == "/v1/payment_intents")
        #expect(request.headers["idempotency-key"] == "order-key/pay")
        #expect(request.headers["authorization"] == "Bearer sk_test_12345")
        #expect(
            request.form == [
                "amount": "1950", "currency": "usd", "customer": "cus_1", "payment_method": "pm_1",
                "off_session": "true", "confirm": "true", "metadata[order]": "1001",
            ])
    }

    static let states: [(String, PaymentProgress)] = [
        ("succeeded", .paid), ("processing", .waiting), ("requires_capture", .authorized), ("canceled", .over),
        ("requires_action", .declined(.authenticationNeeded)), ("requires_payment_method", .declined(.refused)),
    ]

    @Test(arguments: states.indices) func everyStateIsUnderstood(index: Int) async throws {
        let (state, progress) = Self.states[index]
        let server = try StubServer { _, _ in Self.intent(state) }
        #expect(try await gateway(server.url).charge(charge("k"), from: card).progress == progress)
    }

    @Test func whatIsReservedIsTakenOnceAndAllOfIt() async throws {
        let server = try StubServer { request, count in
            request.path.hasSuffix("/capture") && count > 1
                ? .json(400, "{\"error\":{\"code\":\"x\"}}") : Self.intent("succeeded")
        }
        // A second time Stripe says no, and is asked how it stands.
        for _ in 0..<2 {
            let report = try await gateway(server.url).capture(charge("k"), of: "pi_1")
            #expect(report == PaymentReport(reference: "pi_1", progress: .paid, amount: dollars(1_950)))
        }
        let request = try #require(server.requests.first)
        #expect(request.path == "/v1/payment_intents/pi_1/capture" && request.form == ["amount_to_capture": "1950"])
        #expect(request.headers["idempotency-key"] == "k/capture")
        #expect(server.requests.map(\.path).last == "/v1/payment_intents/pi_1")
    }

    @Test(arguments: [
        ("insufficient_funds", Decline.insufficientFunds), ("expired_card", .expired), ("stolen_card", .refused),
        ("authentication_required", .authenticationNeeded),
    ])
    func declinesAreToldNoCloserThanTheyMay(code: String, decline: Decline) async throws {
        let server = try StubServer { _, _ in
            .json(
                402,
                "{\"error\":{\"type\":\"card_error\",\"decline_code\":\"\(code)\",\"payment_intent\":{\"id\":\"pi_9\"}}}"
            )
        }
        let report = try await gateway(server.url).charge(charge("k"), from: card)
        #expect(report == PaymentReport(reference: "pi_9", progress: .declined(decline), amount: dollars(1_950)))
    }

    /// What is no answer, and whether the charge may be tried again under its key.
    static let wrong: [(Reply, again: Bool)] = [
        (.json(200, "{}"), false), (.json(200, "no"), false), (intent("dancing"), false),
        (.json(200, "{\"id\":\"pi\",\"status\":\"succeeded\"}"), false), (.json(401, "{\"error\":{}}"), false),
        (.json(400, "{\"error\":{\"code\":\"x\"}}"), false), (.json(429, "{}"), true), (.json(500, "{}"), true),
        (.json(409, "{}"), true), (.lost, true), (.flood(3 << 20), false), (.json(302, "{}"), false),
    ]

    @Test(arguments: wrong.indices) func whatIsNoAnswerIsNotBelieved(index: Int) async throws {
        let (reply, again) = Self.wrong[index]
        let server = try StubServer { _, _ in reply }
        do throws(ServiceError) {
            _ = try await gateway(server.url).charge(charge("k"), from: card)
            Issue.record("believed")
        } catch {
            if case .unreachable = error { #expect(again) } else { #expect(!again) }
        }
    }

    @Test func aLinkIsMadeWatchedAndClosed() async throws {
        let server = try StubServer { request, _ in
            let state = request.path.hasSuffix("/expire") ? "expired" : "open"
            return .json(
                200,
                """
                {"id":"cs_1","url":"https://checkout.example/1","expires_at":1772456400,"status":"\(state)",
                "payment_status":"unpaid","amount_total":1950,"currency":"usd"}
                """)
        }
        let stripe = gateway(server.url)
        let until = Date(timeIntervalSince1970: 1_772_456_400)
        let link = try await stripe.link(for: charge("k"), until: until)
        #expect(link == PaymentLink(reference: "cs_1", url: "https://checkout.example/1", expiresAt: until))
        #expect(server.requests.first?.form["line_items[0][price_data][unit_amount]"] == "1950")
        #expect(try await stripe.report(on: "cs_1").progress == .waiting)
        #expect(try await stripe.close(link: "cs_1").progress == .over)
        // A name that is none never becomes a path.
        for name in ["", "../v1/balance", "cs_1/expire", "cs 1"] {
            await #expect(throws: ServiceError.self) { try await stripe.report(on: name) }
        }
    }

    @Test func aMethodIsLeftOnStripesOwnPage() async throws {
        let server = try StubServer { request, _ in
            switch request.path {
            case "/v1/customers": .json(200, "{\"id\":\"cus_7\"}")
            case "/v1/checkout/sessions":
                .json(200, "{\"id\":\"cs_7\",\"url\":\"https://checkout.example/7\",\"expires_at\":1772456400}")
            default:
                .json(200, "{\"id\":\"cs_7\",\"customer\":\"cus_7\",\"setup_intent\":{\"payment_method\":\"pm_7\"}}")
            }
        }
        let stripe = gateway(server.url)
        #expect(try await stripe.setupLink(for: "c", key: RequestKey("s")).reference == "cs_7")
        #expect(server.requests.map { $0.headers["idempotency-key"] } == ["s/customer", "s"])
        #expect(try await stripe.savedMethod(onLink: "cs_7") == SavedMethod(customer: "cus_7", method: "pm_7"))
    }
}
