// Threads of their own, log lines that name no caller, clocks that stand.

import Foundation
import Platform
import Synchronization
import Testing

/// An actor such as an engine's: all its work on one thread.
private actor Owner {
    private let executor: PinnedExecutor
    private var order: [Int] = []
    private let onEnd: @Sendable (String) -> Void

    nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe executor.asUnownedSerialExecutor() }

    init(name: String, onEnd: @escaping @Sendable (String) -> Void = { _ in }) {
        executor = PinnedExecutor(name: name)
        self.onEnd = onEnd
    }

    isolated deinit { onEnd(threadName()) }

    func threadName() -> String {
        let path = "/proc/thread-self/comm"
        return (try? String(contentsOfFile: path, encoding: .utf8))?.trimmingCharacters(in: .newlines) ?? "?"
    }

    func add(_ number: Int) { order.append(number) }
    var all: [Int] { order }

    /// Needs a stack larger than a pool thread's.
    func deep(_ depth: Int) -> Int { depth == 0 ? 0 : 1 + deep(depth - 1) }

    nonisolated func assumeOwner() { preconditionIsolated() }
    func checkInside() { assumeOwner() }
}

@Suite struct PinnedExecutorTests {
    @Test func everyJobRunsOnTheNamedThread() async {
        let owner = Owner(name: "a-name-longer-than-fifteen")
        for _ in 0..<20 {
            await Task.yield()
            #expect(await owner.threadName() == "a-name-longer-t")
        }
        await owner.checkInside()
    }

    @Test func jobsOfOneTaskKeepTheirOrderAndNoneIsLost() async {
        let owner = Owner(name: "order")
        for number in 0..<100 { await owner.add(number) }
        #expect(await owner.all == Array(0..<100))
        await withTaskGroup { group in
            for number in 0..<100 { group.addTask { await owner.add(number) } }
        }
        #expect(await owner.all.dropFirst(100).sorted() == Array(0..<100))
    }

    @Test func theStackIsAsLargeAsAsked() async {
        #expect(await Owner(name: "deep").deep(8_000) == 8_000)
    }

    @Test func theHandleIsReleasedOnItsOwnThread() async {
        let (names, ended) = AsyncStream.makeStream(of: String.self)
        do {
            let owner = Owner(name: "released") { ended.yield($0) }
            await owner.add(1)
        }
        var iterator = names.makeAsyncIterator()
        #expect(await iterator.next() == "released")
    }

    @Test func theThreadEndsWithItsActor() async throws {
        do {
            let owner = Owner(name: "short-lived")
            #expect(await owner.threadName() == "short-lived")
            #expect(threads(named: "short-lived") == 1)
        }
        // The thread ends by itself, a moment after its actor: asked again until it has, at most 10 s.
        for _ in 0..<1_000 where threads(named: "short-lived") > 0 { try await Task.sleep(for: .milliseconds(10)) }
        #expect(threads(named: "short-lived") == 0)
    }

    private func threads(named name: String) -> Int {
        let tasks = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/task")) ?? []
        return tasks.count { task in
            (try? String(contentsOfFile: "/proc/self/task/\(task)/comm", encoding: .utf8)) == name + "\n"
        }
    }
}

@Suite struct LogTests {
    @Test func aLineIsOneLineWithLevelAndComponent() {
        let lines = Lines()
        let log = Log(component: "hearing") { lines.add($0) }
        log.warning("model \(fact: "en\nus") took \(1.23456) s for \(3) files, mapped: \(true)")
        log.debug("not written at the level that holds unless somebody asks for more")
        #expect(lines.all == ["warning hearing: model en | us took 1.235 s for 3 files, mapped: true"])
    }

    private final class Lines: Sendable {
        private let lines = Mutex<[String]>([])
        func add(_ line: String) { lines.withLock { $0.append(line) } }
        var all: [String] { lines.withLock { $0 } }
    }
}

@Suite struct ClockTests {
    @Test func aFixedClockStands() {
        let noon = Date(timeIntervalSince1970: 1_772_452_800)
        #expect(WallClock.fixed(noon).now == noon)
    }

    @Test func workUsesProcessorTimeOfItsThread() {
        let watch = Stopwatch()
        let before = ProcessorTime.ofThread
        var sum = 0.0
        while ProcessorTime.ofThread - before < 0.005 { sum += watch.seconds }
        #expect(sum > 0)
        #expect(watch.seconds > 0)
        #expect(ProcessorTime.ofProcess >= 0.005)
    }
}
