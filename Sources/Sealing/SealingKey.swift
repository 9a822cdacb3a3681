// One key, and what it does: seal, open, wrap other keys, derive others. In and out: bytes and text.
//
// XChaCha20-Poly1305 (draft-irtf-cfrg-xchacha): its nonce of 192 bits may be drawn at random for every value.

private import CSodium

/// A key of 32 bytes, in memory that is kept out of the swap space where it can be, and wiped when nobody holds it any more.
///
/// `@unchecked Sendable` and `@safe`: the bytes are written before `init` returns, only read after it, and freed with it.
@safe public final class SealingKey: @unchecked Sendable {
    /// Bytes of a key.
    public static let length = 32

    private let memory: UnsafeMutablePointer<UInt8>

    /// A key of these 32 bytes. The caller's copy is the caller's to forget.
    public convenience init(bytes: [UInt8]) throws(SealingError) {
        guard bytes.count == SealingKey.length else { throw .keyLength(bytes.count) }
        unsafe self.init { memory in unsafe memory.update(from: bytes, count: SealingKey.length) }
    }

    /// A key that never was before.
    public static func random() -> SealingKey {
        unsafe SealingKey { memory in unsafe randombytes_buf(memory, SealingKey.length) }
    }

    private init(fill: (UnsafeMutablePointer<UInt8>) -> Void) {
        unsafe memory = KeyMemory.shared.take()
        unsafe fill(memory)
    }

    deinit { unsafe KeyMemory.shared.giveBack(memory) }

    /// Whether the system lets keys be kept out of the swap space.
    public static var areLocked: Bool { KeyMemory.shared.isLocked }

    // MARK: Values

    /// Seals `plain` for one place: `context` names table, column and row, and only with the same name it opens again, so
    /// that nobody moves a sealed value to another row. 41 bytes longer than `plain`.
    public func seal(_ plain: [UInt8], context: String) -> [UInt8] {
        let nonce = SecureRandom.bytes(Layout.nonce)
        let bound = Layout.bound(context)
        var sealed = [UInt8](repeating: 0, count: plain.count + Layout.tag)
        let result = unsafe crypto_aead_xchacha20poly1305_ietf_encrypt(
            &sealed, nil, plain, UInt64(plain.count), bound, UInt64(bound.count), nil, nonce, memory)
        precondition(result == 0, "libsodium could not seal")
        return [Layout.version] + nonce + sealed
    }

    /// Opens what `seal` gave for the same context.
    public func open(_ sealed: [UInt8], context: String) throws(SealingError) -> [UInt8] {
        guard sealed.count >= Layout.overhead, sealed[0] == Layout.version else { throw .notSealed }
        let nonce = Array(sealed[1..<1 + Layout.nonce])
        let body = Array(sealed[(1 + Layout.nonce)...])
        let bound = Layout.bound(context)
        var plain = [UInt8](repeating: 0, count: body.count - Layout.tag)
        let result = unsafe crypto_aead_xchacha20poly1305_ietf_decrypt(
            &plain, nil, nil, body, UInt64(body.count), bound, UInt64(bound.count), nonce, memory)
        guard result == 0 else { throw .notOpened }
        return plain
    }

    /// Seals the UTF-8 of `text`.
    public func seal(_ text: String, context: String) -> [UInt8] { seal(Array(text.utf8), context: context) }

    /// Opens what was text.
    public func openText(_ sealed: [UInt8], context: String) throws(SealingError) -> String {
        guard let text = String(validating: try open(sealed, context: context), as: UTF8.self) else { throw .notSealed }
        return text
    }

    // MARK: Keys

    /// Seals another key under this one: destroying the result destroys all that the other key sealed.
    public func wrap(_ other: SealingKey, context: String) -> [UInt8] {
        var bytes = unsafe Array(UnsafeBufferPointer(start: other.memory, count: SealingKey.length))
        defer { unsafe sodium_memzero(&bytes, bytes.count) }
        return seal(bytes, context: "key/" + context)
    }

