// Times as other systems read them.

import Foundation

extension Date {
    /// As RFC 3339 has it, to the second, in UTC. Foundation's own formatting took a fifteenth of the time that an order took.
    var timestamp: String {
        let (days, second) = seconds.quotientAndRemainder(dividingBy: 86_400)
        let time = second < 0 ? second + 86_400 : second
        // Years that begin in March, in eras of 400 of them (https://howardhinnant.github.io/date_algorithms.html).
        let day = (second < 0 ? days - 1 : days) + 719_468
        let era = (day >= 0 ? day : day - 146_096) / 146_097
        let ofEra = day - era * 146_097
        let year = (ofEra - ofEra / 1_460 + ofEra / 36_524 - ofEra / 146_096) / 365
        let ofYear = ofEra - (365 * year + year / 4 - year / 100)
        let march = (5 * ofYear + 2) / 153
        let month = march < 10 ? march + 3 : march - 9
        var text: [UInt8] = []
        text.reserveCapacity(20)
        func append(_ number: Int64, digits: Int, then mark: Character) {
            for place in (0..<digits).reversed() {
                let power = (0..<place).reduce(Int64(1)) { value, _ in value * 10 }
                text.append(UInt8(ascii: "0") + UInt8(number / power % 10))
            }
            text += String(mark).utf8
        }
        append(year + era * 400 + (month <= 2 ? 1 : 0), digits: 4, then: "-")
        append(month, digits: 2, then: "-")
        append(ofYear - (153 * march + 2) / 5 + 1, digits: 2, then: "T")
        append(time / 3_600, digits: 2, then: ":")
        append(time / 60 % 60, digits: 2, then: ":")
        append(time % 60, digits: 2, then: "Z")
        return String(decoding: text, as: UTF8.self)
    }
}
