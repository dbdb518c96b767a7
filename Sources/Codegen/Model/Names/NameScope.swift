/// A Swift scope in which every identifier is given out once.
///
/// Whoever comes first keeps the plain name; a later claim of the same one gets the lowest free number behind it. Claims are made in
/// document order, so the outcome depends on the document alone.
public struct NameScope: Sendable {
    private var taken: Set<String>
    /// The next number to try behind a name.
    private var numbers: [String: Int] = [:]

    /// - Parameter reserved: Names that generated code uses in this scope for itself.
    public init(reserved: Set<String> = []) { taken = reserved }

    /// The identifier to use for `candidate`: itself, or itself with a number.
    public mutating func claim(_ candidate: String) -> String {
        let plain = Namer.unescaped(candidate)
        if taken.insert(plain).inserted { return candidate }
        var number = numbers[plain] ?? 2
        while !taken.insert("\(plain)\(number)").inserted { number += 1 }
        numbers[plain] = number + 1
        return "\(plain)\(number)"
    }
}
