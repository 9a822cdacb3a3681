// A caller of our own for tests: SIP and RTP by hand, on loopback, so that a test can send what no telephone would.
// Every wait has an end; what is paced follows the machine's clock as callers' telephones do.

import Foundation

/// A UDP socket on loopback.
final class Socket: @unchecked Sendable {
    /// `@unchecked Sendable`: a file descriptor, which the system lets any thread use.
    private let file: Int32
    let port: UInt16

    init(address: String = "127.0.0.1") throws {
        let file = socket(AF_INET, Int32(SOCK_DGRAM.rawValue), 0)
        self.file = file
        var name = Self.address(address, 0)
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let status = unsafe withUnsafeMutableBytes(of: &name) { bytes -> Int32 in
            guard let base = unsafe bytes.baseAddress?.assumingMemoryBound(to: sockaddr.self) else { return -1 }
            guard unsafe bind(file, base, length) == 0 else { return -1 }
            return unsafe getsockname(file, base, &length)
        }
        guard status == 0 else { throw CallerError("no socket on \(address)") }
        port = UInt16(bigEndian: name.sin_port)
    }

    deinit { close(file) }

    func send(_ bytes: [UInt8], to port: UInt16) {
        var name = Self.address("127.0.0.1", port)
        _ = unsafe withUnsafeMutableBytes(of: &name) { target in
            unsafe sendto(
                file, bytes, bytes.count, 0, target.baseAddress?.assumingMemoryBound(to: sockaddr.self),
                socklen_t(MemoryLayout<sockaddr_in>.size))
        }
    }

    /// The next packet, or nil after so many seconds.
    func receive(seconds: Double) -> [UInt8]? {
        var waiting = pollfd(fd: file, events: Int16(POLLIN), revents: 0)
        guard unsafe poll(&waiting, 1, Int32(seconds * 1_000)) == 1 else { return nil }
        var bytes = [UInt8](repeating: 0, count: 65_536)
        let count = unsafe recv(file, &bytes, bytes.count, 0)
        return count < 0 ? nil : Array(bytes[..<count])
    }

    private static func address(_ text: String, _ port: UInt16) -> sockaddr_in {
        var name = sockaddr_in()
        name.sin_family = sa_family_t(AF_INET)
        name.sin_port = port.bigEndian
        name.sin_addr.s_addr = unsafe inet_addr(text)
        return name
    }
}

struct CallerError: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}

/// A SIP message as text: its first line, its header lines, its body.
struct Message {
    let text: String

    var status: Int { Int(text.dropFirst(8).prefix(3)) ?? 0 }
    var method: String { String(text.prefix { $0 != " " }) }
    var body: String { text.components(separatedBy: "\r\n\r\n").dropFirst().joined(separator: "\r\n\r\n") }

    func header(_ name: String) -> String? {
        for line in text.components(separatedBy: "\r\n") where line.lowercased().hasPrefix(name.lowercased() + ":") {
            return line.dropFirst(name.count + 1).trimmingCharacters(in: .whitespaces)
        }
        return nil
    }
}

/// One call of one caller.
final class RawCaller {
    enum Codec: Int {
        case pcmu = 0
        case pcma = 8
        case g722 = 9
        var name: String { self == .pcmu ? "PCMU" : self == .pcma ? "PCMA" : "G722" }
    }

    let sip: Socket
    let sound: Socket
    private let line: UInt16
    private let callID = UUID().uuidString
    private let tag = String(UInt32.random(in: 0...UInt32.max), radix: 16)
    private var toTag = ""
    private var sequence = 0
    private var branch = ""
    private(set) var soundPort: UInt16 = 0
    private(set) var codec = Codec.pcma
    private(set) var stamp: UInt32 = 10_000
    private var packet: UInt16 = 100
    private var begun: ContinuousClock.Instant?
    var ssrc: UInt32 = 0x1234_5678
    /// What came over the wire as sound, in order of arrival.
    private(set) var received: [[UInt8]] = []

    init(line: Int, address: String = "127.0.0.1") throws {
        self.line = UInt16(line)
        sip = try Socket(address: address)
        sound = try Socket(address: address)
    }

    // MARK: SIP

    func offer(_ codecs: [Codec], direction: String = "sendrecv", profile: String = "RTP/AVP") -> String {
        let formats = codecs.map { String($0.rawValue) }.joined(separator: " ")
        let maps = codecs.map { "a=rtpmap:\($0.rawValue) \($0.name)/8000\r\n" }.joined()
        return "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n"
            + "m=audio \(sound.port) \(profile) \(formats) 101\r\n\(maps)a=rtpmap:101 telephone-event/8000\r\n"
            + "a=\(direction)\r\n"
    }

    func request(
        _ method: String, headers: [String] = [], body: String = "", from: String = "caller",
        sequence number: Int? = nil,
        branch same: String? = nil
    ) -> String {
        if number == nil { sequence += 1 }
        branch = same ?? "z9hG4bK\(UInt64.random(in: 0...UInt64.max))"
        let lines =
            [
                "\(method) sip:line@127.0.0.1:\(line) SIP/2.0",
                "Via: SIP/2.0/UDP 127.0.0.1:\(sip.port);branch=\(branch);rport", "Max-Forwards: 70",
                "From: <sip:\(from)@127.0.0.1>;tag=\(tag)", "To: <sip:line@127.0.0.1>\(toTag)", "Call-ID: \(callID)",
                "CSeq: \(number ?? sequence) \(method)", "Contact: <sip:caller@127.0.0.1:\(sip.port)>",
            ] + headers + (body.isEmpty ? [] : ["Content-Type: application/sdp"]) + [
                "Content-Length: \(body.utf8.count)"
            ]
        return lines.joined(separator: "\r\n") + "\r\n\r\n" + body
    }

