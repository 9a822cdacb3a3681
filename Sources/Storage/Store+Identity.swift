// Who is calling: PINs and one-time codes, with the tries that were made. In: secrets and numbers. Out: the customer, or
// nothing, after the same work in either case. A try is on the disk before the secret is looked at.

public import Commerce
import Foundation
import Privacy
import Sealing

/// How often a secret may be tried, and how long it is good.
enum GuessLimits {
    /// Tries of a PIN that do not lock it.
    static let free: Int64 = 2
    /// The lock after the next one, in seconds; twice as long after each further one, a day at most.
    static let firstLock: Int64 = 900
    static let longestLock: Int64 = 86_400
    /// After so many in a row the PIN opens nothing, until a code has been given or a new PIN set.
    static let mostFailures: Int64 = 10
    /// One-time codes in a day.
    static let codesADay: Int64 = 3
    static let day: Int64 = 86_400
    /// Seconds that a code is good.
    static let codeLifetime: Int64 = 600
    static let triesOfCode: Int64 = 3

    /// How long a PIN is locked after so many failures in a row.
    static func lock(after failures: Int64) -> Int64 {
        guard failures > free else { return 0 }
        return min(longestLock, firstLock << min(failures - free - 1, 10))
    }
}

extension Store: IdentityDesk {
    /// The customer of a number, if this is the PIN.
    public func check(pin: SecretDigits, phone: String) async throws(OrderDeskError) -> KnownCustomer? {
        do throws(StoreError) {
            let hash = try beginGuess(phone: phone, now: clock())
            guard await secrets.matches(pin, hash) else { return nil }
            return try knownCustomer(phone: phone, now: clock())
        } catch {
            throw .store(error.description)
        }
    }

    /// Sends a one-time code by the book of errands; an earlier one of this conversation is void. The number need not be
    /// known: whoever holds the telephone gets it, and learns nothing by that.
    public func sendCode(phone: String, conversation: String) async throws(OrderDeskError) -> Bool {
        let code = SecureRandom.figures(SecretDigits.codeLength)
        let hash = await secrets.hash(of: SecretDigits(code))
        do throws(StoreError) {
            return try keep(code: code, hash: hash, phone: phone, conversation: conversation, now: clock())
        } catch {
            throw .store(error.description)
        }
    }

    /// The customer of a number, if this is the code that was sent to it in this conversation. It opens once.
    public func check(
        code: SecretDigits, phone: String, conversation: String
    ) async throws(OrderDeskError) -> KnownCustomer? {
        do throws(StoreError) {
            let hash = try beginCode(phone: phone, conversation: conversation, now: clock())
            guard await secrets.matches(code, hash) else { return nil }
            try database.run("DELETE FROM codes WHERE conversation = ?", [.text(conversation)])
            return try knownCustomer(phone: phone, now: clock())
        } catch {
            throw .store(error.description)
        }
    }

    /// Keeps a new PIN, or none; false where the policy keeps nothing of customers.
    public func choose(pin: SecretDigits?, phone: String) async throws(OrderDeskError) -> Bool {
        var hash: [UInt8]?
        if let pin { hash = await secrets.hash(of: pin) }
        do throws(StoreError) {
            let now = clock()
            let isKept = try change(phone: phone, now: now) {
                (database: inout Database, subject, vault) throws(StoreError) in
                let sealed = hash.map { vault.seal($0, for: subject, at: "profiles/pin/\(subject.id)") }
                try database.run(
                    "UPDATE profiles SET sealed_pin = ? WHERE subject = ?",
                    [.blob(orNull: sealed), .integer(subject.id)])
                try database.forgiveGuesses(of: subject.id)
            }
            // The old hash must not stay behind in the log.
            if isKept { try database.forgetDeleted() }
            return isKept
        } catch {
            throw .store(error.description)
        }
    }

    /// Counts a try and gives what it is compared with: nothing where the number is not known, has no PIN, or is locked.
    private func beginGuess(phone: String, now: Date) throws(StoreError) -> [UInt8]? {
        let vault = vault
        return try database.transaction { (database: inout Database) throws(StoreError) in
            let subject = try vault.subject(.customer(phone), in: &database, now: now)
            let guesses = try database.guesses(of: subject.id, now: now)
            let isOpen = guesses.lockedUntil <= now.seconds && guesses.failures < GuessLimits.mostFailures
            let failures = guesses.failures + (isOpen ? 1 : 0)
            // Locked before it is known whether the PIN was right: a right one unlocks.
            let until = isOpen ? now.seconds + GuessLimits.lock(after: failures) : guesses.lockedUntil
            try database.run(
                "UPDATE guesses SET failures = ?, locked_until = ?, seen_at = ? WHERE subject = ?",
                [.integer(failures), .integer(until), .integer(now.seconds), .integer(subject.id)])
            let rows = try database.run("SELECT sealed_pin FROM profiles WHERE subject = ?", [.integer(subject.id)])
            let hash = try vault.openBytes(
                rows.first?.optionalBlob(0), for: subject, at: "profiles/pin/\(subject.id)", in: database.path)
            return isOpen ? hash : nil
        }
    }

