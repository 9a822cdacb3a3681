// The settings of lines, limits and metrics. In: the fields of the configuration. Out: values, and every mistake in them.

import Foundation
import Lines

extension Settings {
    /// A telephone line as the configuration has it; passwords come from elsewhere.
    struct Phone: Sendable {
        /// What becomes of a caller for whom there is no place.
        enum WhenBusy: String, Sendable { case reject, say }
        /// Where a caller's number is taken from.
        enum CallerNumber: String, Sendable { case asserted, claimed }
        /// Whether a person is called first and hears what it is about, or the exchange does it all.
        enum Transfer: String, Sendable { case attended, blind }

        /// What it is called in log, status and metrics, and in the names of its own credentials.
        var name = ""
        var line = PhoneLineSettings()
        var whenBusy = WhenBusy.reject
        var callerNumber = CallerNumber.asserted
        var countryCode: String?
        /// How many conversations at once.
        var calls = 20
        /// The name of the inbound login, whose password is a credential.
        var loginUser: String?
        var transfer = Transfer.attended
        /// Seconds that a person's telephone rings.
        var ringSeconds = 25
    }

    /// What the daemon may use.
    struct Limits: Sendable {
        /// Decoders that calls share: as many as of 60 callers talk at once, and some more.
        var decoders = 24
        /// Seconds that live calls may go on after SIGTERM.
        var drainSeconds = 120
    }

    static let lineReference: [Entry] =
        [
            Entry(
                name: "lines.kind", summary: "phone: callers by SIP; kiosk: a microphone and a loudspeaker in the shop"),
            Entry(
                name: "lines.name",
                summary: "for log, status and credentials; left out: phone-1, phone-2 …, kiosk-1, kiosk-2 …"),
            Entry(name: "lines.address", summary: "address to listen on; left out: all"),
            Entry(name: "lines.port", summary: "port for UDP and TCP; left out: 5060"),
            Entry(name: "lines.transports", summary: "of udp, tcp, tls; left out: udp"),
            Entry(name: "lines.tlsPort", summary: "port for TLS; left out: 5061"),
            Entry(
                name: "lines.certificate",
                summary: "PEM file of certificate and key, for TLS; left out: the credential sip-certificate"),
            Entry(
                name: "lines.trusted",
                summary: "addresses and networks that may call without a password; left out: none"),
            Entry(
                name: "lines.register",
                summary:
                    "registrar, address and user at a provider, authorities (PEM) for its certificate; the password is a credential"
            ),
            Entry(name: "lines.login", summary: "a name that may call from anywhere; the password is a credential"),
            Entry(name: "lines.soundPorts", summary: "ports for sound; left out: 16384-17383"),
            Entry(name: "lines.soundAddress", summary: "address told to callers; left out: the interface's"),
            Entry(name: "lines.calls", summary: "conversations at once; left out: 20"),
            Entry(name: "lines.whenBusy", summary: "reject (486) or say; left out: reject"),
            Entry(name: "lines.callerNumber", summary: "asserted or claimed; left out: asserted"),
            Entry(
                name: "lines.countryCode",
                summary: "put before national numbers, such as 380; left out: they are no numbers"),
            Entry(
                name: "lines.transfer",
                summary:
                    "attended: the person hears a summary first; blind: the exchange does it all; left out: attended"),
            Entry(name: "lines.ringSeconds", summary: "how long a person's telephone rings; left out: 25"),
            Entry(name: "lines.wideband", summary: "whether G.722 is preferred; left out: true"),
            Entry(
                name: "lines.srtp",
                summary: "encrypted sound for who signals by TLS: off, offered, required; left out: offered"),
        ]
        + kioskReference + [
            Entry(name: "limits.decoders", summary: "decoders that calls share, started when needed; left out: 24"),
            Entry(name: "limits.drainSeconds", summary: "how long calls may go on after SIGTERM; left out: 120"),
            Entry(name: "metrics", summary: "file for Prometheus' textfile collector; left out: none"),
        ]
}

extension SettingFields {
    /// Telephone lines and kiosks, each with a name of its own.
    mutating func lines() -> (phones: [Settings.Phone], kiosks: [Settings.Kiosk]) {
        guard has("lines") else { return ([], []) }
        func names(_ entries: [Settings.Entry]) -> [String] {
            entries.map(\.name).filter { $0.hasPrefix("lines.") }.map { String($0.dropFirst("lines.".count)) }
        }
        let (all, shared) = (names(Settings.lineReference), ["kind", "name"])
        let ofKiosks = shared + names(Settings.kioskReference)
        let ofPhones = shared + all.filter { !ofKiosks.contains($0) }
        var phones: [Settings.Phone] = []
        var kiosks: [Settings.Kiosk] = []
        var taken: Set<String> = []
        for var fields in objects("lines", known: all) {
            switch fields.text("kind") {
            case "phone":
                fields.keep(to: ofPhones, of: "a telephone line")
                let phone = fields.phone(fields.name(unlike: taken) ?? "phone-\(phones.count + 1)")
                if phones.contains(where: { $0.line.overlaps(phone.line) }) {
                    fields.fail("port", "is another line's too")
                }
                phones.append(phone)
                taken.insert(phone.name)
            case "kiosk":
                fields.keep(to: ofKiosks, of: "a kiosk")
                let kiosk = fields.kiosk(fields.name(unlike: taken) ?? "kiosk-\(kiosks.count + 1)")
                kiosks.append(kiosk)
                taken.insert(kiosk.line.name)
            default: fields.fail("kind", "has to be \"phone\" or \"kiosk\"")
            }
            mistakes += fields.mistakes
        }
        return (phones, kiosks)
    }

