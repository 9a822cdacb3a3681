// What the assistant says, by key: templates of the language pack, a shop's own in their place, rendered with values.
// In: a key, values and a variant. Out: the reply for the eye and for the ear.

public import Foundation

/// The prompts of a language.
public struct PromptBook: Sendable {
    private let prompts: [String: [MessageTemplate]]

    /// One text, or several variants.
    private enum Entry: Decodable {
        case variants([String])

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if let text = try? container.decode(String.self) {
                self = .variants([text])
            } else {
                self = .variants(try container.decode([String].self))
            }
        }
    }

    /// Reads `prompts.json5` in `folder`.
    public static func load(from folder: URL) throws(LanguagePackError) -> PromptBook {
        let entries = try PackFile.read([String: Entry].self, "prompts.json5", in: folder)
        return try PromptBook(
            entries.mapValues { entry in
                switch entry {
                case .variants(let texts): texts
                }
            }, file: folder.appending(path: "prompts.json5").path)
    }

    /// Makes a book of templates; every mistake in them is named, with `file`.
    public init(_ templates: [String: [String]], file: String) throws(LanguagePackError) {
        let mistakes = Self.mistakes(in: templates)
        guard mistakes.isEmpty else { throw .malformed(file: file, reason: mistakes.joined(separator: "; ")) }
        prompts = templates.mapValues { $0.compactMap { try? MessageTemplate($0) } }
    }

    /// The keys that it has.
    public var keys: Set<String> { Set(prompts.keys) }

    /// How many variants of a prompt there are.
    public func variants(of key: String) -> Int { prompts[key]?.count ?? 0 }

    /// The names of all values that the variants of a prompt ask for.
    public func placeholders(of key: String) -> Set<String> {
        (prompts[key] ?? []).reduce(into: []) { $0.formUnion($1.placeholders) }
    }

    /// What is wrong with templates, each with its key, variant and position; for a shop's own prompts.
    public static func mistakes(in templates: [String: [String]]) -> [String] {
        templates.sorted { $0.key < $1.key }.flatMap { key, texts -> [String] in
            if texts.isEmpty { return ["\(key): no text"] }
            return texts.enumerated().compactMap { index, text -> String? in
                do throws(MessageTemplate.Mistake) {
                    _ = try MessageTemplate(text)
                    return nil
                } catch {
                    let place = texts.count > 1 ? "\(key)[\(index)]" : key
                    return "\(place), character \(error.position): \(error.reason)"
                }
            }
        }
    }

    /// What a shop's own prompts get wrong against this book: mistakes of syntax, unknown keys, unknown placeholders.
    public func problems(ofOverrides overrides: [String: [String]]) -> [String] {
        var problems = Self.mistakes(in: overrides)
        for (key, texts) in overrides.sorted(by: { $0.key < $1.key }) {
            guard prompts[key] != nil else {
                problems.append("\(key): there is no such prompt")
                continue
            }
            let known = placeholders(of: key)
            for name in Set(texts.compactMap { try? MessageTemplate($0) }.flatMap(\.placeholders)).subtracting(known)
                .sorted()
            {
                problems.append(
                    "\(key): there is no value {\(name)}; there is \(known.sorted().map { "{\($0)}" }.joined(separator: ", "))"
                )
            }
        }
        return problems
    }

    /// Renders a prompt.
    /// - Parameters:
    ///   - variant: Any number; variants are taken modulo how many there are.
    ///   - overrides: A shop's own templates, which go before the pack's; one that is not a template is passed over.
    ///   - isFragment: Whether it is to become a part of a sentence, and so begins as it is written.
    /// - Returns: The reply, sentences beginning with capitals. A value that is missing is left out; for a key that nobody
    ///   has, the key itself, so that the mistake shows.
    public func render(
        _ key: String, _ values: [String: PromptValue], variant: UInt64, overrides: [String: [String]] = [:],
        isFragment: Bool = false, rules: any LanguageRules
    ) -> Spoken {
        let own = (overrides[key] ?? []).compactMap { try? MessageTemplate($0) }
        let variants = own.isEmpty ? prompts[key] ?? [] : own
        guard !variants.isEmpty else {
            let name = key.replacing("_", with: " ")
            return Spoken(text: name, speech: name)
        }
        let template = variants[Int(variant % UInt64(variants.count))]
        return PromptRenderer(values: values, rules: rules, isFragment: isFragment).render(template)
    }
}
