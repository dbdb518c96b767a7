import FoundationEssentials

/// base64url without padding (RFC 4648 section 5), as JOSE and PKCE use it.
enum Base64URL {
    static func encode(_ bytes: some Sequence<UInt8>) -> String {
        var text = ""
        for character in Data(bytes).base64EncodedString() {
            switch character {
            case "+": text.append("-")
            case "/": text.append("_")
            case "=": break
            default: text.append(character)
            }
        }
        return text
    }

    /// - Returns: nil for anything that ``encode(_:)`` could not have written.
    static func decode(_ text: String) -> [UInt8]? {
        var base64 = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "-": base64.append("+")
            case "_": base64.append("/")
            case "a"..."z", "A"..."Z", "0"..."9": base64.unicodeScalars.append(scalar)
            default: return nil
            }
        }
        base64 += String(repeating: "=", count: (4 - base64.utf8.count % 4) % 4)
        guard let data = Data(base64Encoded: base64) else { return nil }
        let bytes = [UInt8](data)
        return encode(bytes) == text ? bytes : nil
    }
}
