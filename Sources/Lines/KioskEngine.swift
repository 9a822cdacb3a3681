// The thread that feeds a kiosk's devices. In: the names of two PCMs. Out: 20 ms after 20 ms between them and the line,
// at the line's rate, without the echo; devices that are lost are opened again. No error code is trusted to mean one thing.

import Audio
import Foundation
import Platform

/// Has a thread of its own, which waits for nobody's turn and may get stuck inside a device: the line then starts another.
enum KioskEngine {
    /// Without sound for so long a device is lost; it is looked at so often. Three seconds are promised.
    private static let silenceLimit = 2.0
    private static let wait = 200
    /// After so many errors with no sound between them too.
    private static let mostRecoveries = 5
    /// Between two of them, so that a device that fails at once does not take a processor for itself.
    private static let recoveryPause = 0.02
    /// Before devices are opened again: at first, and at most.
    private static let (firstPause, longestPause) = (0.25, 2.0)

    /// Begins to work, until the line does not want it any more.
    static func start(_ number: Int, for line: KioskLine, _ settings: KioskLineSettings) {
        let thread = Thread {
            run(number, for: line, settings)
            line.ended(number)
        }
        thread.stackSize = 1 << 20
        thread.start()
        // After the start: Foundation passes a name on to the system only for a thread that it knows to run.
        thread.name = "kiosk"
    }

    private static func run(_ number: Int, for line: KioskLine, _ settings: KioskLineSettings) {
        var pause = firstPause
        while line.isWanted(number) {
            do throws(SoundDeviceError) {
                let (reason, hadSound) = pump(try KioskPair.open(settings, band: line.band), number, line)
                if hadSound { pause = firstPause }
                line.lost(number, reason)
            } catch {
                line.lost(number, error.reason)
            }
            for _ in 0..<Int(pause / 0.05) where line.isWanted(number) { Thread.sleep(forTimeInterval: 0.05) }
            pause = min(2 * pause, longestPause)
        }
    }

    /// Carries sound until a device is lost; gives the reason, and whether there was any.
    private static func pump(
        _ pair: consuming KioskPair, _ number: Int, _ line: KioskLine
    ) -> (reason: String, hadSound: Bool) {
        // Recoveries since there was sound: of the microphone, of the loudspeaker.
        var (recoveries, hadSound, overruns) = ([0, 0], false, 0)
        var quiet = Stopwatch()
        var problem = pair.start()
        while line.isWanted(number) {
            if problem == nil {
                switch pair.read(waiting: wait) {
                case .failed(let failure): problem = failure
                case .frames(0): break
                case .frames:
                    recoveries[0] = 0
                    if pair.isPlaying { quiet = Stopwatch() }
                }
                while problem == nil, let heard = pair.nextFrame() {
                    var said: [Int16] = []
                    if pair.isPlaying {
                        let next = line.exchange(number, heard: heard) { pair.tell(&$0, overruns: overruns) }
                        guard let next else { break }
                        (said, hadSound, overruns) = (next, true, 0)
                    }
                    problem = pair.play(said)
                    if problem == nil { recoveries[1] = 0 }
                }
            }
            if quiet.seconds >= silenceLimit { return (problem?.reason ?? "\(pair.names): no sound comes", hadSound) }
            guard let failure = problem else { continue }
            recoveries[failure.isMicrophone ? 0 : 1] += 1
            overruns += failure.isOverrun ? 1 : 0
            guard recoveries.allSatisfy({ $0 <= mostRecoveries }), pair.recover(from: failure) else {
                return (failure.reason, hadSound)
            }
            Thread.sleep(forTimeInterval: recoveryPause)
            problem = pair.start()
        }
        return ("closed", hadSound)
    }
}
