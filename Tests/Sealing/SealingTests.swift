// Sealed values: they open in their place, and nowhere else, and not when a single bit has changed.

import Foundation
import Sealing
import Testing

@Suite struct SealingKeyTests {
    @Test(arguments: [
        "", "a", "5 Lake Street, apartment 6", "вулиця Озерна, 5", String(repeating: "x", count: 100_000),
    ])
    func whatIsSealedOpens(text: String) throws {
        let key = SealingKey.random()
        let sealed = key.seal(text, context: "customer/1/address")
        #expect(sealed.count == text.utf8.count + 41)
        #expect(try key.openText(sealed, context: "customer/1/address") == text)
    }

    @Test func theSameValueNeverLooksTheSame() {
        let key = SealingKey.random()
        #expect(Set((0..<100).map { _ in key.seal("yes", context: "c") }).count == 100)
    }

    /// More keys than there are places for, all at once: each is itself, and places come back.
    @Test func keysKeepApart() throws {
        for _ in 0..<3 {
            let keys = (0..<5_000).map { _ in SealingKey.random() }
            let sealed = keys.map { $0.seal("yes", context: "c") }
            for (key, value) in zip(keys, sealed) { #expect(try key.openText(value, context: "c") == "yes") }
            #expect(throws: SealingError.notOpened) { try keys[4_999].open(sealed[0], context: "c") }
        }
    }

    /// What the system says of locked memory agrees with what is told of keys.
    @Test func keysAreLockedWhereTheSystemLetsThem() throws {
        let key = SealingKey.random()
        let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
        let line = try #require(status.split(separator: "\n").first { $0.hasPrefix("VmLck:") })
        let locked = line.split(whereSeparator: \.isWhitespace).compactMap { Int($0) }.first ?? 0
        #expect(SealingKey.areLocked == (locked >= 64))
        withExtendedLifetime(key) {}
    }

    @Test func everyChangedBitIsNoticed() throws {
        let key = SealingKey.random()
        let sealed = key.seal("1234", context: "c")
        for index in sealed.indices {
            for bit in 0..<8 {
                var altered = sealed
                altered[index] ^= 1 << bit
                let expected: SealingError = index == 0 ? .notSealed : .notOpened
                #expect(throws: expected) { try key.open(altered, context: "c") }
            }
        }
    }

    @Test func whatIsCutOrMovedOrUnderAnotherKeyStaysSealed() throws {
        let key = SealingKey.random()
        let sealed = key.seal("1234", context: "customer/1/phone")
        #expect(throws: SealingError.notSealed) { try key.open([], context: "customer/1/phone") }
        #expect(throws: SealingError.notSealed) { try key.open(Array(sealed.prefix(40)), context: "customer/1/phone") }
        #expect(throws: SealingError.notOpened) { try key.open(sealed.dropLast(), context: "customer/1/phone") }
        #expect(throws: SealingError.notOpened) { try key.open(sealed + [0], context: "customer/1/phone") }
        #expect(throws: SealingError.notOpened) { try key.open(sealed, context: "customer/2/phone") }
        #expect(throws: SealingError.notOpened) { try SealingKey.random().open(sealed, context: "customer/1/phone") }
    }

    @Test func aValueSealedByAnEarlierVersionOpens() throws {
        // Computed once and kept: the format must never change under the same version.
        let key = try SealingKey(bytes: Array(0..<32))
        #expect(try key.openText(SealedSample.bytes, context: "sample") == "two large pizzas")
    }

    @Test func bytesThatAreNoTextAreNoText() throws {
        let key = SealingKey.random()
        #expect(throws: SealingError.notSealed) {
            try key.openText(key.seal([0xFF, 0xFE], context: "c"), context: "c")
        }
    }

    @Test func aKeyHas32Bytes() {
        #expect(throws: SealingError.keyLength(31)) { try SealingKey(bytes: [UInt8](repeating: 1, count: 31)) }
    }

