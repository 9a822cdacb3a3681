// `rozmova catalog import`: a catalogue comes in whole or not at all, and the database hears that its stock was counted now.

import Commerce
import Foundation
import Platform
import Storage

enum CatalogImportCommand: Command {
    static let usage = Usage(
        name: "catalog import", summary: "replaces the shop's catalogue by a file, after checking it",
        positionals: [Positional(name: "FILE")], options: [.shop, .data, .config],
        details: """
            FILE is a JSON5 catalogue, or a Google Merchant product feed: RSS 2.0 XML, or tab-separated.
            The last catalogue is kept as \(ShopFolder.previousCatalogFile); stock counts from now.
            """)

    static func run(_ arguments: Arguments) async throws {
        let path = arguments.positionals[0]
        let house = try Composition(arguments)
        let folder = try house.shopFolder()
        let data: Data
        do {
            data = try Data(contentsOf: URL(filePath: path))
        } catch {
            throw Failure("\(path) cannot be read: \(Reason.of(error))")
        }
        let now = house.clock.now
        let catalog = try Catalog.importing(
            data, source: path, currency: try house.shopRules().currency, now: now)
        // Opened before anything changes: a database that cannot be had must not leave a catalogue that it does not know.
        let store = try house.store()
        try ShopFolder.replaceCatalog(in: folder, with: catalog)
        try await store.catalogImported(catalog, now: now)
        Console.line("\(catalog.products.count) products imported into \(folder.path)")
    }
}
