// Passwords and numbers of telephone lines: where they come from. In: the configuration, credentials, the environment,
// what a call says of its caller. Out: settings that are complete; a number in E.164, or none.

import Foundation
import Lines

enum Secrets {
    /// The line's settings with their passwords: of systemd credentials, else of the environment; and with the certificate for TLS,
    /// a credential too where the settings name no file. A line's own come before those of all lines.
    static func filledIn(_ phone: Settings.Phone) throws -> Settings.Phone {
        var phone = phone
        if phone.line.account != nil {
            let secret = try password("sip-register-password", of: phone)
            phone.line.account?.password = secret
        }
        if let user = phone.loginUser {
            phone.line.login = (user, try password("sip-login-password", of: phone))
        }
        if phone.line.tlsPort != nil, phone.line.certificate == nil {
            let names = ["sip-certificate-\(phone.name)", "sip-certificate"]
            guard let file = names.lazy.compactMap(Composition.credentialFile).first else {
                throw Failure(
                    "\(phone.name) has no certificate for tls: give it the credential sip-certificate, or set `certificate`"
                )
            }
            phone.line.certificate = file
        }
        return phone
    }

    private static func password(_ name: String, of phone: Settings.Phone) throws -> String {
        let own = try? Composition.credential("\(name)-\(phone.name)")
        return try own ?? Composition.credential(name)
    }
}

extension PhoneNumber {
    /// The caller's number where the network vouches for it, or the configuration trusts what callers say.
    static func of(_ caller: PhoneCaller, by phone: Settings.Phone) -> String? {
        let text = phone.callerNumber == .claimed && caller.asserted.isEmpty ? caller.claimed : caller.asserted
        return international(text, countryCode: phone.countryCode)
    }

    /// "+380671234567", "00380671234567", and "0671234567" where the country is known.
    static func international(_ text: String, countryCode: String?) -> String? {
        let digits = text.filter { !"-. ()".contains($0) }
        let number =
            if digits.hasPrefix("+") {
                digits
            } else if digits.hasPrefix("00") {
                "+" + digits.dropFirst(2)
            } else if let countryCode, digits.hasPrefix("0") {
                "+" + countryCode + digits.dropFirst()
            } else if let countryCode, digits.hasPrefix(countryCode) {
                "+" + digits
            } else {
                ""
            }
        return isE164(number) ? number : nil
    }
}
