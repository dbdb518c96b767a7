/// Bytes that grow while they are written, in memory of their own: storing one has none of an array's checks.
///
/// `@unchecked Sendable`: the memory belongs to this one value, which cannot be copied.
struct JSONOutput: ~Copyable, @unchecked Sendable {
    private var memory: UnsafeMutablePointer<UInt8>
    private var capacity: Int
    private var count = 0

    init(capacity: Int) {
        self.capacity = max(capacity, 64)
        memory = .allocate(capacity: self.capacity)
    }

    deinit { memory.deallocate() }

    /// A copy of what has been written.
    var bytes: [UInt8] { [UInt8](UnsafeBufferPointer(start: memory, count: count)) }

    /// Makes room for that many bytes, so that ``store(_:)`` may be called as often.
    @inline(__always)
    mutating func reserve(_ additional: Int) {
        if capacity &- count < additional { grow(by: additional) }
    }

    @inline(never)
    private mutating func grow(by additional: Int) {
        capacity = max(capacity * 2, count + additional)
        let larger = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity)
        larger.initialize(from: memory, count: count)
        memory.deallocate()
        memory = larger
    }

    /// Room must have been reserved.
    @inline(__always)
    mutating func store(_ byte: UInt8) {
        assert(count < capacity)
        memory[count] = byte
        count &+= 1
    }

    /// That many bytes, asked for from the last to the first. Room must have been reserved.
    @inline(__always)
    mutating func storeBackwards(_ length: Int, _ byte: () -> UInt8) {
        assert(length <= capacity - count)
        var index = length
        while index > 0 {
            index &-= 1
            memory[count &+ index] = byte()
        }
        count &+= length
    }

    @inline(__always)
    mutating func append(_ byte: UInt8) {
        reserve(1)
        store(byte)
    }

    mutating func append(_ bytes: UnsafeBufferPointer<UInt8>) {
        guard let start = bytes.baseAddress else { return }
        reserve(bytes.count)
        (memory + count).initialize(from: start, count: bytes.count)
        count &+= bytes.count
    }

    mutating func append(_ text: StaticString) { append(UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)) }

    mutating func append(_ text: String) {
        var text = text
        text.withUTF8 { append($0) }
    }

    // MARK: Strings

    /// A JSON string (RFC 8259 §7), with room for `following` bytes behind it.
    @inline(__always)
    mutating func appendString(_ text: String, following: Int = 0) {
        let isDone: Void? = text.utf8.withContiguousStorageIfAvailable { appendString($0, following: following) }
        if isDone == nil {
            var text = text
            text.withUTF8 { appendString($0, following: following) }
        }
    }

    mutating func appendString(_ text: UnsafeBufferPointer<UInt8>, following: Int = 0) {
        reserve(text.count &+ 2 &+ following)
        store(UInt8(ascii: "\""))
        if let start = text.baseAddress {
            var index = copyPlain(start, text.count)
            while index < text.count {
                reserve(6 &+ text.count &- index &+ 1 &+ following)
                storeEscape(start[index])
                index &+= 1
                index &+= copyPlain(start + index, text.count &- index)
            }
        }
        store(UInt8(ascii: "\""))
    }

    /// Copies bytes up to the first that must be escaped, eight at a time; gives how many. Room must have been reserved.
    @inline(__always)
    private mutating func copyPlain(_ source: UnsafePointer<UInt8>, _ length: Int) -> Int {
        let raw = UnsafeRawPointer(source)
        let target = UnsafeMutableRawPointer(memory + count)
        var index = 0
        while index &+ 8 <= length {
            let word = raw.loadUnaligned(fromByteOffset: index, as: UInt64.self)
            if JSONCharacters.special(word) != 0 { break }
            target.storeBytes(of: word, toByteOffset: index, as: UInt64.self)
            index &+= 8
        }
        while index < length {
            let byte = source[index]
            if byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") { break }
            target.storeBytes(of: byte, toByteOffset: index, as: UInt8.self)
            index &+= 1
        }
        count &+= index
        return index
    }

    private mutating func storeEscape(_ byte: UInt8) {
        store(UInt8(ascii: "\\"))
        switch byte {
        case 0x08: store(UInt8(ascii: "b"))
        case 0x09: store(UInt8(ascii: "t"))
        case 0x0A: store(UInt8(ascii: "n"))
        case 0x0C: store(UInt8(ascii: "f"))
        case 0x0D: store(UInt8(ascii: "r"))
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): store(byte)
        default:
            store(UInt8(ascii: "u"))
            store(UInt8(ascii: "0"))
            store(UInt8(ascii: "0"))
            store(HexDigits.lower(byte >> 4))
            store(HexDigits.lower(byte))
        }
    }
}

/// The characters that end a run of plain text in a JSON string.
enum JSONCharacters {
    /// Not 0 when one of eight bytes is a quote, a backslash or a control character. The high bit of such a byte is set; borrows can set false
    /// bits only above a true one, so the lowest is right.
    @inline(__always)
    static func special(_ word: UInt64) -> UInt64 {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let highs: UInt64 = 0x8080_8080_8080_8080
        let quote = word ^ (ones &* 0x22)
        let backslash = word ^ (ones &* 0x5C)
        return (((quote &- ones) & ~quote) | ((backslash &- ones) & ~backslash) | ((word &- ones &* 0x20) & ~word)) & highs
    }
}
