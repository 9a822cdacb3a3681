// A gateway, a carrier and a shop's other system that are folders: what they did survives whoever asked them, as it would outside.
// Answers get lost after they took effect, one in ten.

import Commerce
import Foundation
import Synchronization

/// Everything outside, kept in a folder.
struct FileServices: PaymentGateway, Carrier {
    let folder: URL
    var fault: PlantedFault?
    /// From 0 to 1: answers below 0.1 are lost.
    let chance: @Sendable () -> Double

    var keyLifetime: Duration { .seconds(1_000_000) }

    static let kinds = ["charges", "refunds", "parcels", "twice", "withdrawn"]

    /// Makes what it is kept in.
    func prepare() throws {
        for kind in Self.kinds {
            try FileManager.default.createDirectory(
                at: folder.appending(path: kind), withIntermediateDirectories: true)
        }
    }

    /// What stands under each name of a kind.
    func all(_ kind: String) throws -> [String: String] {
        let place = folder.appending(path: kind)
        var all: [String: String] = [:]
        for name in try FileManager.default.contentsOfDirectory(atPath: place.path) where !name.hasPrefix(".") {
            all[name] = try String(contentsOf: place.appending(path: name), encoding: .utf8)
        }
        return all
    }

    /// Writes it under a name that is free, whole or not at all; false where the name is taken.
    private func write(_ text: String, _ kind: String, _ name: String) throws(ServiceError) -> Bool {
        let place = folder.appending(path: kind)
        let draft = place.appending(path: ".\(UUID().uuidString)")
        do {
            try Data(text.utf8).write(to: draft)
            defer { try? FileManager.default.removeItem(at: draft) }
            try FileManager.default.linkItem(at: draft, to: place.appending(path: name))
            return true
        } catch {
            return false
        }
    }

    private func answer<Value>(_ value: Value) throws(ServiceError) -> Value {
        if chance() < 0.1 { throw .unreachable("the answer was lost") }
        return value
    }

    private func name(_ key: RequestKey) -> String { key.value.replacing("/", with: "_") }

    // MARK: The gateway: a key acts once

    func charge(_ charge: Charge, from method: SavedMethod) async throws(ServiceError) -> PaymentReport {
        let text = "\(charge.order) \(charge.amount.minorUnits)"
        if try !write(text, "charges", name(charge.key)) {
            let first = try? String(contentsOf: folder.appending(path: "charges/\(name(charge.key))"), encoding: .utf8)
            guard first == text else { throw .refused("another charge under the same key") }
        }
        if fault == .doubleCharge, chance() < 0.5 { _ = try write(text, "charges", UUID().uuidString) }
        return try answer(PaymentReport(reference: name(charge.key), progress: .paid, amount: charge.amount))
    }

    func refund(_ refund: Charge, of reference: String) async throws(ServiceError) -> PaymentReport {
        _ = try write("\(refund.order) \(refund.amount.minorUnits)", "refunds", name(refund.key))
        return try answer(PaymentReport(reference: name(refund.key), progress: .paid, amount: refund.amount))
    }

    func capture(_ charge: Charge, of reference: String) async throws(ServiceError) -> PaymentReport {
        throw .refused("nothing is reserved")
    }
    func link(for charge: Charge, until: Date) async throws(ServiceError) -> PaymentLink { throw .refused("no links") }
    func report(on reference: String) async throws(ServiceError) -> PaymentReport { throw .refused("no links") }
    func close(link reference: String) async throws(ServiceError) -> PaymentReport { throw .refused("no links") }
    func setupLink(for customer: String, key: RequestKey) async throws(ServiceError) -> PaymentLink {
        throw .refused("no links")
    }
    func savedMethod(onLink reference: String) async throws(ServiceError) -> SavedMethod? { nil }

    // MARK: The carrier: knows no keys, so that asking twice is two parcels

    func waybill(of order: String) async throws(ServiceError) -> String? {
        let parcel = try? String(contentsOf: folder.appending(path: "parcels/\(order)"), encoding: .utf8)
        return try answer(parcel)
    }

    func take(_ parcel: ParcelRequest) async throws(ServiceError) -> String {
        let waybill = "20" + String(repeating: "0", count: max(0, 12 - parcel.order.count)) + parcel.order
        if fault == .doubleParcel { _ = try write("", "twice", UUID().uuidString) }
        if try !write(waybill, "parcels", parcel.order) { _ = try write("", "twice", UUID().uuidString) }
        return try answer(waybill)
    }

    func status(of waybill: String, phone: String?) async throws(ServiceError) -> ParcelStatus {
        try answer(.received)
    }

    func withdraw(_ waybill: String) async throws(ServiceError) { _ = try write("", "withdrawn", waybill) }
}

/// A file that lines are put behind, each whole, by whoever is killed next.
struct Journal: Sendable {
    let file: URL

    /// Puts a line behind the others, in one write.
    func add(_ line: String) {
        let descriptor = unsafe open(file.path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        let bytes = Array((line + "\n").utf8)
        _ = unsafe bytes.withUnsafeBytes { unsafe write(descriptor, $0.baseAddress, $0.count) }
    }

    /// All lines.
    var lines: [String] {
        guard let text = try? String(contentsOf: file, encoding: .utf8) else { return [] }
        return text.split(separator: "\n").map(String.init)
    }
}
