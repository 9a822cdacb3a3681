// Reading packs: the English one as it is delivered, languages that are not there, and files with mistakes.

import Foundation
import Testing

@testable import Language

@Suite("Language packs")
struct LanguagePackTests {
    @Test("English loads, and every prompt of it renders in words")
    func english() throws {
        let pack = try LanguagePack.load("en", in: Support.models)
        #expect(pack.code == "en" && pack.name == "English" && !pack.voice.isEmpty)
        #expect(!pack.prompts.keys.isEmpty && !pack.sentences.sentences.isEmpty)
        for key in pack.prompts.keys {
            var values: [String: PromptValue] = [:]
            for name in pack.prompts.placeholders(of: key) { values[name] = .name("7UP 1.5 l", forms: [:]) }
            let reply = pack.prompts.render(key, values, variant: 0, rules: pack.rules)
            #expect(!reply.speech.contains { $0.isNumber || $0 == "{" }, "\(key): \(reply.speech)")
        }
    }

    @Test("A language without a pack is named, with those that there are")
    func missing() throws {
        do throws(LanguagePackError) {
            _ = try LanguagePack.load("uk", in: Support.models)
            Issue.record("there is no Ukrainian pack yet")
        } catch {
            #expect("\(error)".hasPrefix("no language pack 'uk' in "))
            #expect("\(error)".contains("there is 'en'"))
        }
        for code in ["", "../en", "EN", "/etc"] {
            #expect(throws: LanguagePackError.self) { try LanguagePack.load(code, in: Support.models) }
        }
        try Support.withFolder([:]) { folder in
            #expect(LanguagePack.available(in: folder).isEmpty)
            do throws(LanguagePackError) { _ = try LanguagePack.load("en", in: folder) } catch {
                #expect("\(error)".contains("there is no pack at all"))
            }
        }
    }

    @Test("A file with a mistake is named, with the place")
    func malformed() throws {
        let head = "{code: 'en', name: 'English', voice: 'en-us', rate: 165}"
        func message(_ files: [String: String]) throws -> String {
            var text = ""
            try Support.withFolder(files) { folder in
                do throws(LanguagePackError) { _ = try LanguagePack.load("en", in: folder) } catch { text = "\(error)" }
            }
            return text
        }
        #expect(try message(["en/pack.json5": "{code: 'en'"]).contains("not JSON5"))
        #expect(try message(["en/pack.json5": "{code: 'en', voice: 'x', rate: 1}"]).contains("'name' is missing"))
        #expect(try message(["en/pack.json5": "{code: 'en', name: 'E', voice: 'x', rate: 'fast'}"]).contains("rate: "))
        #expect(
            try message(["en/pack.json5": "{code: 'de', name: 'E', voice: 'x', rate: 165}"]).contains(
                "the folder is 'en'"))
        #expect(
            try message(["en/pack.json5": "{code: 'en', name: 'E', voice: 'x', rate: 1}"]).contains("from 80 to 450"))
        #expect(try message(["en/pack.json5": head]).contains("words.json5: it is missing"))
        #expect(
            try message(["en/pack.json5": head, "en/words.json5": "{uncountable: [1]}"]).contains("words.json5"))
        try Support.withFolder(["prompts.json5": "{a: 'fine', b: ['fine', 'not {so'], c: '}'}"]) { folder in
            do throws(LanguagePackError) {
                _ = try PromptBook.load(from: folder)
                Issue.record("two templates are broken")
            } catch {
                #expect("\(error)".contains("prompts.json5: b[1], character 8: "))
                #expect("\(error)".contains("; c, character 1: "))
            }
        }
        try Support.withFolder(["prompts.json5": "{a: 5}"]) { folder in
            #expect(throws: LanguagePackError.self) { try PromptBook.load(from: folder) }
        }
    }
}
