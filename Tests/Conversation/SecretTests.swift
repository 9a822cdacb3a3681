// PINs and codes planted into random conversations: keyed, spoken, typed, asked for or not, right and wrong. Whatever the policy
// keeps, no turn that is reported or kept has a figure of them.

import Audio
import Commerce
import Conversation
import Dialogue
import Foundation
import Language
import Privacy
import Testing
import Understanding

@Suite("Secrets in a conversation")
struct SecretTests {
    private static let caller = "+380671234567"
    private static let everything = RetentionPolicy(
        replacing: Dictionary(
            uniqueKeysWithValues: DataKind.allCases.map { ($0, Retention(form: .full, days: 30, purpose: "test")) }))

    /// Opens for one PIN and one code; takes any other PIN that is chosen.
    private actor Identities: IdentityDesk {
        private(set) var pin: SecretDigits?
        private(set) var tries = 0
        let code: SecretDigits

        init(pin: String, code: String) {
            self.pin = SecretDigits(pin)
            self.code = SecretDigits(code)
        }

        private let customer = KnownCustomer(orders: [], addresses: ["5 Lake Street"], hasSavedMethod: true)

        func check(pin: SecretDigits, phone: String) async throws(OrderDeskError) -> KnownCustomer? {
            tries += 1
            return pin == self.pin ? customer : nil
        }

        func sendCode(phone: String, conversation: String) async throws(OrderDeskError) -> Bool { true }

        func check(
            code: SecretDigits, phone: String, conversation: String
        ) async throws(OrderDeskError) -> KnownCustomer? {
            tries += 1
            return code == self.code ? customer : nil
        }

        func choose(pin: SecretDigits?, phone: String) async throws(OrderDeskError) -> Bool {
            self.pin = pin
            return true
        }
    }

    private func session(_ identities: Identities, trace: KeptTrace, line: LineKind = .phone) throws -> Session {
        Session(
            floor: try TestFloor.demo(), desk: MemoryDesk(),
            surroundings: Surroundings(
                conversation: "call", line: line, caller: Self.caller, now: { TestFloor.mondayNoon },
                freshKey: { RequestKey(UUID().uuidString) }, variant: 0),
            trace: trace, policy: Self.everything, identity: identities, sendsCodes: true)
    }

    @Test("Keyed, spoken and typed figures are marks in what is reported and kept; other words stay")
    func marks() async throws {
        let trace = KeptTrace()
        let session = try session(Identities(pin: "4829", code: "730146"), trace: trace)
        _ = await session.start()
        var turn = await session.hear(typed: "what is my address")
        #expect(turn.state == "verifying" && turn.heard == "what is my address")
        #expect(await session.hearsSecret)
        #expect(await session.expectation == .digits)
        turn = await session.hear(keys: "7301#")
        #expect(turn.heard == Redactor.mark && turn.state == "verifying")
        turn = await session.hear([Hypothesis(words: ["seven", "three", "zero", "one"], confidence: 0.95)])
        #expect(turn.heard == Redactor.mark && turn.acts.allSatisfy(\.slots.isEmpty))
        turn = await session.hear(typed: "send me a code")
        #expect(turn.heard == "send me a code" && turn.acts.map(\.intent) == [.sendCode])
        turn = await session.hear(keys: "730146")
        #expect(turn.reply?.text.contains("5 Lake Street") == true && turn.state != "verifying")
        turn = await session.hear(typed: "two colas")
        #expect(turn.heard == "two colas" && turn.cart.count == 1)
        #expect(await !trace.text.contains("730"))
    }

    @Test("Two hundred conversations with planted secrets leave none behind", arguments: 0..<4)
    func planted(part: Int) async throws {
        var chance = SystemRandomNumberGenerator()
        var tried = 0
        for _ in 0..<50 {
            // Figures that no price, quantity or number of an order of the demo shop has.
            let pin = (0..<Int.random(in: 4...8, using: &chance)).map { _ in
                String(Int.random(in: 6...9, using: &chance))
            }
            .joined()
            let code = (0..<6).map { _ in String(Int.random(in: 6...9, using: &chance)) }.joined()
            let identities = Identities(pin: pin, code: code)
            let trace = KeptTrace()
            let session = try session(identities, trace: trace, line: Bool.random(using: &chance) ? .phone : .text)
            var reports = [await session.start()]
            for _ in 0..<20 where await session.end == nil {
                let secret = [pin, code, String(pin.reversed())].randomElement(using: &chance) ?? pin
                reports.append(await say(secret, to: session, &chance))
            }
            await session.close(.hangup)
            tried += await identities.tries
            let words = ["six", "seven", "eight", "nine"]
            let spelled = [pin, code].map {
                $0.compactMap { $0.wholeNumberValue }.map { words[$0 - 6] }.joined(separator: " ")
            }
            let left =
                reports.map { "\($0.heard ?? "") \($0.reply?.text ?? "") \($0.json.line)" }.joined()
                + (await trace.text)
            for secret in [pin, code, String(pin.reversed())] + spelled {
                #expect(!left.contains(secret), "\(secret) in \(left)")
            }
        }
        #expect(tried > 50, "the secrets were given: \(tried)")
    }

    /// Gives a secret while one is asked for, in any way; else says something that leads to the question, or names it unasked.
    private func say(_ secret: String, to session: Session, _ chance: inout SystemRandomNumberGenerator) async
        -> TurnReport
    {
        let figures = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
        let words = secret.compactMap(\.wholeNumberValue).map { figures[$0] }
        guard await session.hearsSecret else {
            let leads = [
                "what is my address", "tell me about my orders", "my pin is \(secret)", "the code is \(secret)",
                "set my pin", "forget my pin", "two colas", "that's all", "yes", "start over", "send me a code",
            ]
            return await session.hear(typed: leads.randomElement(using: &chance) ?? "")
        }
        switch Int.random(in: 0..<8, using: &chance) {
        case 0, 1: return await session.hear(keys: secret + "#")
        case 2: return await session.hear([Hypothesis(words: words, confidence: 0.95)])
        case 3: return await session.hear([Hypothesis(words: words, confidence: 0.3)])
        case 4: return await session.hear(typed: words.joined(separator: " "))
        case 5: return await session.hear(typed: "er it must be \(secret) or so i think")
        case 6: return await session.hear(unintelligible: secret)
        default: return await session.hear(typed: secret)
        }
    }
}
