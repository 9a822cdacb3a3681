// Kills a process that takes orders, at random moments, very often, and checks the books against what callers were told and what
// gateway and carrier did. In: how often, and a seed. Out: what was lost and what was doubled. Then what is left of customers who are
// being erased: `ForgettingKills.swift`.

import Commerce
import Foundation
import Platform
import Services
import Storage
import Synchronization

enum KillsBenchmark {
    static func run(_ kills: Int, seed: Int, fault: PlantedFault?, to output: BenchmarkOutput) async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "rozmova-kills-\(UUID().uuidString)")
        try FileManager.default.createDirectory(
            at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        defer { try? FileManager.default.removeItem(at: folder) }
        let files = KillWorker.fileServices(in: folder, fault: fault) { 1 }
        try files.prepare()
        let findings = try await lives(kills, seed: seed, fault: fault, in: folder)
        let books = try await Audit.of(folder, files)
        output.show(
            Table(
                "kills", "a process killed at random moments while it takes orders, has them paid and carried",
                [
                    "kills", "orders", "told", "lost", "doubled", "charges", "wrong charges", "parcels",
                    "wrong parcels",
                    "events missing or early", "books that do not add up",
                ],
                [
                    [
                        .count(kills), .count(books.orders), .count(books.told), .count(books.lost),
                        .count(books.doubled), .count(books.charges), .count(books.wrongCharges),
                        .count(books.parcels), .count(books.wrongParcels), .count(books.wrongEvents),
                        .count(findings + books.findings.count),
                    ]
                ]))
        for finding in books.findings.prefix(20) { output.note("kills: \(finding)") }
        if fault == nil { try await ForgettingKills.run(max(10, kills / 10), seed: seed, to: output) }
    }

    /// One life after the other, each cut short; gives how many findings the books had in between.
    private static func lives(_ kills: Int, seed: Int, fault: PlantedFault?, in folder: URL) async throws -> Int {
        var chance = SeededChance(UInt64(bitPattern: Int64(seed)))
        var findings = 0
        for life in 0..<kills {
            try await KillWorker.live(task: "orders", life: life, fault: fault, in: folder) { chance.next() }
            // All books after each of the first lives; later they are long, and looked at now and then.
            if life < 20 || life % 50 == 0 {
                findings += try await KillWorker.store(in: folder) { 0 }.checkBooks().count
            }
        }
        return findings
    }
}

/// What the books say against what was told and done.
private struct Audit {
    var orders = 0
    var told = 0
    var lost = 0
    var doubled = 0
    var charges = 0
    var wrongCharges = 0
    var parcels = 0
    var wrongParcels = 0
    var wrongEvents = 0
    var findings: [String] = []

    static func of(_ folder: URL, _ files: FileServices) async throws -> Audit {
        // Nobody is there any more: what the dead had taken is due again two minutes later, and later again.
        let hours = Mutex(1_000_000.0)
        let store = try await KillWorker.store(in: folder) { hours.withLock { $0 } }
        let clock = WallClock { Date(timeIntervalSince1970: 1_772_452_800 + hours.withLock { $0 }) }
        let clerk = Clerk(book: store, services: KillWorker.outside(files), clock: clock)
        let heard = Journal(file: folder.appending(path: "heard"))
        var idle = 0
        while idle < 3 {
            let done = try await clerk.work() + (try await KillWorker.tell(store, heard))
            idle = done == 0 ? idle + 1 : 0
            if done == 0 { hours.withLock { $0 += 3_000 } }
        }
        var audit = Audit()
        audit.findings = try await store.checkBooks()
        audit.findings += try await store.deadErrands(limit: 20).map { "\($0.name) is dead: \($0.reason)" }
        let all = try await store.orders(limit: .max)
        audit.orders = all.count
        try await audit.compareTold(Journal(file: folder.appending(path: "told")).lines, all, store)
        try await audit.compareServices(files, all, store)
        audit.compareEvents(heard.lines, all)
        return audit
    }

    /// Every order that a caller was told of is there once, and what was told to be given up is.
    private mutating func compareTold(_ lines: [String], _ all: [StoredOrder], _ store: Store) async throws {
        let byNumber = Dictionary(uniqueKeysWithValues: all.map { ($0.order.number, $0.order) })
        var numbers: [String: String] = [:]
        var keys: [String: String] = [:]
        for line in lines {
            let words = line.split(separator: " ").map(String.init)
            // The last line of a life may have been cut short by it.
            guard words.count == 3 else { continue }
            let (what, key, number) = (words[0], words[1], words[2])
            guard let order = byNumber[number] else {
                lost += 1
                continue
            }
            if what == "cancelled" {
                if order.status != .cancelled { lost += 1 }
                continue
            }
            if numbers[key] == nil { told += 1 }
            if numbers[key] ?? number != number || keys[number] ?? key != key { doubled += 1 }
            numbers[key] = number
            keys[number] = key
        }
    }

    /// One charge for each order that is paid, none for others, all of it back where the order was given up; one parcel for
    /// each order that was packed.
    private mutating func compareServices(_ files: FileServices, _ all: [StoredOrder], _ store: Store) async throws {
        func sums(_ kind: String) throws -> [String: [Int64]] {
            try files.all(kind).values.reduce(into: [:]) { sums, text in
                let words = text.split(separator: " ")
                guard words.count == 2, let units = Int64(words[1]) else { return }
                sums[String(words[0]), default: []].append(units)
            }
        }
        var (charged, refunded) = (try sums("charges"), try sums("refunds"))
        var carried = try files.all("parcels")
        charges = charged.values.map(\.count).reduce(0, +)
        parcels = carried.count
        for stored in all {
            let order = stored.order
            let paid = charged.removeValue(forKey: order.number) ?? []
            let back = refunded.removeValue(forKey: order.number) ?? []
            let total = order.quote.total.minorUnits
            let isRight: Bool =
                switch (order.quote.payment, order.status) {
                case ("saved", .cancelled): paid.count <= 1 && paid == back && paid.allSatisfy { $0 == total }
                case ("saved", _): paid == [total] && back.isEmpty && order.paymentStatus == .paid
                default: paid.isEmpty && back.isEmpty
                }
            if !isRight { wrongCharges += 1 }
            let parcel = carried.removeValue(forKey: order.number)
            let wasPacked = stored.history.contains { $0.status == .packed } && order.quote.delivery == "post"
            if (parcel != nil) != wasPacked || parcel != order.waybill { wrongParcels += 1 }
        }
        // Of orders that are not there nothing may have been done; and no parcel twice.
        wrongCharges += charged.count + refunded.count
        wrongParcels += carried.count + (try files.all("twice").count)
    }

    /// Each step of each order was told, and in order.
    private mutating func compareEvents(_ lines: [String], _ all: [StoredOrder]) {
        var first: [String: Int] = [:]
        for (index, line) in lines.enumerated() where first[line] == nil { first[line] = index }
        for stored in all {
            let places = stored.history.map { first["order-\(stored.order.number)-\($0.status.rawValue)"] }
            let known = places.compactMap(\.self)
            if known.count != places.count || known != known.sorted() { wrongEvents += 1 }
        }
    }
}
