// A kiosk's devices tried out, for whoever sets them up. In: its settings, its greeting. Out: what was agreed on, how loud the
// room is, what comes back of the loudspeaker, how loud somebody who speaks comes in, and what to turn.

import Audio
import Conversation
import Lines

enum KioskTrial {
    /// Seconds until there has to be sound, and for which somebody may speak behind the chime.
    private static let (patience, listening) = (5, 5.0)
    /// Below any room and any converter's own noise, in dBFS: zeros, or nearly.
    private static let silent = -90.0
    /// A room so loud leaves speech of the usual level less than 20 dB, where wake phrases are missed (`rozmova bench kiosk`).
    private static let loudRoom = -46.0
    /// A loudspeaker that comes back so much fainter is not heard at all.
    private static let unheard = 45.0

    /// Speaks twice, the first time for the echo to be learnt, then listens.
    static func words(_ settings: KioskLineSettings, saying greeting: [Int16]) async throws -> String {
        let line = KioskLine.open(settings)
        defer { line.close() }
        let patience = Task {
            try await Task.sleep(for: .seconds(Self.patience))
            if !line.facts.isWorking { line.close() }
        }
        defer { patience.cancel() }
        var levels: [Double] = []
        // A second of the room, and then the greeting.
        while levels.count < 50, case .frame(let frame) = await line.next() {
            levels.append(SoundLevel.ofFrame(frame.samples[...]))
        }
        guard levels.count == 50 else {
            throw Failure(line.facts.trouble ?? "no sound within \(Self.patience) s")
        }
        await line.play(greeting + greeting)
        while await line.toBePlayed > 0, case .frame = await line.next() {}
        let facts = line.facts
        guard facts.isWorking else { throw Failure(facts.trouble ?? "no sound") }
        Console.error("rozmova check: say something to \(settings.name) now, as a customer would")
        let speech = await loudest(on: line)
        return [
            facts.forms.joined(separator: "; "), room(levels.sorted()[25]), loudspeaker(facts.echo), customer(speech),
        ].joined(separator: "; ")
    }

    /// The level of the loudest that is said in the next seconds, in dBFS; nil where nobody speaks.
    private static func loudest(on line: KioskLine) async -> Double? {
        var detector = EndpointDetector(band: line.band)
        var spans: [SpeechSpan] = []
        func take(_ event: EndpointDetector.Event?) {
            if case .speechEnded(let span) = event { spans.append(span) }
        }
        await line.play(Chime.listening(line.band))
        while await line.toBePlayed > 0, case .frame = await line.next() {}
        var left = Int(listening * Double(line.band.rate))
        while left > 0, case .frame(let frame) = await line.next() {
            take(detector.hear(frame))
            left -= frame.samples.count
        }
        take(detector.finish())
        return spans.map(\.levelDBFS).filter(\.isFinite).max()
    }

    private static func room(_ level: Double) -> String {
        if level < silent {
            return "the microphone is silent: see whether it is muted, unplugged or turned down (alsamixer)"
        }
        let words = "the room is at \(Int(level)) dBFS"
        return level > loudRoom ? words + ", which is loud: give customers a button" : words
    }

    private static func loudspeaker(_ echo: DuplexSound.Facts) -> String {
        let cleaned = echo.cleanedLoss.map { "\(Int($0)) dB" } ?? "unknown"
        let words =
            if let loss = echo.echoLoss, loss < unheard {
                "the loudspeaker comes back \(Int(loss)) dB fainter, cleaned \(cleaned)"
            } else {
                "the microphone does not hear the loudspeaker (is it on?)"
            }
        return "\(words): \(echo.isDuplex ? "customers may interrupt" : "half-duplex")"
    }

    private static func customer(_ level: Double?) -> String {
        guard let level else { return "nobody spoke" }
        let words = "who spoke came in at \(Int(level)) dBFS"
        switch MicrophoneLevel.verdict(on: level) {
        case .faint: return words + ", which is too faint: turn the microphone up (alsamixer)"
        case .loud: return words + ", which is too loud: turn the microphone down (alsamixer)"
        case .fine, .unknown: return words
        }
    }
}
