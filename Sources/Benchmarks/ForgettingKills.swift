// Kills a process that erases customers and sweeps old conversations, at random moments, and looks at what is left: nobody half
// there, nobody back, no key of theirs on the disk. In: how often, and a seed. Out: what was found.

import Commerce
import Foundation
import Platform
import Privacy
import Sealing
import Storage

enum ForgettingKills {
    /// What a life of `KillWorker` does with this in its environment.
    static let task = "forget"

    private static let customers = 40
    private static let turns = 25
    /// Every second conversation is old enough to be swept.
    private static let policy = RetentionPolicy(
        replacing: Dictionary(
            uniqueKeysWithValues: DataKind.allCases.map { ($0, Retention(form: .full, days: 30, purpose: "test")) }))
    private static let start = Date(timeIntervalSince1970: 1_772_452_800)
    private static let later = start.addingTimeInterval(20 * 86_400)
    private static let now = start.addingTimeInterval(40 * 86_400)

    private static func phone(_ customer: Int) -> String { "+3806700000\(10 + customer)" }

    private static func store(in folder: URL) throws -> Store {
        try Store(
            at: folder.appending(path: "rozmova.sqlite"),
            masterKey: try MasterKey.load(credentialsDirectory: nil, dataDirectory: folder.path), policy: policy,
            clock: { now })
    }

    /// Erases one after the other and sweeps in between, until somebody kills it.
    static func work(in folder: URL, life: Int) async throws -> Never {
        let store = try store(in: folder)
        let told = Journal(file: folder.appending(path: "told"))
        Journal(file: folder.appending(path: "ready")).add(String(life))
        // One half dies while it sweeps, the other while it erases.
        if life.isMultiple(of: 2) { _ = try await store.sweep(now: now) }
        for customer in 0..<customers {
            if try await store.erase(phone: phone(customer), now: now) != nil { told.add(phone(customer)) }
        }
        while true { try await Task.sleep(for: .seconds(1)) }
    }

    static func run(_ kills: Int, seed: Int, to output: BenchmarkOutput) async throws {
        let place = FileManager.default.temporaryDirectory.appending(path: "rozmova-forgetting-\(UUID().uuidString)")
        try FileManager.default.createDirectory(
            at: place, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        defer { try? FileManager.default.removeItem(at: place) }
        // Always at the same place: a database remembers where its backups are.
        let (full, folder) = (place.appending(path: "full"), place.appending(path: "data"))
        try await fill(folder)
        try FileManager.default.copyItem(at: folder, to: full)
        var chance = SeededChance(UInt64(bitPattern: Int64(seed)))
        var found = Findings()
        let known = try ring(full)
        for life in 0..<kills {
            try FileManager.default.removeItem(at: folder)
            try FileManager.default.copyItem(at: full, to: folder)
            try await KillWorker.live(task: task, life: life, in: folder) { chance.next() }
            try await found.look(at: folder, known: known)
        }
        output.show(
            Table(
                "kills", "a process killed at random moments while it erases and sweeps",
                [
                    "kills", "told erased", "erased by the next start", "back", "half there", "keys on the disk",
                    "left over",
                ],
                [
                    [
                        .count(kills), .count(found.told), .count(found.finished), .count(found.back),
                        .count(found.half), .count(found.keys), .count(found.left),
                    ]
                ]))
    }

    /// Customers with conversations, recordings, orders, and a backup beside them.
    private static func fill(_ folder: URL) async throws {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
        let store = try store(in: folder)
        try await store.use(shop: KillWorker.shop, catalog: KillWorker.catalog, now: start)
        var chance = SeededChance(1)
        for customer in 0..<customers {
            for (call, at) in [("old", start), ("new", later)] {
                let id = "\(call)-\(customer)"
                try await store.beginConversation(id, line: "phone", caller: phone(customer), now: at)
                for turn in 0..<turns {
                    try await store.record(
                        TurnRecord(
                            conversation: id, turn: turn, heard: "the words of \(customer)", reply: nil,
                            isAccepted: true, intents: [], acts: "[]"), now: at)
                }
                if let file = try await store.beginRecording(conversation: id, now: at) { try file.append([1, 2, 3]) }
            }
            var wish = try KillWorker.request("order-\(customer)", &chance)
            wish = OrderRequest(
                key: wish.key, quote: wish.quote, phone: phone(customer), isPhoneTrusted: true, isProved: true,
                conversation: "new-\(customer)")
            _ = try await store.place(wish, now: later)
        }
        try FileManager.default.createDirectory(
            at: folder.appending(path: "shelf"), withIntermediateDirectories: false)
        try await store.backUp(to: folder.appending(path: "shelf/copy.sqlite"))
    }

    private struct Findings {
        var told = 0
        var finished = 0
        var back = 0
        var half = 0
        var keys = 0
        var left = 0

        /// Starts once more on what is left, as the service does, and sweeps. `known` are the keys that there were.
        mutating func look(at folder: URL, known: Set<Data>) async throws {
            let journal = Set(Journal(file: folder.appending(path: "told")).lines)
            let store = try ForgettingKills.store(in: folder)
            for customer in 0..<customers {
                let phone = phone(customer)
                let new = try await store.conversation("new-\(customer)")
                guard try await store.kept(phone: phone) != nil else {
                    // Gone: then all of it, whether somebody was told of it or not.
                    half += new == nil ? 0 : 1
                    finished += journal.contains(phone) ? 0 : 1
                    continue
                }
                back += journal.contains(phone) ? 1 : 0
                let isWhole =
                    new?.turns.count == turns
                    && new?.turns.allSatisfy { $0.heard == "the words of \(customer)" } == true
                half += isWhole ? 0 : 1
            }
            told += journal.count
            _ = try await store.sweep(now: now)
            for customer in 0..<customers where try await store.conversation("old-\(customer)") != nil { left += 1 }
            left += try await store.checkBooks().count
            // A key is where its owner is: with the backup as with the database, or nowhere.
            let ring = try ForgettingKills.ring(folder)
            var files = Data()
            for name in ["rozmova.sqlite", "rozmova.sqlite-wal", "shelf/copy.sqlite"] {
                files += (try? Data(contentsOf: folder.appending(path: name))) ?? Data()
            }
            keys += known.count { (files.range(of: $0) != nil) != ring.contains($0) }
        }
    }

    /// The wrapped keys beside the backup, as bytes; its file has them in hexadecimal.
    private static func ring(_ folder: URL) throws -> Set<Data> {
        let text = try String(contentsOf: folder.appending(path: "shelf/rozmova-keys"), encoding: .utf8)
        return Set(
            text.split(separator: "\n").dropFirst().compactMap { line in
                guard let digits = line.split(separator: " ").last?.compactMap(\.hexDigitValue) else { return nil }
                return Data(
                    stride(from: 0, to: digits.count - 1, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) })
            })
    }
}
