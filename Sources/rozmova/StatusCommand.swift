// `rozmova status`: what a running `serve` is doing, for people, for programs and for Prometheus.

import Commerce
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
        enum Line: Decodable {
            case phone(Phone)
            case kiosk(Kiosk)

            enum CodingKeys: String, CodingKey { case kind }

            init(from decoder: any Decoder) throws {
                let kind = try decoder.container(keyedBy: CodingKeys.self).decode(String.self, forKey: .kind)
                self = kind == "kiosk" ? .kiosk(try Kiosk(from: decoder)) : .phone(try Phone(from: decoder))
            }

            var text: String {
                switch self {
                case .phone(let line):
                    "line phone, \(line.name), port \(line.port): \(line.calls) of \(line.capacity) calls"
                        + (line.state == Switchboard.Phase.serving.rawValue ? "" : ", \(line.state)")
                        + (line.registration.map { $0 / 100 == 2 ? ", registered" : ", not registered (\($0))" } ?? "")
                        + ", \(line.lostMilliseconds) ms lost, \(line.sentLate) of \(line.sent) packets late, "
                        + "\(line.ignored) requests ignored"
                        + (line.forged + line.replayed > 0
                            ? ", \(line.forged) forged and \(line.replayed) repeated packets" : "")
                case .kiosk(let line):
                    "line kiosk, \(line.name): "
                        + (line.working ? "\(line.state), \(line.delayMilliseconds) ms to the loudspeaker" : "no sound")
                        + (line.trouble.map { ", \($0)" } ?? "")
                        + ", \(line.visits) visits, \(line.overruns) overruns, \(line.losses) losses, echo "
                        + (line.echoLossDB.map { "\(Int($0)) dB down, \(Int(line.cleanedLossDB ?? $0)) cleaned" }
                            ?? "not measured yet") + (line.duplex ? "" : ", half-duplex")
                        + (line.speechDBFS.map { ", customers at \(Int($0)) dBFS" } ?? "")
                        + (["faint", "loud"].contains(line.microphone) ? ", too \(line.microphone)" : "")
                }
            }
        }
        struct Phone: Decodable {
            let name: String
            let port: Int
            let state: String
            let registration: Int?
            let calls: Int
            let capacity: Int
            let lostMilliseconds: Int
            let sentLate: Int
            let sent: Int
            let ignored: Int
            let forged: Int
            let replayed: Int
        }
        struct Kiosk: Decodable {
            let name: String
            let state: String
            let working: Bool
            let trouble: String?
            let visits: Int
            let overruns: Int
            let losses: Int
            let delayMilliseconds: Int
            let duplex: Bool
            let echoLossDB: Double?
            let cleanedLossDB: Double?
            let speechDBFS: Double?
            let microphone: String
        }
        struct Live: Decodable {
            let call: Int
            let kiosk: String?
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
        let trouble: String?
        let line: [Line]
        let calls: [Live]
        let load: Load
        let totals: Totals

        enum CodingKeys: String, CodingKey {
            case status, uptime, trouble, calls, load, totals
            case line = "lines"
        }

        var lines: [String] {
            let head = [
                "\(status) for \(Int(uptime)) s: \(totals.calls) calls, \(totals.orders) orders, \(totals.busy) turned away, "
                    + "\(totals.failed) failed"
            ]
            let load =
                "load: \(load.decodersBusy) of \(load.decoders) decoders, \(load.utterancesWaiting) utterances waiting, "
                + "\(Int(load.cpuSeconds)) s of processor, \(load.memoryMB.map { "\(Int($0)) MB" } ?? "?")"
            let calls = calls.map { call in
                "call \(call.call)\(call.kiosk.map { " at \($0)" } ?? ""): \(Int(call.seconds)) s, \(call.band), \(call.state), \(call.turns) turns"
                    + (call.held ? ", on hold" : "")
            }
            return head + (trouble.map { ["not in force: \($0)"] } ?? []) + line.map(\.text) + [load] + calls
        }
    }
}

