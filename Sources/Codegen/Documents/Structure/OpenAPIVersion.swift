/// The minor versions of OpenAPI that differ in structure.
enum OpenAPIVersion: Int, Comparable, Sendable {
    case v3_0, v3_1, v3_2

    /// - Returns: nil when `text` is no version of the form `3.x.y` that is supported.
    init?(_ text: String) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count >= 3, parts[0] == "3", parts[2].first?.isWholeNumber == true else { return nil }
        switch parts[1] {
        case "0": self = .v3_0
        case "1": self = .v3_1
        case "2": self = .v3_2
        default: return nil
        }
    }

    /// As people write it, such as `3.1`.
    var name: String { "3.\(rawValue)" }

    static func < (lhs: Self, rhs: Self) -> Bool { lhs.rawValue < rhs.rawValue }
}
