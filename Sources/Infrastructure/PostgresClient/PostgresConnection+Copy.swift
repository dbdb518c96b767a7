internal import CPostgres
internal import Synchronization

extension PostgresConnection {
    /// Bytes that are put together before they are sent.
    private static let chunkSize = 64 * 1024

    /// Puts many rows into a table (`COPY … FROM STDIN`), with the server's pace: no more is read from `rows` than it takes.
    ///
    /// - Parameter rows: Each with one value a column.
    /// - Returns: How many there were.
    /// - Throws: ``PostgresError``; what `rows` throws; `CancellationError`. No row of the call is in the table then.
    @discardableResult
    public func copy<Rows: Sequence<[PostgresValue]>>(_ rows: Rows, into table: String, columns: [String]) async throws -> Int {
        let list = columns.map(PostgresQuery.quoted).joined(separator: ", ")
        let command = "COPY \(PostgresQuery.quoted(table)) (\(list)) FROM STDIN"
        guard !command.utf8.contains(0) else { throw PostgresError(.parameter, "A name contains a NUL") }
        try await exchange(.results) { try Self.check(PQsendQuery($0, command), $0) }
        var text = CopyText(capacity: Self.chunkSize + 4096)
        do {
            for row in rows {
                guard row.count == columns.count else {
                    throw PostgresError(.parameter, "A row has \(row.count) values for \(columns.count) columns")
                }
                try text.append(row)
                if text.bytes.count >= Self.chunkSize { try await put(&text) }
            }
            try await put(&text)
            let results = try await exchange(.results) { try Self.check(PQputCopyEnd($0, nil), $0) }
            return results.last?.affectedRows ?? 0
        } catch  where isOpen {
            await giveUpCopying()
            throw error
        }
    }

    private func put(_ text: inout CopyText) async throws {
        guard !text.bytes.isEmpty else { return }
        try Task.checkCancellation()
        let chunk = text.bytes
        text = CopyText(capacity: chunk.capacity)
        try await exchange(.flush) { connection in
            try chunk.withUnsafeBytes { bytes in
                let start = bytes.baseAddress?.assumingMemoryBound(to: CChar.self)
                try Self.check(PQputCopyData(connection, start, CInt(clamping: bytes.count)), connection)
            }
        }
    }

    /// Tells the server that there will be no more, so that it forgets what there was.
    private func giveUpCopying() async {
        guard state.withLock({ $0.isCopying }) else { return }
        // A cancelled task waits for nothing any more.
        if Task.isCancelled { return close() }
        do {
            try await exchange(.results) { try Self.check(PQputCopyEnd($0, "given up by the client"), $0) }
        } catch {
            // That is the server's confirmation; after another failure the connection is closed anyway.
        }
    }
}

extension PostgresConnection.State {
    var isCopying: Bool {
        guard let connection else { return false }
        return PQtransactionStatus(connection) == PQTRANS_ACTIVE
    }
}

/// Rows in COPY's text format (PostgreSQL, `COPY`, "Text Format"): tabs between columns, line feeds between rows, `\N` for NULL.
struct CopyText {
    private(set) var bytes: [UInt8] = []

    init(capacity: Int) { bytes.reserveCapacity(capacity) }

    mutating func append(_ row: [PostgresValue]) throws {
        for index in row.indices {
            if index > 0 { bytes.append(UInt8(ascii: "\t")) }
            try append(row[index])
        }
        bytes.append(UInt8(ascii: "\n"))
    }

    private mutating func append(_ value: PostgresValue) throws {
        switch value {
        case .null: append(ascii: "\\N")
        case .bool(let value): bytes.append(UInt8(ascii: value ? "t" : "f"))
        case .integer(let value): append(value)
        case .double(let value):
            append(ascii: value.isNaN ? "NaN" : value.isInfinite ? (value < 0 ? "-Infinity" : "Infinity") : String(value))
        case .text(let value): try append(escaping: value)
        case .bytes(let value):
            append(ascii: "\\\\x")
            append(hexadecimal: value[...])
        case .uuid(let value): append(hexadecimal: value[...])
        case .timestamp(let value): append(timestamp: value)
        case .integers, .texts: throw PostgresError(.parameter, "\(value.kind) cannot be copied")
        }
    }

