// A language that Rozmova speaks: its grammar, its prompts and its voice.
// In: the language's folder of Models (`pack.json5`, `words.json5`, `prompts.json5`, …). Out: one immutable value.

public import Foundation

/// Everything about one language.
public struct LanguagePack: Sendable {
    /// The code that commands and shops name it by: "en".
    public let code: String
    /// Its name in itself: "English".
    public let name: String
    /// The name of its eSpeak NG voice, such as "en-us".
    public let voice: String
    /// How fast it is spoken, in eSpeak NG's words a minute.
    public let rate: Int
    /// Words that the voice gets wrong, in lower case, and how to spell them for it.
    public let respellings: [String: String]
    /// Its grammar.
    public let rules: any LanguageRules
    /// What callers say.
    public let sentences: SentenceBook
    /// What they type beside that.
    public let writing: Writing
    /// What the assistant says.
    public let prompts: PromptBook
    /// How its sounds are said with the phones of the recogniser's model.
    public let phones: PhoneMap
    /// Words that stand in any sentence, and say nothing of what it is about.
    public var smallWords: Set<String> { Set(sentences.fillers + sentences.asking + writing.common) }

    /// `pack.json5`.
    private struct Head: Decodable {
        let code: String
        let name: String
        let voice: String
        let rate: Int
        let respellings: [String: String]?
    }

    /// Reads the pack in `folder`, whose name is the language's code.
    public static func load(from folder: URL) throws(LanguagePackError) -> LanguagePack {
        let code = folder.lastPathComponent
        guard FileManager.default.fileExists(atPath: folder.appending(path: "pack.json5").path) else {
            throw .missing(code: code, folder: folder.path, advice: advice(besides: folder))
        }
        let head = try PackFile.read(Head.self, "pack.json5", in: folder)
        let file = folder.appending(path: "pack.json5").path
        guard head.code == code else {
            throw .malformed(file: file, reason: "code is '\(head.code)', but the folder is '\(code)'")
        }
        guard (80...450).contains(head.rate) else {
            throw .malformed(file: file, reason: "rate is \(head.rate): it has to be from 80 to 450 words a minute")
        }
        let rules = try rules(of: code, in: folder)
        let writing = try PackFile.read(Writing.self, "written.json5", in: folder)
        let sentences = try PackFile.read(SentenceBook.self, "sentences.json5", in: folder)
        return LanguagePack(
            code: head.code, name: head.name, voice: head.voice, rate: head.rate, respellings: head.respellings ?? [:],
            rules: rules,
            sentences: sentences.adding(writing), writing: writing,
            prompts: try PromptBook.load(from: folder), phones: try phones(in: folder))
    }

    /// Reads the pack of the language `code` among the packs in the folder `models`.
    public static func load(_ code: String, in models: URL) throws(LanguagePackError) -> LanguagePack {
        guard !code.isEmpty, code.utf8.allSatisfy({ (0x61...0x7A).contains($0) || $0 == 0x2D }) else {
            throw .missing(code: code, folder: models.path, advice: advice(besides: models.appending(path: "none")))
        }
        return try load(from: models.appending(path: code))
    }

    /// The codes of the packs in the folder `models`.
    public static func available(in models: URL) -> [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: models.path)) ?? []
        return names.filter { name in
            FileManager.default.fileExists(atPath: models.appending(path: "\(name)/pack.json5").path)
        }.sorted()
    }

    /// The grammar is code, so a language needs a type here; the words it works with come from the pack.
    private static func rules(of code: String, in folder: URL) throws(LanguagePackError) -> any LanguageRules {
        switch code {
        case "en": return try EnglishRules.load(from: folder)
        default:
            throw .missing(code: code, folder: folder.path, advice: "this build has no grammar for it")
        }
    }

    private static func phones(in folder: URL) throws(LanguagePackError) -> PhoneMap {
        let data = try PackFile.data("phones.json5", in: folder)
        do { return try PhoneMap(json5: data) } catch {
            throw .malformed(file: folder.appending(path: "phones.json5").path, reason: "\(error)")
        }
    }

    private static func advice(besides folder: URL) -> String {
        let others = available(in: folder.deletingLastPathComponent())
        return others.isEmpty
            ? "there is no pack at all; check the folder of the models"
            : "there is \(others.map { "'\($0)'" }.joined(separator: ", ")); choose one of these with --language"
    }
}