    private func keep(
        code: String, hash: [UInt8], phone: String, conversation: String, now: Date
    ) throws(StoreError) -> Bool {
        let desk = desk(now)
        return try database.transaction { (database: inout Database) throws(StoreError) in
            let subject = try desk.vault.subject(.customer(phone), in: &database, now: now)
            let guesses = try database.guesses(of: subject.id, now: now)
            guard guesses.codes < GuessLimits.codesADay else { return false }
            try database.run(
                "UPDATE guesses SET codes = codes + 1, codes_since = ?, seen_at = ? WHERE subject = ?",
                [
                    .integer(guesses.codes == 0 ? now.seconds : guesses.codesSince), .integer(now.seconds),
                    .integer(subject.id),
                ])
            // Those of other conversations too: what nobody gave in time is good for nothing.
            try database.run(
                "DELETE FROM codes WHERE conversation = ? OR made_at NOT BETWEEN ? AND ?",
                [.text(conversation), .integer(now.seconds - GuessLimits.codeLifetime), .integer(now.seconds)])
            try database.run(
                "INSERT INTO codes (conversation, subject, sealed_hash, made_at) VALUES (?, ?, ?, ?)",
                [
                    .text(conversation), .integer(subject.id),
                    .blob(desk.vault.seal(hash, for: subject, at: "codes/hash/\(conversation)")),
                    .integer(now.seconds),
                ])
            let until = now.addingTimeInterval(TimeInterval(GuessLimits.codeLifetime))
            try database.notice(
                .code(code, until: until), name: "code-\(conversation)-\(guesses.codes)", to: phone, subject,
                order: nil,
                desk: desk)
            return true
        }
    }

    /// Counts a try of a code and gives what it is compared with: nothing where there is none, or it has had its time.
    private func beginCode(phone: String, conversation: String, now: Date) throws(StoreError) -> [UInt8]? {
        let vault = vault
        return try database.transaction { (database: inout Database) throws(StoreError) in
            let subject = try vault.subject(.customer(phone), in: &database, now: now)
            let rows = try database.run(
                """
                UPDATE codes SET tries = tries + 1
                WHERE conversation = ? AND subject = ? AND tries < ? AND made_at BETWEEN ? AND ? RETURNING sealed_hash
                """,
                [
                    .text(conversation), .integer(subject.id), .integer(GuessLimits.triesOfCode),
                    .integer(now.seconds - GuessLimits.codeLifetime), .integer(now.seconds),
                ])
            return try vault.openBytes(
                rows.first?.optionalBlob(0), for: subject, at: "codes/hash/\(conversation)", in: database.path)
        }
    }

    /// What a customer may hear, once it is known to be the customer; the tries before it are forgiven.
    private func knownCustomer(phone: String, now: Date) throws(StoreError) -> KnownCustomer {
        let subject = try vault.subject(.customer(phone), in: &database, now: now)
        try database.forgiveGuesses(of: subject.id)
        let rows = try database.run(
            "SELECT number FROM orders WHERE subject = ? AND status <> 'cancelled' ORDER BY number DESC LIMIT 3",
            [.integer(subject.id)])
        var orders: [Order] = []
        for row in rows {
            if let found = try database.order(number: String(row.integer(0)), vault: vault) {
                orders.append(found.order)
            }
        }
        let customer = try customer(subject: subject.id)
        return KnownCustomer(
            orders: orders, addresses: customer?.addresses ?? [], hasSavedMethod: customer?.hasSavedMethod ?? false)
    }
}

/// Tries that were made, in seconds of a clock that may have been set since.
private struct Guesses {
    var failures: Int64
    var lockedUntil: Int64
    var codes: Int64
    var codesSince: Int64
}

extension Database {
    /// The tries of a customer, at the present clock: one that was set back takes locks and counts along, so that it neither
    /// ends a lock nor makes it longer.
    fileprivate mutating func guesses(of subject: Int64, now: Date) throws(StoreError) -> Guesses {
        try run(
            "INSERT INTO guesses (subject, seen_at) VALUES (?, ?) ON CONFLICT (subject) DO NOTHING",
            [.integer(subject), .integer(now.seconds)])
        let rows = try run(
            "SELECT failures, locked_until, codes, codes_since, seen_at FROM guesses WHERE subject = ?",
            [.integer(subject)])
        guard let row = rows.first else { preconditionFailure("a row that was just written") }
        let setBack = max(0, try row.integer(4) - now.seconds)
        var guesses = Guesses(
            failures: try row.integer(0), lockedUntil: try row.integer(1) - setBack, codes: try row.integer(2),
            codesSince: try row.integer(3) - setBack)
        if now.seconds - guesses.codesSince >= GuessLimits.day { guesses.codes = 0 }
        try run(
            "UPDATE guesses SET locked_until = ?, codes = ?, codes_since = ?, seen_at = ? WHERE subject = ?",
            [
                .integer(guesses.lockedUntil), .integer(guesses.codes), .integer(guesses.codesSince),
                .integer(now.seconds), .integer(subject),
            ])
        return guesses
    }

    fileprivate mutating func forgiveGuesses(of subject: Int64) throws(StoreError) {
        try run("UPDATE guesses SET failures = 0, locked_until = 0 WHERE subject = ?", [.integer(subject)])
    }
}