    /// Opens a wrapped key.
    public func unwrap(_ wrapped: [UInt8], context: String) throws(SealingError) -> SealingKey {
        var bytes = try open(wrapped, context: "key/" + context)
        defer { unsafe sodium_memzero(&bytes, bytes.count) }
        return try SealingKey(bytes: bytes)
    }

    /// 32 bytes that prove that `bytes` were written by a holder of this key (keyed BLAKE2b).
    public func proof(of bytes: [UInt8]) -> [UInt8] { derived(1).keyedHash(bytes) }

    /// The `number`th key under this one, always the same and telling nothing of it (BLAKE2b, `crypto_kdf`).
    func derived(_ number: UInt64) -> SealingKey {
        unsafe SealingKey { child in
            let result = unsafe crypto_kdf_derive_from_key(child, SealingKey.length, number, "rozmova_", memory)
            precondition(result == 0, "libsodium could not derive a key")
        }
    }

    /// 32 bytes by which a row is found without its value being readable, such as that of a telephone number. Equal values
    /// of one column have equal hashes; those of different columns do not.
    public func lookUp(_ value: String, column: String) -> [UInt8] {
        // The length stands between, so that no two pairs of column and value run together into the same bytes.
        keyedHash(Array("\(column.utf8.count):\(column)\(value)".utf8))
    }

    /// BLAKE2b of `bytes` under this key: 32 bytes that nobody without the key can compute or check a guess against.
    func keyedHash(_ bytes: [UInt8]) -> [UInt8] {
        unsafe Digest.blake2b(bytes, key: memory, keyLength: SealingKey.length)
    }

    /// Version, nonce, sealed bytes, tag.
    private enum Layout {
        static let version: UInt8 = 1
        static let nonce = Int(crypto_aead_xchacha20poly1305_ietf_NPUBBYTES)
        static let tag = Int(crypto_aead_xchacha20poly1305_ietf_ABYTES)
        static let overhead = 1 + nonce + tag

        static func bound(_ context: String) -> [UInt8] { [version] + Array(context.utf8) }
    }
}

/// Bytes that nobody can foresee, from the kernel.
public enum SecureRandom {
    /// `count` of them.
    public static func bytes(_ count: Int) -> [UInt8] {
        Sodium.ready()
        var bytes = [UInt8](repeating: 0, count: count)
        unsafe randombytes_buf(&bytes, count)
        return bytes
    }
}

/// Fingerprints of public values. For private ones, which can be guessed, see `SealingKey.lookUp`.
public enum Digest {
    /// BLAKE2b with 32 bytes of output.
    public static func of(_ bytes: [UInt8]) -> [UInt8] { unsafe blake2b(bytes, key: nil, keyLength: 0) }

    /// The same of the UTF-8 of `text`, as 64 hexadecimal digits.
    public static func hex(of text: String) -> String { hexadecimal(of(Array(text.utf8))) }

    /// Two lower-case digits a byte.
    public static func hexadecimal(_ bytes: [UInt8]) -> String {
        var text: [UInt8] = []
        text.reserveCapacity(2 * bytes.count)
        for byte in bytes {
            text.append(digits[Int(byte >> 4)])
            text.append(digits[Int(byte & 15)])
        }
        return String(decoding: text, as: UTF8.self)
    }

    private static let digits = Array("0123456789abcdef".utf8)

    fileprivate static func blake2b(_ bytes: [UInt8], key: UnsafePointer<UInt8>?, keyLength: Int) -> [UInt8] {
        Sodium.ready()
        var out = [UInt8](repeating: 0, count: 32)
        let result = unsafe crypto_generichash(&out, out.count, bytes, UInt64(bytes.count), key, keyLength)
        precondition(result == 0, "libsodium could not hash")
        return out
    }
}

/// The library's one-time start: it chooses the fastest code for this processor and opens the random source.
enum Sodium {
    private static let isReady = sodium_init() >= 0

    /// Traps where the system has no random source: nothing could be sealed safely.
    static func ready() { precondition(isReady, "libsodium cannot start: the system gives no random numbers") }
}
