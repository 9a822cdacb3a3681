// Makes and compares the hashes of PINs and codes, one at a time, on a thread that neither calls nor orders need.

import Commerce
import Foundation
import Platform
import Sealing

/// A hash takes much memory and about a tenth of a second: of twenty callers who guess at once, nineteen wait.
actor SecretChecker {
    private let executor = PinnedExecutor(name: "secrets")
    nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe executor.asUnownedSerialExecutor() }

    private let cost: SecretHash.Cost
    /// Compared where there is nothing to compare with: that takes as long.
    private lazy var decoy = hash(of: SecretDigits(SecureRandom.figures(SecretDigits.codeLength)))

    init(cost: SecretHash.Cost) { self.cost = cost }

    func hash(of secret: SecretDigits) -> [UInt8] {
        unsafe secret.withBytes { bytes in unsafe SecretHash.make(bytes, cost: cost) }
    }

    /// Whether the hash was made of the secret; no hash was.
    func matches(_ secret: SecretDigits, _ hash: [UInt8]?) -> Bool {
        let decoy = decoy
        let isSame = unsafe secret.withBytes { bytes in unsafe SecretHash.matches(bytes, hash ?? decoy) }
        return isSame && hash != nil
    }
}
