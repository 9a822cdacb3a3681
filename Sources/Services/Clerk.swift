// Does the errands of the book: takes what is due, asks the services, writes down what came of it.
// In: the book and the services that are configured. Out: settled errands. It may die at any moment: what it had taken is due
// again after a while, under the same name and key.

public import Commerce
import Foundation
public import Platform

/// What there is outside. A channel without a service is left in the book.
public struct Services: Sendable {
    /// Moves money.
    public var gateway: (any PaymentGateway)?
    /// Carries parcels.
    public var carrier: (any Carrier)?
    /// Everybody who hears of events.
    public var events: [EventDoor] = []
    /// Sends text messages.
    public var messages: TextGateway?
    /// The words of a notice; the language pack's.
    public var words: @Sendable (Notice) -> String
    /// How long a payment link can be paid.
    public var linkLifetime: Duration = .seconds(3_600)

    /// Services of which none is there yet.
    public init(words: @escaping @Sendable (Notice) -> String) { self.words = words }

    /// Channels that are served.
    public var channels: Set<ErrandChannel> {
        var channels: Set<ErrandChannel> = []
        if gateway != nil { channels.insert(.payment) }
        if carrier != nil { channels.insert(.parcel) }
        if !events.isEmpty { channels.insert(.event) }
        if messages != nil { channels.insert(.message) }
        return channels
    }
}

/// Works the book off.
public struct Clerk: Sendable {
    private let book: any ErrandBook
    private let services: Services
    private let clock: WallClock
    private let chance: @Sendable () -> Double
    private let log = Log(component: "errands")

    /// Errands that are underway at once.
    private static let width = 8
    /// A person has to look after so many tries, and not before so many seconds: a clerk that dies often tries often.
    private static let (mostTries, longestTrying) = (20, 43_200.0)

    /// - Parameter chance: from 0 to 1, spreads retries so that they do not come all at once.
    public init(
        book: any ErrandBook, services: Services, clock: WallClock,
        chance: @escaping @Sendable () -> Double = { Double.random(in: 0...1) }
    ) {
        self.book = book
        self.services = services
        self.clock = clock
        self.chance = chance
    }

    /// Works until it is cancelled, looking every second for what is due.
    public func run() async {
        while !Task.isCancelled {
            do throws(OrderDeskError) {
                if try await work() > 0 { continue }
            } catch {
                log.error("the book of errands: \(fact: error)")
            }
            try? await Task.sleep(for: .seconds(1))
        }
    }

    /// Does what is due now, once; gives how many errands that were.
    public func work() async throws(OrderDeskError) -> Int {
        let errands = try await book.take(
            services.channels, receivers: services.events.map(\.receiver), limit: Self.width)
        let outcomes = await withTaskGroup(of: (Errand, ErrandOutcome).self) { group in
            for errand in errands { group.addTask { (errand, await outcome(of: errand)) } }
            return await group.reduce(into: []) { $0.append($1) }
        }
        for (errand, outcome) in outcomes { try await settle(errand, outcome) }
        return errands.count
    }

    /// Does now what an order's payment asks for: its charge, or its link and the message with it.
    /// - Returns: the page of the link, where there is one now.
    @discardableResult public func pay(order number: String) async throws(OrderDeskError) -> String? {
        guard services.gateway != nil else { return nil }
        var page: String?
        // A charge may become a link; no more can follow at once.
        for _ in 0..<2 {
            guard let errand = try await book.takePayment(ofOrder: number) else { break }
            let outcome = await outcome(of: errand)
            if case .link(let link) = outcome { page = link.url }
            try await settle(errand, outcome)
        }
        try await sendMessages()
        return page
    }

    /// Sends the messages that are due now.
    public func sendMessages() async throws(OrderDeskError) {
        guard services.messages != nil else { return }
        for errand in try await book.take([.message], limit: Self.width) {
            try await settle(errand, await outcome(of: errand))
        }
    }

    private func settle(_ errand: Errand, _ outcome: ErrandOutcome) async throws(OrderDeskError) {
        switch outcome {
        case .dead(let reason): log.error("\(fact: errand.name) waits for a person: \(fact: reason)")
        case .again(_, let reason): log.warning("\(fact: errand.name) is tried again: \(fact: reason)")
        default: break
        }
        try await book.settle(errand, outcome)
    }