    @Test func digestsAreThoseOfTheStandard() {
        // BLAKE2b-256 of "" and "abc", as `b2sum -l 256` prints them.
        #expect(Digest.hex(of: "") == "0e5751c026e543b2e8ab2eb06099daa1d1e5df47778f7787faab45cdf12fe3a8")
        #expect(Digest.hex(of: "abc") == "bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319")
    }
}

@Suite struct MasterKeyTests {
    private static func master(_ byte: UInt8 = 7) throws -> MasterKey {
        MasterKey(try SealingKey(bytes: [UInt8](repeating: byte, count: 32)))
    }

    @Test func aWrappedKeyOpensWhatItSealedAndGoesWithItsOwner() throws {
        let master = try Self.master()
        let key = SealingKey.random()
        let sealed = key.seal("5 Lake Street", context: "c")
        let wrapped = master.wrap(key, context: "customer/1")
        #expect(try master.unwrap(wrapped, context: "customer/1").openText(sealed, context: "c") == "5 Lake Street")
        #expect(throws: SealingError.notOpened) { try master.unwrap(wrapped, context: "customer/2") }
        #expect(throws: SealingError.notOpened) { try Self.master(8).unwrap(wrapped, context: "customer/1") }
        #expect(throws: SealingError.notOpened) {
            try master.unwrap(key.seal([UInt8](repeating: 1, count: 32), context: "customer/1"), context: "customer/1")
        }
    }

    @Test func lookUpsFindTheSameAndTellNothing() throws {
        let master = try Self.master()
        let hash = master.index.lookUp("+380671234567", column: "phone")
        #expect(hash.count == 32)
        #expect(hash == (try Self.master()).index.lookUp("+380671234567", column: "phone"))
        #expect(hash != master.index.lookUp("+380671234568", column: "phone"))
        #expect(hash != master.index.lookUp("+380671234567", column: "name"))
        #expect(hash != (try Self.master(8)).index.lookUp("+380671234567", column: "phone"))
        #expect(hash != Digest.of(Array("+380671234567".utf8)))
        // Column and value do not run together.
        #expect(master.index.lookUp("bc", column: "a") != master.index.lookUp("c", column: "ab"))
    }

    @Test func aFingerprintTellsKeysApart() throws {
        #expect(try Self.master().fingerprint == Self.master().fingerprint)
        #expect(try Self.master().fingerprint != Self.master(8).fingerprint)
        #expect(try Self.master().fingerprint.count == 16)
    }
}

@Suite struct KeyFileTests {
    /// A folder of its own, removed with the value.
    final class Folder {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("rozmova-\(UUID().uuidString)").path
        var key: String { path + "/" + MasterKey.name }

        init() throws {
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        }

        func put(_ text: String, mode: Int = 0o600) throws {
            try Data(text.utf8).write(to: URL(fileURLWithPath: key))
            try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: key)
        }

