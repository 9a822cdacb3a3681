// By which words of a language private details are known in a sentence. In: the pack's lists. Out: sets to look them up in.

/// What stands beside addresses, spelled e-mail addresses and names.
public struct PersonalWords: Sendable {
    /// Words of streets that mean little else: whatever stands before one is an address.
    public let streets: Set<String>
    /// Words of streets that mean other things too: an address where a number stands beside them.
    public let ways: Set<String>
    /// Parts of a building, which a number follows.
    public let parts: Set<String>
    /// What an e-mail address has in its middle, and in the middle of its parts.
    public let at: Set<String>
    /// The same.
    public let dots: Set<String>
    /// Phrases behind which a name comes, whatever it is.
    public let introductions: [[String]]
    /// Phrases behind which a name comes, or anything else.
    public let maybeIntroductions: [[String]]
    /// Words before which a name stands, or anything else.
    public let followers: Set<String>
    /// Given names that are nothing else.
    public let names: Set<String>
    /// Words that no name and no street goes on with.
    public let ends: Set<String>
    /// Words behind which an unknown word is a thing rather than a name.
    public let spares: Set<String>
    /// What everybody says; a word that is not in here may be a name. Empty where the pack has no such list.
    public let plain: WordList
    /// Those of them that are given names too.
    public let alsoGiven: WordList
    /// Those of them that are surnames too.
    public let alsoSurnames: WordList

    /// Names the lists; of phrases the words are parted by spaces.
    public init(
        streets: [String], ways: [String], parts: [String], at: [String], dots: [String],
        introductions: [String], maybeIntroductions: [String], followers: [String], names: [String], ends: [String],
        spares: [String], plain: WordList, alsoGiven: WordList, alsoSurnames: WordList
    ) {
        (self.streets, self.ways, self.parts) = (Set(streets), Set(ways), Set(parts))
        (self.at, self.dots) = (Set(at), Set(dots))
        self.introductions = introductions.map { $0.split(separator: " ").map(String.init) }
        self.maybeIntroductions = maybeIntroductions.map { $0.split(separator: " ").map(String.init) }
        (self.followers, self.names, self.ends) = (Set(followers), Set(names), Set(ends))
        (self.spares, self.plain) = (Set(spares), plain)
        (self.alsoGiven, self.alsoSurnames) = (alsoGiven, alsoSurnames)
    }

    /// Of a language that has none.
    public static let none = PersonalWords(
        streets: [], ways: [], parts: [], at: [], dots: [], introductions: [],
        maybeIntroductions: [], followers: [], names: [], ends: [], spares: [], plain: WordList(sorted: []),
        alsoGiven: WordList(sorted: []), alsoSurnames: WordList(sorted: []))
}
