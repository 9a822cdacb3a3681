// `rozmova call`: a spoken conversation with a recorded caller. Each WAV is a turn, or one WAV is the caller's whole side.

import Audio
import Commerce
import Conversation
import Dialogue
import Foundation
import Lines

enum CallCommand: Command {
    static let usage = Usage(
        name: "call", summary: "holds a spoken conversation with a recorded caller",
        positionals: [Positional(name: "FILE.wav", count: .oneOrMore)],
        options: [
            .line,
            Option(name: "record", value: "OUT.wav", summary: "both sides: the caller left, the assistant right"),
            Option(name: "continuous", value: nil, summary: "one FILE is the caller's whole side, spoken regardless"),
            .caller, .now, .json, .shop, .data, .language, .config,
        ],
        details: """
            Each FILE is one turn of the caller, spoken when the assistant has finished speaking.
            Orders are placed in the database as in any call.
            """)

    static func run(_ arguments: Arguments) async throws {
        let files = arguments.positionals
        guard !arguments.has("continuous") || files.count == 1 else {
            throw arguments.mistake("--continuous takes one FILE, which is the caller's whole side")
        }
        let caller = try arguments.caller()
        let kind = try arguments.line(for: files)
        // Every recording is read before the call begins: a caller whose third sentence is missing is of no use.
        let turns = arguments.has("continuous") ? [] : try files.map { try CallerTurn.recording($0, band: kind.band) }
        let house = try Composition(arguments, clock: try arguments.clock())
        let floor = try house.floor()
        let equipment = try house.equipment(for: floor)
        let desk = try await house.desk(of: floor)
        let recorder = try arguments.value("record").map {
            try WaveWriter(path: $0, rate: kind.band.rate, channels: 2)
        }
        let line =
            arguments.has("continuous")
            ? try FileLine(continuousFile: files[0], band: kind.band, recorder: recorder)
            : FileLine(turns: turns, band: kind.band, recorder: recorder)
        let session = house.session(
            on: floor, desk: desk, line: kind, caller: caller, identifiers: Identifiers(),
            services: try house.services(for: floor))

        let json = arguments.has("json")
        let call = Call(session: session, line: line, equipment: equipment) { turn in
            if json { Console.line(turn.json.line) } else { Transcript.lines(of: turn).forEach(Console.line) }
        }
        let end = try await call.run()
        Console.line(json ? Transcript.endJSON(end, turns: await session.turnCount).line : Transcript.end(end))
        if let failure = await line.recordingFailure { throw failure }
    }
}
