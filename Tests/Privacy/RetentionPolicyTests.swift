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
