// What a telephone line is made with, as a value. Secrets are in here too: it is never printed or logged.

private import CLine

/// How callers reach a line, and who is let in.
public struct PhoneLineSettings: Sendable {
    /// An account at a provider or an exchange, which sends its calls here once the line has registered.
    public struct Account: Sendable {
        /// Where to register: `sip:sip.example.com`, with `;transport=tcp` or `tls` where it wants that.
        public var registrar: String
        /// Whom the line is known as: `sip:shop@example.com`.
        public var address: String
        /// The name to log in with.
        public var user: String
        /// Its password.
        public var password: String
        /// The PEM file of those who may vouch for the registrar's certificate, where it is reached by TLS.
        public var authorities = "/etc/ssl/certs/ca-certificates.crt"
        /// Whether the line tells the registrar where it is; without it calls go out by the account, and none come in.
        public var registers = true

        /// Makes an account.
        public init(registrar: String, address: String, user: String, password: String) {
            self.registrar = registrar
            self.address = address
            self.user = user
            self.password = password
        }
    }

    /// Whether sound is encrypted (SRTP, its keys in SDP). Keys are told by TLS only.
    public enum SoundEncryption: String, Sendable {
        /// Never; who wants nothing else is refused.
        case off
        /// Where the caller offers it.
        case offered
        /// Always; who does not offer it is refused.
        case required
    }

    /// The address that is listened on.
    public var address = "0.0.0.0"
    /// The port for UDP, and for TCP where that is wanted.
    public var port = 5_060
    /// Whether connections by TCP are taken too.
    public var usesTCP = false
    /// The port for TLS; nil is no TLS.
    public var tlsPort: Int?
    /// The file of the certificate and its key, in PEM; needed for TLS.
    public var certificate: String?
    /// Sound comes and goes through these ports, the even ones.
    public var soundPorts = 16_384...17_383
    /// The address told to callers for their sound, where it is not the interface's own.
    public var soundAddress: String?
    /// Addresses and networks that may call without a password: exchanges, gateways.
    public var trusted: [String] = []
    /// Registers with a provider; its server is trusted.
    public var account: Account?
    /// Lets others in who know this name and password.
    public var login: (user: String, password: String)?
    /// Calls at once, ringing ones included; more get 486.
    public var calls = 24
    /// Of one source, calls at once that are not acknowledged yet.
    public var pendingPerSource = 8
    /// Of one source, new calls in a minute; more get no answer.
    public var invitesPerMinute = 120
    /// So often a registrar by UDP gets a sign of life: translators of addresses forget a way that is not used for half a minute.
    public var keepAlive = 25.0
    /// Whether G.722 is preferred where the caller has it: it is heard better.
    public var isWidebandPreferred = true
    /// Whether sound is encrypted.
    public var encryption = SoundEncryption.offered

    /// The standing settings: nobody is trusted.
    public init() {}

    /// Whether two lines would listen on the same ports.
    public func overlaps(_ other: PhoneLineSettings) -> Bool {
        let isEverywhere = [address, other.address].contains { $0 == "0.0.0.0" || $0 == "::" }
        let ports = Set([port, tlsPort].compactMap(\.self))
        return (isEverywhere || address == other.address)
            && !ports.isDisjoint(with: [other.port, other.tlsPort].compactMap(\.self))
    }

    /// Whether signalling comes in by the same ways: such settings can change while calls go on.
    public func hasTransports(of other: PhoneLineSettings) -> Bool {
        address == other.address && port == other.port && usesTCP == other.usesTCP && tlsPort == other.tlsPort
    }

    /// Whether a text is an address, or a network such as `192.0.2.0/24`.
    public static func isNetwork(_ text: String) -> Bool { unsafe cl_is_network(text) }

    /// Whether a text is an address that a call could be transferred to. Nothing else may stand in a SIP header.
    public static func isAddress(_ text: String) -> Bool {
        guard text.utf8.count < 200, text.hasPrefix("sip:") || text.hasPrefix("sips:") || text.hasPrefix("tel:") else {
            return false
        }
        return text.utf8.allSatisfy { (0x21...0x7e).contains($0) && $0 != UInt8(ascii: "<") && $0 != UInt8(ascii: ">") }
    }
}

/// Why there is no line, or no call.
public enum PhoneLineError: Error, Sendable, Equatable {
    /// The line could not be opened; the text is the system's.
    case cannotOpen(String)
    /// Nobody answered a call that went out; SIP status, or 0.
    case notAnswered(Int)
    /// The line is closed.
    case closed
}

/// What a line has counted since it was opened.
public struct PhoneLineCounts: Sendable, Equatable {
    /// Packets sent, and of them more than 10 ms behind their moment.
    public var sent = 0, sentLate = 0
    /// Packets of callers heard, too late to be heard, and from elsewhere than the caller.
    public var heard = 0, heardLate = 0, stray = 0
    /// Pieces of 10 ms that were concealed, and jumps of a caller's clock.
    public var lost = 0, resynchronised = 0
    /// Encrypted packets that were not the caller's, and that came a second time.
    public var forged = 0, replayed = 0
    /// Requests that got no answer, that were refused, and wrong passwords.
    public var ignored = 0, refused = 0, failedLogins = 0
    /// Calls now, ringing ones included.
    public var calls = 0
    /// Seconds since the line's thread was last seen at work: its pulse comes twice a second.
    public var secondsSincePulse = 0.0

    /// Nothing yet.
    public init() {}
}
