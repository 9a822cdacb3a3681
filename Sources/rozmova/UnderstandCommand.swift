// `rozmova understand`: what typed utterances mean, one a line, without a dialogue.

import Commerce
import Conversation
import Understanding

enum UnderstandCommand: Command {
    static let usage = Usage(
        name: "understand", summary: "says what typed utterances mean, one a line of standard input",
        options: [.state, .json, .shop, .language, .config],
        details: "STATE is what the assistant would be listening for; left out: open.")

    static func run(_ arguments: Arguments) async throws {
        let expectation = arguments.expectation()
        let understander = try Composition(arguments).floor().understander
        var input = InputLines()
        while let line = input.next() {
            let (text, mistake) = line.asTyped
            if let mistake { Console.error("rozmova understand: \(mistake)") }
            let meaning =
                mistake == nil
                ? understander.interpret(typed: text, expecting: expectation) : Interpretation(acts: [], confidence: 0)
            if arguments.has("json") {
                Console.line(
                    JSONText.object([
                        ("text", .text(text)), ("acts", .list(meaning.acts.map(\.json))),
                        ("confidence", .decimal(meaning.confidence, digits: 2)),
                    ]).line)
            } else {
                Transcript.meaning(of: text, meaning).forEach(Console.line)
            }
        }
    }
}

extension Option {
    static let state = Option(
        name: "state", value: "STATE", summary: "what is listened for", choices: Expectation.allCases.map(\.rawValue))
}

extension Arguments {
    /// What `--state` says, else anything a shop can be asked.
    func expectation() -> Expectation { value("state").flatMap(Expectation.init) ?? .open }
}

extension InputLines.Line {
    /// The text, and for the operator why it cannot be taken for words, where it cannot.
    var asTyped: (text: String, mistake: String?) {
        switch self {
        case .tooLong: ("…", "a line has more than \(InputLines.longest) bytes: not understood")
        case .text(let text) where text.unicodeScalars.contains("\u{FFFD}"):
            (text, "a line is no UTF-8: not understood")
        case .text(let text): (text, nil)
        }
    }
}
