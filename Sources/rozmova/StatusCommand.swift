// `rozmova status`: what a running `serve` is doing, for people, for programs and for Prometheus.

import Conversation
import Dialogue
import Audio
import Foundation
import Lines
import Platform

enum StatusCommand: Command {
    static let usage = Usage(
        name: "status", summary: "what a running `serve` is doing: lines, calls, load, what the network lost",
        options: [.json, .data, .config],
        details: "Nobody's words or numbers are in it.")

    static func run(_ arguments: Arguments) async throws {
        let house = try Composition(arguments)
        let path = Places.statusSocket(data: house.dataFolder)
        guard let answer = LocalSocket.ask(path) else {
            throw Failure("no `rozmova serve` answers at \(path): is it running, with this --data, for this user?")
        }
        if arguments.has("json") { return Console.line(answer) }
        guard let facts = try? JSONDecoder().decode(Facts.self, from: Data(answer.utf8)) else {
            throw Failure("what answers at \(path) is another version; use --json")
        }
        facts.lines.forEach(Console.line)
    }

    /// What is told to a person.
    private struct Facts: Decodable {
        struct Line: Decodable {
            let kind: String
            let port: Int
            let registration: Int?
            let calls: Int
            let capacity: Int
            let lostMilliseconds: Int
            let sentLate: Int
            let sent: Int
            let ignored: Int
        }
        struct Live: Decodable {
            let call: Int
            let seconds: Double
            let band: String
            let state: String
            let turns: Int
            let held: Bool
        }
        struct Load: Decodable {
            let decoders: Int
            let decodersBusy: Int
            let utterancesWaiting: Int
            let cpuSeconds: Double
            let memoryMB: Double?
        }
        struct Totals: Decodable {
            let calls: Int
            let busy: Int
            let failed: Int
            let orders: Int
        }
        let status: String
        let uptime: Double
        let line: [Line]
        let calls: [Live]
        let load: Load
        let totals: Totals

        enum CodingKeys: String, CodingKey {
            case status, uptime, calls, load, totals
            case line = "lines"
        }

        var lines: [String] {
            let head = [
                "\(status) for \(Int(uptime)) s: \(totals.calls) calls, \(totals.orders) orders, \(totals.busy) turned away, "
                    + "\(totals.failed) failed"
            ]
            let lines = line.map { line in
                "line \(line.kind), port \(line.port): \(line.calls) of \(line.capacity) calls"
                    + (line.registration.map { $0 / 100 == 2 ? ", registered" : ", not registered (\($0))" } ?? "")
                    + ", \(line.lostMilliseconds) ms lost, \(line.sentLate) of \(line.sent) packets late, "
                    + "\(line.ignored) requests ignored"
            }
            let load =
                "load: \(load.decodersBusy) of \(load.decoders) decoders, \(load.utterancesWaiting) utterances waiting, "
                + "\(Int(load.cpuSeconds)) s of processor, \(load.memoryMB.map { "\(Int($0)) MB" } ?? "?")"
            let calls = calls.map { call in
                "call \(call.call): \(Int(call.seconds)) s, \(call.band), \(call.state), \(call.turns) turns"
                    + (call.held ? ", on hold" : "")
            }
            return head + lines + [load] + calls
        }
    }
}