    func send(_ text: String) { sip.send(Array(text.utf8), to: line) }

    /// The next message of the line that `wanted` wants, within four minutes: other tests keep both cores busy, and all that.
    func await(_ wanted: (Message) -> Bool, seconds: Double = 240) throws -> Message {
        let end = ContinuousClock.now + .seconds(seconds)
        while ContinuousClock.now < end, let bytes = sip.receive(seconds: seconds) {
            let message = Message(text: String(decoding: bytes, as: UTF8.self))
            if wanted(message) { return message }
        }
        throw CallerError("the line says nothing")
    }

    func final() throws -> Message { try self.await { $0.text.hasPrefix("SIP/2.0") && $0.status >= 200 } }

    /// Calls; returns the final answer, acknowledged.
    @discardableResult
    func call(_ codecs: [Codec] = [.pcma], headers: [String] = [], from: String = "caller", body: String? = nil) throws
        -> Message
    {
        send(request("INVITE", headers: headers, body: body ?? offer(codecs), from: from))
        let inviteBranch = branch
        let answer = try final()
        let tagged = answer.header("To").flatMap { $0.range(of: ";tag=") != nil ? $0 : nil }
        if let tagged, let at = tagged.range(of: ";tag=") { toTag = String(tagged[at.lowerBound...]) }
        send(request("ACK", sequence: sequence, branch: answer.status == 200 ? nil : inviteBranch))
        if answer.status == 200 { take(answer) } else { toTag = "" }
        return answer
    }

    /// Offers something anew in the call.
    func reinvite(_ body: String) throws -> Message {
        send(request("INVITE", body: body))
        let answer = try final()
        send(request("ACK", sequence: sequence))
        return answer
    }

    /// Takes port and codec of an answer.
    func take(_ answer: Message) {
        for line in answer.body.components(separatedBy: "\r\n") where line.hasPrefix("m=audio ") {
            let fields = line.split(separator: " ")
            soundPort = UInt16(fields[1]) ?? 0
            codec = fields.dropFirst(3).first.flatMap { Int($0) }.flatMap(Codec.init) ?? codec
        }
    }

    func bye() throws {
        send(request("BYE"))
        _ = try self.await { $0.status == 200 && $0.header("CSeq")?.hasSuffix("BYE") == true }
    }

    /// Answers the line's request as a telephone does.
    func reply(_ status: String, to message: Message, headers: [String] = []) {
        let kept = ["Via", "From", "To", "Call-ID", "CSeq"].compactMap { name in
            message.header(name).map { "\(name): \($0)" }
        }
        send("SIP/2.0 \(status)\r\n" + (kept + headers + ["Content-Length: 0"]).joined(separator: "\r\n") + "\r\n\r\n")
    }

    // MARK: RTP

    func rtp(_ payload: [UInt8], type: Int, stamp: UInt32, marker: Bool = false) -> [UInt8] {
        packet &+= 1
        var bytes: [UInt8] = [0x80, UInt8(type) | (marker ? 0x80 : 0), UInt8(packet >> 8), UInt8(packet & 0xff)]
        for value in [stamp, ssrc] {
            for shift in [24, 16, 8, 0] { bytes.append(UInt8((value >> UInt32(shift)) & 0xff)) }
        }
        return bytes + payload
    }

    /// Sends so many packets of 20 ms at their moments and takes what comes meanwhile.
    /// - Parameter payload: of the n-th packet; nil is a lost one.
    func talk(packets: Int, _ payload: (Int) -> [UInt8]?) {
        let began = begun ?? .now
        begun = began
        let first = Int(stamp - 10_000) / 160
        for index in 0..<packets {
            if let payload = payload(index) {
                sound.send(rtp(payload, type: codec.rawValue, stamp: stamp), to: soundPort)
            }
            stamp &+= 160
            listen(until: began + .milliseconds(20 * (first + index + 1)))
        }
    }

    /// Presses a key as RFC 4733 has it, its last packet three times.
    func press(_ event: UInt8, packets: Int = 5) {
        for index in 0..<(packets + 3) {
            let ends = index >= packets
            let duration = 160 * (min(index, packets) + 1)
            let payload: [UInt8] = [event, ends ? 0x8a : 0x0a, UInt8(duration >> 8), UInt8(duration & 0xff)]
            sound.send(rtp(payload, type: 101, stamp: stamp, marker: index == 0), to: soundPort)
        }
        stamp &+= 1_600
    }

    private func listen(until moment: ContinuousClock.Instant) {
        while true {
            let left = ContinuousClock.now.duration(to: moment) / .seconds(1)
            guard left > 0.0005, let packet = sound.receive(seconds: left) else { break }
            received.append(packet)
        }
        let left = ContinuousClock.now.duration(to: moment) / .seconds(1)
        if left > 0 { Thread.sleep(forTimeInterval: left) }
    }
}

/// Runs what blocks on a thread of its own, so that tasks are not held up.
@discardableResult
func onThread<Result: Sendable>(_ work: @escaping @Sendable () throws -> Result) async throws -> Result {
    try await withCheckedThrowingContinuation { done in
        Thread.detachNewThread { done.resume(with: Swift.Result(catching: work)) }
    }
}
