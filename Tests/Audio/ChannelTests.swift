// What is known of a caller's voice and line.

import Audio
import Testing

@Suite("A caller's channel")
struct ChannelTests {
    private func channel(_ mean: Float, _ frames: Float, _ band: Band = .telephone) -> Channel {
        Channel(band: band, mean: [mean], frames: frames)
    }

    @Test("Utterances count by their length; what is older than ten seconds counts less")
    func means() {
        var known = channel(1, 100)
        known.take(channel(4, 200))
        #expect(known == channel(3, 300))
        known.take(channel(3, 2_700))
        #expect(known == channel(3, 1_000))
        known.take(channel(7, 1_000))
        #expect(known.mean == [5])
    }

    @Test("Of another band it begins anew")
    func bands() {
        var known = channel(1, 100)
        known.take(channel(4, 20, .wideband))
        #expect(known == channel(4, 20, .wideband))
    }
}
