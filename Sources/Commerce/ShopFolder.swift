// A shop's folder: shop.json5 and catalog.json5, read and checked together.

public import Foundation

/// Reads the folder that holds a shop.
public enum ShopFolder {
    /// Of the shop's own rules.
    public static let shopFile = "shop.json5"
    /// Of its goods.
    public static let catalogFile = "catalog.json5"
    /// A file of a shop larger than this is not one: 50,000 products take some 20 MB.
    static let largestFile = 256 << 20

    /// Reads both files; the mistakes of both come in one message.
    public static func load(_ folder: URL) throws(ShopFileError) -> (shop: Shop, catalog: Catalog) {
        let shopData = try data(of: folder.appendingPathComponent(shopFile))
        let catalogData = try data(of: folder.appendingPathComponent(catalogFile))
        let shop: Shop
        do throws(ShopFileError) {
            shop = try Shop.read(json5: shopData, source: shopFile)
        } catch .mistakes(let ofShop) {
            do throws(ShopFileError) {
                _ = try Catalog.read(json5: catalogData, source: catalogFile)
            } catch .mistakes(let ofCatalog) {
                throw .mistakes(ofShop + ofCatalog)
            }
            throw .mistakes(ofShop)
        }
        return (shop, try Catalog.read(json5: catalogData, source: catalogFile, currency: shop.currency))
    }

    /// The bytes of a file that may be one of a shop's.
    static func data(of file: URL) throws(ShopFileError) -> Data {
        let attributes = try? FileManager.default.attributesOfItem(atPath: file.resolvingSymlinksInPath().path)
        guard let attributes else {
            throw .unreadable(file: file.path, reason: "is not there or may not be read")
        }
        guard attributes[.type] as? FileAttributeType == .typeRegular else {
            throw .unreadable(file: file.path, reason: "is not a file")
        }
        guard (attributes[.size] as? Int ?? 0) <= largestFile else {
            throw .unreadable(file: file.path, reason: "is larger than \(largestFile >> 20) MB")
        }
        do {
            return try Data(contentsOf: file)
        } catch {
            throw .unreadable(file: file.path, reason: "cannot be read: \(error.localizedDescription)")
        }
    }
}
