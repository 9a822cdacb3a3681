// Telephones for tests of the daemon, of others' making: baresip, SIPp and pjsua2 (`Tests/Support/telephone.py`); and one of
// ours in a bad network. In: what a caller says. Out: what became of the call, on the network and in the telephone's words.

import Audio
import Foundation

@testable import TestCaller

/// Recordings that a caller says one after the other, and how long the assistant's answer to each takes at most.
struct Script {
    /// Before the first is said the assistant greets.
    static let greeting = 8.0
    let turns: [(file: String, answer: Double)]
    static let band = Band.telephone

    /// A pizza and lemonades by telephone: the read-back behind "pickup" takes longest. All of it is heard for sure. What is a near
    /// tie ("a large", "four large") is read this way or that where its frames begin elsewhere, and says nothing about a line.
    static let byTelephone = Script(
        turns: [
            ("phone/one-margherita-and-two-lemonades-please.rms.wav", 9), ("phone/checkout-please.rms.wav", 9),
            ("phone/pickup.rms.wav", 15), ("phone/place-the-order.rms.wav", 7),
        ])
    var paths: [String] { turns.map { Program.root.appending(path: "AudioFixtures/\($0.file)").path } }

    func sounds() throws -> [[Int16]] { try paths.map { try BandReader.load($0, band: Self.band) } }

    /// The caller's whole side, with the assistant's turns left silent.
    func whole() throws -> [Int16] {
        func silence(_ seconds: Double) -> [Int16] {
            [Int16](repeating: 0, count: Int(seconds * Double(Self.band.rate)))
        }
        return try zip(sounds(), turns).reduce(silence(Self.greeting)) { $0 + $1.0 + silence($1.1.answer) }
    }

    var seconds: Double { get throws { Double(try whole().count) / Double(Self.band.rate) } }
}

/// A program that is no part of the project, run to its end or until it is told to end.
final class Helper: @unchecked Sendable {
    // `@unchecked Sendable`: it is started once, and asked for its end only.
    private let process = Process()
    private let file: URL

    init(_ program: String, _ words: [String], in scratch: Scratch) throws {
        file = scratch.folder.appending(path: "\(UUID().uuidString).out")
        try Data().write(to: file)
        process.executableURL = URL(filePath: program)
        process.arguments = words
        process.currentDirectoryURL = scratch.folder
        let output = try FileHandle(forWritingTo: file)
        process.standardOutput = output
        process.standardError = output
        process.standardInput = FileHandle.nullDevice
        try process.run()
    }

    deinit { stop() }

    var said: String { (try? String(contentsOf: file, encoding: .utf8)) ?? "" }

    func stop() { if process.isRunning { process.terminate() } }

    /// Waits for its end, and gives what it said.
    func end(within seconds: Double) async throws -> String {
        for _ in 0..<Int(seconds * 10) where process.isRunning { try await Task.sleep(for: .milliseconds(100)) }
        stop()
        return said
    }

    /// Waits until it says something.
    func says(_ text: String) async throws -> Bool {
        for _ in 0..<300 where !said.contains(text) { try await Task.sleep(for: .milliseconds(100)) }
        return said.contains(text)
    }
}

enum Telephones {
    static let baresip = "/usr/bin/baresip"
    static let sipp = "/usr/bin/sipp"
    static let python = Program.root.appending(path: ".build/pjsua2/bin/python").path
    private static let telephone = Program.root.appending(path: "Tests/Support/telephone.py").path

    static func isThere(_ program: String) -> Bool { FileManager.default.isExecutableFile(atPath: program) }

    /// pjsua2, on a port of its own.
    static func pjsua2(_ words: [String], port: Int = Served.freePort(), in scratch: Scratch) throws -> Helper {
        try Helper(python, [telephone, String(port)] + words, in: scratch)
    }

    /// Says the script by pjsua2, each turn when the assistant is silent.
    static func pjsua2(_ script: Script, to address: String, in scratch: Scratch) async throws -> String {
        let files = try script.sounds().enumerated().map { index, samples in
            let path = scratch.folder.appending(path: "turn-\(index).wav").path
            try write(samples, rate: Script.band.rate, to: path)
            return path
        }
        let helper = try pjsua2([address, "codec=PCMU"] + files.map { "say=\($0)" } + ["hear"], in: scratch)
        return try await helper.end(within: 180)
    }

    /// Says the script by baresip in µ-law.
    static func baresip(_ script: Script, to address: String, in scratch: Scratch) async throws -> String {
        let sound = scratch.folder.appending(path: "whole.wav").path
        try write(try script.whole(), rate: Script.band.rate, to: sound)
        let port = Served.freePort()
        _ = try scratch.file(
            "baresip/config",
            """
            sip_listen 127.0.0.1:\(port)
            audio_source aufile,\(sound)
            audio_player aubridge,nobody
            audio_alert aubridge,nobody
            ausrc_srate \(Script.band.rate)
            auplay_srate \(Script.band.rate)
            ausrc_channels 1
            auplay_channels 1
            module_path /usr/lib/baresip/modules
            module g711.so
            module g722.so
            module aufile.so
            module aubridge.so
            module uuid.so
            module_tmp account.so
            module_app menu.so

            """)
        _ = try scratch.file("baresip/accounts", "<sip:caller@127.0.0.1>;regint=0;audio_codecs=PCMU/8000/1\n")
        _ = try scratch.file("baresip/contacts", "")
        let seconds = try script.seconds
        let helper = try Helper(
            baresip, ["-f", "\(scratch.path)/baresip", "-e", "/dial \(address)", "-t", String(Int(seconds))],
            in: scratch)
        return try await helper.end(within: seconds + 20)
    }

