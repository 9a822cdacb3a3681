// Standard output, standard error and standard input: whole lines out, at once; bounded lines in.

import Foundation

enum Console {
    /// Writes a line to standard output now. Where nobody reads it any more, or it cannot be written, the program ends
    /// with status 1: nothing is lost by that, since whatever was done is durable before it is told.
    static func line(_ text: String) {
        guard let reason = write(text + "\n", to: STDOUT_FILENO) else { return }
        if reason != EPIPE {
            error("rozmova: standard output cannot be written: \(Reason.ofErrno(reason))")
        }
        exit(1)
    }

    /// Writes a line to standard error now; where that fails there is nobody left to tell.
    static func error(_ text: String) { _ = write(text + "\n", to: STDERR_FILENO) }

    /// Whether somebody says yes to a question; at the end of input nobody does.
    static func confirm(_ question: String) -> Bool {
        error("\(question) [y/N]")
        return ["y", "yes"].contains(readLine()?.lowercased() ?? "")
    }

    /// Whether somebody sits in front of standard input.
    static var isTerminal: Bool { isatty(STDIN_FILENO) == 1 }

    /// Asks for a line that the terminal does not show; without a terminal the next line of standard input. nil at its end.
    static func secret(_ prompt: String) -> String? {
        guard isTerminal else { return readLine() }
        FileHandle.standardError.write(Data(prompt.utf8))
        var shown = termios()
        guard unsafe tcgetattr(STDIN_FILENO, &shown) == 0 else { return nil }
        var hidden = shown
        hidden.c_lflag &= ~tcflag_t(ECHO)
        guard unsafe tcsetattr(STDIN_FILENO, TCSAFLUSH, &hidden) == 0 else { return nil }
        defer {
            _ = unsafe tcsetattr(STDIN_FILENO, TCSAFLUSH, &shown)
            error("")
        }
        return readLine()
    }

    /// - Returns: the `errno` of a failure, or nil.
    private static func write(_ text: String, to file: Int32) -> Int32? {
        var text = text
        return text.withUTF8 { bytes in
            var done = 0
            while done < bytes.count {
                let count = unsafe Glibc.write(file, bytes.baseAddress.map { unsafe $0 + done }, bytes.count - done)
                if count >= 0 {
                    done += count
                } else if errno != EINTR {
                    return errno
                }
            }
            return nil
        }
    }
}

/// Lines of standard input. Bytes that are no UTF-8 become replacement characters, control characters become spaces.
struct InputLines {
    enum Line: Equatable { case text(String), tooLong }
    /// Longer than anything a caller says in one breath; more is refused, not kept.
    static let longest = 4_096

    private var buffer: [UInt8] = []
    private var ended = false

    /// The next line without its end, or nil at the end of input. Waits for it.
    mutating func next() -> Line? {
        var skipping = false
        while true {
            if let end = buffer.firstIndex(of: UInt8(ascii: "\n")) {
                let line = buffer[..<end]
                defer { buffer.removeFirst(end + 1) }
                return skipping || line.count > Self.longest ? .tooLong : .text(Self.clean(line))
            }
            if buffer.count > Self.longest {
                skipping = true
                buffer.removeAll(keepingCapacity: true)
            }
            if ended {
                defer { buffer = [] }
                if skipping { return .tooLong }
                return buffer.isEmpty ? nil : .text(Self.clean(buffer[...]))
            }
            readMore()
        }
    }

    private mutating func readMore() {
        var chunk = [UInt8](repeating: 0, count: 4_096)
        let count = unsafe chunk.withUnsafeMutableBytes { unsafe read(STDIN_FILENO, $0.baseAddress, $0.count) }
        if count > 0 {
            buffer += chunk[..<count]
        } else if count == 0 || errno != EINTR {
            ended = true
        }
    }

    private static func clean(_ bytes: ArraySlice<UInt8>) -> String {
        let text = String(decoding: bytes.last == UInt8(ascii: "\r") ? bytes.dropLast() : bytes, as: UTF8.self)
        return String(
            String.UnicodeScalarView(text.unicodeScalars.map { $0.properties.generalCategory == .control ? " " : $0 }))
    }
}
