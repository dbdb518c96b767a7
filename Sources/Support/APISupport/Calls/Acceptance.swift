/// What a request's `Accept` field says of media types (RFC 9110 §12.5.1).
struct Acceptance: Sendable {
    private struct Range {
        var type: String
        var parameters: [(name: String, value: String)]
        var quality: Double
    }

    /// Ranges read of one field; a longer list is nobody's wish.
    private static let maximumRanges = 64

    private let ranges: [Range]

    init(_ field: String) {
        ranges = field.split(separator: ",").prefix(Self.maximumRanges).compactMap { part in
            guard let type = MediaType.essence(String(part)) else { return nil }
            var parameters = MediaType.parameters(String(part))
            var quality = 1.0
            if let index = parameters.firstIndex(where: { $0.name == "q" }) {
                quality = Double(parameterText: parameters[index].value) ?? 0
                parameters.removeSubrange(index...)
            }
            return Range(type: type, parameters: parameters, quality: min(max(quality, 0), 1))
        }
    }

    /// The declared type that is wanted most; of equals the first. nil when none is acceptable.
    func preferred(_ declared: [StaticString]) -> StaticString? {
        var best: (type: StaticString, quality: Double)?
        for type in declared {
            let quality = quality(of: type.description)
            if quality > best?.quality ?? 0 { best = (type, quality) }
        }
        return best?.type
    }

    /// The quality of the most specific range that the type is in.
    private func quality(of declared: String) -> Double {
        let essence = MediaType.essence(declared) ?? declared
        let parameters = MediaType.parameters(declared)
        var best: (rank: Int, quality: Double) = (-1, 0)
        for range in ranges {
            guard let rank = Self.rank(range, essence, parameters), rank > best.rank else { continue }
            best = (rank, range.quality)
        }
        return best.quality
    }

    private static func rank(_ range: Range, _ essence: String, _ parameters: [(name: String, value: String)]) -> Int? {
        let major = essence.prefix { $0 != "/" }
        if range.type == "*/*" || essence == "*/*" { return 0 }
        if range.type.hasSuffix("/*") || essence.hasSuffix("/*") { return range.type.prefix { $0 != "/" } == major ? 1 : nil }
        guard range.type == essence else { return nil }
        let hasAll = range.parameters.allSatisfy { wanted in
            wanted.name == "charset"
                || parameters.contains { $0.name == wanted.name && $0.value.lowercased() == wanted.value.lowercased() }
        }
        return hasAll ? 2 + range.parameters.count : nil
    }
}
