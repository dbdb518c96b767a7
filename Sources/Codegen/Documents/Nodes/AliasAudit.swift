/// Looks, before parsing, for mapping keys that are no plain text in a document that uses aliases.
///
/// Yams hashes the keys of a mapping as it builds it. A key that is an alias to nested aliases would be hashed in time exponential in
/// the size of the document, long before its size can be judged. Such keys have no use in OpenAPI or AsyncAPI.
enum AliasAudit {
    /// The place of the first suspicious key; nil when there is none, and for every document without both an anchor and an alias.
    static func complexKey(in text: String) -> (line: Int, column: Int)? {
        guard text.utf8.contains(UInt8(ascii: "&")), text.utf8.contains(UInt8(ascii: "*")) else { return nil }
        let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        guard lines.contains(where: { hasIndicator("&", in: $0) }), lines.contains(where: { hasIndicator("*", in: $0) }) else { return nil }
        for (number, line) in lines.enumerated() {
            if let column = complexKeyColumn(in: Array(line.unicodeScalars)) { return (number + 1, column) }
        }
        return nil
    }

    /// Whether `&name` or `*name` stands where YAML would read it as an anchor or alias.
    private static func hasIndicator(_ indicator: Unicode.Scalar, in line: Substring) -> Bool {
        var previous: Unicode.Scalar = " "
        var isCandidate = false
        for scalar in line.unicodeScalars {
            if isCandidate, isNameScalar(scalar) { return true }
            isCandidate = scalar == indicator && (previous == " " || "[{,\t".unicodeScalars.contains(previous))
            previous = scalar
        }
        return false
    }

    /// The column of `? `, `*alias :`, `]:` or `}:`, counted from 1.
    private static func complexKeyColumn(in line: [Unicode.Scalar]) -> Int? {
        func isBlank(_ index: Int) -> Bool { index >= line.count || line[index] == " " || line[index] == "\t" }
        for index in line.indices {
            switch line[index] {
            case "?" where isBlank(index + 1) && line[..<index].allSatisfy({ " -\t{[,".unicodeScalars.contains($0) }):
                return index + 1
            case "*" where index == 0 || isBlank(index - 1) || "[{,".unicodeScalars.contains(line[index - 1]):
                var end = index + 1
                while end < line.count, isNameScalar(line[end]) { end += 1 }
                while end < line.count, isBlank(end) { end += 1 }
                if end > index + 1, end < line.count, line[end] == ":", isBlank(end + 1) { return index + 1 }
            case "]", "}":
                var end = index + 1
                while end < line.count, isBlank(end) { end += 1 }
                if end < line.count, line[end] == ":", isBlank(end + 1) { return index + 1 }
            default: continue
            }
        }
        return nil
    }

    private static func isNameScalar(_ scalar: Unicode.Scalar) -> Bool {
        scalar.isASCII && (scalar.properties.isAlphabetic || scalar.properties.numericType != nil || scalar == "_" || scalar == "-")
    }
}
