// Nothing outside can keep us waiting, fill our memory, or lead our secrets astray.

import Commerce
import Foundation
import Sealing
import Testing

@testable import Services

@Suite struct DoorTests {
    private func failure(_ server: StubServer, patience: Duration = .seconds(5)) async -> ServiceError? {
        do throws(ServiceError) {
            _ = try await HTTPDoor(patience: patience).send(HTTPRequest(url: server.url, body: Data("{}".utf8)))
            return nil
        } catch { return error }
    }

    @Test func anAnswerOfAHundredMegabytesIsRefused() async throws {
        let server = try StubServer { _, _ in .flood(100 << 20) }
        guard case .nonsense(let reason) = await failure(server, patience: .seconds(30)) else {
            Issue.record("taken")
            return
        }
        #expect(reason.contains("more than"))
    }

    /// It would go on for ever. The system's own timer counts whole seconds, and takes less than one for none.
    @Test(.timeLimit(.minutes(10))) func aByteNowAndThenIsNoAnswer() async throws {
        let server = try StubServer { _, _ in .drip }
        let failure = await failure(server, patience: .seconds(2))
        guard case .unreachable = failure else {
            Issue.record("\(String(describing: failure))")
            return
        }
    }

    @Test func whoHangsUpMayHaveActed() async throws {
        guard case .unreachable = await failure(try StubServer { _, _ in .lost }) else {
            Issue.record("not unreachable")
            return
        }
    }

    @Test func eventsAreSignedAndKeepTheirName() async throws {
        let server = try StubServer { _, count in .json(count == 1 ? 503 : 202, "") }
        let door = EventDoor(url: server.url, secret: "s3cret")
        let now = Date(timeIntervalSince1970: 1_772_452_800)
        await #expect(throws: ServiceError.self) { try await door.deliver("{\"id\":\"a\"}", name: "a", now: now) }
        try await door.deliver("{\"id\":\"a\"}", name: "a", now: now)
        let requests = server.requests
        #expect(requests.map { $0.headers["webhook-id"] } == ["a", "a"])
        #expect(requests[1].headers["content-type"]?.hasPrefix("application/cloudevents+json") == true)
        // HMAC-SHA-256 of "a.1772452800.{"id":"a"}" under "s3cret", made with another program.
        let signature = Data(
            Signature.hmacSHA256(Data("a.1772452800.{\"id\":\"a\"}".utf8), secret: Array("s3cret".utf8)))
        #expect(requests[1].headers["webhook-signature"] == "v1,\(signature.base64EncodedString())")
    }

    /// RFC 4231, test case 2.
    @Test func signaturesAreThoseOfTheStandard() {
        let bytes = Signature.hmacSHA256(Data("what do ya want for nothing?".utf8), secret: Array("Jefe".utf8))
        #expect(Digest.hexadecimal(bytes) == "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843")
    }

    @Test func messagesGoOutUnderTheirName() async throws {
        let server = try StubServer { _, _ in .json(200, "{}") }
        try await TextGateway(url: server.url, token: "t").send("Привіт", to: "+380671234567", name: "m-1")
        let request = try #require(server.requests.first)
        #expect(request.headers["authorization"] == "Bearer t")
        #expect(request.json("to") as? String == "+380671234567")
        #expect(request.json("text") as? String == "Привіт")
        #expect(request.json("id") as? String == "m-1")
    }
}
