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
        case phone(PhoneCall, lineName: String)
        case kiosk(KioskStand)
    }

    /// A telephone line that is open.
    private struct Phone {
        let settings: Settings.Phone
        let line: PhoneLine
        var name: String { settings.name }
    }

    private let limits: Settings.Limits
    private let phones: [Phone]
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
    /// What each line's registrar answered last.
    private var registrations: [String: Int] = [:]
    private var isDraining = false
    private var lastCall = 0

    /// Makes everything that calls need, and opens the lines last: who can call is served.
    init(_ house: Composition) async throws {
        guard !house.settings.phones.isEmpty || !house.settings.kiosks.isEmpty else {
            throw Failure("the configuration has no `lines`: see systemd/rozmova.json5 for how callers reach the shop")
        }
        let settings = try house.settings.phones.map { try Secrets.filledIn($0) }
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
        phones = try settings.map { Phone(settings: $0, line: try Self.openLine($0.line)) }
        var spotters: [PhraseSpotter?] = []
        for kiosk in house.settings.kiosks {
            guard let wake = kiosk.wake else {
                spotters.append(nil)
                continue
            }
            spotters.append(try await house.spotter(of: wake, pack: floor.pack, voice: voice))
        }
        // Devices last: who is heard is served.
        stands = zip(house.settings.kiosks, spotters).map { KioskStand($0, spotter: $1) }
    }

    private static func openLine(_ settings: PhoneLineSettings) throws -> PhoneLine {
        do {
            return try PhoneLine.open(settings)
        } catch PhoneLineError.cannotOpen(let reason) {
            throw Failure(
                "the telephone line cannot be opened on \(settings.address) port \(settings.port): \(reason)")
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

    /// Takes calls and serves stands until the lines are closed.
    func serve() async {
        await withDiscardingTaskGroup { group in
            for stand in stands {
                group.addTask { await stand.run { visit in await self.serve(visit, at: stand) } }
            }
            for phone in phones { group.addTask { await self.takeCalls(of: phone) } }
        }
    }

    private func takeCalls(of phone: Phone) async {
        for await event in phone.line.events {
            switch event {
            case .incoming(let call): take(call, on: phone)
            case .held(let id, let isHeld): hold(id, of: phone, isHeld)
            case .registered(let status): note(registration: status, of: phone)
            }
        }
    }

    private func hold(_ id: UInt64, of phone: Phone, _ isHeld: Bool) {
        for (number, call) in live {
            if case .phone(let held, phone.name) = call.place, held.id == id { live[number]?.isHeld = isHeld }
        }
    }

    private func note(registration status: Int, of phone: Phone) {
        guard registrations.updateValue(status, forKey: phone.name) != status else { return }
        if status / 100 == 2 {
            log.info("\(fact: phone.name): registered with the provider")
        } else {
            log.warning("\(fact: phone.name): the provider does not register the line: \(status)")
        }
    }

    // MARK: Calls

    private func take(_ call: PhoneCall, on phone: Phone) {
        let settings = phone.settings
        guard !isDraining else { return call.reject(503) }
        guard calls(on: phone) < settings.calls else {
            totals.busy += 1
            if settings.whenBusy == .say { return turnAway(call) }
            return call.reject(486)
        }
        let number = begin(.phone(call, lineName: phone.name), band: call.band)
        let session = session(on: .phone, caller: PhoneNumber.of(call.caller, by: settings), canTransfer: true)
        let conversation = Call(
            session: session, line: call, equipment: front.equipment,
            people: PhonePeople(call: call, of: phone.line, by: settings)
        ) { [weak self] turn in
            await self?.note(turn, of: number)
        }
        call.answer()
        Task {
            let end = await lead(conversation)
            if end == nil { call.drop() }
            // What was said last goes out before the line is closed.
            while case .frame = await call.next() {}
            finish(number, end, "at \(phone.name), \(call.facts.heard) packets, \(call.facts.lost * 10) ms lost")
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
            stand.display.tell(turn)
            await self?.note(turn, of: number)
        }
        let end = await lead(conversation)
        while end != nil, case .frame = await visit.next() {}
        finish(number, end, "at \(stand.settings.line.name)")
    }

    private func calls(on phone: Phone) -> Int {
        live.values.count { if case .phone(_, phone.name) = $0.place { true } else { false } }
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

    /// Takes up the shop as it is now; calls that are under way keep the one that they began with.
    func reload(_ house: Composition) async {
        do {
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
        } catch {
            log.error("the shop stays as it was: \(fact: Reason.of(error))")
        }
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
        for phone in phones { await phone.line.close() }
        // Conversations end with their calls, and write so.
        let patience = Stopwatch()
        while !live.isEmpty, patience.seconds < 5 { try? await Task.sleep(for: .milliseconds(50)) }
        for stand in stands { stand.close() }
    }

    /// Ends the waiting of `drain`.
    func hurry() { isHurried = true }
    private var isHurried = false

    var status: DaemonStatus {
        DaemonStatus(
            isDraining: isDraining, uptime: uptime.seconds,
            phones: phones.map { phone in
                .init(
                    name: phone.name, port: phone.settings.line.port, registration: registrations[phone.name],
                    calls: calls(on: phone), capacity: phone.settings.calls, counts: phone.line.counts)
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
