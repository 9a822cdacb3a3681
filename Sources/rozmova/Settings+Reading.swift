// Reads the configuration file: JSON5, every mistake in one message, an unknown name with the nearest known one.

import Commerce
import Foundation
import Lines
import Privacy
import Services

extension Settings {
    /// Reads what `--config` names, else the standard file where it exists, else gives the defaults.
    static func load(_ named: String?) throws -> Settings {
        guard let path = file(named) else { return Settings() }
        let file = URL(filePath: path)
        let bytes: Data
        do {
            bytes = try Data(contentsOf: file)
        } catch {
            throw Failure("the configuration \(path) cannot be read: \(Reason.of(error))")
        }
        var settings = try read(bytes, name: path)
        // Paths of the file count from its folder, wherever the program was started.
        let folder = file.deletingLastPathComponent()
        func absolute(_ path: String?) -> String? { path.map { URL(filePath: $0, relativeTo: folder).path } }
        settings.shop = absolute(settings.shop)
        settings.data = absolute(settings.data)
        settings.metrics = absolute(settings.metrics)
        for index in settings.phones.indices {
            settings.phones[index].line.certificate = absolute(settings.phones[index].line.certificate)
            if let authorities = absolute(settings.phones[index].line.account?.authorities) {
                settings.phones[index].line.account?.authorities = authorities
            }
        }
        for index in settings.kiosks.indices {
            settings.kiosks[index].button = absolute(settings.kiosks[index].button)
            settings.kiosks[index].display = absolute(settings.kiosks[index].display)
        }
        settings.models.languages = absolute(settings.models.languages)
        settings.models.acoustic = absolute(settings.models.acoustic)
        settings.models.telephone = absolute(settings.models.telephone)
        settings.models.dictionary = absolute(settings.models.dictionary)
        return settings
    }

    /// The file that settings come from; nil for the defaults.
    static func file(_ named: String?) -> String? {
        named ?? (FileManager.default.fileExists(atPath: standardFile) ? standardFile : nil)
    }

    /// Reads the bytes of a configuration called `name` in messages.
    static func read(_ bytes: Data, name: String) throws -> Settings {
        let decoder = JSONDecoder()
        decoder.allowsJSON5 = true
        do {
            return try decoder.decode(SettingsFile.self, from: bytes).settings
        } catch let mistakes as SettingsMistakes {
            throw Failure(mistakes.lines.map { "\(name): \($0)" }.joined(separator: "\n"))
        } catch {
            throw Failure("\(name): is no JSON5 object; see `rozmova help configuration`")
        }
    }
}

private struct SettingsMistakes: Error { let lines: [String] }

private struct SettingsFile: Decodable {
    var settings = Settings()

    init(from decoder: any Decoder) throws {
        var fields = SettingFields(
            try decoder.container(keyedBy: AnyKey.self), path: "",
            known: [
                "shop", "data", "language", "models", "retention", "payment", "carriers", "events", "messages", "lines",
                "limits", "metrics",
            ])
        settings.shop = fields.text("shop")
        settings.data = fields.text("data")
        settings.language = fields.text("language")
        if let models = fields.object("models", known: ["languages", "acoustic", "telephone", "dictionary"]) {
            var models = models
            settings.models.languages = models.text("languages")
            settings.models.acoustic = models.text("acoustic")
            settings.models.telephone = models.text("telephone")
            settings.models.dictionary = models.text("dictionary")
            fields.mistakes += models.mistakes
        }
        readServices(&fields)
        if let retention = fields.decode(RetentionPolicy.self, "retention") { settings.retention = retention }
        (settings.phones, settings.kiosks) = fields.lines()
        settings.limits = fields.limits()
        settings.metrics = fields.text("metrics")
        if !fields.mistakes.isEmpty { throw SettingsMistakes(lines: fields.mistakes) }
    }

    /// Everybody outside.
    private mutating func readServices(_ fields: inout SettingFields) {
        if var payment = fields.object("payment", known: ["stripe"]) {
            if var stripe = payment.object("stripe", known: ["url", "returnURL"]) {
                settings.payment.url = stripe.text("url")
                settings.payment.returnURL = stripe.text("returnURL")
                payment.mistakes += stripe.mistakes
            }
            fields.mistakes += payment.mistakes
        }
        if var carriers = fields.object("carriers", known: ["novaPoshta"]) {
            if var account = carriers.object("novaPoshta", known: ["url"] + Settings.Carrier.fields) {
                settings.carrier.url = account.text("url")
                settings.carrier.sender = sender(&account)
                carriers.mistakes += account.mistakes
            }
            fields.mistakes += carriers.mistakes
        }
        if var gateway = fields.object("messages", known: ["url"]) {
            settings.messages = gateway.text("url")
            fields.mistakes += gateway.mistakes
        }
        readReceivers(&fields)
    }