    /// Says the script by SIPp in A-law.
    static func sipp(_ script: Script, to port: Int, in scratch: Scratch) async throws -> String {
        let bytes = try script.whole().map(G711.aLaw.encode)
        try Data(bytes).write(to: scratch.folder.appending(path: "whole.al"))
        let scenario = try scratch.file("scenario.xml", sippScenario(milliseconds: Int(try script.seconds * 1_000)))
        let helper = try Helper(
            sipp,
            [
                "127.0.0.1:\(port)", "-sf", scenario, "-m", "1", "-i", "127.0.0.1", "-p", String(Served.freePort()),
                "-mi", "127.0.0.1", "-nostdin",
            ], in: scratch)
        return try await helper.end(within: try script.seconds + 20)
    }

    private static func sippScenario(milliseconds: Int) -> String {
        func request(_ method: String, _ sequence: Int, to: String = "[peer_tag_param]", _ body: String = "") -> String
        {
            """
            <send><![CDATA[
            \(method) sip:shop@[remote_ip]:[remote_port] SIP/2.0
            Via: SIP/2.0/UDP [local_ip]:[local_port];branch=[branch]
            From: <sip:sipp@[local_ip]>;tag=[call_number]
            To: <sip:shop@[remote_ip]>\(to)
            Call-ID: [call_id]
            CSeq: \(sequence) \(method)
            Contact: <sip:sipp@[local_ip]:[local_port]>
            Max-Forwards: 70
            \(body.isEmpty ? "" : "Content-Type: application/sdp\n")Content-Length: [len]

            \(body)]]></send>

            """
        }
        let offer = """
            v=0
            o=sipp 1 1 IN IP4 [local_ip]
            s=-
            c=IN IP4 [media_ip]
            t=0 0
            m=audio [rtpstream_audio_port] RTP/AVP 8
            a=rtpmap:8 PCMA/8000

            """
        return """
            <?xml version="1.0" encoding="ISO-8859-1" ?>
            <scenario name="a caller">
            \(request("INVITE", 1, to: "", offer))
            <recv response="100" optional="true"/><recv response="180" optional="true"/><recv response="200"/>
            \(request("ACK", 1))
            <nop><action><exec rtp_stream="whole.al,1,8,PCMA/8000"/></action></nop>
            <pause milliseconds="\(milliseconds)"/>
            \(request("BYE", 2))
            <recv response="200"/>
            </scenario>
            """
    }

    /// Says the script by a telephone of ours in a bad network: a packet of fifty is lost, every tenth comes behind the next
    /// one, and they come up to 15 ms late.
    static func badNetwork(_ script: Script, to port: Int) throws {
        let caller = try RawCaller(line: port)
        guard try caller.call([.pcmu]).status == 200 else { throw CallerError("the line does not answer") }
        var chance = SystemRandomNumberGenerator()
        var kept: [UInt8]?
        func say(_ samples: ArraySlice<Int16>, _ number: Int) {
            let sound = samples + [Int16](repeating: 0, count: 160 - samples.count)
            caller.talk(packets: 1) { _ in
                let payload = sound.map(G711.muLaw.encode)
                if number % 50 == 5 { return nil }
                if number % 10 == 3 {
                    kept = caller.rtp(payload, type: 0, stamp: caller.stamp)
                    return nil
                }
                Thread.sleep(forTimeInterval: Double.random(in: 0...0.015, using: &chance))
                return payload
            }
            if number % 10 == 4, let late = kept.take() { caller.sound.send(late, to: caller.soundPort) }
        }
        var number = 0
        /// Listens until the assistant has spoken, and been silent for 1.2 seconds.
        func listen() {
            var (hasSpoken, silent, packets) = (false, 0, 0)
            while !hasSpoken || silent < 60, packets < 2_000 {
                say([], number)
                number += 1
                packets += 1
                let isLoud =
                    caller.received.last?.dropFirst(12).contains { abs(Int(G711.muLaw.decode($0))) > 300 } ?? false
                hasSpoken = hasSpoken || isLoud
                silent = isLoud ? 0 : silent + 1
            }
        }
        for sound in try script.sounds() {
            listen()
            for start in stride(from: 0, to: sound.count, by: 160) {
                say(sound[start..<min(start + 160, sound.count)], number)
                number += 1
            }
        }
        listen()
        try caller.bye()
    }

    private static func write(_ samples: [Int16], rate: Int, to path: String) throws {
        let file = try WaveWriter(path: path, rate: rate, channels: 1)
        try file.write(samples)
        try file.close()
    }
}
