// Nova Poshta's API 2.0 behind `Carrier` (https://developers.novaposhta.ua): POST JSON, answers with `success`, `data` and
// `errors`. Every field of an answer may be missing or a text where a number was promised.

public import Commerce
public import Foundation

/// A sender's account at Nova Poshta.
public struct NovaPoshta: Carrier {
    /// Where its API is.
    public static let standardURL = "https://api.novaposhta.ua/v2.0/json/"

    /// Who sends, by Nova Poshta's references.
    public struct Sender: Sendable {
        /// The counterparty.
        public let sender: String
        /// Its contact person.
        public let contact: String
        /// The settlement that parcels leave from.
        public let city: String
        /// The branch or address there.
        public let address: String
        /// Its telephone number.
        public let phone: String
        /// What parcels hold, for the waybill.
        public let description: String
        /// Of a usual parcel, in kilograms.
        public let weight: String

        /// Names a sender.
        public init(
            sender: String, contact: String, city: String, address: String, phone: String, description: String,
            weight: String
        ) {
            self.sender = sender
            self.contact = contact
            self.city = city
            self.address = address
            self.phone = phone
            self.description = description
            self.weight = weight
        }
    }

    private let url: URL
    private let key: String
    private let sender: Sender
    private let door: HTTPDoor
    private let today: @Sendable () -> Date

    /// - Parameters:
    ///   - key: the account's API key.
    ///   - today: waybills are dated by it.
    public init(
        url: URL, key: String, sender: Sender, door: HTTPDoor = HTTPDoor(), today: @escaping @Sendable () -> Date
    ) {
        self.url = url
        self.key = key
        self.sender = sender
        self.door = door
        self.today = today
    }

    /// The parcel of an order, if there is one: found by the sender's own number, among those of the last week.
    public func waybill(of order: String) async throws(ServiceError) -> String? {
        let found = try await call(
            "InternetDocument", "getDocumentList",
            [
                "DateTimeFrom": date(daysAgo: 7), "DateTimeTo": date(daysAgo: -1), "GetFullList": "1",
            ])
        let own = found.filter { document in
            ["InfoRegClientBarcodes", "ClientBarcode"].contains { document[$0]?.text == order }
        }
        return try own.first.map { document throws(ServiceError) in try Self.number(document) }
    }

    /// Takes a parcel on and gives its waybill.
    public func take(_ parcel: ParcelRequest) async throws(ServiceError) -> String {
        guard parcel.value.currency.code == "UAH" else {
            throw .refused("Nova Poshta counts in UAH, not in \(parcel.value.currency.code)")
        }
        let branch = try await branch(of: parcel.address)
        var fields: [String: Any] = [
            "NewAddress": "1", "PayerType": "Recipient", "PaymentMethod": "Cash", "CargoType": "Parcel",
            "ServiceType": "WarehouseWarehouse", "SeatsAmount": "1", "Weight": sender.weight,
            "DateTime": date(daysAgo: 0), "Description": sender.description, "Cost": parcel.value.decimal,
            "CitySender": sender.city, "Sender": sender.sender, "SenderAddress": sender.address,
            "ContactSender": sender.contact, "SendersPhone": sender.phone, "RecipientCityName": branch.city,
            "RecipientArea": branch.area, "RecipientAddressName": branch.number, "RecipientName": parcel.order,
            "RecipientType": "PrivatePerson", "RecipientsPhone": Self.digits(parcel.phone),
            "InfoRegClientBarcodes": parcel.order,
        ]
        if let cash = parcel.cash {
            fields["BackwardDeliveryData"] = [
                ["PayerType": "Recipient", "CargoType": "Money", "RedeliveryString": cash.decimal]
            ]
        }
        let saved = try await call("InternetDocument", "save", fields)
        guard let document = saved.first else { throw .nonsense("Nova Poshta saved a parcel and gives no number") }
        return try Self.number(document)
    }

    /// Where a parcel is.
    public func status(of waybill: String, phone: String?) async throws(ServiceError) -> ParcelStatus {
        let found = try await call(
            "TrackingDocument", "getStatusDocuments",
            ["Documents": [["DocumentNumber": waybill, "Phone": phone.map(Self.digits) ?? ""]]])
        guard let document = found.first, document["Number"]?.text == waybill else {
            throw .nonsense("Nova Poshta speaks of another parcel than \(waybill)")
        }
        let code = document["StatusCode"]?.text ?? ""
        guard let status = Self.status(code: code) else { throw .nonsense("Nova Poshta gives the status \(code)") }
        return status
    }

