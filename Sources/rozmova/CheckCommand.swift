// `rozmova check`: tries everything that a service needs, one after the other, and says of each whether it would do.

import Audio
import Commerce
import Conversation
import Dialogue
import Foundation
import Hearing
import Language
import Lines
import Platform
import Sealing
import Services
import Speaking
import Storage

enum CheckCommand: Command {
    static let usage = Usage(
        name: "check", summary: "checks the configuration, models, shop, database and key; fails if one would not do",
        options: [
            .json, .shop, .data, .language, .config,
            Option(
                name: "sound", value: nil,
                summary:
                    "lists sound devices; each kiosk says its greeting and measures what comes back, and how loud you are"
            ),
        ])

    static func run(_ arguments: Arguments) async throws {
        var report = Report(json: arguments.has("json"))
        let settings = await report.check("configuration") {
            let settings = try Settings.load(arguments.value("config"))
            return (settings, Settings.file(arguments.value("config")) ?? "built-in defaults")
        }
        // What does not depend on a broken part is checked all the same, with the defaults in its place.
        let house = Composition(arguments, settings: settings ?? Settings())
        let shop = await report.check("shop") {
            let shop = try house.shop()
            return (shop, "\(shop.shop.name), \(shop.catalog.products.count) products, \(try house.shopFolder().path)")
        }
        let pack = await report.check("language") {
            let pack = try house.pack(for: shop?.shop)
            // Whether its sentences can be read shows only together with a shop.
            if let shop { _ = try Floor(shop: shop.shop, catalog: shop.catalog, pack: pack) }
            return (pack, "\(pack.name) (\(pack.code))")
        }
        await report.check("models") {
            let models = try house.models(for: pack?.code ?? "en")
            try models.check()
            return ((), models.acousticModel)
        }
        await report.check("speech") {
            guard let pack else { throw Failure("not tried without a language pack") }
            let samples = try await house.speaker(pack).synthesize(pack.name, language: pack.code, band: .wideband)
            guard !samples.isEmpty else {
                throw Failure("the voice \(pack.voice) says nothing; install espeak-ng-data")
            }
            return ((), pack.voice)
        }
        await report.check("key") {
            // Made by whoever runs the service, not by whoever checks: root's files would be of no use to it.
            guard house.hasKey || house.hasDatabase else { return ((), try willBeMade(in: house.dataFolder)) }
            _ = try house.masterKey()
            let swap = "may be swapped: raise the limit of locked memory (ulimit -l), or encrypt the swap space"
            return ((), "\(MasterKey.name), in memory \(SealingKey.areLocked ? "kept out of the swap space" : swap)")
        }
        await report.check("database") {
            guard house.hasDatabase else { return ((), try willBeMade(in: house.dataFolder)) }
            _ = try await house.store().orders(limit: 1)
            return ((), house.databaseFile.path)
        }
        await report.check("retention") {
            let obstacles = house.obstacles(languages: try house.spokenLanguages())
            guard obstacles.isEmpty else { throw Failure(obstacles.joined(separator: "\n")) }
            return ((), "the policy can be kept")
        }
        await report.check("books") {
            guard house.hasDatabase else { return ((), "nothing yet") }
            let store = try house.store()
            let findings = try await store.checkBooks()
            guard findings.isEmpty else { throw Failure(findings.joined(separator: "\n")) }
            let dead = try await store.deadErrands(limit: 1_000).count
            return (
                (), dead == 0 ? "they add up" : "they add up; \(dead) errands wait for a person: rozmova outbox list"
            )
        }
        await report.check("audit") {
            guard house.hasDatabase else { return ((), "nothing yet") }
            return ((), try await house.store().provedAudit().words)
        }
        await report.check("services") {
            guard let shop, let pack else { throw Failure("not tried without a shop and a language pack") }
            let floor = try Floor(shop: shop.shop, catalog: shop.catalog, pack: pack)
            let channels = try house.services(for: floor).channels.map(\.rawValue).sorted()
            return ((), channels.isEmpty ? "none configured" : channels.joined(separator: ", "))
        }
        for phone in house.settings.phones {
            await report.check(phone.name) {
                let line = try Secrets.filledIn(phone).line
                if let file = line.certificate, !FileManager.default.isReadableFile(atPath: file) {
                    throw Failure("\(file) cannot be read")
                }
                return ((), "port \(line.port)\(line.account.map { ", registers as \($0.address)" } ?? "")")
            }
        }
        if arguments.has("sound") {
            for device in SoundDevices.names {
                await report.check("device") { ((), "\(device.name): \(device.description)") }
            }
        }
        // A card is one program's: what `serve` has open cannot be tried.
        let isServing =
            !house.settings.kiosks.isEmpty && LocalSocket.ask(Places.statusSocket(data: house.dataFolder)) != nil
        for kiosk in house.settings.kiosks {
            await report.check(kiosk.line.name) {
                if isServing { return ((), "in use by `rozmova serve`; see `rozmova status`") }
                guard arguments.has("sound"), let pack, let shop else {
                    do throws(SoundDeviceError) {
                        return ((), try SoundDevices.forms(of: kiosk.line).joined(separator: "; "))
                    } catch {
                        throw Failure(error.reason)
                    }
                }
                let floor = try Floor(shop: shop.shop, catalog: shop.catalog, pack: pack)
                let greeting = try await house.speaker(pack).synthesize(
                    floor.speech(.greeting), language: pack.code, band: .wideband)
                return ((), try await KioskTrial.words(kiosk.line, saying: greeting))
            }
        }
        if report.failed { throw Failure.alreadyTold }
    }
}

/// Whether a file could be made in `folder`, or in the folder that would be made for it.
private func willBeMade(in folder: URL) throws -> String {
    var place = folder.absoluteURL.standardizedFileURL
    while !FileManager.default.fileExists(atPath: place.path), place.path != "/" {
        place = place.deletingLastPathComponent()
    }
    let kind = try? FileManager.default.attributesOfItem(atPath: place.path)[.type] as? FileAttributeType
    guard kind == .typeDirectory, FileManager.default.isWritableFile(atPath: place.path) else {
        throw Failure("\(place.path) is no folder that this user may write in; choose another with --data")
    }
    return "will be made in \(folder.path)"
}

/// A line for each check.
private struct Report {
    let json: Bool
    private(set) var failed = false

    init(json: Bool) { self.json = json }

    private struct Entry {
        let check: String
        let ok: Bool
        let detail: String
    }

    /// Runs one check, which gives what it found and a word about it.
    @discardableResult
    mutating func check<Found: Sendable>(
        _ name: String, _ body: @Sendable () async throws -> (Found, String)
    ) async -> Found? {
        do {
            let (found, detail) = try await body()
            tell(Entry(check: name, ok: true, detail: detail))
            return found
        } catch {
            failed = true
            tell(Entry(check: name, ok: false, detail: Reason.of(error)))
            return nil
        }
    }

    private func tell(_ entry: Entry) {
        if json {
            let fields: [(name: String, value: JSONText)] = [
                ("check", .text(entry.check)), ("ok", .flag(entry.ok)), ("detail", .text(entry.detail)),
            ]
            return Console.line(JSONText.object(fields).line)
        }
        if entry.ok { return Console.line("\(entry.check): ok, \(entry.detail)") }
        let lines = entry.detail.split(separator: "\n")
        Console.line("\(entry.check): \(lines.count > 1 ? "\(lines.count) mistakes" : String(lines.first ?? "failed"))")
        if lines.count > 1 { lines.forEach { Console.line("  \($0)") } }
    }
}
