// Certificates for tests of TLS on loopback, made anew by openssl each time, so that none is ever too old.

import Foundation
import Testing

/// A certificate for 127.0.0.1 that vouches for itself, and one for another machine.
struct Certificates {
    private let scratch: Scratch
    /// PEM files of certificate and key.
    let own: String
    let another: String

    init() throws {
        scratch = try Scratch()
        own = try Self.make("own", name: "IP:127.0.0.1", in: scratch)
        another = try Self.make("another", name: "DNS:another.example", in: scratch)
    }

    private static func make(_ file: String, name: String, in scratch: Scratch) throws -> String {
        let path = "\(scratch.path)/\(file).pem"
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/openssl")
        process.arguments = [
            "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=\(file)", "-addext",
            "subjectAltName=\(name)", "-keyout", path, "-out", "\(path).crt",
        ]
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0, "openssl makes no certificate")
        let certificate = try Data(contentsOf: URL(filePath: "\(path).crt"))
        let handle = try FileHandle(forWritingTo: URL(filePath: path))
        try handle.seekToEnd()
        try handle.write(contentsOf: certificate)
        try handle.close()
        return path
    }
}
