// A short series of the benchmark that kills: the process dies at random moments, and nothing is lost or doubled.

import Foundation
import Testing

@Suite("Killed at any moment", .enabled(if: Program.isBuilt, "the program is not built"))
struct KillTests {
    @Test("Fifteen lives, and all books add up", arguments: [1, 2])
    func kills(seed: Int) async throws {
        let run = try await Program.run(["bench", "kills", "--kills", "15", "--seed", String(seed), "--json"])
        #expect(run.status == 0, "\(run.errors)")
        let line = try #require(run.lines.first { $0.contains("\"kills\"") && $0.contains("lost") })
        let row = try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
        #expect((row["told"] as? Int ?? 0) > 0, "\(line)")
        for name in [
            "lost", "doubled", "wrongCharges", "wrongParcels", "eventsMissingOrEarly", "booksThatDoNotAddUp",
        ] {
            #expect(row[name] as? Int == 0, "\(name): \(line) \(run.errors)")
        }
    }
}
