/// A path with parameters in braces (OpenAPI 3.1, section 4.8.8.2).
enum PathTemplate {
    /// The names in braces, in order.
    static func parameters(of path: String) -> [String] {
        path.split(separator: "{", omittingEmptySubsequences: false).dropFirst().compactMap { part in
            part.firstIndex(of: "}").map { String(part[..<$0]) }
        }
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

    /// Whether the braces are balanced within each segment, with a name in them, and something stands between two parameters.
    static func isWellFormed(_ path: String) -> Bool {
        path.split(separator: "/").allSatisfy { segment in
            var isInside = false
            var length = 0
            var previous: Character = "/"
            for character in segment {
                switch character {
                case "{":
                    if isInside || previous == "}" { return false }
                    (isInside, length) = (true, 0)
                case "}":
                    if !isInside || length == 0 { return false }
                    isInside = false
                default: length += 1
                }
                previous = character
            }
            return !isInside
        }
    }
}
