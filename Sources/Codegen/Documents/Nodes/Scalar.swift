/// A scalar of a document, resolved by YAML 1.2's core schema (section 10.3.2), which JSON shares: `yes` and `on` are strings.
struct Scalar: Sendable, Equatable {
    /// The text after unquoting.
    let text: String
    /// Written without quotes; only then it can be anything but a string.
    let isPlain: Bool

    var isNull: Bool { isPlain && ["", "~", "null", "Null", "NULL"].contains(text) }

    var boolean: Bool? {
        guard isPlain else { return nil }
        return switch text {
        case "true", "True", "TRUE": true
        case "false", "False", "FALSE": false
        default: nil
        }
    }

    var integer: Int64? {
        guard isPlain else { return nil }
        if text.hasPrefix("0x") { return Int64(text.dropFirst(2), radix: 16) }
        if text.hasPrefix("0o") { return Int64(text.dropFirst(2), radix: 8) }
        return Int64(text)
    }

    /// A finite number; integers included.
    var number: Double? {
        guard isPlain else { return nil }
        if let integer { return Double(integer) }
        // `Double.init` takes more than YAML does: hexadecimal floats, `inf` and `nan` in words.
        guard text.utf8.allSatisfy({ (0x30...0x39).contains($0) || "+-.eE".utf8.contains($0) }), let value = Double(text), value.isFinite
        else {
            return nil
        }
        return value
    }

    var string: String? { isNull || boolean != nil || number != nil ? nil : text }

    var kindDescription: String {
        if isNull { return "null" }
        if boolean != nil { return "a boolean" }
        if number != nil { return "a number" }
        return "a string"
    }
}
