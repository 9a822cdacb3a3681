// The telephone lines of the daemon. In: settings, at the start and with each reload. Out: lines that are opened, changed while
// calls go on, and closed once their last call is over; what happens on them. Who takes the calls is told from outside.

import Lines
import Platform

/// Keeps lines as the latest settings want them, as far as calls allow.
actor Switchboard {
    /// What a line may still do.
    enum Phase: String, Sendable {
        case serving
        /// Takes no more calls, and closes with its last one: it is in no settings any more.
        case closing
        /// Takes calls until there is none for a moment: another line wants its ports, mostly itself with other transports.
        case yielding
    }

    /// A line that is open.
    struct Line: Sendable {
        /// Names it for as long as the daemon lives; another line may be called the same.
        let number: Int
        let line: PhoneLine
        fileprivate(set) var settings: Settings.Phone
        fileprivate(set) var phase = Phase.serving
        /// What its registrar answered last.
        fileprivate(set) var registration: Int?

        var name: String { settings.name }
    }

    typealias Operator = @Sendable (PhoneLineEvent, Line) async -> Void

    private(set) var lines: [Line] = []
    /// Why the latest settings are not in force, or not all of them.
    private(set) var trouble: String?
    /// Lines that wait for ports, with those that they replace.
    private var waiting: [(settings: Settings.Phone, instead: Settings.Phone?)] = []
    private var people: Operator?
    private var settling: Task<Void, Never>?
    private var isClosed = false
    private var last = 0
    private let log = Log(component: "lines")

    /// Opens the lines; all of them or none.
    init(_ phones: [Settings.Phone]) throws {
        lines = try Self.opened(phones.map { try Secrets.filledIn($0) }, behind: last)
        last += lines.count
    }

    /// Tells `people` from now on, each line by itself, of whatever happens.
    func serve(_ people: @escaping Operator) {
        self.people = people
        for line in lines { read(line) }
    }

    /// Hangs up everything and closes all lines.
    func close() async {
        isClosed = true
        settling?.cancel()
        waiting = []
        for line in lines { await line.line.close() }
    }

    // MARK: Other settings

    /// Takes other settings up: opens lines that are new, changes those there are, closes the others once their calls are over.
    /// A line that cannot take its settings keeps what it had.
    func change(to phones: [Settings.Phone]) async {
        guard !isClosed else { return }
        trouble = nil
        do {
            let wanted = try phones.map { try Secrets.filledIn($0) }
            let added = wanted.filter { phone in !lines.contains { $0.settings.line.hasTransports(of: phone.line) } }
            let late = added.filter { phone in lines.contains { $0.settings.line.overlaps(phone.line) } }
            // Before anything goes away it is known that what comes in its place is there.
            try open(added.filter { phone in !late.contains { $0.name == phone.name } })
            waiting = late.map { phone in
                (phone, lines.first { $0.settings.line.overlaps(phone.line) }?.settings)
            }
            for line in lines {
                if let phone = wanted.first(where: { $0.line.hasTransports(of: line.settings.line) }) {
                    await change(line, to: phone)
                } else {
                    await leave(line, isWanted: late.contains { $0.line.overlaps(line.settings.line) })
                }
            }
        } catch {
            note("the lines stay as they were: \(Reason.of(error))")
        }
        if settling == nil { settling = Task { await settle() } }
    }

    private func open(_ phones: [Settings.Phone]) throws {
        let opened = try Self.opened(phones, behind: last)
        last += opened.count
        for line in opened {
            lines.append(line)
            read(line)
            log.info("\(fact: line.name) is open on port \(line.settings.line.port)")
        }
    }

    private func change(_ line: Line, to settings: Settings.Phone) async {
        do throws(PhoneLineError) {
            try await line.line.change(to: settings.line)
            update(line.number) {
                $0.settings = settings
                $0.phase = .serving
                if settings.line.account == nil { $0.registration = nil }
            }
        } catch {
            note("\(line.name) stays as it was: \(Self.reason(error))")
        }
    }

    /// A line that is not wanted as it is; nobody is sent to it any more, unless it serves until it is changed.
    private func leave(_ line: Line, isWanted: Bool) async {
        update(line.number) { $0.phase = isWanted ? .yielding : .closing }
        guard !isWanted, line.settings.line.account?.registers == true else { return }
        var settings = line.settings
        // Its calls may still be put through by the account.
        settings.line.account?.registers = false
        do throws(PhoneLineError) {
            try await line.line.change(to: settings.line)
            update(line.number) { $0.registration = nil }
        } catch {
            log.warning("\(fact: line.name) stays registered until it is closed: \(fact: Self.reason(error))")
        }
    }

    /// Closes lines whose calls are over, and opens those that waited for their ports.
    private func settle() async {
        while !isClosed, !waiting.isEmpty || lines.contains(where: { $0.phase != .serving }) {
            for line in lines where line.phase != .serving && line.line.counts.calls == 0 {
                lines.removeAll { $0.number == line.number }
                await line.line.close()
                log.info("\(fact: line.name) is closed")
            }
            let ready = waiting.filter { phone in !lines.contains { $0.settings.line.overlaps(phone.settings.line) } }
            waiting.removeAll { phone in ready.contains { $0.settings.name == phone.settings.name } }
            for phone in ready where !isClosed {
                do {
                    try open([phone.settings])
                } catch {
                    note("\(phone.settings.name) stays as it was: \(Reason.of(error))")
                    if let instead = phone.instead { try? open([instead]) }
                }
            }
            try? await Task.sleep(for: .milliseconds(200))
        }
        settling = nil
    }

    // MARK: What happens

    private func read(_ line: Line) {
        guard let people else { return }
        Task {
            for await event in line.line.events {
                guard let now = lines.first(where: { $0.number == line.number }) else { continue }
                switch event {
                case .incoming(let call) where now.phase == .closing: call.reject(503)
                case .registered(let status): note(registration: status, of: now)
                case .incoming, .held: await people(event, now)
                }
            }
        }
    }

    private func note(registration status: Int, of line: Line) {
        guard line.registration != status else { return }
        update(line.number) { $0.registration = status }
        if status / 100 == 2 {
            log.info("\(fact: line.name): registered with the provider")
        } else {
            log.warning("\(fact: line.name): the provider does not register the line: \(status)")
        }
    }

    private func note(_ what: String) {
        trouble = [trouble, what].compactMap(\.self).joined(separator: "; ")
        log.error("\(fact: what)")
    }

    private func update(_ number: Int, _ change: (inout Line) -> Void) {
        if let index = lines.firstIndex(where: { $0.number == number }) { change(&lines[index]) }
    }

    /// All of them, numbered on from `last`, or none: what was opened before one that cannot be is closed again.
    private static func opened(_ phones: [Settings.Phone], behind last: Int) throws -> [Line] {
        var opened: [Line] = []
        do {
            for settings in phones {
                let line = try open(settings.line)
                opened.append(Line(number: last + opened.count + 1, line: line, settings: settings))
            }
        } catch {
            for line in opened { Task { await line.line.close() } }
            throw error
        }
        return opened
    }

    private static func open(_ settings: PhoneLineSettings) throws -> PhoneLine {
        do throws(PhoneLineError) {
            return try PhoneLine.open(settings)
        } catch {
            throw Failure(
                "the telephone line cannot be opened on \(settings.address) port \(settings.port): \(reason(error))")
        }
    }

    private static func reason(_ error: PhoneLineError) -> String {
        if case .cannotOpen(let reason) = error { reason } else { "\(error)" }
    }
}
