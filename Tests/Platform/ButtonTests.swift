// Buttons: what a FIFO takes for a word, what an input device has for a key.

import Foundation
@testable import Platform
import Testing

@Suite("Buttons")
struct ButtonTests {
    @Test("Words of a FIFO arrive, other words do not")
    func fifo() async throws {
        let path = FileManager.default.temporaryDirectory.appending(path: "rozmova-button-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        let button = ButtonFile(path)
        let file = unsafe open(path, O_RDWR)
        #expect(file >= 0)
        defer { Glibc.close(file) }
        let words = Array("wake\nnonsense\n leave \nwa".utf8)
        #expect(unsafe write(file, words, words.count) == words.count)
        var found: [ButtonFile.Event] = []
        for await event in button.events {
            found.append(event)
            if found.count == 2 { break }
        }
        #expect(found == [.wake, .leave])
        button.close()
    }

    @Test("Of an input device a press counts, not holding, releasing or moving")
    func keys() {
        func event(_ type: UInt8, _ value: UInt8) -> [UInt8] {
            [UInt8](repeating: 0, count: 16) + [type, 0, 28, 0, value, 0, 0, 0]
        }
        var bytes = event(1, 1) + event(0, 0) + event(1, 2) + event(1, 0) + event(2, 1) + event(1, 1) + [1, 2, 3]
        #expect(ButtonFile.takeKeys(&bytes) == [.wake, .wake])
        #expect(bytes == [1, 2, 3])
    }
}
