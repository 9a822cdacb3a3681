// A tester's call, `NAME.call.json5`: what the caller does, turn by turn, and what must come of it.
// In: the file. Out: a value, or every mistake that a person can make in one, named with its place.

import Commerce
import Foundation

/// A call to be played.
struct TestersCall: Sendable, Decodable {
    let title: String
    let line: Line
    /// E.164.
    let caller: String?
    let now: Date?
    let turns: [Turn]
    let expect: CallExpectation
    /// Why it fails, where that is known.
    let knownFailure: String?
    /// Its place in `rozmova demo`, where it has one.
    let demo: Int?

    enum Line: String, Decodable { case phone, kiosk }

    /// One thing that the caller does.
    struct Turn: Sendable, Decodable {
        enum Doing: Sendable {
            case wav(String)
            case text(String)
            case silence(Double)
            case keys(String)
            case hangup
        }
        let doing: Doing
        /// For the reader of a transcript: what is heard that is not a caller speaking close by.
        let note: String?
        let expect: TurnExpectation
    }

    /// What must come of a turn. What is left out may be anything.
    struct TurnExpectation: Sendable, Decodable {
        /// Of all acts that were understood, in the order spoken.
        var intents: [String]?
        var state: String?
        var asking: Asking?
        /// Of the goods in the cart.
        var total: String?
        /// A pattern in which `*` is any text.
        var reply: String?
        /// The words that must have been heard.
        var heard: String?
        var accepted: Bool?
        /// How many orders were placed since the call began.
        var orders: Int?

        /// `null` is "nothing is asked".
        enum Asking: Sendable, Equatable { case nothing, slot(String) }
    }

    /// What must come of the whole call.
    struct CallExpectation: Sendable, Decodable {
        var orders: Int?
        /// How the call ends, as the contract names it.
        var ended: String?
    }
}

// MARK: - Reading

/// The file is no call: which file, and what is wrong with it.
struct CallFileError: Error, CustomStringConvertible {
    let description: String
}

extension TestersCall {
    /// Reads a call file.
    static func read(_ file: URL) throws(CallFileError) -> TestersCall {
        let decoder = JSONDecoder()
        decoder.allowsJSON5 = true
        decoder.dateDecodingStrategy = .iso8601
        do {
            return try decoder.decode(TestersCall.self, from: try Data(contentsOf: file))
        } catch let error as DecodingError {
            throw CallFileError(description: error.inWords)
        } catch {
            throw CallFileError(description: "cannot be read: \(Reason.of(error))")
        }
    }

    init(from decoder: any Decoder) throws {
        let fields = try decoder.fields(
            ["title", "line", "caller", "now", "turns", "expect", "knownFailure", "demo"])
        title = try fields.decode(String.self, forKey: "title")
        line = try fields.decodeIfPresent(Line.self, forKey: "line") ?? .phone
        caller = try fields.decodeIfPresent(String.self, forKey: "caller")
        now = try fields.decodeIfPresent(Date.self, forKey: "now")
        turns = try fields.decode([Turn].self, forKey: "turns")
        expect = try fields.decodeIfPresent(CallExpectation.self, forKey: "expect") ?? CallExpectation()
        knownFailure = try fields.decodeIfPresent(String.self, forKey: "knownFailure")
        demo = try fields.decodeIfPresent(Int.self, forKey: "demo")
        if let caller, !PhoneNumber.isE164(caller) {
            throw fields.mistake("caller", "is a number in E.164, such as +380671234567")
        }
        if turns.isEmpty { throw fields.mistake("turns", "a call has at least one turn") }
        if let early = turns.dropLast().firstIndex(where: \.isHangup) {
            throw fields.mistake("turns", "hangup is the last turn; turn \(early + 1) is not")
        }
    }
}

extension TestersCall.Turn {
    var isHangup: Bool { if case .hangup = doing { true } else { false } }

