/// Takes a sequence of JSON texts apart as its bytes come, cut anywhere. A pure state machine; it keeps one item at most.
struct ItemParser: Sendable {
    enum Failure: Error, Equatable, CustomStringConvertible {
        case itemTooLarge(limit: Int)
        /// Text where a record separator has to be.
        case noSeparator
        /// A number or a literal that may have been cut off (RFC 7464 §2.4).
        case truncated

        var description: String {
            switch self {
            case .itemTooLarge(let limit): "an item has more than \(limit) bytes"
            case .noSeparator: "an item does not begin with a record separator"
            case .truncated: "an item is cut off"
            }
        }
    }

    private let format: ItemFormat
    /// Bytes of one item at most.
    private let limit: Int
    private var item: [UInt8] = []
    private var hasBegun = false

    init(_ format: ItemFormat, limit: Int = 1 << 20) {
        self.format = format
        self.limit = limit
    }

    /// Takes more bytes and gives the items that they complete.
    mutating func feed(_ bytes: [UInt8]) throws(Failure) -> [[UInt8]] {
        var items: [[UInt8]] = []
        let separator: UInt8 = format == .lines ? 0x0A : 0x1E
        var rest = bytes[...]
        while let end = rest.firstIndex(of: separator) {
            try append(rest[..<end])
            if let complete = try complete() { items.append(complete) }
            hasBegun = true
            rest = rest[(end + 1)...]
        }
        try append(rest)
        return items
    }

    /// The item that the end of the bytes completes.
    mutating func finish() throws(Failure) -> [UInt8]? { try complete() }

    private mutating func append(_ bytes: ArraySlice<UInt8>) throws(Failure) {
        guard bytes.count <= limit - item.count else { throw .itemTooLarge(limit: limit) }
        item += bytes
    }

    /// The item at hand, unless it is only white space.
    private mutating func complete() throws(Failure) -> [UInt8]? {
        defer { item = [] }
        let isSpace: (UInt8) -> Bool = { $0 == 0x20 || $0 == 0x09 || $0 == 0x0A || $0 == 0x0D }
        guard let first = item.first(where: { !isSpace($0) }) else { return nil }
        guard format == .sequence else { return item }
        guard hasBegun else { throw .noSeparator }
        let endsItself = first == UInt8(ascii: "{") || first == UInt8(ascii: "[") || first == UInt8(ascii: "\"")
        guard endsItself || item.last.map(isSpace) == true else { throw .truncated }
        return item
    }
}
