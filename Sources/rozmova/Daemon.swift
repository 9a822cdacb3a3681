// The service: telephone lines, stands, one shop, many conversations. In: calls, and orders of the operator's to reload or stop.
// Out: conversations that are led, a line of the log for each, and what is going on at the moment.

import Audio
import Commerce
import Conversation
import Dialogue
import Foundation
import Hearing
import Language
import Lines
import Platform
import Services
import Speaking
import Storage

/// Leads calls until it is told to stop.
actor Daemon {
    private struct Shopfront {
        let floor: Floor
        let equipment: CallEquipment
        let services: Services
    }

    private struct LiveCall {
        let place: Place
        let band: Band
        let started = Stopwatch()
        var state = "greeting"
        var turns = 0
        var orders: Set<String> = []
        var isHeld = false
    }

    /// Where a conversation is held.
    private enum Place {
        case phone(PhoneCall, line: Int)
        case kiosk(KioskStand)
    }

    private let limits: Settings.Limits
    private let switchboard: Switchboard
    private let stands: [KioskStand]
    private let desk: Store
    private let voice: Speaker
    private let ears: SharedRecognizer
    private let identifiers = Identifiers()
    private let log = Log(component: "serve")
    private let uptime = Stopwatch()
    private var house: Composition
    private var front: Shopfront
    /// By their numbers.
    private var live: [Int: LiveCall] = [:]
    private var totals = DaemonStatus.Totals()
    /// Why the latest configuration or shop is not in force.
    private var trouble: String?
    private var reloading: Task<Void, Never>?
    private var isDraining = false
    private var lastCall = 0

    /// Makes everything that calls need, and opens the lines.
    init(_ house: Composition) async throws {
        try Self.checkLines(of: house)
        let floor = try house.floor()
        let voice = house.speaker(floor.pack)
        try await voice.start()
        limits = house.settings.limits
        let recognizer = try house.recognizer(for: floor.pack, voice: voice, decoders: limits.decoders)
        ears = SharedRecognizer(recognizer, lanes: limits.decoders)
        front = try await Self.shopfront(floor, house: house, ears: ears, voice: voice)
        desk = try await house.desk(of: floor)
        self.house = house
        self.voice = voice
        var spotters: [PhraseSpotter?] = []
        for kiosk in house.settings.kiosks {
            guard let wake = kiosk.wake else {
                spotters.append(nil)
                continue
            }
            spotters.append(try await house.spotter(of: wake, pack: floor.pack, voice: voice))
        }
        // Lines and devices last: who can call, or is heard, is served.
        switchboard = try Switchboard(house.settings.phones)
        stands = zip(house.settings.kiosks, spotters).map { KioskStand($0, spotter: $1) }
    }

    private static func checkLines(of house: Composition) throws {
        guard !house.settings.phones.isEmpty || !house.settings.kiosks.isEmpty else {
            throw Failure("the configuration has no `lines`: see systemd/rozmova.json5 for how callers reach the shop")
        }
    }

    private static func shopfront(
        _ floor: Floor, house: Composition, ears: SharedRecognizer, voice: Speaker
    ) async throws -> Shopfront {
        let networks = floor.networks()
        // The same network serves several expectations: once is enough.
        var prepared: Set<String> = []
        for network in networks.values where prepared.insert(network.id).inserted { try await ears.prepare(network) }
        return Shopfront(
            floor: floor, equipment: house.equipment(for: floor, recognizer: ears, voice: voice, networks: networks),
            services: try house.services(for: floor))
    }

    /// Takes calls from now on, and serves stands until they are closed.
    func serve() async {
        await switchboard.serve { event, line in await self.take(event, on: line) }
        await withDiscardingTaskGroup { group in
            for stand in stands {
                group.addTask { await stand.run { visit in await self.serve(visit, at: stand) } }
            }
        }
    }

    private func take(_ event: PhoneLineEvent, on line: Switchboard.Line) {
        switch event {
        case .incoming(let call): take(call, on: line)
        case .held(let id, let isHeld):
            for (number, call) in live {
                if case .phone(let held, line.number) = call.place, held.id == id { live[number]?.isHeld = isHeld }
            }
        case .registered: break
        }
    }

    // MARK: Calls

    private func take(_ call: PhoneCall, on line: Switchboard.Line) {
        let settings = line.settings
        guard !isDraining else { return call.reject(503) }
        guard calls(on: line) < settings.calls else {
            totals.busy += 1
            if settings.whenBusy == .say { return turnAway(call) }
            return call.reject(486)
        }
        let number = begin(.phone(call, line: line.number), band: call.band)
        let session = session(on: .phone, caller: PhoneNumber.of(call.caller, by: settings), canTransfer: true)
        let conversation = Call(
            session: session, line: call, equipment: front.equipment,
            people: PhonePeople(call: call, of: line.line, by: settings)
        ) { [weak self] turn in
            await self?.note(turn, of: number)
        }
        call.answer()
        Task {
            let end = await lead(conversation)
            if end == nil { call.drop() }
            // What was said last goes out before the line is closed.
            while case .frame = await call.next() {}
            finish(number, end, "at \(settings.name), \(call.facts.heard) packets, \(call.facts.lost * 10) ms lost")
        }
    }

    /// Leads the conversation of one customer at a stand. Nobody knows who that is.
    private func serve(_ visit: any AudioLine, at stand: KioskStand) async {
        guard !isDraining else { return }
        let number = begin(.kiosk(stand), band: visit.band)
        let conversation = Call(
            session: session(on: .kiosk, caller: nil, isUnbidden: stand.isWokenByAnySpeech), line: visit,
            equipment: front.equipment
        ) { [weak self] turn in
            stand.tell(turn)
            await self?.note(turn, of: number)
        }
        let end = await lead(conversation)
        while end != nil, case .frame = await visit.next() {}
        finish(number, end, "at \(stand.settings.line.name)")
    }

    private func calls(on line: Switchboard.Line) -> Int {
        live.values.count { if case .phone(_, line.number) = $0.place { true } else { false } }
    }

    private func begin(_ place: Place, band: Band) -> Int {
        lastCall += 1
        totals.calls += 1
        live[lastCall] = LiveCall(place: place, band: band)
        return lastCall
    }

    private func session(
        on line: LineKind, caller: String?, canTransfer: Bool = false, isUnbidden: Bool = false
    ) -> Session {
        house.session(
            on: front.floor, desk: desk, line: line, caller: caller, identifiers: identifiers,
            services: front.services, canTransfer: canTransfer, isUnbidden: isUnbidden)
    }

    private func lead(_ conversation: Call) async -> CallEnd? {
        do throws(CallFailure) {
            return try await conversation.run()
        } catch {
            totals.failed += 1
            log.error("a call failed: \(fact: error)")
            return nil
        }
    }

    private func finish(_ number: Int, _ end: CallEnd?, _ remark: String) {
        guard let ended = live.removeValue(forKey: number) else { return }
        if let end { totals.ends[end, default: 0] += 1 }
        totals.orders += ended.orders.count
        if end == .transferred { totals.transfers += 1 }
        log.info(
            """
            call \(number): \(fact: ended.band.rawValue), \(Int(ended.started.seconds)) s, \(ended.turns) turns, \
            \(fact: end?.rawValue ?? "failed"), \(ended.orders.count) orders, \(fact: remark)
            """)
    }

    private func note(_ turn: TurnReport, of number: Int) {
        live[number]?.state = turn.state
        live[number]?.turns += 1
        if turn.hasOrdered, let order = turn.order { live[number]?.orders.insert(order.number) }
        if let timing = turn.timing {
            let seconds = timing.firstAudio - timing.decided
            totals.answers += 1
            totals.answerSeconds += seconds
            totals.longestAnswer = max(totals.longestAnswer, seconds)
        }
    }

    /// Says that all lines are busy, in the place of a conversation.
    private func turnAway(_ call: PhoneCall) {
        let (voice, floor) = (voice, front.floor)
        let words = floor.speech(.allLinesBusy)
        call.answer()
        Task {
            if let samples = try? await voice.synthesize(words, language: floor.pack.code, band: call.band) {
                await call.play(samples)
            }
            await call.hangUp()
            while case .frame = await call.next() {}
        }
    }

    // MARK: Operation

    /// Takes up the shop as it is now, and the lines where they are to change too; calls that are under way keep the shop that they
    /// began with. What cannot be taken up stays as it was, and `status` says why.
    func reload(_ read: @escaping @Sendable () throws -> Composition, withLines: Bool) async {
        // One after the other: a signal may come while a changed catalogue is taken up.
        let before = reloading
        let task = Task {
            await before?.value
            await takeUp(read, withLines: withLines)
        }
        reloading = task
        await task.value
    }

    private func takeUp(_ read: () throws -> Composition, withLines: Bool) async {
        trouble = nil
        let house: Composition
        do {
            house = try read()
            try Self.checkLines(of: house)
        } catch {
            return note("the configuration stays as it was: \(Reason.of(error))")
        }
        do {
            try await takeUpShop(of: house)
        } catch {
            note("the shop stays as it was: \(Reason.of(error))")
        }
        if withLines { await switchboard.change(to: house.settings.phones) }
    }

    private func note(_ trouble: String) {
        self.trouble = trouble
        log.error("\(fact: trouble)")
    }

    private func takeUpShop(of house: Composition) async throws {
        let floor = try house.floor()
        guard floor.pack.code == front.floor.pack.code else {
            throw Failure("another language takes a restart")
        }
        // The store keeps what the policy said when it was opened; callers must not be told of another one.
        guard house.settings.retention == self.house.settings.retention else {
            throw Failure("another retention policy takes a restart")
        }
        front = try await Self.shopfront(floor, house: house, ears: ears, voice: voice)
        try await desk.use(shop: floor.shop, catalog: floor.catalog, now: house.clock.now)
        self.house = house
        totals.reloads += 1
        log.info("the shop was taken up anew: \(floor.catalog.products.count) products")
    }

    /// Has payments, parcels, events and messages done that conversations have left to be done.
    func doErrands() async { await house.clerk(of: desk, front.services).run() }

    /// Removes what has been kept long enough.
    func sweep() async {
        do throws(StoreError) {
            let report = try await desk.sweep(now: house.clock.now)
            let removed = report.transcripts + report.acts + report.conversations + report.recordings + report.orders
            if removed + report.anonymized + report.callbacks + report.events > 0 {
                log.info("the retention sweep removed \(removed) records and \(report.anonymized) addresses")
            }
            if report.audit > 0 { log.info("\(report.audit) lines of the audit trail were closed") }
            for path in report.undeletable { log.error("a recording cannot be removed: \(fact: path)") }
            for path in report.unreached { log.warning("the keys beside a backup are not up to date: \(fact: path)") }
        } catch {
            log.error("the retention sweep failed: \(fact: error)")
        }
    }

    /// Takes no more calls, lets those that there are come to their end for a while, and closes the lines.
    func drain(seconds: Int) async {
        isDraining = true
        if !live.isEmpty { log.info("stopping: \(live.count) calls may go on for \(seconds) s") }
        let watch = Stopwatch()
        while !live.isEmpty, watch.seconds < Double(seconds), !isHurried {
            try? await Task.sleep(for: .milliseconds(200))
        }
        for call in live.values {
            switch call.place {
            case .phone(let call, _): call.drop()
            case .kiosk(let stand): stand.leave()
            }
        }
        await switchboard.close()
        // Conversations end with their calls, and write so.
        let patience = Stopwatch()
        while !live.isEmpty, patience.seconds < 5 { try? await Task.sleep(for: .milliseconds(50)) }
        for stand in stands { stand.close() }
    }

    /// Ends the waiting of `drain`.
    func hurry() { isHurried = true }
    private var isHurried = false

    func status() async -> DaemonStatus {
        let (lines, trouble) = (await switchboard.lines, [trouble, await switchboard.trouble].compactMap(\.self))
        return DaemonStatus(
            isDraining: isDraining, uptime: uptime.seconds,
            trouble: trouble.isEmpty ? nil : trouble.joined(separator: "; "),
            phones: lines.map { line in
                .init(
                    name: line.name, port: line.settings.line.port, phase: line.phase, registration: line.registration,
                    calls: calls(on: line), capacity: line.settings.calls, counts: line.line.counts)
            },
            kiosks: stands.map(\.status),
            live: live.sorted { $0.key < $1.key }.map { number, call in
                let kiosk: String? = if case .kiosk(let stand) = call.place { stand.settings.line.name } else { nil }
                return .init(
                    number: number, kiosk: kiosk, seconds: call.started.seconds, band: call.band, state: call.state,
                    turns: call.turns, isHeld: call.isHeld)
            },
            totals: totals, decoders: limits.decoders, decodersBusy: ears.busy, decodersWaiting: ears.waiting)
    }
}
