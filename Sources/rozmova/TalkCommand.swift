// `rozmova talk`: a typed conversation. A line in is what the caller says, an empty one is silence; turns go out.

import Commerce
import Conversation
import Dialogue

enum TalkCommand: Command {
    static let usage = Usage(
        name: "talk", summary: "holds a typed conversation: one line in, one answer out; an empty line is silence",
        options: [.caller, .now, .json, .shop, .data, .language, .config],
        details: "Orders are placed in the database as in any call. It ends at the end of input, or with the call.")

    static func run(_ arguments: Arguments) async throws {
        let caller = try arguments.caller()
        let house = try Composition(arguments, clock: try arguments.clock())
        let floor = try house.floor()
        let session = house.session(
            on: floor, desk: try await house.desk(of: floor), line: .text, caller: caller, identifiers: Identifiers(),
            services: try house.services(for: floor))
        let json = arguments.has("json")

        var turn = await session.start()
        tell(turn, json: json)
        var input = InputLines()
        while await session.end == nil, let line = input.next() {
            let (text, mistake) = line.asTyped
            if let mistake {
                Console.error("rozmova talk: \(mistake)")
                turn = await session.hear(unintelligible: text)
            } else {
                turn = await session.hear(typed: text)
            }
            tell(turn, json: json)
        }
        await session.close(.inputEnd)
        let end = await session.end ?? .inputEnd
        Console.line(json ? Transcript.endJSON(end, turns: await session.turnCount).line : Transcript.end(end))
    }

    /// What the caller typed is on the screen already.
    private static func tell(_ turn: TurnReport, json: Bool) {
        if json {
            Console.line(turn.json.line)
        } else {
            Transcript.lines(of: turn).filter { !$0.hasPrefix("caller:") }.forEach(Console.line)
        }
    }
}
