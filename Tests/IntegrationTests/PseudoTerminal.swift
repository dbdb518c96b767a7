import Dispatch
import Foundation
import Glibc
import Synchronization

/// A terminal whose keyboard and screen the test has: programs ask questions only where somebody can answer.
final class PseudoTerminal: Sendable {
    struct Failure: Error {
        var call: String
        var screen: String
    }

    /// How long a text is waited for.
    private static let patience: Duration = .seconds(60)

    /// The program's side: its standard input and its standard error.
    let device: FileHandle
    private let controller: FileHandle
    /// What was shown and not yet read by the test.
    private let screen = Mutex<[UInt8]>([])

    init() throws {
        var (ours, theirs): (CInt, CInt) = (-1, -1)
        guard openpty(&ours, &theirs, nil, nil, nil) == 0 else { throw Failure(call: "openpty", screen: "") }
        controller = FileHandle(fileDescriptor: ours, closeOnDealloc: true)
        device = FileHandle(fileDescriptor: theirs, closeOnDealloc: true)
        // No other program that is started meanwhile inherits them.
        for descriptor in [ours, theirs] where fcntl(descriptor, F_SETFD, FD_CLOEXEC) != 0 { throw Failure(call: "fcntl", screen: "") }
    }

    /// Types a line.
    func type(_ line: String) throws { try controller.write(contentsOf: Data((line + "\n").utf8)) }

    /// What is shown up to and with `text`.
    ///
    /// - Throws: ``Failure`` when it does not come.
    func read(through text: String) async throws -> String {
        let end = Array(text.utf8)
        let deadline = ContinuousClock.now + Self.patience
        while true {
            let found = screen.withLock { screen -> String? in
                guard let start = screen.indices.first(where: { screen[$0...].starts(with: end) }) else { return nil }
                defer { screen.removeFirst(start + end.count) }
                return String(decoding: screen[..<(start + end.count)], as: UTF8.self)
            }
            if let found { return found }
            guard ContinuousClock.now < deadline, await fill() else {
                throw Failure(call: "read", screen: screen.withLock { String(decoding: $0, as: UTF8.self) })
            }
        }
    }

    /// Waits for more to be shown; false when the program has gone, or shows nothing for long. Waits on a thread that may block.
    private func fill() async -> Bool {
        let descriptor = controller.fileDescriptor
        let bytes = await withCheckedContinuation { (continuation: CheckedContinuation<[UInt8], Never>) in
            DispatchQueue.global().async {
                var event = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
                var buffer = [UInt8](repeating: 0, count: 4096)
                let isReady = poll(&event, 1, CInt(Self.patience.components.seconds) * 1000) > 0
                let count = isReady ? Glibc.read(descriptor, &buffer, buffer.count) : 0
                continuation.resume(returning: Array(buffer.prefix(max(count, 0))))
            }
        }
        screen.withLock { $0 += bytes }
        return !bytes.isEmpty
    }
}
