// The seam to whoever carries parcels. In: what goes where. Out: the waybill, and where the parcel is.

/// A parcel to be carried, asked for once under its order's number.
public struct ParcelRequest: Sendable, Hashable {
    /// The order: the carrier keeps it beside its own number, and by it the parcel is found again.
    public let order: String
    /// Where it goes, in the customer's words: for Nova Poshta a town and the number of a branch.
    public let address: String
    /// Who gets it: E.164.
    public let phone: String
    /// What it is worth.
    public let value: Money
    /// To be collected from whoever takes it; nil where it is paid.
    public let cash: Money?

    /// Asks for a parcel to be carried.
    public init(order: String, address: String, phone: String, value: Money, cash: Money?) {
        self.order = order
        self.address = address
        self.phone = phone
        self.value = value
        self.cash = cash
    }
}

/// Where a parcel is, in as many words as a customer needs.
public enum ParcelStatus: String, Sendable, CaseIterable {
    /// The waybill is written, the parcel is not with the carrier yet.
    case created
    /// On its way.
    case underway
    /// In the town where it goes.
    case arrived
    /// To be picked up at the branch or the locker.
    case ready
    /// A courier brings it today.
    case withCourier = "with_courier"
    /// The courier did not find anybody, or the day was moved.
    case delayed
    /// With the customer.
    case received
    /// The customer did not want it, or did not come.
    case refused
    /// On its way back, or back.
    case returned
    /// The carrier does not know the number, or has deleted it.
    case lost

    /// Nothing changes any more.
    public var isFinal: Bool { [.received, .returned, .lost].contains(self) }

    /// What it means for an order that has got so far as `status`; nil for nothing.
    public func next(of status: OrderStatus) -> OrderStatus? {
        switch (self, status) {
        case (.underway, .packed), (.arrived, .packed), (.ready, .packed), (.withCourier, .packed), (.delayed, .packed),
            (.received, .packed), (.refused, .packed), (.returned, .packed):
            .handedOver
        case (.received, .handedOver): .delivered
        case (.returned, .handedOver), (.returned, .delivered): .returned
        default: nil
        }
    }
}

/// Carries parcels. A parcel of one order exists once.
public protocol Carrier: Sendable {
    /// The parcel of an order, if the carrier has one: asked before a request is made again whose answer was lost.
    func waybill(of order: String) async throws(ServiceError) -> String?
    /// Takes a parcel on and gives its waybill: digits.
    func take(_ parcel: ParcelRequest) async throws(ServiceError) -> String
    /// Where a parcel is. `phone`, the recipient's, makes carriers tell more.
    func status(of waybill: String, phone: String?) async throws(ServiceError) -> ParcelStatus
    /// Takes back a waybill whose parcel was not handed over.
    func withdraw(_ waybill: String) async throws(ServiceError)
}
