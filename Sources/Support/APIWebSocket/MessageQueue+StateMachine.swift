internal import APISupport

extension MessageQueue {
    /// The queue's state: bounded by number and by bytes, one producer, one consumer.
    ///
    /// A pure value: what must be resumed is returned, and resumed by the caller outside of the lock.
    struct StateMachine<Reader, Writer> {
        private let maximumMessages: Int
        private let maximumBytes: Int
        private var messages: [[UInt8]] = []
        /// Index of the oldest message in `messages`.
        private var head = 0
        private var bytes = 0
        private var reader: Reader?
        private var writer: Writer?
        private var end: End?
        /// Nobody will read again: messages are dropped.
        private var isAbandoned = false

        enum End {
            case inOrder
            case failed(WebSocketClosed)
        }

        enum Next {
            case message([UInt8])
            case end(End)
        }

        init(maximumMessages: Int, maximumBytes: Int) {
            self.maximumMessages = max(1, maximumMessages)
            self.maximumBytes = maximumBytes
        }

        /// The producer is held back.
        var isFull: Bool { !isAbandoned && end == nil && (messages.count - head >= maximumMessages || bytes >= maximumBytes) }

        /// Takes a message; gives the reader to hand it to, if one waits.
        mutating func put(_ message: [UInt8]) -> Reader? {
            guard end == nil, !isAbandoned else { return nil }
            if let waiting = reader {
                reader = nil
                return waiting
            }
            messages.append(message)
            bytes += message.count
            return nil
        }

        /// Remembers a producer that waits for room; false: there is room.
        mutating func wait(_ writer: Writer) -> Bool {
            guard isFull else { return false }
            self.writer = writer
            return true
        }

        /// The next message or the end, and a producer that has room now; nil: nothing there yet.
        mutating func take() -> (next: Next, writer: Writer?)? {
            guard head < messages.count else { return end.map { (.end($0), nil) } }
            let message = messages[head]
            messages[head] = []
            head += 1
            bytes -= message.count
            if head == messages.count {
                messages.removeAll(keepingCapacity: true)
                head = 0
            }
            guard !isFull, let waiting = writer else { return (.message(message), nil) }
            writer = nil
            return (.message(message), waiting)
        }

        /// Remembers a reader; false: another one waits already.
        mutating func wait(_ reader: Reader) -> Bool {
            guard self.reader == nil else { return false }
            self.reader = reader
            return true
        }

        /// Nothing more comes; what is there can still be taken. The first end counts.
        mutating func finish(_ end: End) -> (reader: Reader?, writer: Writer?, end: End) {
            let first = self.end ?? end
            self.end = first
            defer { (reader, writer) = (nil, nil) }
            return (reader, writer, first)
        }

        mutating func abandon() -> Writer? {
            isAbandoned = true
            messages = []
            (head, bytes) = (0, 0)
            defer { writer = nil }
            return writer
        }

        mutating func cancelReader() -> Reader? {
            defer { reader = nil }
            return reader
        }

        mutating func cancelWriter() -> Writer? {
            defer { writer = nil }
            return writer
        }
    }
}
