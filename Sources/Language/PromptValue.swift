// What a prompt is filled with, and what comes of it: one text for the eye and one for the ear.

/// A value for a placeholder of a prompt.
public enum PromptValue: Sendable, Equatable {
    /// Text as it is; its numbers and signs are worded for the ear.
    case text(String)
    /// A number, said in words.
    case count(thousandths: Int)
    /// A number with its unit's code, such as half a `kg`.
    case measure(thousandths: Int, unit: String)
    /// An amount, said in words.
    case money(minorUnits: Int64, digits: Int, currency: String)
    /// The number of an order: figures for the eye, groups of figures for the ear.
    case orderNumber(String)
    /// A telephone number in E.164: figures for the eye, groups of figures for the ear.
    case phone(String)
    /// The name of a product or another thing with its inflected forms: by case ("accusative"), by plural category ("few"),
    /// by both ("accusative few"), and its gender under "gender".
    case name(String, forms: [String: String])
    /// A time of the day, in minutes after midnight.
    case time(minutes: Int)
    /// Days of the week, 1 for Monday.
    case weekdays([Int])
    /// An enumeration.
    indirect case list([PromptValue])
    /// Already rendered.
    case spoken(Spoken)
}

/// What the assistant says, once written and once worded.
public struct Spoken: Sendable, Equatable {
    /// For the eye: transcripts and replies.
    public var text: String
    /// For the ear: every number and sign as words.
    public var speech: String

    /// Makes a reply.
    public init(text: String, speech: String) {
        self.text = text
        self.speech = speech
    }
}
