internal import Glibc
internal import Synchronization

/// Numbers that many threads add to at once: each thread to a shard of its own as far as there are enough, so that processors do not pass one
/// cache line to and fro. What a number is, is the sum of its cells.
///
/// `@unchecked Sendable`: the memory holds atomics only, and lives as long as this object.
final class ShardedCells: @unchecked Sendable {
    private static let cellsPerLine = 8
    /// A power of two.
    private static let shards: Int = {
        let processors = max(1, min(8, Int(sysconf(CInt(_SC_NPROCESSORS_ONLN)))))
        return processors == 1 ? 1 : 1 << (Int.bitWidth - (processors - 1).leadingZeroBitCount)
    }()

    private let shards = ShardedCells.shards
    /// Leaves as many bits of a word as a shard's number has.
    private let shift = UInt(UInt.bitWidth - ShardedCells.shards.trailingZeroBitCount)
    /// Of a shard, in cells.
    private let width: Int
    private let cells: UnsafeMutablePointer<Atomic<UInt64>>

    /// - Parameter count: How many numbers.
    init(count: Int) {
        let line = Self.cellsPerLine
        width = (count + line - 1) / line * line
        let size = width * shards
        cells = UnsafeMutableRawPointer.allocate(byteCount: size * 8, alignment: line * 8).bindMemory(
            to: Atomic<UInt64>.self, capacity: size)
        for index in 0..<size { (cells + index).initialize(to: Atomic(0)) }
    }

    deinit {
        cells.deinitialize(count: width * shards)
        UnsafeMutableRawPointer(cells).deallocate()
    }

    /// The first cell of this thread's shard.
    private var shard: Int { Int((pthread_self() &* 0x9E37_79B9_7F4A_7C15) >> shift) * width }

    /// Adds to a number that is kept as an integer.
    func add(_ amount: UInt64, to index: Int) { cells[shard + index].wrappingAdd(amount, ordering: .relaxed) }

    /// Adds to a number that is kept as a `Double`'s bits.
    func add(_ amount: Double, to index: Int) {
        let cell = shard + index
        var old = cells[cell].load(ordering: .relaxed)
        while true {
            let new = (Double(bitPattern: old) + amount).bitPattern
            let (isDone, found) = cells[cell].weakCompareExchange(expected: old, desired: new, ordering: .relaxed)
            if isDone { return }
            old = found
        }
    }

    func integer(_ index: Int) -> UInt64 {
        (0..<shards).reduce(0) { $0 &+ cells[$1 * width + index].load(ordering: .relaxed) }
    }

    func double(_ index: Int) -> Double {
        (0..<shards).reduce(0) { $0 + Double(bitPattern: cells[$1 * width + index].load(ordering: .relaxed)) }
    }

    /// Makes all numbers 0. What is added meanwhile may be lost.
    func clear() {
        for index in 0..<width * shards { cells[index].store(0, ordering: .relaxed) }
    }
}
