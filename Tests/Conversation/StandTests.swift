// A stand from customer to customer: who wakes it, what a lamp shows, and what the next customer finds of the one before.

import Audio
import Conversation
import Lines
import Synchronization
import Testing

@Suite("A stand in a shop")
struct StandTests {
    /// What happened, in words.
    private final class Story: Sendable {
        private let lines = Mutex<[String]>([])
        func tell(_ line: String) { lines.withLock { $0.append(line) } }
        var all: [String] { lines.withLock { $0 } }
    }

    /// Finds the phrase at these frames.
    private actor Ears: Spotting {
        private var frames: Set<Int>
        private(set) var forgot = 0
        init(at frames: Set<Int>) { self.frames = frames }
        func hear(_ frame: AudioFrame) -> Bool { frames.remove(frame.sampleIndex / 160) != nil }
        func forget() { forgot += 1 }
    }

    /// A conversation of so many frames in which the assistant says half a second and hangs up.
    private static func lead(_ story: Story, frames: Int) -> @Sendable (any AudioLine) async -> Void {
        { visit in
            story.tell("begins")
            await visit.stopPlaying()
            await visit.play([Int16](repeating: 500, count: 4_000))
            for _ in 0..<frames {
                guard case .frame(let frame) = await visit.next() else { return story.tell("left") }
                if frame.sampleIndex == 0 { story.tell("clock 0") }
            }
            await visit.hangUp()
            while case .frame = await visit.next() {}
            story.tell("ends")
        }
    }

    private static func stand(
        _ line: any AudioLine, _ waking: Waking, _ story: Story, frames: Int = 50
    ) -> Stand {
        Stand(line: line, waking: waking, lead: lead(story, frames: frames)) { story.tell($0.rawValue) }
    }

    @Test("A phrase wakes it, twice, and each customer is a new one")
    func phrase() async throws {
        let line = NotedLine(FileLine(continuous: Sound.room(8), band: .telephone))
        let (story, ears) = (Story(), Ears(at: [20, 200]))
        try await Self.stand(line, .phrase(ears), story).run()
        let visit = ["listening", "begins", "speaking", "clock 0", "listening", "ends", "waiting"]
        #expect(story.all == ["away", "waiting"] + visit + visit, "\(story.all)")
        #expect(await ears.forgot == 2)
        // The chime was heard to its end, and so was the assistant.
        #expect(await line.stops.isEmpty)
        #expect(await line.played == 2 * (Chime.listening(.telephone).count + 4_000))
    }

    @Test("A button wakes it; the same words do not")
    func button() async throws {
        let story = Story()
        let line = FileLine(continuous: Sound.room(1) + Sound.voice(2) + Sound.room(3), band: .telephone)
        let stand = Self.stand(line, .button, story)
        stand.wake()
        try await stand.run()
        #expect(story.all.count { $0 == "begins" } == 1, "\(story.all)")
    }

    @Test("Where nothing else is set, any speech wakes it, and noise does not")
    func speech() async throws {
        for (sound, visits) in [(Sound.room(3), 0), (Sound.room(1) + Sound.voice(1) + Sound.room(3), 1)] {
            let story = Story()
            try await Self.stand(FileLine(continuous: sound, band: .telephone), .speech, story).run()
            #expect(story.all.count { $0 == "begins" } == visits, "\(story.all)")
        }
    }

    @Test("Who walks away ends the conversation at once")
    func leaving() async throws {
        let story = Story()
        let box = Mutex<Stand?>(nil)
        let stand = Stand(
            line: FileLine(continuous: Sound.room(10), band: .telephone), waking: .button,
            lead: { visit in
                await visit.play([Int16](repeating: 500, count: 80_000))
                var frames = 0
                while case .frame(let frame) = await visit.next() {
                    frames += 1
                    if frame.sampleIndex == 16_000 { box.withLock { $0 }?.leave() }
                }
                story.tell("over after \(frames) frames, \(await visit.toBePlayed) to be said")
            }, onPhase: { _ in })
        box.withLock { $0 = stand }
        stand.wake()
        try await stand.run()
        #expect(story.all == ["over after 101 frames, 0 to be said"])
    }

    /// Without devices between the frames.
    private actor BrokenLine: AudioLine {
        nonisolated let band = Band.telephone
        private var events: [LineEvent]
        init(_ events: [LineEvent]) { self.events = events.reversed() }
        func next() -> LineEvent { events.popLast() ?? .ended(.inputEnd) }
        func play(_ samples: [Int16]) {}
        func stopPlaying() -> Int { 0 }
        var toBePlayed: Int { 0 }
        func hangUp() {}
    }

    @Test("Devices that are lost end the conversation, and the stand serves the next one")
    func loss() async throws {
        let frames = (0..<10).map { LineEvent.frame(AudioFrame(sampleIndex: $0 * 160, samples: Sound.room(0.02))) }
        let line = BrokenLine(frames + [.ended(.failed("unplugged"))] + frames)
        let story = Story()
        try await Self.stand(line, .phrase(Ears(at: [3])), story).run()
        #expect(story.all == ["away", "waiting", "listening", "begins", "clock 0", "left", "away", "waiting"])
    }
}
