// What the telephone's tests call: a line on loopback that answers, notes what it hears, and echoes it.

import Audio
import Foundation
import Lines
import Synchronization
import Testing

/// A line on a port of its own, whose calls are answered by an echo: what is heard is played, and noted.
final class TestExchange: Sendable {
    let line: PhoneLine
    let port: Int
    private let notes = Mutex(Notes())
    private let answering: Mutex<Task<Void, Never>?>

    struct Notes {
        var callers: [PhoneCaller] = []
        var calls: [PhoneCall] = []
        var heard: [UInt64: [Int16]] = [:]
        var keys = ""
        var ends: [LineEnd] = []
        var held: [Bool] = []
    }

    private static let nextPort = Mutex(15_060 + Int(ProcessInfo.processInfo.processIdentifier % 1_000) * 4)

    init(echo: Bool = true, _ change: (inout PhoneLineSettings) -> Void = { _ in }) throws {
        var settings = PhoneLineSettings()
        settings.address = "127.0.0.1"
        settings.trusted = ["127.0.0.1"]
        change(&settings)
        var opened: PhoneLine?
        var port = 0
        for _ in 0..<50 where opened == nil {
            port = Self.nextPort.withLock { next in
                next += 2
                return next
            }
            settings.port = port
            opened = try? PhoneLine.open(settings)
        }
        line = try #require(opened)
        self.port = port
        answering = Mutex(nil)
        let task = Task { [line, self] in
            for await event in line.events {
                switch event {
                case .incoming(let call):
                    note {
                        $0.callers.append(call.caller)
                        $0.calls.append(call)
                    }
                    call.answer()
                    Task { await follow(call, echo: echo) }
                case .held(_, let isHeld): note { $0.held.append(isHeld) }
                case .registered: break
                }
            }
        }
        answering.withLock { $0 = task }
    }

    func close() async { await line.close() }

    var noted: Notes { notes.withLock { $0 } }

    private func note(_ change: (inout Notes) -> Void) { notes.withLock { change(&$0) } }

    private func follow(_ call: PhoneCall, echo: Bool) async {
        while true {
            switch await call.next() {
            case .frame(let frame):
                note { $0.heard[call.id, default: []] += frame.samples }
                if echo { await call.play(frame.samples) }
            case .key(let key): note { $0.keys.append(key) }
            case .text: break
            case .ended(let end):
                note { $0.ends.append(end) }
                return
            }
        }
    }

    /// Waits for something to become true, up to five seconds.
    func soon(_ condition: @escaping @Sendable (Notes) -> Bool) async throws -> Bool {
        for _ in 0..<250 {
            if condition(noted) { return true }
            try await Task.sleep(for: .milliseconds(20))
        }
        return false
    }
}

/// The first of up to four attempts whose outcome is good, else the last: a machine that is busy elsewhere for a moment cannot
/// keep a call's time, and that says nothing about the line.
func inTime<Outcome>(
    _ attempt: () async throws -> Outcome, where isGood: (Outcome) -> Bool
) async throws -> Outcome {
    for _ in 0..<3 {
        let outcome = try await attempt()
        if isGood(outcome) { return outcome }
    }
    return try await attempt()
}

/// 400 Hz at -12 dBFS.
func tone(_ count: Int, rate: Int = 8_000) -> [Int16] {
    (0..<count).map { Int16(8_000 * sin(2 * .pi * 400 * Double($0) / Double(rate))) }
}

func encoded(_ samples: [Int16], _ packet: Int) -> [UInt8] {
    samples[(160 * packet % samples.count)..<(160 * packet % samples.count + 160)].map(G711.aLaw.encode)
}

/// How much of the samples' power is at `hertz`, 0...1.
func share(of hertz: Double, in samples: [Int16], rate: Int) -> Double {
    var (real, imaginary, power) = (0.0, 0.0, 0.0)
    for (index, sample) in samples.enumerated() {
        let phase = 2 * .pi * hertz * Double(index) / Double(rate)
        real += Double(sample) * cos(phase)
        imaginary += Double(sample) * sin(phase)
        power += Double(sample) * Double(sample)
    }
    return power == 0 ? 0 : 2 * (real * real + imaginary * imaginary) / (Double(samples.count) * power)
}

/// For what one thread after the other uses.
struct Unchecked<Value>: @unchecked Sendable {
    let value: Value
    init(_ value: Value) { self.value = value }
}
