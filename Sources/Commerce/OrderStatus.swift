// How an order may go on.

extension OrderStatus {
    /// Where it may go from here. An order that left comes back by way of `returned`, delivered or refused at the door.
    public var next: [OrderStatus] {
        switch self {
        case .placed: [.packed, .cancelled]
        case .packed: [.handedOver, .cancelled]
        case .handedOver: [.delivered, .returned]
        case .delivered: [.returned]
        case .cancelled, .returned: []
        }
    }

    /// Why it may not go to `status` from here; nil if it may.
    public func refusal(toMove status: OrderStatus) -> Refusal? {
        next.contains(status) ? nil : .tooLate(self)
    }
}

extension Order {
    /// Why it may not go to `status` from here; nil if it may. What is to be paid beforehand is not packed unpaid.
    public func refusal(toMove status: OrderStatus) -> Refusal? {
        if let refusal = self.status.refusal(toMove: status) { return refusal }
        return status == .packed && [.pending, .failed].contains(paymentStatus) ? .unpaid(paymentStatus) : nil
    }
}
