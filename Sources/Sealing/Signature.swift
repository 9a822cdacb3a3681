// Signs what goes to others: HMAC with SHA-256 (RFC 2104), which every receiver's library can check.

public import Foundation
private import CSodium

/// Signatures under a secret that is shared with the receiver.
public enum Signature {
    /// HMAC-SHA-256 of `message` under a secret of any length: 32 bytes.
    public static func hmacSHA256(_ message: Data, secret: [UInt8]) -> [UInt8] {
        Sodium.ready()
        var state = crypto_auth_hmacsha256_state()
        var out = [UInt8](repeating: 0, count: Int(crypto_auth_hmacsha256_BYTES))
        let bytes = Array(message)
        unsafe crypto_auth_hmacsha256_init(&state, secret, secret.count)
        unsafe crypto_auth_hmacsha256_update(&state, bytes, UInt64(bytes.count))
        unsafe crypto_auth_hmacsha256_final(&state, &out)
        return out
    }
}