extension DaemonStatus {
    /// For the status socket.
    var json: JSONText {
        .object([
            ("status", .text(isDraining ? "stopping" : "serving")), ("uptime", .decimal(uptime, digits: 1)),
            ("trouble", trouble.map { .text($0) } ?? .null),
            (
                "lines",
                .list(phones.map(\.json) + kiosks.map(\.json))
            ),
            (
                "calls",
                .list(
                    live.map { call in
                        .object([
                            ("call", .count(call.number)), ("kiosk", call.kiosk.map { .text($0) } ?? .null),
                            ("seconds", .decimal(call.seconds, digits: 1)),
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
        let parts = [
            Self.gauge("up", "1 while calls are taken", isDraining ? 0 : 1),
            Self.gauge(
                "refused", "1 while the latest configuration or shop is not in force", trouble == nil ? 0 : 1),
            Self.gauge("calls", "Calls now", live.count),
            Self.counter("calls_total", "Calls answered", totals.calls),
            Self.counter("calls_busy_total", "Callers turned away", totals.busy),
            Self.counter("calls_failed_total", "Calls that failed", totals.failed),
            Self.counter("orders_total", "Orders placed in calls", totals.orders),
            Self.metric(
                "calls_ended_total", "counter", "Calls by how they ended",
                totals.ends.sorted { $0.key.rawValue < $1.key.rawValue }.map {
                    ("{end=\"\($0.key.rawValue)\"}", String($0.value))
                }),
            Self.metric(
                "answer_seconds", "summary", "From the end of speech being decided to the first sound ready",
                [("_sum", "\(totals.answerSeconds)"), ("_count", String(totals.answers))]),
            Self.gauge("decoders", "Decoders", decoders), Self.gauge("decoders_busy", "Decoders at work", decodersBusy),
            Self.gauge("utterances_waiting", "Utterances that wait for a decoder", decodersWaiting),
        ]
        return parts.joined() + (phones.isEmpty ? "" : Self.metrics(of: phones))
            + (kiosks.isEmpty ? "" : Self.metrics(of: kiosks))
    }

    private static func metrics(of phones: [Phone]) -> String {
        func each(_ name: String, _ help: String, _ kind: String = "counter", _ value: (Phone) -> Int) -> String {
            Self.metric(name, kind, help, phones.map { ("{line=\"\($0.name)\"}", String(value($0))) })
        }
        return [
            each("calls_capacity", "Calls that there is room for", "gauge") { $0.capacity },
            each("registered", "1 while the provider has the line", "gauge") {
                ($0.registration ?? 0) / 100 == 2 ? 1 : 0
            },
            each("rtp_sent_total", "Packets sent") { $0.counts.sent },
            each("rtp_sent_late_total", "Packets sent more than 10 ms late") { $0.counts.sentLate },
            each("rtp_heard_total", "Packets heard") { $0.counts.heard },
            each("rtp_lost_milliseconds_total", "Sound that was concealed") { 10 * $0.counts.lost },
            each("rtp_stray_total", "Packets from elsewhere than the caller") { $0.counts.stray },
            each("rtp_forged_total", "Encrypted packets that were not the caller's") { $0.counts.forged },
            each("rtp_replayed_total", "Encrypted packets that came a second time") { $0.counts.replayed },
            each("sip_ignored_total", "Requests that got no answer") { $0.counts.ignored },
            each("sip_refused_total", "Calls refused") { $0.counts.refused },
            each("sip_failed_logins_total", "Wrong passwords") { $0.counts.failedLogins },
        ].joined()
    }

    private static func metrics(of kiosks: [Kiosk]) -> String {
        func each(_ name: String, _ kind: String, _ help: String, _ value: (Kiosk) -> Int) -> String {
            Self.metric(name, kind, help, kiosks.map { ("{kiosk=\"\($0.name)\"}", String(value($0))) })
        }
        return [
            each("kiosk_working", "gauge", "1 while sound comes and goes") { $0.facts.isWorking ? 1 : 0 },
            each("kiosk_visits_total", "counter", "Customers who were served") { $0.visits },
            each("kiosk_overruns_total", "counter", "Sound lost by a late process or device") { $0.facts.overruns },
            each("kiosk_losses_total", "counter", "Times that a device was lost") { $0.facts.losses },
        ].joined()
    }

    private static func metric(
        _ name: String, _ kind: String, _ help: String, _ values: [(labels: String, value: String)]
    )
        -> String
    {
        "# HELP rozmova_\(name) \(help)\n# TYPE rozmova_\(name) \(kind)\n"
            + values.map { "rozmova_\(name)\($0.labels) \($0.value)\n" }.joined()
    }
    private static func gauge(_ name: String, _ help: String, _ value: Int) -> String {
        Self.metric(name, "gauge", help, [("", String(value))])
    }
    private static func counter(_ name: String, _ help: String, _ value: Int) -> String {
        Self.metric(name, "counter", help, [("", String(value))])
    }
}

extension DaemonStatus.Phone {
    fileprivate var json: JSONText {
        .object([
            ("kind", .text("phone")), ("name", .text(name)), ("port", .count(port)),
            ("state", .text(phase.rawValue)), ("registration", registration.map { .count($0) } ?? .null),
            ("calls", .count(calls)),
            ("capacity", .count(capacity)), ("sent", .count(counts.sent)), ("sentLate", .count(counts.sentLate)),
            ("heard", .count(counts.heard)), ("heardLate", .count(counts.heardLate)),
            ("stray", .count(counts.stray)), ("lostMilliseconds", .count(10 * counts.lost)),
            ("forged", .count(counts.forged)), ("replayed", .count(counts.replayed)),
            ("ignored", .count(counts.ignored)), ("refused", .count(counts.refused)),
            ("failedLogins", .count(counts.failedLogins)),
        ])
    }
}

extension DaemonStatus.Kiosk {
    fileprivate var json: JSONText {
        func decimal(_ value: Double?) -> JSONText { value.map { .decimal($0, digits: 1) } ?? .null }
        return .object([
            ("kind", .text("kiosk")), ("name", .text(name)), ("state", .text(phase.rawValue)),
            ("working", .flag(facts.isWorking)), ("trouble", facts.trouble.map { .text($0) } ?? .null),
            ("devices", .list(facts.forms.map { .text($0) })), ("visits", .count(visits)),
            ("overruns", .count(facts.overruns)), ("losses", .count(facts.losses)),
            ("noticedSeconds", decimal(facts.noticedAfter)), ("recoveredSeconds", decimal(facts.recoveredAfter)),
            ("filledMilliseconds", .count(facts.filled)), ("skippedMilliseconds", .count(facts.skipped)),
            ("delayMilliseconds", .count(facts.delay)), ("duplex", .flag(facts.echo.isDuplex)),
            ("echoLossDB", decimal(facts.echo.echoLoss)), ("cleanedLossDB", decimal(facts.echo.cleanedLoss)),
            ("alignments", .count(facts.echo.jumps)), ("speechDBFS", decimal(level.usual)),
            ("microphone", .text(level.verdict.rawValue)),
        ])
    }
}
