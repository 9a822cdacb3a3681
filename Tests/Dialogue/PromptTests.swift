// Every prompt that the policy can say is in the pack, asks for no value that it does not get, and can be replaced by a shop.

import Dialogue
import Language
import Testing

@Suite("Prompts")
struct PromptTests {
    @Test("Each key has its words, and each template only values that it is given", arguments: PromptKey.allCases)
    func complete(key: PromptKey) throws {
        let prompts = try TestShop.english().prompts
        #expect(prompts.keys.contains(key.rawValue))
        let unknown = prompts.placeholders(of: key.rawValue).subtracting(key.placeholders)
        #expect(unknown.isEmpty, "\(key.rawValue) asks for \(unknown)")
    }

    @Test("The pack has no prompt that nothing says")
    func noSurplus() throws {
        let known = Set(PromptKey.allCases.map(\.rawValue))
        #expect(try TestShop.english().prompts.keys.subtracting(known).isEmpty)
    }

    @Test("The read-back names cart, total, address and payment in every variant")
    func readBack() throws {
        let prompts = try TestShop.english().prompts
        for key in [PromptKey.readBack, .readBackFee] {
            #expect(prompts.placeholders(of: key.rawValue) == key.placeholders)
        }
    }
}
