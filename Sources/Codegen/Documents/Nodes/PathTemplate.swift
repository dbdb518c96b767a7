/// A path with parameters in braces (OpenAPI 3.1, section 4.8.8.2).
enum PathTemplate {
    /// The names in braces, in order.
    static func parameters(of path: String) -> [String] {
        path.split(separator: "{").dropFirst().compactMap { part in part.firstIndex(of: "}").map { String(part[..<$0]) } }
    }

    /// The path with every parameter unnamed: two templates with the same one match the same requests.
    static func shape(of path: String) -> String {
        var shape = ""
        var isInside = false
        for character in path {
            if character == "{" {
                isInside = true; shape += "{}"
            } else if character == "}" {
                isInside = false
            } else if !isInside {
                shape.append(character)
            }
        }
        return shape
    }

    /// Whether each parameter takes a whole segment and the braces are balanced.
    static func isWellFormed(_ path: String) -> Bool {
        path.split(separator: "/").allSatisfy { segment in
            guard segment.contains("{") || segment.contains("}") else { return true }
            return segment.count > 2 && segment.hasPrefix("{") && segment.hasSuffix("}")
                && !segment.dropFirst().dropLast().contains { $0 == "{" || $0 == "}" }
        }
    }
}
