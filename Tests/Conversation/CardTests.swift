// A card's number is masked wherever it could be kept, and the caller is told not to say it.

import Commerce
import Conversation
import Foundation
import Language
import Testing

@Suite struct CardTests {
    @Test(arguments: [
        "my card is 4242 4242 4242 4242", "four two four two four two four two four two four two four two four two",
        "4000002760003184 expires 12 40",
    ])
    func aCardIsMaskedEverywhere(words: String) async throws {
        let trace = KeptTrace()
        let session = try TestFloor.session(desk: MemoryDesk(), trace: trace)
        _ = await session.start()
        let turn = await session.hear(typed: words)
        #expect(turn.reply?.text.contains("card numbers") == true)
        #expect(turn.acts.isEmpty)
        let kept = await trace.text + (turn.heard ?? "")
        for digits in ["4242", "four two", "3184"] { #expect(!kept.contains(digits), "\(kept)") }
    }

    @Test func aTelephoneNumberIsNoCard() async throws {
        let session = try TestFloor.session(desk: MemoryDesk())
        _ = await session.start()
        let turn = await session.hear(typed: "my number is 380671234567")
        #expect(turn.reply?.text.contains("card numbers") != true)
    }
}
