internal import HTTPTypes

/// Takes a multipart body apart as its bytes come, cut anywhere (RFC 2046 §5.1.1, RFC 7578).
///
/// A pure state machine. It keeps no more than one part's header and the bytes that may be the start of a delimiter; time is linear in the
/// bytes, since a delimiter's first byte occurs in it but once.
struct MultipartParser: Sendable {
    enum Event: Sendable, Equatable {
        /// A part begins.
        case head(HTTPFields)
        /// Bytes of the part's body.
        case body([UInt8])
        /// The part is whole.
        case end
    }

    private enum State: Sendable {
        case preamble
        /// Behind a delimiter: `--`, or the end of its line.
        case delimiter
        case header
        case body
        case epilogue
    }

    private let limits: MultipartLimits
    /// CR LF `--` boundary.
    private let delimiter: [UInt8]
    private var state = State.preamble
    /// Bytes not yet interpreted. The body may begin with a delimiter, whose line break is put in front here.
    private var buffer: [UInt8] = [0x0D, 0x0A]
    private var skipped = 0
    /// Bytes of the header at hand that were looked at.
    private var scanned = 0
    private var parts = 0

    /// nil for what is no boundary: 1 to 70 characters (RFC 2046 §5.1.1).
    init?(boundary: String, limits: MultipartLimits = MultipartLimits()) {
        guard (1...70).contains(boundary.utf8.count), boundary.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }), !boundary.hasSuffix(" ")
        else { return nil }
        delimiter = [0x0D, 0x0A, 0x2D, 0x2D] + Array(boundary.utf8)
        self.limits = limits
    }

    /// Takes more bytes and gives what they complete.
    mutating func feed(_ bytes: [UInt8]) throws(MultipartFailure) -> [Event] {
        var events: [Event] = []
        guard state != .epilogue else { return events }
        buffer += bytes
        var start = 0
        while try step(&start, &events) {}
        buffer.removeFirst(start)
        return events
    }

    /// Checks that the body ended with its last delimiter.
    func finish() throws(MultipartFailure) {
        if state != .epilogue { throw .unexpectedEnd }
    }

    /// Interprets bytes from `start` on; false when more are needed.
    private mutating func step(_ start: inout Int, _ events: inout [Event]) throws(MultipartFailure) -> Bool {
        switch state {
        case .preamble:
            let (end, isFound) = findDelimiter(from: start)
            skipped += end - start
            guard skipped <= limits.preambleSize else { throw .preambleTooLarge }
            start = isFound ? end + delimiter.count : end
            if isFound { state = .delimiter }
            return isFound
        case .delimiter: return try readDelimiter(&start)
        case .header: return try readHeader(&start, &events)
        case .body:
            let (end, isFound) = findDelimiter(from: start)
            if end > start { events.append(.body(Array(buffer[start..<end]))) }
            start = isFound ? end + delimiter.count : end
            guard isFound else { return false }
            events.append(.end)
            state = .delimiter
            return true
        case .epilogue:
            start = buffer.count
            return false
        }
    }

    /// Where the next delimiter is, or may begin when it is not there whole; the end of the bytes when there is none.
    private func findDelimiter(from start: Int) -> (end: Int, isFound: Bool) {
        buffer.withUnsafeBufferPointer { bytes in
            var index = start
            while index < bytes.count {
                guard bytes[index] == 0x0D else {
                    index += 1
                    continue
                }
                var length = 1
                while length < delimiter.count, index + length < bytes.count, bytes[index + length] == delimiter[length] { length += 1 }
                if length == delimiter.count { return (index, true) }
                if index + length == bytes.count { return (index, false) }
                index += length
            }
            return (bytes.count, false)
        }
    }

    /// `--` ends the body; otherwise white space may stand before the end of the line (transport padding).
    private mutating func readDelimiter(_ start: inout Int) throws(MultipartFailure) -> Bool {
        guard buffer.count - start >= 2 else { return false }
        if buffer[start] == 0x2D, buffer[start + 1] == 0x2D {
            state = .epilogue
            start = buffer.count
            return false
        }
        var index = start
        while index < buffer.count, buffer[index] == 0x20 || buffer[index] == 0x09 { index += 1 }
        guard index - start <= limits.headerSize else { throw .malformedDelimiter }
        guard buffer.count - index >= 2 else { return false }
        guard buffer[index] == 0x0D, buffer[index + 1] == 0x0A else { throw .malformedDelimiter }
        parts += 1
        guard parts <= limits.parts else { throw .tooManyParts }
        // The line break stays: a header without fields is the empty line alone.
        start = index
        state = .header
        return true
    }

    private mutating func readHeader(_ start: inout Int, _ events: inout [Event]) throws(MultipartFailure) -> Bool {
        var index = start + scanned
        while index + 3 < buffer.count {
            if buffer[index] == 0x0D, buffer[index + 1] == 0x0A, buffer[index + 2] == 0x0D, buffer[index + 3] == 0x0A { break }
            index += 1
        }
        guard index - start <= limits.headerSize else { throw .headerTooLarge }
        guard index + 3 < buffer.count else {
            scanned = index - start
            return false
        }
        scanned = 0
        events.append(.head(try fields(buffer[start..<index])))
        // An empty body: its delimiter follows the empty line, whose break is not its own (RFC 2046 §5.1.1, body-part).
        start = index + 4
        state = .body
        return true
    }

    private func fields(_ bytes: ArraySlice<UInt8>) throws(MultipartFailure) -> HTTPFields {
        var fields = HTTPFields()
        var count = 0
        var rest = bytes.dropFirst(2)
        while !rest.isEmpty {
            var end = rest.startIndex
            while end < rest.endIndex, !(rest[end] == 0x0D && end + 1 < rest.endIndex && rest[end + 1] == 0x0A) { end += 1 }
            let line = rest[..<end]
            rest = end < rest.endIndex ? rest[(end + 2)...] : []
            count += 1
            guard count <= limits.headerFields else { throw .tooManyHeaderFields }
            guard let colon = line.firstIndex(of: UInt8(ascii: ":")), UTF8Check.isValid(Array(line)),
                let name = HTTPField.Name(String(decoding: line[..<colon], as: UTF8.self))
            else { throw .malformedHeader }
            let isSpace: (UInt8) -> Bool = { $0 == 0x20 || $0 == 0x09 }
            let value = line[(colon + 1)...].drop(while: isSpace)
            let last = value.lastIndex { !isSpace($0) } ?? value.startIndex - 1
            let text = String(decoding: value[..<(last + 1)], as: UTF8.self)
            guard HTTPField.isValidValue(text) else { throw .malformedHeader }
            fields.append(HTTPField(name: name, value: text))
        }
        return fields
    }
}
