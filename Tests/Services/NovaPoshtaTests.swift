// Nova Poshta as its documentation has it, and as it should not be: wrong, slow and lying answers.

import Commerce
import Foundation
import Testing

@testable import Services

@Suite struct NovaPoshtaTests {
    static let uah = Currency(code: "UAH") ?? { preconditionFailure("UAH is a currency") }()
    private let parcel = ParcelRequest(
        order: "1001", address: "Біла Церква, відділення 5", phone: "+380671234567",
        value: Money(minorUnits: 45_000, currency: uah), cash: Money(minorUnits: 45_000, currency: uah))

    private func carrier(_ server: StubServer) -> NovaPoshta {
        NovaPoshta(
            url: server.url, key: "k",
            sender: .init(
                sender: "s", contact: "c", city: "ct", address: "a", phone: "380440000000", description: "lamps",
                weight: "1"),
            door: HTTPDoor(patience: .seconds(30)), today: { Date(timeIntervalSince1970: 1_772_452_800) })
    }

    private static func success(_ data: String) -> Reply {
        .json(200, "{\"success\":true,\"data\":[\(data)],\"errors\":[],\"warnings\":[],\"info\":[]}")
    }

    /// Towns and branches as documented; `save` gives what a test wants.
    private static func documented(_ request: Received, saved: Reply) -> Reply {
        switch request.json("calledMethod") as? String {
        case "searchSettlements":
            let name = request.json("methodProperties", "CityName") as? String
            return name == "Біла Церква"
                ? success(
                    """
                    {"TotalCount":1,"Addresses":[{"Present":"м. Біла Церква","MainDescription":"Біла Церква",
                    "Area":"Київська","Ref":"town-1"}]}
                    """)
                : success("{\"TotalCount\":0,\"Addresses\":[]}")
        case "getWarehouses":
            let number = request.json("methodProperties", "WarehouseId") as? String
            return number == "5" ? success("{\"Number\":\"5\",\"Ref\":\"branch-5\"}") : success("")
        default: return saved
        }
    }

    @Test func aWaybillIsMade() async throws {
        let server = try StubServer { request, _ in
            Self.documented(
                request,
                saved: Self.success("{\"Ref\":\"r\",\"IntDocNumber\":\"20450000000001\",\"CostOnSite\":\"70\"}"))
        }
        #expect(try await carrier(server).take(parcel) == "20450000000001")
        let save = try #require(server.requests.last)
        let fields = try #require(save.json("methodProperties") as? [String: Any])
        #expect(save.json("apiKey") as? String == "k")
        #expect(save.json("modelName") as? String == "InternetDocument")
        #expect(fields["RecipientCityName"] as? String == "Біла Церква")
        #expect(fields["RecipientAddressName"] as? String == "5")
        #expect(fields["RecipientsPhone"] as? String == "380671234567")
        #expect(fields["Cost"] as? String == "450.00")
        #expect(fields["InfoRegClientBarcodes"] as? String == "1001")
        #expect(fields["DateTime"] as? String == "02.03.2026")
        #expect((fields["BackwardDeliveryData"] as? [[String: Any]])?.first?["RedeliveryString"] as? String == "450.00")
    }

    /// What is wrong, and whether it may be tried again.
    static let wrong: [(Reply, again: Bool)] = [
        (.json(200, "{\"success\":false,\"data\":[],\"errors\":[\"x\"],\"errorCodes\":[\"20000200039\"]}"), false),
        (.json(200, "<html>"), false), (.json(200, "{}"), false), (.json(403, "{}"), false),
        (success("{\"IntDocNumber\":\"12\"}"), false), (success("{\"IntDocNumber\":\"2045000000000x\"}"), false),
        (success(""), false), (.json(502, ""), true), (.lost, true), (.flood(3 << 20), false),
    ]

    @Test(arguments: wrong.indices) func wrongAnswersAreNotBelieved(index: Int) async throws {
        let (reply, again) = Self.wrong[index]
        let server = try StubServer { request, _ in Self.documented(request, saved: reply) }
        do throws(ServiceError) {
            _ = try await carrier(server).take(parcel)
            Issue.record("believed")
        } catch {
            if case .unreachable = error { #expect(again) } else { #expect(!again) }
        }
    }

    @Test(arguments: ["Лондон, відділення 5", "Біла Церква", "Біла Церква 77", "5", ""])
    func anAddressThatIsNoneIsRefused(address: String) async throws {
        let server = try StubServer { request, _ in Self.documented(request, saved: .lost) }
        let other = ParcelRequest(
            order: "1001", address: address, phone: parcel.phone, value: parcel.value, cash: nil)
        do throws(ServiceError) {
            _ = try await carrier(server).take(other)
            Issue.record("taken")
        } catch {
            guard case .refused = error else {
                Issue.record("\(error)")
                return
            }
        }
    }

    @Test func aParcelWhoseAnswerWasLostIsFoundAgain() async throws {
        let server = try StubServer { _, _ in
            Self.success(
                """
                {"IntDocNumber":"20450000000009","InfoRegClientBarcodes":"1000"},
                {"IntDocNumber":"20450000000001","InfoRegClientBarcodes":"1001"}
                """)
        }
        #expect(try await carrier(server).waybill(of: "1001") == "20450000000001")
        #expect(try await carrier(server).waybill(of: "1002") == nil)
    }

    @Test(arguments: [
        ("1", ParcelStatus.created), ("3", .lost), ("5", .underway), ("41", .underway), ("6", .arrived), ("7", .ready),
        ("8", .ready), ("9", .received), ("11", .received), ("101", .withCourier), ("103", .refused),
        ("106", .returned),
        ("111", .delayed),
    ])
    func aStatusIsUnderstood(code: String, status: ParcelStatus) async throws {
        let server = try StubServer { _, _ in
            Self.success("{\"Number\":\"20450000000001\",\"StatusCode\":\"\(code)\",\"Status\":\"…\"}")
        }
        #expect(try await carrier(server).status(of: "20450000000001", phone: nil) == status)
        // Somebody else's parcel, or a code that nobody knows, is no answer.
        await #expect(throws: ServiceError.self) {
            try await carrier(server).status(of: "20450000000002", phone: nil)
        }
    }
}
