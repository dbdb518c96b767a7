internal import CHiredis

/// Makes answers of the bytes that come from a server: hiredis' reader, with values of Swift as its objects.
///
/// Not to be used from two threads at once.
struct RedisReplyReader: ~Copyable {
    private let reader: UnsafeMutablePointer<redisReader>
    /// Takes each answer that is no array, so that these need no object of their own.
    private let scalar = Node(.null)
    private let limit: Int
    /// Bytes since the last whole answer.
    private var pending = 0

    /// - Parameter limit: Bytes of one answer.
    init(limit: Int) throws {
        guard let reader = redisReaderCreateWithFunctions(Self.functions) else {
            throw RedisError(.connectionFailed, "There is no memory for a connection")
        }
        reader.pointee.privdata = Unmanaged.passUnretained(scalar).toOpaque()
        self.reader = reader
        self.limit = limit
    }

    deinit { redisReaderFree(reader) }

    mutating func feed(_ bytes: UnsafeRawBufferPointer) throws {
        guard let start = bytes.baseAddress, !bytes.isEmpty else { return }
        pending += bytes.count
        guard redisReaderFeed(reader, start.assumingMemoryBound(to: CChar.self), bytes.count) == REDIS_OK else { throw failure }
    }

    /// The next answer, as soon as all of it is there.
    ///
    /// - Throws: ``RedisError`` of code `invalidReply`; the connection is of no use then.
    mutating func next() throws -> RedisValue? {
        var reply: UnsafeMutableRawPointer?
        guard redisReaderGetReply(reader, &reply) == REDIS_OK else { throw failure }
        guard let reply else {
            guard pending <= limit else { throw RedisError(.invalidReply, "An answer has more than \(limit) bytes") }
            return nil
        }
        pending = reader.pointee.len - reader.pointee.pos
        return Unmanaged<Node>.fromOpaque(reply).takeRetainedValue().take()
    }

    private var failure: RedisError {
        let text = withUnsafeBytes(of: reader.pointee.errstr) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
        return RedisError(.invalidReply, "The server's answer cannot be understood: \(text)")
    }

    // MARK: Objects of hiredis

    /// Elements of one array: what announces more is not believed.
    private static let maximumElements: CInt = 4_000_000

    /// An answer that is being read. The reader owns the outermost one, and arrays their elements.
    private final class Node {
        private var content: RedisValue
        private var elements: [Node]?

        init(_ content: RedisValue) { self.content = content }

        init(elements count: Int) {
            content = .null
            elements = []
            // The elements are not here yet, and may never come.
            elements?.reserveCapacity(min(count, 1024))
        }

        func append(_ node: Node) { elements?.append(node) }

        /// Its value; hiredis does not nest arrays deeper than seven levels.
        func take() -> RedisValue {
            if let elements { return .array(elements.map { $0.take() }) }
            defer { content = .null }
            return content
        }

        /// What the reader gets for an answer that is no array: it owns the outermost node only.
        static func place(_ content: RedisValue, _ task: UnsafePointer<redisReadTask>?) -> UnsafeMutableRawPointer? {
            guard let task else { return nil }
            if task.pointee.parent != nil { return place(Node(content), task) }
            guard let scalar = task.pointee.privdata else { return nil }
            let node = Unmanaged<Node>.fromOpaque(scalar)
            node.takeUnretainedValue().content = content
            return node.retain().toOpaque()
        }

        static func place(_ node: Node, _ task: UnsafePointer<redisReadTask>?) -> UnsafeMutableRawPointer? {
            guard let parent = task?.pointee.parent else { return Unmanaged.passRetained(node).toOpaque() }
            guard let object = parent.pointee.obj else { return nil }
            Unmanaged<Node>.fromOpaque(object).takeUnretainedValue().append(node)
            return Unmanaged.passUnretained(node).toOpaque()
        }
    }

    // Never changed, and never freed: the readers share it.
    nonisolated(unsafe) private static let functions: UnsafeMutablePointer<redisReplyObjectFunctions> = {
        let functions = UnsafeMutablePointer<redisReplyObjectFunctions>.allocate(capacity: 1)
        functions.initialize(
            to: redisReplyObjectFunctions(
                createString: { task, text, length in
                    let bytes = UnsafeRawBufferPointer(start: text, count: length)
                    switch task?.pointee.type {
                    case REDIS_REPLY_STATUS: return Node.place(.status(String(decoding: bytes, as: UTF8.self)), task)
                    case REDIS_REPLY_ERROR: return Node.place(.error(String(decoding: bytes, as: UTF8.self)), task)
                    default: return Node.place(.string(Array(bytes)), task)
                    }
                },
                createArray: { task, count in
                    guard count >= 0, count <= RedisReplyReader.maximumElements else { return nil }
                    return Node.place(Node(elements: Int(count)), task)
                },
                createInteger: { task, value in Node.place(.integer(value), task) },
                createNil: { task in Node.place(.null, task) },
                freeObject: { object in
                    if let object { Unmanaged<Node>.fromOpaque(object).release() }
                }))
        return functions
    }()
}
