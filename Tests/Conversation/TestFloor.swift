// What these tests talk in: the demo shop at Monday noon, an order desk in memory, a trace that is kept.

import Commerce
import Conversation
import Dialogue
import Foundation
import Language
import Privacy

/// The demo shop, ready to talk.
enum TestFloor {
    private static let models = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "Models")
    private static let made = Result { () throws -> Floor in
        let (shop, catalog) = try ShopFolder.load(models.appending(path: "demo-shop"))
        return try Floor(shop: shop, catalog: catalog, pack: try LanguagePack.load("en", in: models))
    }

    /// Made once: it takes longer than most of these tests.
    static func demo() throws -> Floor { try made.get() }

    /// Monday, 14:00 in Kyiv.
    static let mondayNoon = Date(timeIntervalSince1970: 1_772_452_800)

    static func session(
        desk: any OrderDesk, trace: any TraceSink = NoTrace(), caller: String? = nil, line: LineKind = .text,
        policy: RetentionPolicy = .standard
    ) throws -> Session {
        let keys = Counter()
        return Session(
            floor: try demo(), desk: desk,
            surroundings: Surroundings(
                conversation: "call", line: line, caller: caller, now: { mondayNoon },
                freshKey: { RequestKey("call/\(keys.next())") }, variant: 0),
            trace: trace, policy: policy)
    }
}

/// An order desk in memory that can be made to fail.
actor MemoryDesk: OrderDesk {
    private(set) var orders: [RequestKey: Order] = [:]
    /// Every key that was asked for, also where the desk failed.
    private(set) var keys: [RequestKey] = []
    private(set) var callbacks: [CallbackRequest] = []
    private var failuresLeft: Int
    /// Where orders are to be paid before they are done; nil where they are paid later.
    private let page: String?

    init(failing times: Int = 0, paidAt page: String? = nil) {
        failuresLeft = times
        self.page = page
    }

    var placed: [Order] { orders.values.sorted { $0.number < $1.number } }

    func place(_ request: OrderRequest) async throws(OrderDeskError) -> OrderOutcome {
        keys.append(request.key)
        if failuresLeft > 0 {
            failuresLeft -= 1
            throw .store("the disk is full")
        }
        if let known = orders[request.key] { return .success(known) }
        var order = Order(
            number: "\(1_001 + orders.count)", status: .placed, paymentStatus: page == nil ? .onDelivery : .pending,
            quote: request.quote, waybill: nil)
        order.paymentPage = page
        orders[request.key] = order
        return .success(order)
    }

    /// Every order is paid now.
    func pay() {
        for key in orders.keys {
            orders[key]?.paymentStatus = .paid
            orders[key]?.paymentPage = nil
        }
    }

    func cancel(number: String, phone: String?, conversation: String) async throws(OrderDeskError) -> OrderOutcome {
        guard let (key, order) = orders.first(where: { $0.value.number == number }) else { return .failure(.notFound) }
        let gone = Order(
            number: number, status: .cancelled, paymentStatus: order.paymentStatus, quote: order.quote, waybill: nil)
        orders[key] = gone
        return .success(gone)
    }

    func find(
        number: String, phone: String?, conversation: String
    ) async throws(OrderDeskError) -> (order: Order, isOwner: Bool)? {
        placed.first { $0.number == number }.map { ($0, true) }
    }

    func latest(phone: String) async throws(OrderDeskError) -> Order? { placed.last }
    func stock() async throws(OrderDeskError) -> [String: Quantity] { [:] }
    func requestCallback(_ request: CallbackRequest) async throws(OrderDeskError) { callbacks.append(request) }
}

/// Keeps everything that it is told.
actor KeptTrace: TraceSink {
    private(set) var callers: [String?] = []
    private(set) var turns: [TracedTurn] = []
    private(set) var outcomes: [CallEnd] = []
    private(set) var summaries: [ConversationSummary] = []

    /// All words and acts in one text.
    var text: String {
        turns.map { [$0.heard, $0.reply, $0.acts].compactMap(\.self).joined(separator: "\n") }.joined(separator: "\n")
    }

    func began(_ conversation: String, line: LineKind, caller: String?) async { callers.append(caller) }
    func turn(_ turn: TracedTurn) async { turns.append(turn) }
    func summed(_ conversation: String, _ summary: ConversationSummary) async { summaries.append(summary) }
    func ended(_ conversation: String, outcome: CallEnd) async { outcomes.append(outcome) }
}
