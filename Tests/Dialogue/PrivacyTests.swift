// A caller's rights, in talk: hearing what is kept, refusing it, having it sent, having it erased; from anywhere in a conversation.

import Commerce
import Dialogue
import Foundation
import Language
import Privacy
import Testing
import Understanding

@Suite("A caller's rights, in talk")
struct PrivacyTests {
    private static let caller = "+380671234567"

    /// A call of a customer with a PIN, of whom something is kept.
    private func call(codes: Bool = false) throws -> TestCall {
        var call = try TestCall.begun(TestShop.demo(), caller: Self.caller)
        call.desk.pin = SecretDigits("4829")
        call.context.proofs = codes ? [.pin, .code] : [.pin]
        call.desk.kept = KeptData(
            orders: ["1043", "1042"], addresses: ["5 Lake Street"], conversations: 3, recordings: 0)
        return call
    }

    @Test("What is kept is told as the policy has it, wherever it is asked")
    func told() throws {
        var call = try call()
        let plain = call.says("what do you keep", Act(.privacyInfo))
        #expect(plain.contains("kept in writing for thirty days") && plain.contains("Your voice is not recorded."))
        #expect(plain.contains("names, numbers and addresses blacked out") && plain.contains("for finding out where"))
        #expect(plain.contains("Orders are kept for three years. That is for delivery, returns and accounts."))
        #expect(plain.contains("That you called is kept for ninety days."))
        #expect(plain.contains("not called for one year") && plain.contains("stop recording"))
        call.context.retention = RetentionPolicy(replacing: [
            .audio: Retention(form: .full, days: 3, purpose: "teaching new colleagues"),
            .transcript: Retention(form: .off, days: 0, purpose: ""),
            .order: Retention(form: .off, days: 0, purpose: ""), .profile: Retention(form: .off, days: 0, purpose: ""),
        ])
        let other = call.says("what do you keep", Act(.privacyInfo))
        #expect(other.contains("not kept in writing") && other.contains("recorded, and kept for three days"))
        #expect(other.contains("That is for teaching new colleagues."))
        #expect(other.contains("What I understand is noted, without your words, for thirty days."))
        #expect(!other.contains("Orders are kept") && !other.contains("Your number"))
    }

    @Test("The greeting says whether it is recorded and what for")
    func greeting() throws {
        for (form, purpose, words) in [
            (RetentionForm.off, "", "I am an automated assistant. "),
            (.full, "teaching new colleagues", "this conversation is recorded for teaching new colleagues."),
            (.redacted, RetentionPolicy.standard[.audio].purpose, "recorded for hearing again what was misunderstood."),
        ] {
            var call = try TestCall(TestShop.demo(), caller: Self.caller)
            call.context.retention = RetentionPolicy(replacing: [
                .audio: Retention(form: form, days: 3, purpose: purpose)
            ])
            #expect(call.feed(.started).contains(words))
        }
    }

    @Test("Refusing changes nothing else: the open question is asked again, the quote stands")
    func refused() throws {
        var call = try GateTests.readBack()
        let quote = call.quote
        let reply = call.says("don't record me", Act(.stopRecording))
        #expect(reply.hasPrefix("All right. What we said so far is gone"))
        #expect(call.effects.contains(.refuseRecording))
        #expect(call.quote == quote && call.state.name == "confirming_order")
        call.says("yes", .yes)
        #expect(call.ordersSent.count == 1)
        var failing = try self.call()
        failing.desk.failures = 1
        #expect(failing.says("don't record me", Act(.stopRecording)).contains("could not be removed yet"))
    }

    @Test("What is kept is read out only to who has proved it, and sent where messages are")
    func sent() throws {
        var call = try call()
        #expect(!call.says("send me my data", Act(.exportMyData)).contains("order"))
        #expect(!call.effects.contains(.tellData(sends: false)))
        call.presses("4829")
        #expect(call.text.contains("I have your number, two orders, one address and notes of three conversations."))
        #expect(call.text.contains("please ask our people"))
        var other = try self.call(codes: true)
        other.says("send me my data", Act(.exportMyData))
        other.presses("4829")
        #expect(other.effects.contains(.tellData(sends: true)) && other.text.contains("by message"))
    }

    @Test("Nothing is erased before the PIN and a sure yes")
    func erased() throws {
        var call = try call()
        call.desk.underway = ["1043"]
        call.says("delete my data", Act(.deleteMyData))
        call.says("yes", .yes)
        #expect(!call.effects.contains(.eraseData), "the yes is to no question")
        call.presses("4829")
        #expect(call.text.contains("Shall I erase everything"), "\(call.text)")
        call.says("yeah", Act(.affirm, confidence: 0.6))
        #expect(!call.effects.contains(.eraseData))
        #expect(call.says("no", .no).hasPrefix("All right, nothing is erased."))
        call.says("delete my data", Act(.deleteMyData))
        let reply = call.says("yes", .yes)
        #expect(call.effects.contains(.eraseData))
        #expect(
            reply.hasPrefix(
                "That is done: we do not know you any more. What was sold stays in our accounts for three years"))
        #expect(reply.contains("two orders") && reply.contains("until it is done, is"))
        // Whoever is not known has to prove it anew.
        #expect(call.says("my addresses", Act(.myAddresses)).contains("PIN"))
    }

    @Test("A wrong PIN, no number and a failing desk erase nothing")
    func notErased() throws {
        var wrong = try call()
        wrong.says("delete my data", Act(.deleteMyData))
        for _ in 0..<3 { wrong.presses("1111") }
        #expect(!wrong.effects.contains(.eraseData))
        #expect(wrong.text.contains("I cannot open that"))
        var stranger = try TestCall.begun(TestShop.demo(), caller: nil)
        #expect(stranger.says("delete my data", Act(.deleteMyData)).hasPrefix("I am sorry, I cannot open that"))
        var failing = try call()
        failing.says("delete my data", Act(.deleteMyData))
        failing.presses("4829")
        failing.desk.failures = 1
        #expect(!failing.says("yes", .yes).contains("That is done"))
    }
}
