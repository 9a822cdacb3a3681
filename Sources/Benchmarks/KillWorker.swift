// The process that is killed: it takes orders, has them paid and carried, gives some up, and tells of each what a caller would have
// been told. In: a folder. Out: the database and journals in it, as far as it came.

public import Foundation
import Commerce
import Platform
import Sealing
import Services
import Storage
import Synchronization

/// Something that goes wrong on purpose, so that it is seen to be found.
public enum PlantedFault: String, Sendable, CaseIterable {
    /// One caller of ten is told of another order that never reached the disk.
    case lostOrder = "lost-order"
    /// The gateway forgets every second key, and charges once more.
    case doubleCharge = "double-charge"
    /// The carrier makes two parcels of one.
    case doubleParcel = "double-parcel"
}

/// One life of the process that `rozmova bench kills` kills.
public enum KillWorker {
    /// With this variable set to a folder, `rozmova bench` is such a process.
    public static let variable = "ROZMOVA_BENCH_KILLS"

    static let currency = Currency(code: "UAH") ?? { preconditionFailure("UAH is a currency") }()
    private static let started = Date(timeIntervalSince1970: 1_772_452_800)

    static func money(_ units: Int64) -> Money { Money(minorUnits: units, currency: currency) }

    static let catalog = Catalog(
        currency: currency, categories: [],
        products: [
            Product(sku: "a", naming: Naming(title: "a"), price: money(1_000), stock: Quantity(1_000_000)),
            Product(sku: "b", naming: Naming(title: "b"), price: money(2_500), stock: Quantity(500)),
        ], modifierGroups: [])

    static let shop = Shop(
        name: "bench", currency: currency, languages: ["en"], timeZone: "UTC", pricesIncludeTax: true, hours: nil,
        operator: nil,
        delivery: [
            DeliveryMethod(
                id: "post", naming: Naming(title: ""), fee: money(700), needsAddress: true, carrier: "nova_poshta"),
            DeliveryMethod(id: "pickup", naming: Naming(title: ""), fee: money(0), needsAddress: false),
        ], payment: ["on_delivery", "saved"].map { PaymentMethod(id: $0, naming: Naming(title: "")) },
        limits: OrderLimits(), streets: [], faq: [], prompts: [:], repeatOrderByNumber: true)

    /// The store in `folder`; `time` moves its clock.
    static func store(in folder: URL, seconds: @escaping @Sendable () -> Double) async throws -> Store {
        let store = try Store(
            at: folder.appending(path: "rozmova.sqlite"),
            masterKey: try MasterKey.load(credentialsDirectory: nil, dataDirectory: folder.path),
            clock: { started.addingTimeInterval(seconds()) })
        try await store.use(shop: shop, catalog: catalog, now: started)
        return store
    }

    static func request(_ key: String, _ chance: inout SeededChance) throws -> OrderRequest {
        let lines = [LineItem(sku: chance.next() < 0.9 ? "a" : "b", quantity: Quantity(Int(1 + chance.next() * 3)))]
        let isPost = chance.next() < 0.5
        let quote = try shop.quote(
            Cart(lines: lines), catalog: catalog, stock: [:], delivery: isPost ? "post" : "pickup",
            address: isPost ? "5" : nil, payment: chance.next() < 0.5 ? "saved" : "on_delivery", at: started
        ).get()
        let phone = "+38067000000\(Int(chance.next() * 10))"
        return OrderRequest(
            key: RequestKey(key), quote: quote, phone: phone, isPhoneTrusted: true, isProved: true,
            conversation: key)
    }

    private static let lifeVariable = "ROZMOVA_BENCH_LIFE"
    private static let taskVariable = "ROZMOVA_BENCH_TASK"
    private static let faultVariable = "ROZMOVA_BENCH_FAULT"

    /// Starts such a process and kills it: nine of ten at work, some on the way to it.
    static func live(
        task: String, life: Int, fault: PlantedFault? = nil, in folder: URL, chance: () -> Double
    ) async throws {
        let process = Process()
        process.executableURL = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
        process.arguments = ["bench", "kills"]
        process.environment = [
            variable: folder.path, lifeVariable: String(life), taskVariable: task, "HOME": folder.path,
            faultVariable: fault?.rawValue ?? "",
        ]
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        if chance() < 0.9 {
            // On a busy machine it may be a while until it is ready.
            let ready = Journal(file: folder.appending(path: "ready"))
            let watch = Stopwatch()
            while watch.seconds < 20, ready.lines.last != String(life) { try await Task.sleep(for: .milliseconds(5)) }
        }
        try await Task.sleep(for: .milliseconds(chance() * 120))
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
    }

