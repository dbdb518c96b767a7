/// The bytes of one JSON text, followed by ``padding`` zero bytes.
///
/// The zeros let the reader look at the current byte, and load eight at once, with no bounds check: a zero byte is nowhere
/// allowed in JSON, so every loop stops at it. Owned by a class so that a ``JSONKey`` that outlives its reader still points at live memory.
///
/// `@unchecked Sendable`: the memory is written in `init` only and read-only from then on.
@usableFromInline
final class JSONText: @unchecked Sendable {
    static let padding = 8

    let base: UnsafePointer<UInt8>
    let count: Int
    private let memory: UnsafeMutablePointer<UInt8>

    init(copying bytes: [UInt8]) {
        let count = bytes.count
        let memory = UnsafeMutablePointer<UInt8>.allocate(capacity: count + Self.padding)
        bytes.withUnsafeBufferPointer { source in
            if let start = source.baseAddress { memory.initialize(from: start, count: count) }
        }
        (memory + count).initialize(repeating: 0, count: Self.padding)
        self.count = count
        self.memory = memory
        base = UnsafePointer(memory)
    }

    deinit { memory.deallocate() }

    /// The bytes `start..<end`, clamped to the text.
    func copy(from start: Int, to end: Int) -> [UInt8] {
        let lower = min(max(start, 0), count)
        let upper = min(max(end, lower), count)
        return [UInt8](UnsafeBufferPointer(start: base + lower, count: upper - lower))
    }
}
