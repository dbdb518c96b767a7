import Glibc
import NIOPosix
import Synchronization

/// Lines from standard input, read on a thread that may block, and given up as soon as the task is cancelled.
final class StandardInput: Sendable {
    static let maximumLine = 1 << 20

    private let pending = Mutex<[UInt8]>([])

    /// The next line without its end; nil at the end of the input.
    ///
    /// - Throws: `CancellationError`; ``ConfigurationError`` for a line longer than ``maximumLine``.
    func line() async throws -> String? {
        let isCancelled = CancellationFlag()
        return try await withTaskCancellationHandler {
            try await NIOThreadPool.singleton.runIfActive { try self.readLine(until: isCancelled) }
        } onCancel: {
            isCancelled.set()
        }
    }

    /// Everything up to the end of the input.
    func all() async throws -> String {
        var lines: [String] = []
        var size = 0
        while let line = try await line() {
            size += line.utf8.count
            guard size <= Self.maximumLine else { throw ConfigurationError("the input is longer than \(Self.maximumLine) bytes") }
            lines.append(line)
        }
        return lines.joined(separator: "\n")
    }

    private func readLine(until isCancelled: CancellationFlag) throws -> String? {
        var buffer = [UInt8](repeating: 0, count: 65536)
        while true {
            if let line = pending.withLock({ Self.takeLine(&$0) }) { return line }
            guard pending.withLock({ $0.count }) <= Self.maximumLine else {
                throw ConfigurationError("a line of the input is longer than \(Self.maximumLine) bytes")
            }
            var descriptor = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
            // Short waits: the thread must notice a cancellation, and nothing else can wake it.
            let ready = poll(&descriptor, 1, 100)
            if isCancelled.isSet { throw CancellationError() }
            guard ready != 0 else { continue }
            let count = read(STDIN_FILENO, &buffer, buffer.count)
            if count < 0, errno == EINTR || errno == EAGAIN { continue }
            guard count > 0 else { return pending.withLock { Self.takeRest(&$0) } }
            pending.withLock { $0 += buffer.prefix(count) }
        }
    }

    private static func takeLine(_ bytes: inout [UInt8]) -> String? {
        guard let end = bytes.firstIndex(of: UInt8(ascii: "\n")) else { return nil }
        defer { bytes.removeSubrange(...end) }
        return String(decoding: bytes[..<end], as: UTF8.self)
    }

    private static func takeRest(_ bytes: inout [UInt8]) -> String? {
        guard !bytes.isEmpty else { return nil }
        defer { bytes = [] }
        return String(decoding: bytes, as: UTF8.self)
    }
}

/// Tells a blocking thread that nobody waits for it any more.
private final class CancellationFlag: Sendable {
    private let flag = Atomic(false)

    func set() { flag.store(true, ordering: .relaxed) }

    var isSet: Bool { flag.load(ordering: .relaxed) }
}
