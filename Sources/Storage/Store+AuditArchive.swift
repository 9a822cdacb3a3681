// Copies of the audit trail that outlive its closing: a file of JSON lines, each with its proof. In: the trail, or such a file. Out:
// the file, or whether it is as it was written. Only the trail's own key proves it, so it is checked beside its database.

public import Foundation
private import Sealing

extension Store {
    /// Copies every line that is there into a new file; gives how many. A trail that was tampered with is copied as it is: its
    /// copy is no more whole than it.
    public func archiveAudit(to url: URL) throws(StoreError) -> Int64 {
        guard let trail = try knownTrail() else { return 0 }
        let file = try PrivateFile.open(url.path, O_CREAT | O_EXCL | O_WRONLY)
        defer { close(file) }
        return try database.snapshot { (database: inout Database) throws(StoreError) in
            let base = try database.run("SELECT number, last FROM audit_base").first
            let first = try base?.integer(0) ?? 0
            var (number, last) = (first, try base?.blob(1))
            var entries = [ArchiveEntry(start: first, last: last, proof: trail.proof(ofBase: first, last ?? []))]
            try database.eachAuditLine(after: first) { line, proof in
                (number, last) = (line.number, proof)
                entries.append(ArchiveEntry(line, proof))
                return true
            }
            entries.append(ArchiveEntry(end: number, proof: trail.proof(ofEnd: number, last ?? [])))
            try PrivateFile.write(Array(entries.map(\.text).joined().utf8), to: file, path: url.path)
            PrivateFile.sync(folderOf: url.path)
            return number - first
        }
    }

    /// Looks at every line of such a file; gives where they begin and end, or the first fault.
    public func verifyAudit(archive url: URL) throws(StoreError) -> Result<AuditProof, AuditFault> {
        let text: String
        do {
            text = try String(contentsOf: url, encoding: .utf8)
        } catch {
            throw .cannotOpen(path: url.path, reason: error.localizedDescription)
        }
        let entries = text.split(separator: "\n").map { ArchiveEntry(text: $0) }
        guard let trail = try knownTrail(), let head = entries.first ?? nil, let start = head.start else {
            return .failure(.beginning)
        }
        guard head.kept == trail.proof(ofBase: start, head.previous ?? []) else { return .failure(.beginning) }
        var check = AuditCheck(trail, after: start, head.previous)
        for entry in entries.dropFirst() {
            if let end = entry?.end {
                let isEnd = end == check.number && entry?.kept == trail.proof(ofEnd: end, check.proof ?? [])
                return isEnd
                    ? .success(AuditProof(closed: start, last: end)) : .failure(.cutOff(after: check.number))
            }
            guard let line = entry?.line, let kept = entry?.kept else { return .failure(.changed(check.number + 1)) }
            if !check.take(line, kept) { break }
        }
        return .failure(check.fault ?? .cutOff(after: check.number))
    }
}

/// One line of the file: where the copy begins, a line of the trail, or where it ends.
private struct ArchiveEntry: Codable {
    var start: Int64?
    var last: String?
    var number: Int64?
    var at: Int64?
    var by: String?
    var act: String?
    var about: String?
    var end: Int64?
    let proof: String

    init(start: Int64, last: [UInt8]?, proof: [UInt8]) {
        (self.start, self.last, self.proof) = (start, last.map(Hexadecimal.text), Hexadecimal.text(proof))
    }

    init(_ line: AuditLine, _ proof: [UInt8]) {
        (number, at, by, act, about) = (line.number, line.at.seconds, line.by, line.act, line.about)
        self.proof = Hexadecimal.text(proof)
    }

    init(end: Int64, proof: [UInt8]) { (self.end, self.proof) = (end, Hexadecimal.text(proof)) }

    /// nil for what is none.
    init?(text: Substring) {
        guard let entry = try? JSONDecoder().decode(Self.self, from: Data(text.utf8)) else { return nil }
        self = entry
    }

    var text: String { json(self) + "\n" }
    var kept: [UInt8]? { Hexadecimal.bytes(proof[...]) }
    /// The proof of the line before the first.
    var previous: [UInt8]? { last.flatMap { Hexadecimal.bytes($0[...]) } }

    var line: AuditLine? {
        guard let number, let at, let by, let act else { return nil }
        return AuditLine(number: number, at: Date(seconds: at), by: by, act: act, about: about)
    }
}
