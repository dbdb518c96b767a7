/// A segment of a path template with parameters in it (OpenAPI 3.2 §4.8.2): literals before, between and after them.
struct SegmentPattern: Sendable, Equatable {
    private(set) var names: [String] = []
    /// One more than there are names.
    private(set) var literals: [String] = [""]

    /// nil for a segment without parameters.
    init?(_ segment: Substring) {
        var rest = segment
        while let open = rest.firstIndex(of: "{"), let close = rest[open...].firstIndex(of: "}") {
            literals[literals.count - 1] = String(rest[..<open])
            names.append(String(rest[rest.index(after: open)..<close]))
            literals.append("")
            rest = rest[rest.index(after: close)...]
        }
        guard !names.isEmpty else { return nil }
        literals[literals.count - 1] = String(rest)
    }

    var literalLength: Int { literals.reduce(0) { $0 + $1.utf8.count } }

    /// The parameters' values in a segment as it came, none of them empty; each ends where the next literal is first found. nil when the
    /// segment is none of this pattern. A literal may be there encoded or not.
    func values(in segment: Substring) -> [Substring]? {
        guard names.count > 1 || literalLength > 0 else { return segment.isEmpty ? nil : [segment] }
        guard var rest = Self.spellings(literals[0]).lazy.compactMap({ segment.hasPrefix($0) ? segment.dropFirst($0.count) : nil }).first
        else { return nil }
        var values: [Substring] = []
        for literal in literals.dropFirst().dropLast() {
            guard !rest.isEmpty else { return nil }
            let found = Self.spellings(literal).compactMap { rest.dropFirst().firstRange(of: $0) }
            guard let range = found.min(by: { $0.lowerBound < $1.lowerBound }) else { return nil }
            values.append(rest[..<range.lowerBound])
            rest = rest[range.upperBound...]
        }
        let last = literals[literals.count - 1]
        guard let ending = Self.spellings(last).first(where: { rest.hasSuffix($0) }) else { return nil }
        let value = rest.dropLast(ending.count)
        guard !value.isEmpty else { return nil }
        return values + [value]
    }

    private static func spellings(_ literal: String) -> [String] {
        let encoded = PercentEncoding.encode(literal)
        return encoded == literal ? [literal] : [literal, encoded]
    }
}
