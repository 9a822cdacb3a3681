// Puts a caller through to a person at the shop's exchange. In: the address of a person, what the person should know.
// Out: whether the person took the caller over. Nothing but addresses of the shop's own file is ever called.

import Audio
import Conversation
import Foundation
import Lines
import Platform

/// Hands one call over.
struct PhonePeople: PersonTransferring {
    let line: PhoneLine
    let call: PhoneCall
    /// Whether the person is called first and hears the summary; else the exchange is told where to send the caller.
    let isAttended: Bool
    /// How long the person's telephone rings.
    let ringSeconds: Double
    private let log = Log(component: "transfer")

    init(call: PhoneCall, of line: PhoneLine, by settings: Settings.Phone) {
        self.line = line
        self.call = call
        isAttended = settings.transfer == .attended
        ringSeconds = Double(settings.ringSeconds)
    }

    func transfer(to address: String, summary: [Int16]) async -> Bool {
        guard isAttended else { return await refer(to: address, replacing: nil) }
        let person: PhoneCall
        do throws(PhoneLineError) {
            person = try await line.dial(address, seconds: ringSeconds)
        } catch {
            log.info("no person answered: \(fact: error)")
            return false
        }
        let samples = Resampler.convert(summary, from: call.band.rate, to: person.band.rate)
        await person.play(samples)
        while await person.toBePlayed > 0 {
            // A person who hangs up after all has not taken over.
            if case .ended = await person.next() { return false }
        }
        let isDone = await refer(to: address, replacing: person)
        await person.hangUp()
        return isDone
    }

    private func refer(to address: String, replacing person: PhoneCall?) async -> Bool {
        let patience = Task { [call, ringSeconds] in
            // The exchange lets it ring by itself, and has a moment for its own work.
            try await Task.sleep(for: .seconds(ringSeconds + 15))
            call.giveUpTransfer()
        }
        defer { patience.cancel() }
        let status = await call.transfer(to: address, replacing: person)
        if status != 200 { log.info("a transfer came to \(status)") }
        return status == 200
    }
}