    /// Works until somebody kills it.
    public static func run(in folder: URL) async throws -> Never {
        let environment = ProcessInfo.processInfo.environment
        let life = Int(environment[lifeVariable] ?? "0") ?? 0
        if environment[taskVariable] == ForgettingKills.task {
            try await ForgettingKills.work(in: folder, life: life)
        }
        let fault = environment[faultVariable].flatMap(PlantedFault.init)
        let watch = Stopwatch()
        let store = try await store(in: folder) { Double(life) * 10 + watch.seconds }
        for digit in 0..<10 {
            _ = try await store.keep(
                method: SavedMethod(customer: "c", method: "m"), phone: "+38067000000\(digit)", now: started)
        }
        Journal(file: folder.appending(path: "ready")).add(String(life))
        let told = Journal(file: folder.appending(path: "told"))
        let chance = Mutex(SeededChance(UInt64(life)))
        let services = fileServices(in: folder, fault: fault) { chance.withLock { $0.next() } }
        let clerk = Clerk(
            book: store, services: outside(services), clock: WallClock { started.addingTimeInterval(Double(life) * 10) }
        )
        try await withThrowingTaskGroup(of: Void.self) { group in
            for caller in 0..<4 {
                group.addTask { try await take(store, told, life: life, caller: caller, fault: fault) }
            }
            group.addTask {
                let heard = Journal(file: folder.appending(path: "heard"))
                while true {
                    let done = try await clerk.work()
                    let events = try await tell(store, heard)
                    if done + events == 0 { try await Task.sleep(for: .milliseconds(2)) }
                }
            }
            try await group.waitForAll()
        }
        preconditionFailure("callers never stop")
    }

    private static func take(
        _ store: Store, _ told: Journal, life: Int, caller: Int, fault: PlantedFault?
    ) async throws {
        var chance = SeededChance(UInt64(life) << 8 | UInt64(caller))
        for number in 0... {
            let key = "\(life)-\(caller)-\(number)"
            let wish = try request(key, &chance)
            guard case .success(let order) = try await store.place(wish, now: started) else { continue }
            told.add("placed \(key) \(order.number)")
            if fault == .lostOrder, number % 10 == 0 { told.add("placed \(key)-lost 9\(order.number)") }
            // What is to be found has to happen, however few orders a busy machine takes: all are packed.
            let what = fault == .doubleParcel ? 0.5 : chance.next()
            if what < 0.2 {
                // Whoever did not hear the answer asks again.
                if case .success(let again) = try await store.place(wish, now: started) {
                    told.add("placed \(key) \(again.number)")
                }
            } else if what < 0.4 {
                let outcome = try await store.cancel(
                    number: order.number, phone: wish.phone, conversation: key, now: started)
                if case .success = outcome { told.add("cancelled \(key) \(order.number)") }
            } else if what < 0.8 {
                _ = try await store.setStatus(number: order.number, .packed, by: "bench", now: started)
            }
        }
    }

    /// Delivers events into a journal; gives how many.
    static func tell(_ store: Store, _ heard: Journal) async throws -> Int {
        let events = try await store.take([.event], limit: 16)
        for event in events {
            heard.add(event.name)
            try await store.settle(event, .done)
        }
        return events.count
    }

    static func fileServices(
        in folder: URL, fault: PlantedFault? = nil, chance: @escaping @Sendable () -> Double
    ) -> FileServices {
        FileServices(folder: folder, fault: fault, chance: chance)
    }

    static func outside(_ files: FileServices) -> Services {
        var services = Services(words: { _ in "" })
        services.gateway = files
        services.carrier = files
        return services
    }
}

/// SplitMix64, from 0 to 1: the same in every run.
struct SeededChance: Sendable {
    private var state: UInt64

    init(_ seed: UInt64) { state = seed }

    mutating func next() -> Double {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return Double((mixed ^ (mixed >> 31)) >> 11) / Double(1 << 53)
    }
}
