// What is kept of a PIN or a code: a hash that is made slow on purpose, so that guessing is dear. In: figures, a kept hash.
// Out: a hash, or whether they belong together. Argon2id (RFC 9106) by `crypto_pwhash`.

private import CSodium

/// Slow hashes of short secrets.
///
/// A PIN has so few figures that whoever holds its hash finds it: the hash belongs under a key as well.
public enum SecretHash {
    /// What one hash costs.
    public struct Cost: Sendable, Hashable {
        /// Passes over the memory.
        public let passes: Int
        /// Memory of one hash, in bytes.
        public let memory: Int

        /// Names a cost; Argon2id takes 8 kB at least.
        public init(passes: Int, memory: Int) {
            self.passes = passes
            self.memory = memory
        }

        /// What libsodium names for answers that somebody waits for: two passes over 64 MB.
        public static let standard = Cost(
            passes: Int(crypto_pwhash_OPSLIMIT_INTERACTIVE), memory: Int(crypto_pwhash_MEMLIMIT_INTERACTIVE))
    }

    /// The hash with its salt and its cost, as text of ASCII bytes.
    public static func make(_ secret: UnsafeRawBufferPointer, cost: Cost = .standard) -> [UInt8] {
        Sodium.ready()
        var text = [CChar](repeating: 0, count: Int(crypto_pwhash_STRBYTES))
        let characters = unsafe secret.bindMemory(to: CChar.self)
        guard let start = characters.baseAddress else { preconditionFailure("a secret without figures") }
        let result = unsafe crypto_pwhash_str(
            &text, start, UInt64(characters.count), UInt64(cost.passes), cost.memory)
        precondition(result == 0, "no memory for the hash of a PIN")
        return text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
    }

    /// Whether `hash` was made of `secret`; takes as long whether it was or not.
    public static func matches(_ secret: UnsafeRawBufferPointer, _ hash: [UInt8]) -> Bool {
        Sodium.ready()
        var text = hash.map { CChar(bitPattern: $0) }
        // The library reads as many as it writes.
        text += [CChar](repeating: 0, count: max(1, Int(crypto_pwhash_STRBYTES) - text.count))
        let characters = unsafe secret.bindMemory(to: CChar.self)
        guard let start = characters.baseAddress else { return false }
        return unsafe crypto_pwhash_str_verify(text, start, UInt64(characters.count)) == 0
    }
}

extension SecureRandom {
    /// So many figures from 0 to 9, each as likely as any other.
    public static func figures(_ count: Int) -> String {
        Sodium.ready()
        return (0..<count).map { _ in String(randombytes_uniform(10)) }.joined()
    }
}
