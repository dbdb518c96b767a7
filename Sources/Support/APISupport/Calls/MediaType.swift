/// A media type without its parameters (RFC 9110 §8.3.1).
enum MediaType {
    /// Type and subtype of a field value, lower case; nil when there are none.
    static func essence(_ field: String) -> String? {
        let essence = field.prefix { $0 != ";" }.filter { $0 != " " && $0 != "\t" }.lowercased()
        let parts = essence.split(separator: "/", omittingEmptySubsequences: false)
        return parts.count == 2 && parts.allSatisfy({ !$0.isEmpty }) ? essence : nil
    }

    /// Whether `essence` is what `declared` says, which may be a range such as `image/*` or `*/*`.
    static func matches(_ essence: String, _ declared: StaticString) -> Bool {
        let declared = declared.description.lowercased()
        if declared == "*/*" || declared == essence { return true }
        return declared.hasSuffix("/*") && essence.hasPrefix(declared.dropLast())
    }

    /// The index of the declared type that fits best: one named in full before a range.
    static func index(of essence: String, in declared: [StaticString]) -> Int? {
        declared.firstIndex { $0.description.lowercased() == essence } ?? declared.firstIndex { matches(essence, $0) }
    }
}
