// PINs as hashes: only the right figures match, the cost is Argon2id's, two hashes of one PIN tell nothing.

import Sealing
import Testing

@Suite("Hashes of secrets")
struct SecretHashTests {
    private static let cheap = SecretHash.Cost(passes: 1, memory: 8_192)

    private func hash(_ secret: String, cost: SecretHash.Cost = cheap) -> [UInt8] {
        unsafe Array(secret.utf8).withUnsafeBytes { bytes in unsafe SecretHash.make(bytes, cost: cost) }
    }

    private func matches(_ secret: String, _ hash: [UInt8]) -> Bool {
        unsafe Array(secret.utf8).withUnsafeBytes { bytes in unsafe SecretHash.matches(bytes, hash) }
    }

    @Test func onlyTheSameFiguresMatch() {
        let kept = hash("4829")
        for (secret, isRight) in [("4829", true), ("4828", false), ("48290", false), ("482", false), ("", false)] {
            #expect(matches(secret, kept) == isRight, "\(secret)")
        }
        #expect(hash("4829") != kept, "salted")
        #expect(!matches("4829", []) && !matches("4829", Array("rubbish".utf8)))
    }

    @Test func theCostIsWhatSomebodyMayWaitFor() {
        let text = String(decoding: hash("4829", cost: .standard), as: UTF8.self)
        #expect(text.hasPrefix("$argon2id$v=19$m=65536,t=2,p=1$"))
    }

    @Test func figuresAreFigures() {
        let drawn = (0..<500).map { _ in SecureRandom.figures(6) }
        #expect(drawn.allSatisfy { $0.count == 6 && $0.allSatisfy(\.isNumber) })
        #expect(Set(drawn.joined()).count == 10 && Set(drawn).count > 490)
    }
}
