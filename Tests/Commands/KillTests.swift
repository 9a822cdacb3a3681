// A short series of the benchmark that kills: the process dies at random moments, nothing is lost or doubled, and nobody half erased.

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
        let erasing = try #require(run.lines.first { $0.contains("toldErased") })
        let left = try #require(try JSONSerialization.jsonObject(with: Data(erasing.utf8)) as? [String: Any])
        for name in ["back", "halfThere", "keysOnTheDisk", "leftOver"] {
            #expect(left[name] as? Int == 0, "\(name): \(erasing) \(run.errors)")
        }
    }

    @Test(
        "What goes wrong on purpose is found",
        arguments: [("lost-order", "lost"), ("double-charge", "wrongCharges"), ("double-parcel", "wrongParcels")])
    func finds(fault: String, column: String) async throws {
        let run = try await Program.run(["bench", "kills", "--kills", "8", "--fault", fault, "--json"])
        let line = try #require(run.lines.first { $0.contains("\"kills\"") && $0.contains("lost") })
        let row = try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
        #expect((row[column] as? Int ?? 0) > 0, "\(line) \(run.errors)")
    }
}
