// Everything that conversations of one shop share: its shop, its goods, its language, and what follows from them.

public import Audio
public import Commerce
public import Language
public import Privacy
public import Understanding

/// A shop ready to talk. A value: a conversation keeps the one it began with until its next turn.
public struct Floor: Sendable {
    /// The shop's rules.
    public let shop: Shop
    /// Its goods.
    public let catalog: Catalog
    /// The language spoken.
    public let pack: LanguagePack
    /// What callers mean.
    public let understander: Understander

    /// Compiles what callers may say from the shop and the pack.
    public init(shop: Shop, catalog: Catalog, pack: LanguagePack) throws(UnderstandingError) {
        self.shop = shop
        self.catalog = catalog
        self.pack = pack
        understander = try Understander(shop: shop, catalog: catalog, pack: pack)
    }

    /// Blacks out what must not be kept; what the shop speaks of is nobody's name.
    public var redactor: Redactor { Redactor(rules: pack.rules) { [understander] in understander.knows($0) } }

    /// What the recogniser listens for in each expectation. Some hundredths of a second of work each: keep them.
    public func networks() -> [Expectation: WordNetwork] {
        var networks: [Expectation: WordNetwork] = [:]
        for expectation in Expectation.allCases where expectation != .choosing {
            networks[expectation] = network(for: expectation)
        }
        networks[.choosing] = networks[.open]
        return networks
    }

    /// The names of its goods, which are too many to be listened for at once.
    private var assortment: Assortment {
        Assortment(
            phrases: understander.assortment.map {
                Assortment.Phrase(words: $0.words, thing: $0.product, kind: $0.family)
            })
    }

    /// What the recogniser listens for in one expectation.
    public func network(for expectation: Expectation) -> WordNetwork {
        let graph = understander.wordGraph(for: expectation)
        // Where no product is named, another catalogue is no other network.
        let assortment = graph.blanks.isEmpty ? nil : assortment
        return WordNetwork(
            id: graph.id + (assortment?.id ?? ""), stateCount: graph.stateCount, finals: graph.finals,
            arcs: graph.arcs.map { WordNetwork.Arc(from: $0.from, to: $0.to, word: $0.word, logWeight: $0.logWeight) },
            empties: graph.empties.map { WordNetwork.EmptyArc(from: $0.from, to: $0.to, logWeight: $0.logWeight) },
            blanks: graph.blanks.map {
                WordNetwork.Blank(from: $0.from, to: $0.to, kind: $0.family, logWeight: $0.logWeight)
            },
            assortment: assortment)
    }
}