    private func outcome(of errand: Errand) async -> ErrandOutcome {
        do throws(ServiceError) {
            return try await perform(errand)
        } catch .unreachable(let reason) {
            let isTooLong = clock.now.timeIntervalSince(errand.firstTriedAt) > Self.longestTrying
            return errand.attempts >= Self.mostTries && isTooLong
                ? .dead(reason: reason) : .again(after: pause(errand), reason: reason)
        } catch {
            return .dead(reason: error.reason)
        }
    }

    /// Twice as long each time, an hour at most, spread by half.
    private func pause(_ errand: Errand) -> Duration {
        .seconds(min(3_600, pow(2, Double(min(errand.attempts + 1, 20)))) * (0.5 + chance() / 2))
    }

    private func perform(_ errand: Errand) async throws(ServiceError) -> ErrandOutcome {
        switch errand.task {
        case .event(let event, let name):
            guard let door = services.events.first(where: { $0.receiver.name == name ?? "" }) else {
                throw .refused("no receiver of events is called \(name ?? "nothing") any more")
            }
            // Each receiver knows the event by the name that it has in itself.
            let id = name.map { String(errand.name.dropLast($0.utf8.count + 1)) } ?? errand.name
            try await door.deliver(event, name: id, now: clock.now)
            return .done
        case .message(let notice, let number):
            guard let messages = services.messages else { throw .unreachable("no message gateway is configured") }
            try await messages.send(services.words(notice), to: number, name: errand.name)
            return .done
        case .charge, .capture, .link, .watch, .close, .refund:
            guard let gateway = services.gateway else { throw .unreachable("no payment gateway is configured") }
            return try await perform(errand, gateway)
        case .parcel, .track, .withdraw:
            guard let carrier = services.carrier else { throw .unreachable("no carrier is configured") }
            return try await perform(errand, carrier)
        }
    }

    private func perform(
        _ errand: Errand, _ gateway: any PaymentGateway
    ) async throws(ServiceError) -> ErrandOutcome {
        switch errand.task {
        case .charge(let charge, let method):
            guard let method else {
                let report = PaymentReport(
                    reference: charge.key.value, progress: .declined(.authenticationNeeded), amount: charge.amount)
                return .payment(report)
            }
            try checkAge(errand, gateway)
            return .payment(try await gateway.charge(charge, from: method))
        case .capture(let charge, let reference):
            try checkAge(errand, gateway)
            return .payment(try await gateway.capture(charge, of: reference))
        case .link(let charge):
            try checkAge(errand, gateway)
            // The time is part of what is asked for: under one key it has to stay the same.
            let until = errand.firstTriedAt.addingTimeInterval(services.linkLifetime / .seconds(1))
            return .link(try await gateway.link(for: charge, until: until))
        case .watch(let reference, _): return .payment(try await gateway.report(on: reference))
        case .close(let reference): return .payment(try await gateway.close(link: reference))
        case .refund(let refund, let reference):
            try checkAge(errand, gateway)
            return .payment(try await gateway.refund(refund, of: reference))
        default: preconditionFailure("no errand of a gateway: \(errand.name)")
        }
    }

    /// A key that the gateway may have forgotten would move the money twice.
    private func checkAge(_ errand: Errand, _ gateway: any PaymentGateway) throws(ServiceError) {
        let age = clock.now.timeIntervalSince(errand.firstTriedAt)
        if age < -60 || age > gateway.keyLifetime / .seconds(1) {
            throw .refused("the gateway may have forgotten the key: look there what became of it, then retry")
        }
    }

    private func perform(_ errand: Errand, _ carrier: any Carrier) async throws(ServiceError) -> ErrandOutcome {
        switch errand.task {
        case .parcel(let parcel):
            // Carriers know no keys: after a lost answer the parcel may be there already.
            if errand.attempts > 0, let waybill = try await carrier.waybill(of: parcel.order) {
                return .waybill(waybill)
            }
            return .waybill(try await carrier.take(parcel))
        case .track(let waybill, let phone): return .parcel(try await carrier.status(of: waybill, phone: phone))
        case .withdraw(let waybill):
            try await carrier.withdraw(waybill)
            return .done
        default: preconditionFailure("no errand of a carrier: \(errand.name)")
        }
    }
}