        deinit { try? FileManager.default.removeItem(atPath: path) }
    }

    static let digits = String(repeating: "0a", count: 32)

    @Test func aMissingKeyIsMadeOnceForItsOwnerOnly() throws {
        let folder = try Folder()
        let data = folder.path + "/deep/data"
        let first = try MasterKey.load(credentialsDirectory: nil, dataDirectory: data)
        let second = try MasterKey.load(credentialsDirectory: "", dataDirectory: data)
        #expect(first.fingerprint == second.fingerprint)
        let attributes = try FileManager.default.attributesOfItem(atPath: data + "/" + MasterKey.name)
        #expect(attributes[.posixPermissions] as? Int == 0o600)
        #expect(try FileManager.default.contentsOfDirectory(atPath: data) == [MasterKey.name])
    }

    @Test func twoThatStartAtOnceHaveOneKey() async throws {
        let folder = try Folder()
        let path = folder.path
        let prints = try await withThrowingTaskGroup(of: [UInt8].self) { group in
            for _ in 0..<16 {
                group.addTask { try MasterKey.load(credentialsDirectory: nil, dataDirectory: path).fingerprint }
            }
            return try await group.reduce(into: Set<[UInt8]>()) { $0.insert($1) }
        }
        #expect(prints.count == 1)
        #expect(try FileManager.default.contentsOfDirectory(atPath: path) == [MasterKey.name])
    }

    @Test(arguments: [0o644, 0o640, 0o606, 0o660, 0o700])
    func aKeyThatOthersCanUseIsRefused(mode: Int) throws {
        let folder = try Folder()
        try folder.put(Self.digits, mode: mode)
        #expect(throws: SealingError.keyFileOpenToOthers(path: folder.key, mode: mode)) {
            try MasterKey.load(credentialsDirectory: nil, dataDirectory: folder.path)
        }
    }

    @Test(arguments: ["", "0a", "z" + digits.dropFirst(), digits + "00", digits + digits + digits + digits + digits])
    func whatIsNoKeyIsRefusedAndKept(text: String) throws {
        let folder = try Folder()
        try folder.put(text)
        #expect(throws: SealingError.keyFileMalformed(path: folder.key)) {
            try MasterKey.load(credentialsDirectory: nil, dataDirectory: folder.path)
        }
        #expect(try String(contentsOfFile: folder.key, encoding: .utf8) == text)
    }

    @Test(arguments: [digits, digits.uppercased(), " \(digits)\n"])
    func aCredentialComesFirst(text: String) throws {
        let credentials = try Folder()
        let data = try Folder()
        // 0440 is how systemd's access lists look.
        try credentials.put(text, mode: 0o440)
        let loaded = try MasterKey.load(credentialsDirectory: credentials.path, dataDirectory: data.path)
        let same = MasterKey(try SealingKey(bytes: [UInt8](repeating: 10, count: 32)))
        #expect(loaded.fingerprint == same.fingerprint)
        #expect(try FileManager.default.contentsOfDirectory(atPath: data.path).isEmpty)
    }

    @Test func aMissingCredentialIsSaidAndNoKeyIsMade() throws {
        let credentials = try Folder()
        let data = try Folder()
        #expect(throws: SealingError.credentialMissing(path: credentials.key)) {
            try MasterKey.load(credentialsDirectory: credentials.path, dataDirectory: data.path)
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: data.path).isEmpty)
    }

    @Test func aFolderThatCannotBeMadeIsNamed() throws {
        let error = #expect(throws: SealingError.self) {
            try MasterKey.load(credentialsDirectory: nil, dataDirectory: "/dev/null/data")
        }
        #expect(error?.description.hasPrefix("/dev/null/data") == true)
    }

    @Test func aFolderInTheKeysPlaceIsNoKey() throws {
        let folder = try Folder()
        try FileManager.default.createDirectory(atPath: folder.key, withIntermediateDirectories: false)
        #expect(throws: SealingError.keyFileUnusable(path: folder.key, reason: "it is not a file")) {
            try MasterKey.load(credentialsDirectory: nil, dataDirectory: folder.path)
        }
    }
}

/// "two large pizzas" for the context "sample" under the key 0, 1, … 31 and the nonce 100, 101, … 123, made by a call to
/// libsodium from outside this code.
private enum SealedSample {
    static let bytes: [UInt8] = [
        0x01, 0x64, 0x65, 0x66, 0x67, 0x68, 0x69, 0x6A, 0x6B, 0x6C, 0x6D, 0x6E, 0x6F, 0x70, 0x71, 0x72,
        0x73, 0x74, 0x75, 0x76, 0x77, 0x78, 0x79, 0x7A, 0x7B, 0x08, 0x04, 0x96, 0x90, 0x93, 0x4F, 0xFB,
        0xE5, 0xE2, 0x10, 0xED, 0x56, 0xDC, 0x15, 0xDC, 0xBA, 0xAB, 0x57, 0xA4, 0x15, 0xE6, 0x05, 0x1B,
        0x58, 0x21, 0x8C, 0x32, 0xB1, 0xA3, 0x80, 0xCF, 0x4F,
    ]
}