    /// One receiver of events, or a list of them, each with a name of its own.
    private mutating func readReceivers(_ fields: inout SettingFields) {
        guard fields.has("events") else { return }
        let known = ["url", "name", "kinds"]
        let isList = fields.isList("events")
        let objects =
            isList ? fields.objects("events", known: known) : [fields.object("events", known: known)].compactMap(\.self)
        for var object in objects {
            let (url, name) = (object.text("url"), object.text("name"))
            let kinds = object.texts("kinds").map(Set.init)
            if isList || kinds != nil, url == nil { object.fail("url", "is missing") }
            if isList, name == nil { object.fail("name", "is missing: several receivers are told apart by it") }
            if let name,
                !name.utf8.allSatisfy({ (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x2D })
            {
                object.fail("name", "has to be of the letters a to z, figures and -")
            }
            if let name, settings.events.contains(where: { $0.receiver.name == name }) {
                object.fail("name", "is another receiver's too")
            }
            if let url {
                // What is told of some things only has to be known by a name.
                let receiver = EventReceiver(name: name ?? (kinds == nil ? "" : "events"), kinds: kinds)
                settings.events.append(Settings.Receiver(url: url, receiver: receiver))
            }
            fields.mistakes += object.mistakes
        }
    }

    /// A sender, whole or not at all.
    private func sender(_ account: inout SettingFields) -> NovaPoshta.Sender? {
        var values: [String: String] = [:]
        for name in Settings.Carrier.fields { values[name] = account.text(name) }
        guard !values.isEmpty else { return nil }
        for name in Settings.Carrier.fields where values[name] == nil {
            account.mistakes.append("carriers.novaPoshta.\(name): is missing")
        }
        func value(_ name: String) -> String { values[name] ?? "" }
        return NovaPoshta.Sender(
            sender: value("sender"), contact: value("contact"), city: value("city"), address: value("address"),
            phone: value("phone"), description: value("description"), weight: value("weight"))
    }
}

/// The fields of one object, read one by one; what is wrong with them is gathered.
struct SettingFields {
    private let container: KeyedDecodingContainer<AnyKey>
    private let path: String
    var mistakes: [String] = []

    init(_ container: KeyedDecodingContainer<AnyKey>, path: String, known: [String]) {
        self.container = container
        self.path = path
        for name in container.allKeys.map(\.stringValue).sorted() where !known.contains(name) {
            mistakes.append("\(path)\(name): is no setting" + Spelling.suggestion(for: name, among: known))
        }
    }

    /// A text that is not empty.
    mutating func text(_ name: String) -> String? {
        guard let value = decode(String.self, name) else { return nil }
        if value.isEmpty { mistakes.append("\(path)\(name): is empty") }
        return value
    }

    func has(_ name: String) -> Bool { container.contains(AnyKey(name)) }

    func isList(_ name: String) -> Bool { (try? container.nestedUnkeyedContainer(forKey: AnyKey(name))) != nil }

    /// Notes a mistake in a field.
    mutating func fail(_ name: String, _ what: String) { mistakes.append("\(path)\(name): \(what)") }

    /// A whole number in a range.
    mutating func whole(_ name: String, _ range: ClosedRange<Int>) -> Int? {
        guard has(name) else { return nil }
        guard let number = try? container.decode(Int.self, forKey: AnyKey(name)), range.contains(number) else {
            fail(name, "has to be a whole number from \(range.lowerBound) to \(range.upperBound)")
            return nil
        }
        return number
    }

    /// A number in a range.
    mutating func number(_ name: String, _ range: ClosedRange<Double>) -> Double? {
        guard has(name) else { return nil }
        guard let number = try? container.decode(Double.self, forKey: AnyKey(name)), range.contains(number) else {
            fail(name, "has to be a number from \(range.lowerBound) to \(range.upperBound)")
            return nil
        }
        return number
    }

    /// What is not among `known` is no setting here, though it is one elsewhere.
    mutating func keep(to known: [String], of what: String) {
        for name in container.allKeys.map(\.stringValue).sorted() where !known.contains(name) {
            fail(name, "is no setting of \(what)")
        }
    }

    /// A list of texts.
    mutating func texts(_ name: String) -> [String]? {
        guard has(name) else { return nil }
        guard let texts = try? container.decode([String].self, forKey: AnyKey(name)) else {
            fail(name, "has to be a list of texts")
            return nil
        }
        return texts
    }

    /// One of a few words.
    mutating func choice<Choice: RawRepresentable<String>>(_ name: String, _ type: Choice.Type, _ words: String)
        -> Choice?
    {
        guard let text = text(name) else { return nil }
        if let choice = Choice(rawValue: text) { return choice }
        fail(name, "has to be \(words)")
        return nil
    }

    /// A list of objects.
    mutating func objects(_ name: String, known: [String]) -> [SettingFields] {
        guard var list = try? container.nestedUnkeyedContainer(forKey: AnyKey(name)) else {
            fail(name, "has to be a list of objects")
            return []
        }
        var objects: [SettingFields] = []
        while !list.isAtEnd {
            guard let inner = try? list.nestedContainer(keyedBy: AnyKey.self) else {
                fail(name, "has to be a list of objects")
                return objects
            }
            objects.append(SettingFields(inner, path: "\(path)\(name)[\(objects.count)].", known: known))
        }
        return objects
    }

    mutating func object(_ name: String, known: [String]) -> SettingFields? {
        guard container.contains(AnyKey(name)) else { return nil }
        guard let inner = try? container.nestedContainer(keyedBy: AnyKey.self, forKey: AnyKey(name)) else {
            mistakes.append("\(path)\(name): has to be an object")
            return nil
        }
        return SettingFields(inner, path: "\(path)\(name).", known: known)
    }

    mutating func decode<Value: Decodable>(_ type: Value.Type, _ name: String) -> Value? {
        guard container.contains(AnyKey(name)) else { return nil }
        do {
            return try container.decode(type, forKey: AnyKey(name))
        } catch DecodingError.dataCorrupted(let context) where type != String.self {
            // A type that checks itself has put a line for each mistake, with its path.
            mistakes += context.debugDescription.split(separator: "\n").map(String.init)
        } catch {
            mistakes.append(
                "\(path)\(name): has to be \(type == String.self ? "a text" : type == Bool.self ? "true or false" : "an object")"
            )
        }
        return nil
    }
}

/// A key by whatever name the file has.
struct AnyKey: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }
    init(_ name: String) { stringValue = name }
    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
}
