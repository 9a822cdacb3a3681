// The service: one telephone line, one shop, many conversations. In: calls, and orders of the operator's to reload or stop.
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

/// What is going on.
struct DaemonStatus: Sendable {
    struct Live: Sendable {
        let number: Int
        let seconds: Double
        let band: Band
        let state: String
        let turns: Int
        let isHeld: Bool
    }

    struct Totals: Sendable {
        var calls = 0, busy = 0, failed = 0, orders = 0, transfers = 0, reloads = 0
        var ends: [CallEnd: Int] = [:]
        var answers = 0, answerSeconds = 0.0, longestAnswer = 0.0
    }

    let isDraining: Bool
    let uptime: Double
    let port: Int
    let registration: Int?
    let capacity: Int
    let line: PhoneLineCounts
    let live: [Live]
    let totals: Totals
    let decoders: Int
    let decodersBusy: Int
    let decodersWaiting: Int
}

/// Leads calls until it is told to stop.
actor Daemon {
    private struct Shopfront {
        let floor: Floor
        let equipment: CallEquipment
        let services: Services
    }

    private struct LiveCall {
        let number: Int
        let call: PhoneCall
        let started = Stopwatch()
        var state = "greeting"
        var turns = 0
        var orders: Set<String> = []
        var isHeld = false
    }

    private let phone: Settings.Phone
    private let limits: Settings.Limits
    private let line: PhoneLine
    private let desk: Store
    private let voice: Speaker
    private let ears: SharedRecognizer
    private let identifiers = Identifiers()
    private let log = Log(component: "serve")
    private let uptime = Stopwatch()
    private var house: Composition
    private var front: Shopfront
    private var live: [UInt64: LiveCall] = [:]
    private var totals = DaemonStatus.Totals()
    private var registration: Int?
    private var isDraining = false
    private var lastCall = 0

    /// Makes everything that calls need, and opens the line last: who can call is served.
    init(_ house: Composition) async throws {
        guard var phone = house.settings.phone else {
            throw Failure("the configuration has no `lines`: see systemd/rozmova.json5 for how callers reach the shop")
        }
        phone.line = try Secrets.filledIn(phone)
        let floor = try house.floor()
        let voice = house.speaker(floor.pack)
        try await voice.start()
        limits = house.settings.limits
        let recognizer = try house.recognizer(for: floor.pack, voice: voice, decoders: limits.decoders)
        ears = SharedRecognizer(recognizer, lanes: limits.decoders)
        front = try await Self.shopfront(floor, house: house, ears: ears, voice: voice)
        desk = try await house.desk(of: floor)
        self.house = house
        self.phone = phone
        self.voice = voice
        do {
            line = try PhoneLine.open(phone.line)
        } catch PhoneLineError.cannotOpen(let reason) {
            throw Failure(
                "the telephone line cannot be opened on \(phone.line.address) port \(phone.line.port): \(reason)")
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

    /// Takes calls until the line is closed.
    func serve() async {
        for await event in line.events {
            switch event {
            case .incoming(let call): await take(call)
            case .held(let id, let isHeld): live[id]?.isHeld = isHeld
            case .registered(let status): note(registration: status)
            }
        }
    }

    private func note(registration status: Int) {
        defer { registration = status }
        guard status != registration else { return }
        if status / 100 == 2 {
            log.info("registered with the provider")
        } else {
            log.warning("the provider does not register the line: \(status)")
        }
    }

    // MARK: Calls

    private func take(_ call: PhoneCall) async {
        guard !isDraining else { return call.reject(503) }
        guard live.count < phone.calls else {
            totals.busy += 1
            if phone.whenBusy == .say { return turnAway(call) }
            return call.reject(486)
        }
        lastCall += 1
        totals.calls += 1
        live[call.id] = LiveCall(number: lastCall, call: call)
        let (house, front) = (house, front)
        let session = house.session(
            on: front.floor, desk: desk, line: .phone,
            caller: PhoneNumber.of(call.caller, by: phone), identifiers: identifiers, services: front.services,
            canTransfer: true)
        let conversation = Call(
            session: session, line: call, equipment: front.equipment,
            people: PhonePeople(line: line, call: call, isAttended: phone.transfer == .attended)
        ) { [weak self] turn in
            await self?.note(turn, of: call.id)
        }
        call.answer()
        Task { await lead(conversation, call) }
    }

    private func lead(_ conversation: Call, _ call: PhoneCall) async {
        var end: CallEnd?
        do throws(CallFailure) {
            end = try await conversation.run()
        } catch {
            totals.failed += 1
            log.error("a call failed: \(fact: error)")
            call.drop()
        }
        // What was said last goes out before the line is closed.
        while case .frame = await call.next() {}
        guard let ended = live.removeValue(forKey: call.id) else { return }
        if let end { totals.ends[end, default: 0] += 1 }
        totals.orders += ended.orders.count
        if end == .transferred { totals.transfers += 1 }
        let facts = call.facts
        log.info(
            """
            call \(ended.number): \(fact: call.band.rawValue), \(Int(ended.started.seconds)) s, \(ended.turns) turns, \
            \(fact: end?.rawValue ?? "failed"), \(ended.orders.count) orders, \(facts.heard) packets, \
            \(facts.lost * 10) ms lost
            """)
    }

    private func note(_ turn: TurnReport, of id: UInt64) {
        live[id]?.state = turn.state
        live[id]?.turns += 1
        if let order = turn.order, order.status == .placed { live[id]?.orders.insert(order.number) }
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
            for path in report.undeletable { log.error("a recording cannot be removed: \(fact: path)") }
            for path in report.unreached { log.warning("the keys beside a backup are not up to date: \(fact: path)") }
        } catch {
            log.error("the retention sweep failed: \(fact: error)")
        }
    }

    /// Takes no more calls, lets those that there are come to their end for a while, and closes the line.
    func drain(seconds: Int) async {
        isDraining = true
        if !live.isEmpty { log.info("stopping: \(live.count) calls may go on for \(seconds) s") }
        let watch = Stopwatch()
        while !live.isEmpty, watch.seconds < Double(seconds), !isHurried {
            try? await Task.sleep(for: .milliseconds(200))
        }
        for call in live.values { call.call.drop() }
        await line.close()
        // Conversations end with their calls, and write so.
        let patience = Stopwatch()
        while !live.isEmpty, patience.seconds < 5 { try? await Task.sleep(for: .milliseconds(50)) }
    }

    /// Ends the waiting of `drain`.
    func hurry() { isHurried = true }
    private var isHurried = false

    var status: DaemonStatus {
        DaemonStatus(
            isDraining: isDraining, uptime: uptime.seconds, port: phone.line.port, registration: registration,
            capacity: phone.calls, line: line.counts,
            live: live.values.sorted { $0.number < $1.number }.map {
                .init(
                    number: $0.number, seconds: $0.started.seconds, band: $0.call.band, state: $0.state,
                    turns: $0.turns, isHeld: $0.isHeld)
            },
            totals: totals, decoders: limits.decoders, decodersBusy: ears.busy, decodersWaiting: ears.waiting)
    }
}