    private mutating func append(ascii text: String) { bytes.append(contentsOf: text.utf8) }

    private mutating func append(_ value: Int64) {
        guard value != 0 else { return bytes.append(UInt8(ascii: "0")) }
        if value < 0 { bytes.append(UInt8(ascii: "-")) }
        let start = bytes.count
        var rest = value.magnitude
        while rest > 0 {
            bytes.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10))
            rest /= 10
        }
        bytes[start...].reverse()
    }

    private mutating func append(escaping text: String) throws {
        var text = text
        try text.withUTF8 { utf8 in
            var rest = utf8[...]
            while let index = rest.firstIndex(where: { Self.escape(of: $0) != nil }), let escape = Self.escape(of: rest[index]) {
                guard escape != 0 else {
                    throw PostgresError(.parameter, "Text to be copied has a NUL", sqlState: .characterNotInRepertoire)
                }
                bytes.append(contentsOf: rest[..<index])
                bytes.append(UInt8(ascii: "\\"))
                bytes.append(escape)
                rest = rest[(index + 1)...]
            }
            bytes.append(contentsOf: rest)
        }
    }

    /// What stands behind a backslash for a byte that cannot stand for itself; 0 for the one that cannot be written.
    private static func escape(of byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "\\"): byte
        case UInt8(ascii: "\n"): UInt8(ascii: "n")
        case UInt8(ascii: "\r"): UInt8(ascii: "r")
        case UInt8(ascii: "\t"): UInt8(ascii: "t")
        case 0: 0
        default: nil
        }
    }

    private mutating func append(hexadecimal value: ArraySlice<UInt8>) {
        for byte in value {
            bytes.append(Self.digit(byte >> 4))
            bytes.append(Self.digit(byte & 15))
        }
    }

    private static func digit(_ value: UInt8) -> UInt8 { value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10 }

    /// As `timestamptz` reads it in every setting of `DateStyle`: ISO 8601, in UTC.
    private mutating func append(timestamp microseconds: Int64) {
        let (seconds, fraction) = microseconds.flooredDivision(by: 1_000_000)
        let (days, second) = seconds.flooredDivision(by: 86_400)
        let date = CivilDate(daysSince1970: days)
        append(padded: date.year > 0 ? date.year : 1 - date.year, 4)
        for part in [date.month, date.day] {
            bytes.append(UInt8(ascii: "-"))
            append(padded: part, 2)
        }
        bytes.append(UInt8(ascii: " "))
        append(padded: second / 3600, 2)
        for part in [second / 60 % 60, second % 60] {
            bytes.append(UInt8(ascii: ":"))
            append(padded: part, 2)
        }
        if fraction != 0 {
            bytes.append(UInt8(ascii: "."))
            append(padded: fraction, 6)
        }
        append(ascii: date.year > 0 ? "+00" : "+00 BC")
    }

    private mutating func append(padded value: Int64, _ width: Int) {
        let start = bytes.count
        append(value)
        let missing = width - (bytes.count - start)
        if missing > 0 { bytes.insert(contentsOf: repeatElement(UInt8(ascii: "0"), count: missing), at: start) }
    }
}

extension Int64 {
    fileprivate func flooredDivision(by divisor: Int64) -> (quotient: Int64, remainder: Int64) {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }
}

/// A day of the proleptic Gregorian calendar; year 0 is 1 BC.
private struct CivilDate {
    let year: Int64
    let month: Int64
    let day: Int64

    /// After Howard Hinnant's `civil_from_days`: years begin in March, in eras of 400 years.
    init(daysSince1970 days: Int64) {
        let (era, dayOfEra) = (days + 719_468).flooredDivision(by: 146_097)
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shifted = (5 * dayOfYear + 2) / 153
        day = dayOfYear - (153 * shifted + 2) / 5 + 1
        month = shifted < 10 ? shifted + 3 : shifted - 9
        year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    }
}