    /// What a line is called; nil where that is left out.
    private mutating func name(unlike taken: Set<String>) -> String? {
        guard let name = text("name") else { return nil }
        if !name.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") }) {
            fail("name", "has to be letters, digits and dashes")
        }
        if taken.contains(name) { fail("name", "is another line's too") }
        return name
    }

    private mutating func phone(_ name: String) -> Settings.Phone {
        var phone = Settings.Phone()
        phone.name = name
        if let address = text("address") { phone.line.address = address }
        if let port = whole("port", 1...65_535) { phone.line.port = port }
        let transports = texts("transports") ?? ["udp"]
        if let wrong = transports.first(where: { !["udp", "tcp", "tls"].contains($0) }) {
            fail("transports", "\(wrong) is none of udp, tcp, tls")
        }
        phone.line.usesTCP = transports.contains("tcp")
        phone.line.certificate = text("certificate")
        let tlsPort = whole("tlsPort", 1...65_535)
        if transports.contains("tls") {
            phone.line.tlsPort = tlsPort ?? 5_061
        }
        phone.line.trusted = texts("trusted") ?? []
        if phone.line.trusted.count > 64 { fail("trusted", "has more than 64 networks") }
        for network in phone.line.trusted where !PhoneLineSettings.isNetwork(network) {
            fail("trusted", "\(network) is no address or network such as 192.0.2.0/24")
        }
        if let account = object("register", known: ["registrar", "address", "user", "authorities"]) {
            phone.line.account = account.account()
            mistakes += account.mistakes
            if phone.line.account == nil {
                fail("register", "needs registrar and address as sip:…, and user")
            }
        }
        phone.loginUser = text("login")
        if let ports = text("soundPorts") {
            let ends = ports.split(separator: "-").compactMap { Int($0) }
            if ends.count == 2, ends[0] >= 1_024, ends[1] <= 65_535, ends[1] - ends[0] >= 2 {
                phone.line.soundPorts = ends[0]...ends[1]
            } else {
                fail("soundPorts", "has to be as \"16384-17383\"")
            }
        }
        phone.line.soundAddress = text("soundAddress")
        if let calls = whole("calls", 1...500) { phone.calls = calls }
        if let busy = choice("whenBusy", Settings.Phone.WhenBusy.self, "reject or say") { phone.whenBusy = busy }
        if let number = choice("callerNumber", Settings.Phone.CallerNumber.self, "asserted or claimed") {
            phone.callerNumber = number
        }
        if let transfer = choice("transfer", Settings.Phone.Transfer.self, "attended or blind") {
            phone.transfer = transfer
        }
        if let seconds = whole("ringSeconds", 1...300) { phone.ringSeconds = seconds }
        phone.countryCode = text("countryCode")
        if let code = phone.countryCode, !(1...3).contains(code.count) || !code.allSatisfy(\.isNumber) {
            fail("countryCode", "has to be digits, such as \"380\"")
        }
        if let isPreferred = decode(Bool.self, "wideband") { phone.line.isWidebandPreferred = isPreferred }
        if let encryption = choice("srtp", PhoneLineSettings.SoundEncryption.self, "off, offered or required") {
            phone.line.encryption = encryption
            if encryption == .required, phone.line.tlsPort == nil {
                fail("srtp", "needs tls among the transports: its keys go that way")
            }
        }
        if phone.line.trusted.isEmpty, phone.line.account == nil, phone.loginUser == nil {
            fail("trusted", "nobody could call: name an exchange here, or use register or login")
        }
        // Some places more, for those who hear that all are taken, and for persons that are called.
        phone.line.calls = phone.calls + max(4, phone.calls / 4)
        phone.line.pendingPerSource = max(8, phone.calls)
        phone.line.invitesPerMinute = max(120, 6 * phone.calls)
        return phone
    }

    private func account() -> PhoneLineSettings.Account? {
        var fields = self
        guard let registrar = fields.text("registrar"), let address = fields.text("address"),
            let user = fields.text("user"), PhoneLineSettings.isAddress(registrar), PhoneLineSettings.isAddress(address)
        else { return nil }
        var account = PhoneLineSettings.Account(registrar: registrar, address: address, user: user, password: "")
        if let authorities = fields.text("authorities") { account.authorities = authorities }
        return account
    }

    mutating func limits() -> Settings.Limits {
        var limits = Settings.Limits()
        guard var fields = object("limits", known: ["decoders", "drainSeconds"]) else { return limits }
        if let decoders = fields.whole("decoders", 1...64) { limits.decoders = decoders }
        if let seconds = fields.whole("drainSeconds", 0...3_600) { limits.drainSeconds = seconds }
        mistakes += fields.mistakes
        return limits
    }
}
