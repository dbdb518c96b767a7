import Crypto
import FoundationEssentials

/// The strong entity tag of some content (RFC 9110 section 8.8.3): a hash of it.
struct EntityTag: Sendable {
    /// With its quotation marks.
    let text: String

    init(of content: [UInt8]) {
        let digits = SHA256.hash(data: content).prefix(16).map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }
        text = "\"\(digits.joined())\""
    }

    /// Whether a field `If-None-Match` has it, so that the content need not be sent (section 13.1.2): compared weakly.
    func isNamed(in field: String?) -> Bool {
        guard let field else { return false }
        return field.split(separator: ",").contains { item in
            var item = item.drop { $0 == " " || $0 == "\t" }
            while item.last == " " || item.last == "\t" { item.removeLast() }
            return item == "*" || item == text || item == "W/" + text
        }
    }
}
