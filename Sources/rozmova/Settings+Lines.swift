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

        var line = PhoneLineSettings()
        var whenBusy = WhenBusy.reject
        var callerNumber = CallerNumber.asserted
        var countryCode: String?
        /// How many conversations at once.
        var calls = 20
        /// The name of the inbound login, whose password is a credential.
        var loginUser: String?
        var transfer = Transfer.attended
    }

    /// What the daemon may use.
    struct Limits: Sendable {
        /// Decoders that calls share.
        var decoders = 4
        /// Seconds that live calls may go on after SIGTERM.
        var drainSeconds = 120
    }

    static let lineReference: [Entry] = [
        Entry(name: "lines.kind", summary: "phone: callers by SIP"),
        Entry(name: "lines.address", summary: "address to listen on; left out: all"),
        Entry(name: "lines.port", summary: "port for UDP and TCP; left out: 5060"),
        Entry(name: "lines.transports", summary: "of udp, tcp, tls; left out: udp"),
        Entry(name: "lines.tlsPort", summary: "port for TLS; left out: 5061"),
        Entry(name: "lines.certificate", summary: "PEM file of certificate and key, for TLS"),
        Entry(
            name: "lines.trusted", summary: "addresses and networks that may call without a password; left out: none"),
        Entry(
            name: "lines.register", summary: "registrar, address and user at a provider; the password is a credential"),
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
            summary: "attended: the person hears a summary first; blind: the exchange does it all; left out: attended"),
        Entry(name: "lines.wideband", summary: "whether G.722 is preferred; left out: true"),
        Entry(name: "limits.decoders", summary: "decoders that calls share; left out: 4"),
        Entry(name: "limits.drainSeconds", summary: "how long calls may go on after SIGTERM; left out: 120"),
        Entry(name: "metrics", summary: "file for Prometheus' textfile collector; left out: none"),
    ]
}

extension SettingFields {
    /// The only line of the list, where there is one.
    mutating func phone() -> Settings.Phone? {
        guard has("lines") else { return nil }
        let known = Settings.lineReference.map(\.name).filter { $0.hasPrefix("lines.") }.map { String($0.dropFirst(6)) }
        let lines = objects("lines", known: known)
        if lines.count > 1 { mistakes.append("lines[1]: there can be one telephone line; an exchange joins several") }
        guard var fields = lines.first else { return nil }
        defer { mistakes += fields.mistakes }
        var phone = Settings.Phone()
        if fields.text("kind") != "phone" { fields.fail("kind", "has to be \"phone\"") }
        if let address = fields.text("address") { phone.line.address = address }
        if let port = fields.whole("port", 1...65_535) { phone.line.port = port }
        let transports = fields.texts("transports") ?? ["udp"]
        if let wrong = transports.first(where: { !["udp", "tcp", "tls"].contains($0) }) {
            fields.fail("transports", "\(wrong) is none of udp, tcp, tls")
        }
        phone.line.usesTCP = transports.contains("tcp")
        phone.line.certificate = fields.text("certificate")
        let tlsPort = fields.whole("tlsPort", 1...65_535)
        if transports.contains("tls") {
            phone.line.tlsPort = tlsPort ?? 5_061
            if phone.line.certificate == nil { fields.fail("certificate", "is needed for tls") }
        }
        phone.line.trusted = fields.texts("trusted") ?? []
        if phone.line.trusted.count > 64 { fields.fail("trusted", "has more than 64 networks") }
        for network in phone.line.trusted where !PhoneLineSettings.isNetwork(network) {
            fields.fail("trusted", "\(network) is no address or network such as 192.0.2.0/24")
        }
        if let account = fields.object("register", known: ["registrar", "address", "user"]) {
            phone.line.account = account.account()
            fields.mistakes += account.mistakes
            if phone.line.account == nil {
                fields.fail("register", "needs registrar and address as sip:…, and user")
            }
        }
        phone.loginUser = fields.text("login")
        if let ports = fields.text("soundPorts") {
            let ends = ports.split(separator: "-").compactMap { Int($0) }
            if ends.count == 2, ends[0] >= 1_024, ends[1] <= 65_535, ends[1] - ends[0] >= 2 {
                phone.line.soundPorts = ends[0]...ends[1]
            } else {
                fields.fail("soundPorts", "has to be as \"16384-17383\"")
            }
        }
        phone.line.soundAddress = fields.text("soundAddress")
        if let calls = fields.whole("calls", 1...500) { phone.calls = calls }
        if let busy = fields.choice("whenBusy", Settings.Phone.WhenBusy.self, "reject or say") { phone.whenBusy = busy }
        if let number = fields.choice("callerNumber", Settings.Phone.CallerNumber.self, "asserted or claimed") {
            phone.callerNumber = number
        }
        if let transfer = fields.choice("transfer", Settings.Phone.Transfer.self, "attended or blind") {
            phone.transfer = transfer
        }
        phone.countryCode = fields.text("countryCode")
        if let code = phone.countryCode, !(1...3).contains(code.count) || !code.allSatisfy(\.isNumber) {
            fields.fail("countryCode", "has to be digits, such as \"380\"")
        }
        if let isPreferred = fields.decode(Bool.self, "wideband") { phone.line.isWidebandPreferred = isPreferred }
        if phone.line.trusted.isEmpty, phone.line.account == nil, phone.loginUser == nil {
            fields.fail("trusted", "nobody could call: name an exchange here, or use register or login")
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
        return PhoneLineSettings.Account(registrar: registrar, address: address, user: user, password: "")
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
