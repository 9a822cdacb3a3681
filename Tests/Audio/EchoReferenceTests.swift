// The assistant's voice lined up with its echo: by the devices' delays, through jitter, drift and devices that stood still.

@testable import Audio
import Testing

@Suite("What was said when this was heard")
struct EchoReferenceTests {
    private static let lead = 160

    /// Says counting samples, 20 ms at a time, and asks for the cause of each 20 ms heard, `behind` samples later.
    private static func causes(_ behind: (Int) -> Int, frames: Int) -> (firsts: [Int], jumps: Int) {
        var reference = EchoReference(band: .wideband)
        var firsts: [Int] = []
        for frame in 0..<frames {
            reference.say((0..<320).map { Int16(truncatingIfNeeded: frame * 320 + $0) })
            let cause = reference.cause(of: 320, saidBehind: behind(frame), heardBehind: 0)
            firsts.append(Int(UInt16(bitPattern: cause[0])))
        }
        return (firsts, reference.jumps)
    }

    @Test("A steady delay gives each sample once, a little early")
    func steady() {
        let (firsts, jumps) = Self.causes({ _ in 960 }, frames: 100)
        // Frame n was heard while sample n·320 − 960 was played.
        #expect(firsts[10...] == (10..<100).map { $0 * 320 - 960 + Self.lead }[...])
        #expect(jumps == 0)
    }

    @Test("Delays that jump by a period and back are averaged")
    func jitter() {
        let (firsts, jumps) = Self.causes({ $0 % 2 == 0 ? 800 : 1_120 }, frames: 200)
        let steps = Set(zip(firsts.dropFirst(50), firsts.dropFirst(51)).map { ($1 - $0 + 65_536) % 65_536 })
        #expect(steps.isSubset(of: [319, 320, 321]))
        #expect(jumps == 0)
    }

    @Test("Clocks that drift apart are followed sample by sample")
    func drift() {
        let (firsts, jumps) = Self.causes({ 960 + $0 / 2 }, frames: 4_000)
        #expect(jumps == 0)
        let last = (3_999 * 320 - 960 - 3_999 / 2 + Self.lead) % 65_536
        #expect(abs(firsts[3_999] - last) < 100)
    }

    @Test("A device that stood still makes it jump")
    func jump() {
        let (_, jumps) = Self.causes({ $0 < 100 ? 960 : 5_000 }, frames: 200)
        #expect(jumps == 1)
    }

    @Test("Behind a new start nothing of before is an echo")
    func forgets() {
        var reference = EchoReference(band: .wideband)
        reference.say([Int16](repeating: 7, count: 3_200))
        reference.forget()
        #expect(reference.cause(of: 320, saidBehind: 320, heardBehind: 0).allSatisfy { $0 == 0 })
    }
}