extension DaemonStatus {
    /// For the status socket.
    var json: JSONText {
        .object([
            ("status", .text(isDraining ? "stopping" : "serving")), ("uptime", .decimal(uptime, digits: 1)),
            (
                "lines",
                .list([
                    .object([
                        ("kind", .text("phone")), ("port", .count(port)),
                        ("registration", registration.map { .count($0) } ?? .null), ("calls", .count(live.count)),
                        ("capacity", .count(capacity)), ("sent", .count(line.sent)),
                        ("sentLate", .count(line.sentLate)),
                        ("heard", .count(line.heard)), ("heardLate", .count(line.heardLate)),
                        ("stray", .count(line.stray)), ("lostMilliseconds", .count(10 * line.lost)),
                        ("ignored", .count(line.ignored)), ("refused", .count(line.refused)),
                        ("failedLogins", .count(line.failedLogins)),
                    ])
                ])
            ),
            (
                "calls",
                .list(
                    live.map { call in
                        .object([
                            ("call", .count(call.number)), ("seconds", .decimal(call.seconds, digits: 1)),
                            ("band", .text(call.band.rawValue)), ("state", .text(call.state)),
                            ("turns", .count(call.turns)), ("held", .flag(call.isHeld)),
                        ])
                    })
            ),
            (
                "load",
                .object([
                    ("decoders", .count(decoders)), ("decodersBusy", .count(decodersBusy)),
                    ("utterancesWaiting", .count(decodersWaiting)),
                    ("cpuSeconds", .decimal(ProcessorTime.ofProcess, digits: 1)),
                    ("memoryMB", ProcessFacts.memory.map { .decimal($0.now, digits: 1) } ?? .null),
                ])
            ),
            (
                "totals",
                .object([
                    ("calls", .count(totals.calls)), ("busy", .count(totals.busy)), ("failed", .count(totals.failed)),
                    ("orders", .count(totals.orders)), ("transfers", .count(totals.transfers)),
                    ("reloads", .count(totals.reloads)), ("answers", .count(totals.answers)),
                    ("meanAnswerSeconds", .decimal(totals.answerSeconds / Double(max(1, totals.answers)), digits: 4)),
                    ("longestAnswerSeconds", .decimal(totals.longestAnswer, digits: 4)),
                ])
            ),
        ])
    }

    /// For Prometheus' textfile collector.
    var metrics: String {
        func metric(_ name: String, _ kind: String, _ help: String, _ values: [(labels: String, value: String)])
            -> String
        {
            "# HELP rozmova_\(name) \(help)\n# TYPE rozmova_\(name) \(kind)\n"
                + values.map { "rozmova_\(name)\($0.labels) \($0.value)\n" }.joined()
        }
        func gauge(_ name: String, _ help: String, _ value: Int) -> String {
            metric(name, "gauge", help, [("", String(value))])
        }
        func counter(_ name: String, _ help: String, _ value: Int) -> String {
            metric(name, "counter", help, [("", String(value))])
        }
        return [
            gauge("up", "1 while calls are taken", isDraining ? 0 : 1),
            gauge("calls", "Calls now", live.count),
            gauge("calls_capacity", "Calls that there is room for", capacity),
            gauge("registered", "1 while the provider has the line", (registration ?? 0) / 100 == 2 ? 1 : 0),
            counter("calls_total", "Calls answered", totals.calls),
            counter("calls_busy_total", "Callers turned away", totals.busy),
            counter("calls_failed_total", "Calls that failed", totals.failed),
            counter("orders_total", "Orders placed in calls", totals.orders),
            metric(
                "calls_ended_total", "counter", "Calls by how they ended",
                totals.ends.sorted { $0.key.rawValue < $1.key.rawValue }.map {
                    ("{end=\"\($0.key.rawValue)\"}", String($0.value))
                }),
            metric(
                "answer_seconds", "summary", "From the end of speech being decided to the first sound ready",
                [("_sum", "\(totals.answerSeconds)"), ("_count", String(totals.answers))]),
            counter("rtp_sent_total", "Packets sent", line.sent),
            counter("rtp_sent_late_total", "Packets sent more than 10 ms late", line.sentLate),
            counter("rtp_heard_total", "Packets heard", line.heard),
            counter("rtp_lost_milliseconds_total", "Sound that was concealed", 10 * line.lost),
            counter("rtp_stray_total", "Packets from elsewhere than the caller", line.stray),
            counter("sip_ignored_total", "Requests that got no answer", line.ignored),
            counter("sip_refused_total", "Calls refused", line.refused),
            counter("sip_failed_logins_total", "Wrong passwords", line.failedLogins),
            gauge("decoders", "Decoders", decoders), gauge("decoders_busy", "Decoders at work", decodersBusy),
            gauge("utterances_waiting", "Utterances that wait for a decoder", decodersWaiting),
        ].joined()
    }
}
