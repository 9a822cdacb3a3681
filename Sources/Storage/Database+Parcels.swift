// Parcels: asked for once when an order is packed, followed until they are with the customer. Called inside a transaction.

import Commerce
import Foundation
import Privacy

extension Database {
    /// Asks the carrier of an order to carry it; an order that the shop brings itself has none.
    mutating func askForParcel(_ found: OrderRow, desk: Desk) throws(StoreError) {
        guard let carrier = found.carrier else { return }
        try run(
            "INSERT INTO parcels (order_number, carrier, created_at, changed_at) VALUES (?, ?, ?, ?)",
            [.integer(found.number), .text(carrier), .integer(desk.now.seconds), .integer(desk.now.seconds)])
        try post(
            "parcel-\(found.number)", kind: "parcel.send", .parcel, to: found.subject, order: found.number, desk: desk)
    }

    /// Takes down the carrier's number, tells of it, and follows the parcel.
    mutating func take(waybill: String, order found: OrderRow, desk: Desk) throws(StoreError) {
        try run(
            "UPDATE parcels SET waybill = ?, status = 'created', changed_at = ? WHERE order_number = ?",
            [.text(waybill), .integer(desk.now.seconds), .integer(found.number)])
        try run("UPDATE orders SET waybill = ? WHERE number = ?", [.text(waybill), .integer(found.number)])
        guard found.order.status != .cancelled else { return try withdraw(found, desk: desk) }
        try tell(.created, waybill, found, changes: 0, desk: desk)
        try post(
            "parcel-\(found.number)-track", kind: "parcel.track", .parcel, to: found.subject, order: found.number,
            at: desk.now.seconds + 600, desk: desk)
    }

    /// Takes down where a parcel is; the order goes as far as the parcel has.
    mutating func take(_ status: ParcelStatus, order found: OrderRow, desk: Desk) throws(StoreError) {
        guard let waybill = found.order.waybill, status != found.order.parcel else { return }
        try run(
            "UPDATE parcels SET status = ?, changes = changes + 1, changed_at = ? WHERE order_number = ?",
            [.text(status.rawValue), .integer(desk.now.seconds), .integer(found.number)])
        let changes = try run("SELECT changes FROM parcels WHERE order_number = ?", [.integer(found.number)])
        try tell(status, waybill, found, changes: changes.first?.integer(0) ?? 0, desk: desk)
        var found = found
        found.order.parcel = status
        while let next = status.next(of: found.order.status) {
            guard case .success = try move(found, to: next, by: "carrier", desk: desk) else { return }
            found.order.status = next
        }
    }

    /// Takes a parcel back whose order is cancelled before it left.
    mutating func withdraw(_ found: OrderRow, desk: Desk) throws(StoreError) {
        guard found.carrier != nil else { return }
        // Not asked for yet: it will not be. One that is being asked for comes back here with its number.
        try run(
            """
            UPDATE outbox SET delivered_at = ?1 WHERE order_number = ?2 AND channel = 'parcel' AND delivered_at IS NULL
                AND (attempts = 0 OR kind = 'parcel.track')
            """, [.integer(desk.now.seconds), .integer(found.number)])
        try run(
            """
            UPDATE parcels SET withdrawn = 1, changed_at = ? WHERE order_number = ? AND waybill IS NOT NULL
                AND withdrawn = 0
            """, [.integer(desk.now.seconds), .integer(found.number)])
        guard changes > 0 else { return }
        try post(
            "parcel-\(found.number)-withdraw", kind: "parcel.withdraw", .parcel, to: found.subject,
            order: found.number, desk: desk)
    }

    private mutating func tell(
        _ status: ParcelStatus, _ waybill: String, _ found: OrderRow, changes: Int64, desk: Desk
    ) throws(StoreError) {
        guard let subject = try desk.vault.subject(id: found.subject, in: &self) else { return }
        try post(
            .parcel(status, order: found.order.number, waybill: waybill, change: changes), to: subject,
            order: found.number, desk: desk)
        try notice(
            .parcel(order: found.order.number, waybill: waybill, status),
            name: "parcel-\(found.number)-told-\(changes)", found, desk: desk)
    }
}
