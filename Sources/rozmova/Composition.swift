// Puts the program together: each part is made when a command asks for it, from the configuration and the options.
// `orders` needs no shop, `catalog` needs no recogniser: nothing here is built before it is wanted.

import Commerce
import Foundation
import Hearing
import Language
import Platform
import Privacy
import Sealing
import Speaking
import Storage

/// The parts of one run of the program.
struct Composition: Sendable {
    let settings: Settings
    /// The database and the key are in here.
    let dataFolder: URL
    private let shopOption: String?
    private let languageOption: String?
    let clock: WallClock

    /// Reads the configuration; a mistake in it is thrown.
    init(_ arguments: Arguments, clock: WallClock = .system) throws {
        self.init(arguments, settings: try Settings.load(arguments.value("config")), clock: clock)
    }

    /// The same with settings that were read already.
    init(_ arguments: Arguments, settings: Settings, clock: WallClock = .system) {
        self.settings = settings
        shopOption = arguments.value("shop")
        languageOption = arguments.value("language")
        dataFolder = (arguments.value("data") ?? settings.data).map { URL(filePath: $0) } ?? Places.data()
        self.clock = clock
    }

    /// The folder that the shop is read from.
    func shopFolder() throws -> URL {
        if let path = shopOption ?? settings.shop { return URL(filePath: path) }
        return try Places.models().appending(path: "demo-shop")
    }

    /// The shop without its goods, checked.
    func shopRules() throws -> Shop {
        let file = try shopFolder().appending(path: ShopFolder.shopFile)
        do {
            return try Shop.read(json5: try Data(contentsOf: file), source: ShopFolder.shopFile)
        } catch let error as CocoaError {
            throw Failure("\(file.path) cannot be read: \(Reason.of(error))")
        }
    }

    /// The shop and its goods, checked.
    func shop() throws -> (shop: Shop, catalog: Catalog) {
        try ShopFolder.load(try shopFolder())
    }

    /// The language pack: of the option, else of the configuration, else of the shop.
    func pack(for shop: Shop? = nil) throws -> LanguagePack {
        let code = languageOption ?? settings.language ?? shop?.languages.first ?? "en"
        return try LanguagePack.load(code, in: try languages())
    }

    /// The languages that conversations may be held in, by their codes.
    func spokenLanguages() throws -> [String] {
        let languages = try shopRules().languages
        guard let chosen = languageOption ?? settings.language, !languages.contains(chosen) else { return languages }
        return languages + [chosen]
    }

    /// The models of the recogniser. What comes with a language's pack fits Debian's model only.
    func models(for language: String) throws -> ModelPaths {
        let pack = try languages().appending(path: language)
        let isAdapted =
            settings.models.acoustic == nil
            && FileManager.default.fileExists(atPath: pack.appending(path: "telephone.mllr").path)
        return ModelPaths(
            acousticModel: settings.models.acoustic ?? ModelPaths.debian.acousticModel,
            dictionary: settings.models.dictionary ?? ModelPaths.debian.dictionary,
            telephone: settings.models.telephone.map { .own(acousticModel: $0) }
                ?? (isAdapted ? .adapted(folder: pack.path) : .same))
    }

    private func languages() throws -> URL {
        try settings.models.languages.map { URL(filePath: $0) } ?? Places.models()
    }

    /// The voice, which speaks the language of `pack`. The engine is started by its first use.
    func speaker(_ pack: LanguagePack) -> Speaker { Speaker(voices: [Voice(pack)]) }

    /// The database file.
    var databaseFile: URL { dataFolder.appending(path: "rozmova.sqlite") }

    /// Whether there is a database; commands make one where there is none, `check` does not.
    var hasDatabase: Bool { FileManager.default.fileExists(atPath: databaseFile.path) }

    /// Whether there is a key, or credentials that have to hold one.
    var hasKey: Bool {
        Self.credentials != nil
            || FileManager.default.fileExists(atPath: keyFile)
    }

    static var credentials: String? { ProcessInfo.processInfo.environment["CREDENTIALS_DIRECTORY"] }

    /// The key of the service's credentials, else of the data folder, where one is made if need be.
    func masterKey() throws -> MasterKey {
        // A new key would not open what is there, and would stand where the old one has to come back to.
        guard hasKey || !hasDatabase else {
            throw Failure(
                "\(MasterKey.name) is missing beside \(databaseFile.path): restore it from a backup; "
                    + "without it personal data stays sealed")
        }
        return try MasterKey.load(
            credentialsDirectory: Self.credentials, dataDirectory: dataFolder.path)
    }

    /// The database, opened, or made together with its folder and its key.
    func store() throws -> Store {
        do {
            // What is in there is the customers' business: nobody else may even list it.
            try FileManager.default.createDirectory(
                at: dataFolder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            throw Failure(
                "the data folder \(dataFolder.path) cannot be made: \(Reason.of(error)); choose another with --data")
        }
        do {
            return try open(try masterKey())
        } catch StoreError.wrongKey where FileManager.default.fileExists(atPath: nextKeyFile) {
            // A rotation was cut short behind the database and before the file.
            let store = try open(try MasterKey.load(file: nextKeyFile))
            try MasterKey.replace(keyFile, with: nextKeyFile)
            return store
        }
    }

    private func open(_ key: MasterKey) throws -> Store {
        let clock = clock
        return try Store(at: databaseFile, masterKey: key, policy: settings.retention, clock: { clock.now })
    }

    private var keyFile: String { dataFolder.appending(path: MasterKey.name).path }
    private var nextKeyFile: String { keyFile + ".new" }

    /// Seals all keys of the database under another master key: of a file that is given, else of a new one that takes the
    /// place of the old.
    func rotateKey(for command: Usage, newKey: String?) async throws -> (keys: Int, unreached: [String]) {
        guard newKey != nil || Self.credentials == nil else {
            throw Failure("the key is a credential of the service: say with --new-key where the new one is to be")
        }
        let store = try await store(for: command)
        let next = try MasterKey.load(file: newKey ?? nextKeyFile)
        let rotated = try await store.rotate(to: next)
        if newKey == nil { try MasterKey.replace(keyFile, with: nextKeyFile) }
        return rotated
    }

    /// The database for somebody who looks at persons' data with it: a line in the audit trail says so before anything is read.
    /// Whoever can read the key is the operator; who that was is what the system says.
    func store(for command: Usage, about: AuditSubject? = nil) async throws -> Store {
        let store = try store()
        try await store.audit(command.name, by: Self.user, about: about, now: clock.now)
        return store
    }

    /// The user who runs the program, and who became that one by sudo.
    private static var user: String {
        let name = ProcessInfo.processInfo.userName
        let before = ProcessInfo.processInfo.environment["SUDO_USER"]
        return "\(name) (\(getuid()))" + (before.map { ", was \($0)" } ?? "")
    }
}