    init(from decoder: any Decoder) throws {
        let fields = try decoder.fields(["wav", "text", "silence", "keys", "hangup", "note", "expect"])
        var doings: [Doing] = []
        if let wav = try fields.decodeIfPresent(String.self, forKey: "wav") { doings.append(.wav(wav)) }
        if let text = try fields.decodeIfPresent(String.self, forKey: "text") { doings.append(.text(text)) }
        if let seconds = try fields.decodeIfPresent(Double.self, forKey: "silence") {
            guard (0...3_600).contains(seconds) else { throw fields.mistake("silence", "is 0 to 3600 seconds") }
            doings.append(.silence(seconds))
        }
        if let keys = try fields.decodeIfPresent(String.self, forKey: "keys") {
            guard !keys.isEmpty, keys.allSatisfy({ "0123456789*#ABCD".contains($0) }) else {
                throw fields.mistake("keys", "are 0-9, *, #, A-D")
            }
            doings.append(.keys(keys))
        }
        if try fields.decodeIfPresent(Bool.self, forKey: "hangup") == true { doings.append(.hangup) }
        guard doings.count == 1 else {
            throw fields.mistake(nil, "has exactly one of wav, text, silence, keys, hangup; it has \(doings.count)")
        }
        doing = doings[0]
        note = try fields.decodeIfPresent(String.self, forKey: "note")
        expect = try fields.decodeIfPresent(TestersCall.TurnExpectation.self, forKey: "expect") ?? .init()
    }
}

extension TestersCall.TurnExpectation {
    init(from decoder: any Decoder) throws {
        let fields = try decoder.fields(
            ["intents", "state", "asking", "total", "reply", "heard", "accepted", "orders"])
        intents = try fields.decodeIfPresent([String].self, forKey: "intents")
        state = try fields.decodeIfPresent(String.self, forKey: "state")
        if fields.contains("asking") {
            asking = try fields.decodeIfPresent(String.self, forKey: "asking").map { .slot($0) } ?? .nothing
        }
        total = try fields.decodeIfPresent(String.self, forKey: "total")
        reply = try fields.decodeIfPresent(String.self, forKey: "reply")
        heard = try fields.decodeIfPresent(String.self, forKey: "heard")
        accepted = try fields.decodeIfPresent(Bool.self, forKey: "accepted")
        orders = try fields.decodeIfPresent(Int.self, forKey: "orders")
    }
}

extension TestersCall.CallExpectation {
    init(from decoder: any Decoder) throws {
        let fields = try decoder.fields(["orders", "ended"])
        orders = try fields.decodeIfPresent(Int.self, forKey: "orders")
        ended = try fields.decodeIfPresent(String.self, forKey: "ended")
    }
}

/// A field by whatever name the file has.
private struct FieldName: CodingKey, ExpressibleByStringLiteral {
    let stringValue: String
    var intValue: Int? { nil }
    init(stringLiteral name: String) { stringValue = name }
    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
}

extension Decoder {
    /// The fields of an object. An expectation with a slip of the pen would hold whatever happens, so unknown ones are
    /// mistakes.
    fileprivate func fields(_ known: [String]) throws -> KeyedDecodingContainer<FieldName> {
        let fields = try container(keyedBy: FieldName.self)
        for name in fields.allKeys.map(\.stringValue).sorted() where !known.contains(name) {
            throw fields.mistake(
                FieldName(stringValue: name), "is no field" + Spelling.suggestion(for: name, among: known))
        }
        return fields
    }
}

extension KeyedDecodingContainer<FieldName> {
    fileprivate func mistake(_ name: FieldName?, _ what: String) -> DecodingError {
        .dataCorrupted(.init(codingPath: codingPath + [name].compactMap(\.self), debugDescription: what))
    }
}

extension DecodingError {
    /// Where, and what is wrong: `turns[2].silence: is 0 to 3600 seconds`.
    fileprivate var inWords: String {
        switch self {
        case .keyNotFound(let key, let context): "\(Self.place(context.codingPath + [key])): is missing"
        case .typeMismatch(_, let context), .valueNotFound(_, let context): Self.words(context)
        case .dataCorrupted(let context) where context.codingPath.isEmpty && context.underlyingError != nil:
            "is no JSON5: \((context.underlyingError as NSError?)?.userInfo["NSDebugDescription"] ?? "malformed")"
        case .dataCorrupted(let context): Self.words(context)
        @unknown default: "\(self)"
        }
    }

    private static func words(_ context: Context) -> String {
        let place = place(context.codingPath)
        return place.isEmpty ? context.debugDescription : "\(place): \(context.debugDescription)"
    }

    private static func place(_ path: [any CodingKey]) -> String {
        path.reduce("") { place, key in
            if let index = key.intValue { return "\(place)[\(index)]" }
            return place.isEmpty ? key.stringValue : "\(place).\(key.stringValue)"
        }
    }
}
