// Reading one JSON5 file of a language pack, with errors that name the file and the place.
// In: a folder and a file name. Out: the decoded value, or why it cannot be had.

import Foundation

/// Why a language cannot be spoken.
public enum LanguagePackError: Error, Sendable, Equatable, CustomStringConvertible {
    /// There is no pack for the language: its code, where it was looked for, and what to do.
    case missing(code: String, folder: String, advice: String)
    /// A file of the pack cannot be used: which, where in it and why.
    case malformed(file: String, reason: String)

    /// A message for the operator.
    public var description: String {
        switch self {
        case .missing(let code, let folder, let advice): "no language pack '\(code)' in \(folder): \(advice)"
        case .malformed(let file, let reason): "language pack file \(file): \(reason)"
        }
    }
}

/// The files of a pack.
enum PackFile {
    /// The bytes of `name` in `folder`.
    static func data(_ name: String, in folder: URL) throws(LanguagePackError) -> Data {
        let file = folder.appending(path: name)
        do { return try Data(contentsOf: file) } catch {
            let found = FileManager.default.fileExists(atPath: file.path)
            throw .malformed(file: file.path, reason: found ? "it cannot be read" : "it is missing")
        }
    }

    /// Decodes `name` in `folder`.
    static func read<Value: Decodable>(_ type: Value.Type, _ name: String, in folder: URL)
        throws(LanguagePackError) -> Value
    {
        let data = try data(name, in: folder)
        do {
            let decoder = JSONDecoder()
            decoder.allowsJSON5 = true
            return try decoder.decode(type, from: data)
        } catch { throw .malformed(file: folder.appending(path: name).path, reason: reason(error)) }
    }

    /// The place and the reason of a decoding error.
    static func reason(_ error: any Error) -> String {
        guard let error = error as? DecodingError else { return "\(error)" }
        let context: DecodingError.Context
        var what: String?
        switch error {
        case .typeMismatch(_, let it): context = it
        case .valueNotFound(_, let it): context = it
        case .keyNotFound(let key, let it):
            context = it
            what = "'\(key.stringValue)' is missing"
        case .dataCorrupted(let it): context = it
        @unknown default: return "\(error)"
        }
        let place = context.codingPath.reduce("") { path, key in
            if let index = key.intValue { return "\(path)[\(index)]" }
            return path.isEmpty ? key.stringValue : "\(path).\(key.stringValue)"
        }
        if place.isEmpty, what == nil, case .dataCorrupted = error { return "it is not JSON5" }
        let text = what ?? context.debugDescription
        return place.isEmpty ? text : "\(place): \(text)"
    }
}
