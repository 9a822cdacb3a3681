// Money that a gateway only reserves: taken when the order is packed, let go when it is given up, whenever that comes.

import Commerce
import Foundation
import Testing

@testable import Storage

@Suite struct ReservedTests {
    @Test func whatIsReservedIsTakenOrLetGo() async throws {
        func reserved() async throws -> Store {
            let store = try await cardStore(Folder())
            _ = try await store.place(request("k", try agreed("saved")), now: noon).get()
            try await store.settle(
                try await store.only(.payment),
                .payment(PaymentReport(reference: "pi_1", progress: .authorized, amount: dollars(300))))
            return store
        }
        func report(_ progress: PaymentProgress) -> ErrandOutcome {
            .payment(PaymentReport(reference: "pi_1", progress: progress, amount: dollars(300)))
        }
        let packed = try await reserved()
        _ = try await packed.setStatus(number: "1001", .packed, by: "x", now: noon).get()
        let capture = try await packed.only(.payment)
        guard case .capture(let charge, of: "pi_1") = capture.task else {
            Issue.record("\(capture.task)")
            return
        }
        #expect(charge.amount == dollars(300))
        try await packed.settle(capture, report(.paid))
        #expect(try await packed.status() == ["packed", "paid"])
        #expect(try await packed.checkBooks() == [])

        // Given up before it was packed: nothing was taken, so nothing is refunded.
        let given = try await reserved()
        _ = try await given.cancel(number: "1001", phone: alice, conversation: "", now: noon).get()
        #expect(try await given.checkBooks() == [])
        let close = try await given.only(.payment)
        #expect(close.task == .close(reference: "pi_1"))
        try await given.settle(close, report(.over))
        #expect(try await given.status() == ["cancelled", "failed"])
        #expect(try await given.payments(ofOrder: "1001").map(\.kind) == ["charge"])
        #expect(try await given.checkBooks() == [])

        // Given up while it is being taken: it comes back as a refund.
        let both = try await reserved()
        _ = try await both.setStatus(number: "1001", .packed, by: "x", now: noon).get()
        let taking = try await both.only(.payment)
        _ = try await both.setStatus(number: "1001", .cancelled, by: "x", now: noon).get()
        try await both.settle(taking, report(.paid))
        guard case .refund(let back, of: "pi_1") = try await both.only(.payment).task else {
            Issue.record("no refund")
            return
        }
        #expect(back.amount == dollars(300))
        #expect(try await both.checkBooks() == [])

        // Reserved too long ago: the gateway has let it go, and the shop sees that nobody has paid.
        let late = try await reserved()
        _ = try await late.setStatus(number: "1001", .packed, by: "x", now: noon).get()
        try await late.settle(try await late.only(.payment), report(.over))
        #expect(try await late.status() == ["packed", "failed"])
        #expect(try await late.checkBooks() == [])
    }
}