    /// Takes back a waybill whose parcel was not handed over.
    public func withdraw(_ waybill: String) async throws(ServiceError) {
        let found = try await call(
            "InternetDocument", "getDocumentList",
            [
                "DateTimeFrom": date(daysAgo: 30), "DateTimeTo": date(daysAgo: -1), "GetFullList": "1",
            ])
        // Deleted by somebody else, or by the try before whose answer was lost.
        guard let document = found.first(where: { $0["IntDocNumber"]?.text == waybill }) else { return }
        guard let reference = document["Ref"]?.text else {
            throw .nonsense("Nova Poshta's \(waybill) has no reference")
        }
        _ = try await call("InternetDocument", "delete", ["DocumentRefs": reference])
    }

    /// What the codes of `getStatusDocuments` mean for who waits for the parcel.
    static func status(code: String) -> ParcelStatus? {
        switch code {
        case "1", "12": .created
        case "2", "3": .lost
        case "4", "41", "5", "104", "112": .underway
        case "6": .arrived
        case "7", "8": .ready
        case "101": .withCourier
        case "111": .delayed
        case "9", "10", "11": .received
        case "102", "103", "105": .refused
        case "106": .returned
        default: nil
        }
    }

    // MARK: - Addresses

    private struct Branch {
        let city: String
        let area: String
        let number: String
    }

    /// "Kyiv, branch 5": the words before the last number are the town, without the word for a branch.
    private func branch(of address: String) async throws(ServiceError) -> Branch {
        let words = address.split { !$0.isLetter && !$0.isNumber && $0 != "-" && $0 != "'" && $0 != "’" }.map(
            String.init)
        guard let place = words.lastIndex(where: { $0.allSatisfy(\.isNumber) }), place > 0 else {
            throw .refused("no number of a branch is in the address")
        }
        // Of the words before it the longest run that is a town of Nova Poshta's.
        for length in stride(from: place, through: 1, by: -1) {
            let name = words[..<length].joined(separator: " ")
            let found = try await call("Address", "searchSettlements", ["CityName": name, "Limit": "2", "Page": "1"])
            guard let town = found.first?["Addresses"]?[0] else { continue }
            guard let city = town["MainDescription"]?.text, let reference = town["Ref"]?.text else {
                throw .nonsense("Nova Poshta gives a town without a name")
            }
            let branches = try await call(
                "Address", "getWarehouses", ["SettlementRef": reference, "WarehouseId": words[place], "Limit": "2"])
            guard branches.contains(where: { $0["Number"]?.text == words[place] }) else {
                throw .refused("there is no branch \(words[place]) in that town")
            }
            return Branch(city: city, area: town["Area"]?.text ?? "", number: words[place])
        }
        throw .refused("no town of Nova Poshta's is in the address")
    }

    // MARK: - Requests

    private func call(
        _ model: String, _ method: String, _ properties: [String: Any]
    ) async throws(ServiceError) -> [AnswerJSON] {
        let request: [String: Any] = [
            "apiKey": key, "modelName": model, "calledMethod": method, "methodProperties": properties,
        ]
        guard let body = try? JSONSerialization.data(withJSONObject: request, options: .sortedKeys) else {
            preconditionFailure("texts and lists have a JSON form")
        }
        let answer = try await door.send(
            HTTPRequest(url: url, headers: [("Content-Type", "application/json")], body: body))
        if answer.isPassing { throw .unreachable("Nova Poshta answers \(answer.status)") }
        guard answer.status == 200 else { throw .refused("Nova Poshta answers \(answer.status)") }
        guard let json = AnswerJSON(answer.body) else { throw .nonsense("Nova Poshta answers with no JSON") }
        guard json["success"]?.isTrue == true else {
            let codes = (json["errorCodes"]?.items ?? []).compactMap(\.text)
            throw .refused(
                "Nova Poshta refuses \(method): \(codes.isEmpty ? "no code" : codes.joined(separator: ", "))")
        }
        return json["data"]?.items ?? []
    }

    /// 14 digits.
    private static func number(_ document: AnswerJSON) throws(ServiceError) -> String {
        guard let number = document["IntDocNumber"]?.text, number.utf8.count == 14,
            number.utf8.allSatisfy({ (0x30...0x39).contains($0) })
        else { throw .nonsense("Nova Poshta gives a waybill without a number of 14 digits") }
        return number
    }

    private static func digits(_ phone: String) -> String { phone.filter { $0.isASCII && $0.isNumber } }

    /// `22.11.2026`, in Ukraine's time.
    private func date(daysAgo days: Int) -> String {
        var calendar = Calendar(identifier: .gregorian)
        if let zone = TimeZone(identifier: "Europe/Kyiv") { calendar.timeZone = zone }
        let moment = today().addingTimeInterval(-Double(days) * 86_400)
        let parts = calendar.dateComponents([.day, .month, .year], from: moment)
        return String(format: "%02d.%02d.%04d", parts.day ?? 1, parts.month ?? 1, parts.year ?? 2_000)
    }
}
