// Tells others: events to a system of the shop's, text messages to customers. In: an event or words. Out: taken, or why not.
//
// Events are CloudEvents 1.0 in structured mode over HTTP (https://github.com/cloudevents/spec), signed as Standard Webhooks
// has it (https://www.standardwebhooks.com): HMAC-SHA-256 of "id.timestamp.body".

public import Commerce
public import Foundation
import Sealing

/// One receiver of events.
public struct EventDoor: Sendable {
    /// Who it is.
    public let receiver: EventReceiver
    private let url: URL
    private let secret: [UInt8]
    private let door: HTTPDoor

    /// - Parameter secret: shared with the receiver, who checks the signature with it.
    public init(url: URL, secret: String, receiver: EventReceiver = .only, door: HTTPDoor = HTTPDoor()) {
        self.receiver = receiver
        self.url = url
        self.secret = Array(secret.utf8)
        self.door = door
    }

    /// Delivers an event. The same event again has the same `id`, by which a receiver knows it.
    public func deliver(_ event: String, name: String, now: Date) async throws(ServiceError) {
        let time = String(Int64(now.timeIntervalSince1970))
        let body = Data(event.utf8)
        let signature = Signature.hmacSHA256(Data("\(name).\(time).".utf8) + body, secret: secret)
        let answer = try await door.send(
            HTTPRequest(
                url: url,
                headers: [
                    ("Content-Type", "application/cloudevents+json; charset=utf-8"), ("webhook-id", name),
                    ("webhook-timestamp", time),
                    ("webhook-signature", "v1,\(Data(signature).base64EncodedString())"),
                ], body: body))
        // A receiver that is being set up says no to everything for a while: what it refuses is tried again, too.
        guard (200..<300).contains(answer.status) else {
            throw .unreachable("\(url.host ?? "the receiver") answers \(answer.status)")
        }
    }
}

/// A gateway for text messages: one POST of JSON `{"to": …, "text": …, "id": …}` for each.
public struct TextGateway: Sendable {
    private let url: URL
    private let token: String?
    private let door: HTTPDoor

    /// - Parameter token: sent as a bearer token; nil sends none.
    public init(url: URL, token: String?, door: HTTPDoor = HTTPDoor()) {
        self.url = url
        self.token = token
        self.door = door
    }

    /// Sends one message; `name` is the same for the same message, however often it is sent.
    public func send(_ text: String, to number: String, name: String) async throws(ServiceError) {
        let fields = ["to": number, "text": text, "id": name]
        guard let body = try? JSONEncoder().encode(fields) else { preconditionFailure("texts have a JSON form") }
        var headers = [(name: "Content-Type", value: "application/json"), (name: "Idempotency-Key", value: name)]
        if let token { headers.append(("Authorization", "Bearer \(token)")) }
        let answer = try await door.send(HTTPRequest(url: url, headers: headers, body: body))
        if answer.isPassing { throw .unreachable("the message gateway answers \(answer.status)") }
        guard (200..<300).contains(answer.status) else {
            throw .refused("the message gateway answers \(answer.status)")
        }
    }
}
