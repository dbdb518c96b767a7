internal import CHiredis

/// A command and its arguments, each of which is bytes: nothing in them is ever taken for syntax.
///
/// ```swift
/// try await client.send(["SET", key, .bytes(value), "EX", 60])
/// ```
public struct RedisCommand: Sendable, ExpressibleByArrayLiteral {
    private var arguments: [RedisArgument]

    public init(arrayLiteral elements: RedisArgument...) { arguments = elements }

    public init(_ arguments: [RedisArgument]) { self.arguments = arguments }

    public mutating func append(_ argument: RedisArgument) { arguments.append(argument) }

    /// Hands hiredis' form of the command over, which is valid during the call.
    func withFormatted<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) throws -> Result {
        var target: sds?
        let count = withUnsafeTemporaryAllocation(of: UInt8.self, capacity: arguments.reduce(0) { $0 + $1.size }) { bytes in
            withUnsafeTemporaryAllocation(of: UnsafePointer<CChar>?.self, capacity: arguments.count) { starts in
                withUnsafeTemporaryAllocation(of: Int.self, capacity: arguments.count) { sizes in
                    var free = bytes
                    for (index, argument) in arguments.enumerated() {
                        let size = argument.copy(to: free)
                        starts.initializeElement(
                            at: index, to: free.baseAddress.map { UnsafeRawPointer($0).assumingMemoryBound(to: CChar.self) })
                        sizes.initializeElement(at: index, to: size)
                        free = UnsafeMutableBufferPointer(rebasing: free[size...])
                    }
                    return redisFormatSdsCommandArgv(&target, CInt(arguments.count), starts.baseAddress, sizes.baseAddress)
                }
            }
        }
        guard count > 0, let target else { throw RedisError(.overloaded, "There is no memory for a command") }
        defer { redisFreeSdsCommand(target) }
        return try body(UnsafeRawBufferPointer(start: target, count: Int(count)))
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

    /// - Parameter target: Has room for ``size`` bytes.
    /// - Returns: How many they are.
    func copy(to target: UnsafeMutableBufferPointer<UInt8>) -> Int {
        switch value {
        case .text(let text): target.update(fromContentsOf: text.utf8)
        case .bytes(let bytes): target.update(fromContentsOf: bytes)
        case .integer(let value): target.update(fromContentsOf: String(value).utf8)
        }
    }

    public init(stringLiteral value: String) { self.value = .text(value) }
    public init(integerLiteral value: Int64) { self.value = .integer(value) }
    private init(_ value: Value) { self.value = value }

    public static func text(_ text: String) -> RedisArgument { RedisArgument(.text(text)) }
    public static func bytes(_ bytes: [UInt8]) -> RedisArgument { RedisArgument(.bytes(bytes)) }
    public static func integer(_ value: some BinaryInteger) -> RedisArgument { RedisArgument(.integer(Int64(clamping: value))) }
}
