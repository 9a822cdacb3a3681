// What went wrong in words for the operator, whichever module it went wrong in.

import Audio
import Foundation

enum Reason {
    /// The message that an error carries: the project's own say what to do, the system's say what happened.
    static func of(_ error: any Error) -> String {
        switch error {
        case let failure as Failure: return failure.message ?? "failed"
        case RecognizingError.model(let message), RecognizingError.network(let message),
            SynthesizingError.voice(let message), SynthesizingError.failed(let message):
            return message
        case let told as any CustomStringConvertible where !(error is CocoaError): return told.description
        default: return ofSystem(error as NSError)
        }
    }

    private static func ofSystem(_ error: NSError) -> String {
        let inner = (error.userInfo[NSUnderlyingErrorKey] as? NSError) ?? error
        return inner.domain == NSPOSIXErrorDomain ? ofErrno(Int32(inner.code)) : error.localizedDescription
    }

    static func ofErrno(_ number: Int32) -> String {
        unsafe String(cString: strerror(number)).lowercased()
    }
}
