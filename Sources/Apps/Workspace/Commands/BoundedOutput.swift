/// What is kept of a command's output: its beginning and its end, which say most; the middle of a long one is left out and counted.
struct BoundedOutput: Sendable {
    static let maximumHead = 48 << 10
    static let maximumTail = 16 << 10

    private var head: [UInt8] = []
    private var tail: [UInt8] = []
    private(set) var total = 0

    mutating func append(_ bytes: UnsafeRawBufferPointer) {
        total += bytes.count
        let forHead = min(bytes.count, Self.maximumHead - head.count)
        head.append(contentsOf: bytes.prefix(forHead))
        tail.append(contentsOf: bytes.dropFirst(forHead))
        // Cut only now and then: moving the tail on every read would cost more than it holds.
        if tail.count > 4 * Self.maximumTail { tail.removeFirst(tail.count - Self.maximumTail) }
    }

    var isCut: Bool { total > Self.maximumHead + Self.maximumTail }

    /// The text; bytes that are no UTF-8 are replaced, as a terminal would.
    var text: String {
        let end = tail.suffix(Self.maximumTail)
        let omitted = total - head.count - end.count
        guard omitted > 0 else { return String(decoding: head + end, as: UTF8.self) }
        return String(decoding: head, as: UTF8.self) + "\n… \(omitted) bytes left out …\n" + String(decoding: end, as: UTF8.self)
    }
}
