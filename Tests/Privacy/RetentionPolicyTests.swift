// The `retention` object of the configuration: what is left out, what is replaced, what is refused and in which words.

import Foundation
import Testing

@testable import Privacy

@Suite struct RetentionPolicyTests {
    private struct Configuration: Decodable { let retention: RetentionPolicy }

    private func read(_ json5: String) throws -> RetentionPolicy {
        let decoder = JSONDecoder()
        decoder.allowsJSON5 = true
        return try decoder.decode(Configuration.self, from: Data("{retention: \(json5)}".utf8)).retention
    }

    private func mistakes(_ json5: String) -> String? {
        do {
            _ = try read(json5)
            return nil
        } catch DecodingError.dataCorrupted(let context) {
            return context.debugDescription
        } catch {
            return "another error: \(error)"
        }
    }

    @Test func leftOutMeansTheDefault() throws {
        let policy = try read("{}")
        #expect(policy == .standard)
        #expect(policy[.audio].form == .off)
        #expect(policy[.transcript].form == .redacted)
        #expect(policy[.transcript].days == 30)
        #expect(policy[.order].form == .full)
    }

    @Test func whatIsThereReplaces() throws {
        let policy = try read(
            #"{audio: {form: "full", days: 3, purpose: "training"}, transcript: {days: 7}, acts: {form: "off"}}"#)
        #expect(policy[.audio] == Retention(form: .full, days: 3, purpose: "training"))
        #expect(policy[.transcript].form == .redacted)
        #expect(policy[.transcript].seconds == 7 * 86_400)
        #expect(policy[.acts].form == .off)
        #expect(policy[.acts].days == 0)
        #expect(policy[.log] == RetentionPolicy.standard[.log])
    }

    @Test(arguments: [
        (#"{transcrpt: {days: 1}}"#, #"retention.transcrpt: no such kind of data; did you mean "transcript"?"#),
        (#"{transcript: {dais: 1}}"#, #"retention.transcript.dais: no such setting; did you mean "days"?"#),
        (#"{zebra: {days: 1}}"#, "retention.zebra: no such kind of data"),
        (
            #"{transcript: {form: "redact"}}"#,
            #"retention.transcript.form: has to be one of off, statistics, redacted, full; did you mean "redacted"?"#
        ),
        (#"{log: {form: 7}}"#, "retention.log.form: has to be one of off, statistics, redacted, full"),
        (#"{log: {days: -1}}"#, "retention.log.days: has to be a whole number from 0 to 36500"),
        (#"{log: {days: 1.5}}"#, "retention.log.days: has to be a whole number from 0 to 36500"),
        (
            #"{audio: {form: "full"}}"#,
            #"retention.audio.days: how many days is the form "full" to be kept? At least 1"#
        ),
        (#"{log: {purpose: 1}}"#, "retention.log.purpose: has to be text"),
        (#"{log: "off"}"#, #"retention.log: has to be an object such as {form: "redacted", days: 30, purpose: "…"}"#),
    ])
    func aMistakeIsNamedWithItsPath(json5: String, message: String) {
        #expect(mistakes(json5) == message)
    }

    @Test func allMistakesAtOnce() {
        let text = mistakes(#"{audoi: {}, log: {form: "of", days: "x"}, order: {}}"#) ?? ""
        #expect(text.split(separator: "\n").count == 3)
        #expect(
            text.contains("retention.audoi") && text.contains("retention.log.form")
                && text.contains("retention.log.days"))
    }
}

@Suite struct RetentionScopeTests {
    private func rule(_ form: RetentionForm, _ days: Int) -> Retention {
        Retention(form: form, days: days, purpose: "test")
    }

    @Test func whatKeepsLessCountsWhereLineAndLanguageDiffer() {
        let policy = RetentionPolicy(
            replacing: [.audio: rule(.full, 20)],
            except: [.audio: [.line("kiosk"): rule(.redacted, 10), .language("uk"): rule(.full, 5)]])
        #expect(policy.of(line: "phone", language: "en")[.audio] == rule(.full, 20))
        #expect(policy.of(line: "kiosk", language: "en")[.audio] == rule(.redacted, 10))
        #expect(policy.of(line: "phone", language: "uk")[.audio] == rule(.full, 5))
        #expect(policy.of(line: "kiosk", language: "uk")[.audio] == rule(.redacted, 5))
        #expect(policy.of(line: "kiosk", language: "uk")[.transcript] == RetentionPolicy.standard[.transcript])
        #expect(policy.of(line: "phone", language: "en").withoutWords[.audio].form == .off)
    }

    @Test(arguments: [
        (RetentionPolicy.standard, [] as [String]),
        (
            RetentionPolicy(replacing: [.audio: Retention(form: .full, days: 3, purpose: " ")]),
            ["retention.audio.purpose"]
        ),
        (
            RetentionPolicy(replacing: [.profile: Retention(form: .redacted, days: 3, purpose: "x")]),
            ["retention.profile.form"]
        ),
        (RetentionPolicy(replacing: [.log: Retention(form: .full, days: 3, purpose: "x")]), ["retention.log.form"]),
        (RetentionPolicy(replacing: [.audit: Retention(form: .off, days: 0, purpose: "")]), ["retention.audit.form"]),
        (
            RetentionPolicy(replacing: [.event: Retention(form: .off, days: 0, purpose: "")]),
            ["retention.event.days", "retention.event.days"]
        ),
        (
            RetentionPolicy(except: [.audio: [.line("kiosk"): Retention(form: .full, days: 91, purpose: "x")]]),
            ["retention.event.days"]
        ),
    ])
    func whatCannotBeKeptIsNamed(policy: RetentionPolicy, settings: [String]) {
        #expect(policy.obstacles.map { $0.split(separator: ":").first.map(String.init) } == settings)
    }

    @Test func theTableAndTheRecordSayTheSame() {
        let policy = RetentionPolicy(
            replacing: [.order: Retention(form: .full, days: 1, purpose: "a | b")],
            except: [.audio: [.line("kiosk"): rule(.redacted, 10)]])
        #expect(policy.table[0].hasPrefix("what "))
        #expect(policy.table[1] == "audio                  not kept  -          -")
        #expect(policy.table[2] == "audio on a kiosk line  redacted  10 days    test")
        #expect(policy.table.count == DataKind.allCases.count + 2)
        #expect(policy.record.contains("| in full | 1 day | a \\| b |"))
        for kind in DataKind.allCases { #expect(policy.record.contains("| \(kind.rawValue) |")) }
    }

    @Test func exceptionsAreReadAndTheirMistakesNamed() throws {
        func read(_ json5: String) throws -> RetentionPolicy {
            let decoder = JSONDecoder()
            decoder.allowsJSON5 = true
            return try decoder.decode(RetentionPolicy.self, from: Data(json5.utf8))
        }
        let policy = try read(
            #"{audio: {form: "full", days: 9, purpose: "p", lines: {kiosk: {days: 2}}, languages: {uk: {form: "off"}}}}"#
        )
        #expect(policy.of(line: "kiosk", language: "en")[.audio] == Retention(form: .full, days: 2, purpose: "p"))
        #expect(policy.of(line: "kiosk", language: "uk")[.audio].form == .off)
        #expect(policy.languages == ["uk"] && RetentionPolicy.standard.languages.isEmpty)
        for (text, mistake) in [
            (#"{audio: {lines: {fone: {}}}}"#, #"audio.lines.fone: no such kind of line; did you mean "phone"?"#),
            (#"{audio: {lines: {phone: {form: "ful"}}}}"#, "audio.lines.phone.form: has to be one of"),
            (#"{audio: {lines: 3}}"#, "audio.lines: has to be an object of rules by name"),
            (#"{audio: {languages: {uk: 3}}}"#, "audio.languages.uk: has to be an object"),
            (#"{order: {lines: {}}}"#, "order.lines: no such setting"),
        ] {
            do {
                _ = try read(text)
                Issue.record("read: \(text)")
            } catch DecodingError.dataCorrupted(let context) {
                #expect(context.debugDescription.hasPrefix(mistake), "\(context.debugDescription)")
            }
        }
    }
}
