internal import CHiredis
internal import Glibc

/// A command and its arguments, each of which is bytes: nothing in them is ever taken for syntax.
///
/// ```swift
/// try await client.send(["SET", key, .bytes(value), "EX", 60])
/// ```
public struct RedisCommand: Sendable, ExpressibleByArrayLiteral {
    /// As they are sent, one behind the other.
    private var bytes: [UInt8] = []
    private var lengths: [Int] = []

    public init(arrayLiteral elements: RedisArgument...) { self.init(elements) }

    public init(_ arguments: [RedisArgument]) {
        lengths.reserveCapacity(arguments.count)
        bytes.reserveCapacity(arguments.reduce(0) { $0 + $1.size })
        for argument in arguments { append(argument) }
    }

    public mutating func append(_ argument: RedisArgument) {
        let start = bytes.count
        switch argument.value {
        case .text(let text): bytes.append(contentsOf: text.utf8)
        case .bytes(let value): bytes.append(contentsOf: value)
        case .integer(let value): bytes.append(contentsOf: String(value).utf8)
        }
        lengths.append(bytes.count - start)
    }

    /// Hands hiredis' form of the command over, which is valid during the call.
    func withFormatted<Result>(_ body: (UnsafeRawBufferPointer) -> Result) throws -> Result {
        var target: UnsafeMutablePointer<CChar>?
        let count = bytes.withUnsafeBytes { bytes in
            withUnsafeTemporaryAllocation(of: UnsafePointer<CChar>?.self, capacity: lengths.count) { starts in
                withUnsafeTemporaryAllocation(of: Int.self, capacity: lengths.count) { sizes in
                    var offset = 0
                    for (index, length) in lengths.enumerated() {
                        starts.initializeElement(at: index, to: bytes.baseAddress.map { ($0 + offset).assumingMemoryBound(to: CChar.self) })
                        sizes.initializeElement(at: index, to: length)
                        offset += length
                    }
                    return redisFormatCommandArgv(&target, CInt(lengths.count), starts.baseAddress, sizes.baseAddress)
                }
            }
        }
        guard count > 0, let target else { throw RedisError(.overloaded, "There is no memory for a command") }
        defer { redisFreeCommand(target) }
        return body(UnsafeRawBufferPointer(start: target, count: Int(count)))
    }
}

/// An argument of a command.
public struct RedisArgument: Sendable, ExpressibleByStringInterpolation, ExpressibleByIntegerLiteral {
    enum Value {
        case text(String)
        case bytes([UInt8])
        case integer(Int64)
    }

    let value: Value

    /// Bytes that it takes, at most.
    var size: Int {
        switch value {
        case .text(let text): text.utf8.count
        case .bytes(let bytes): bytes.count
        case .integer: 20
        }
    }

    public init(stringLiteral value: String) { self.value = .text(value) }
    public init(integerLiteral value: Int64) { self.value = .integer(value) }
    private init(_ value: Value) { self.value = value }

    public static func text(_ text: String) -> RedisArgument { RedisArgument(.text(text)) }
    public static func bytes(_ bytes: [UInt8]) -> RedisArgument { RedisArgument(.bytes(bytes)) }
    public static func integer(_ value: some BinaryInteger) -> RedisArgument { RedisArgument(.integer(Int64(clamping: value))) }
}
