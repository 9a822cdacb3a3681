// What the daemon is doing, as a value: for the status socket and for metrics.

import Audio
import Conversation
import Dialogue
import Lines

/// What is going on.
struct DaemonStatus: Sendable {
    struct Live: Sendable {
        let number: Int
        /// The kiosk's name; nil for the telephone.
        let kiosk: String?
        let seconds: Double
        let band: Band
        let state: String
        let turns: Int
        let isHeld: Bool
    }

    struct Phone: Sendable {
        let name: String
        let port: Int
        let phase: Switchboard.Phase
        let registration: Int?
        let calls: Int
        let capacity: Int
        let counts: PhoneLineCounts
    }

    struct Kiosk: Sendable {
        let name: String
        let phase: StandPhase
        let visits: Int
        let facts: KioskLineFacts
        let level: MicrophoneLevel
    }

    struct Totals: Sendable {
        var calls = 0, busy = 0, failed = 0, orders = 0, transfers = 0, reloads = 0
        var ends: [CallEnd: Int] = [:]
        var answers = 0, answerSeconds = 0.0, longestAnswer = 0.0
    }

    let isDraining: Bool
    let uptime: Double
    /// Why the latest configuration or shop is not in force; nil where it is.
    let trouble: String?
    let phones: [Phone]
    let kiosks: [Kiosk]
    let live: [Live]
    let totals: Totals
    let decoders: Int
    let decodersBusy: Int
    let decodersWaiting: Int
}
