// A kiosk whose devices belong to PulseAudio, as on desktops: a purchase through ALSA's `pulse` plugin and null sinks of a
// sound server that is the test's own. Skipped where Debian's pulseaudio and libasound2-plugins are not installed.

import Foundation
import Testing

@Suite(
    "A kiosk at PulseAudio",
    .enabled(if: PulseServer.isInstalled, "pulseaudio, pulseaudio-utils or libasound2-plugins is not installed"))
struct KioskPulseTests {
    /// What a customer says, and what the display shows once it was understood.
    private static let purchase = [
        ("a-large-pepperoni-pizza-please", #""cartTotal": "9.50""#), ("thats-all", "pickup free of charge"),
        ("pickup", "Shall I place the order"), ("place-the-order", #""order": "1"#),
    ]
    /// How often a customer says something who is not understood.
    private static let tries = 3

    private static func kiosk(at server: PulseServer) async throws -> Served {
        let served = try Served(
            beside: """
                {kind: "kiosk", name: "counter", microphone: "room", loudspeaker: "shop", button: "button",
                 display: "display.json"}
                """,
            sound: server.configuration)
        #expect(try await served.until { served.shows("waiting") }, "\(served.errors)\(server.errors)")
        try served.press("wake")
        return served
    }

    /// A customer who listens to the answers says something, until it is understood.
    private static func say(_ words: String, until sign: String, to served: Served, by server: PulseServer) async throws
    {
        for _ in 0..<tries where !served.shows(sign) {
            #expect(try await served.until { served.shows("listening") && served.shows(#""reply": ""#) })
            try await server.play(Program.root.appending(path: "AudioFixtures/kiosk/\(words).rms.wav"))
            for _ in 0..<30 where !served.shows(sign) { try await Task.sleep(for: .milliseconds(100)) }
        }
        #expect(served.shows(sign), "\(words): \(served.display())")
    }

    @Test("Somebody buys a pizza")
    func purchase() async throws {
        let server = try PulseServer()
        let served = try await Self.kiosk(at: server)
        for (words, sign) in Self.purchase {
            try await Self.say(words, until: sign, to: served, by: server)
        }
        #expect(try await served.orders().count == 1)
        let status = try await served.status().output
        #expect(status.contains(#""working": true"#) && status.contains(#""losses": 0"#), "\(status)")
    }

    @Test("A sound server that stands still, and one that dies, are noticed; the conversation goes on where it was")
    func losses() async throws {
        let server = try PulseServer()
        let served = try await Self.kiosk(at: server)
        func works(_ isWorking: Bool) async throws -> Bool {
            try await served.until { try await served.status().output.contains("\"working\": \(isWorking)") }
        }
        let (words, sign) = Self.purchase[0]
        try await Self.say(words, until: sign, to: served, by: server)
        try await server.suspend(true)
        #expect(try await works(false), "\(served.errors)")
        try await server.suspend(false)
        #expect(try await works(true), "\(served.errors)")
        try await server.stop()
        #expect(try await works(false), "\(served.errors)")
        try server.start()
        #expect(try await works(true), "\(served.errors)\(server.errors)")
        #expect(served.shows(sign), "the cart is still there")
        try await Self.say(Self.purchase[1].0, until: Self.purchase[1].1, to: served, by: server)
    }
}

/// PulseAudio for one test: nobody's session, no hardware; one sink is the shop's loudspeaker, the other's sound is what its
/// microphone hears.
private final class PulseServer {
    static let isInstalled = [
        "/usr/bin/pulseaudio", "/usr/bin/paplay", "/etc/alsa/conf.d/50-pulseaudio.conf",
    ].allSatisfy { FileManager.default.fileExists(atPath: $0) }

    private let home: Scratch
    private var helper: Helper?

    init() throws {
        home = try Scratch()
        try start()
    }

    func start() throws {
        func sink(_ name: String) -> [String] {
            ["-L", "module-null-sink sink_name=\(name) rate=16000 channels=1 norewinds=1"]
        }
        // Below a shell: it closes what Foundation's `Process` would know its end by, and would be waited for. Without anybody
        // at it, as behind a test that failed, it ends by itself.
        helper = try Helper(
            "/bin/sh",
            ["-c", #"HOME="$0" XDG_RUNTIME_DIR="$0" pulseaudio "$@"; exit"#, home.path]
                + ["-n", "--daemonize=no"]
                + ["--exit-idle-time=30", "--disable-shm=yes", "--use-pid-file=no", "--log-level=error"]
                + ["-L", "module-native-protocol-unix auth-anonymous=1 socket=\(home.path)/sound"]
                + sink("shop") + sink("customers"),
            in: home)
    }

    func stop() async throws { try await run("/usr/bin/pactl", ["exit"]) }

    /// The microphone stands still, without an error.
    func suspend(_ isSuspended: Bool) async throws {
        try await run("/usr/bin/pactl", ["suspend-sink", "customers", isSuspended ? "1" : "0"])
    }

    /// For ALSA: the microphone `room` and the loudspeaker `shop`.
    var configuration: String {
        """
        pcm.room { type pulse server "unix:\(home.path)/sound" device "customers.monitor" }
        pcm.shop { type pulse server "unix:\(home.path)/sound" device "shop" }
        """
    }

    var errors: String { helper?.said ?? "" }

    /// A customer says a recording, to its end.
    func play(_ file: URL) async throws { try await run("/usr/bin/paplay", ["--device=customers", file.path]) }

    private func run(_ program: String, _ words: [String]) async throws {
        let helper = try Helper(program, ["--server", "unix:\(home.path)/sound"] + words, in: home)
        _ = try await helper.end(within: 10)
    }
}
