internal import CPostgres
internal import Glibc

/// What a statement gave: rows, or the number of those it changed.
public final class PostgresResult: @unchecked Sendable {
    // Unchecked, because a PGresult is not changed any more once it is here, and libpq allows reading it from any thread.
    private let result: OpaquePointer

    /// Takes ownership.
    init(_ result: OpaquePointer) { self.result = result }

    deinit { PQclear(result) }

    /// The columns' names.
    public var columns: [String] { (0..<PQnfields(result)).map { String(cString: PQfname(result, $0)) } }

    var columnCount: Int { Int(PQnfields(result)) }

    /// The types of a described statement's parameters.
    var parameterTypes: [UInt32] { (0..<PQnparams(result)).map { PQparamtype(result, $0) } }

    func position(of column: String) -> Int? {
        column.withCString { name in (0..<PQnfields(result)).first { strcmp(PQfname(result, $0), name) == 0 }.map(Int.init) }
    }

    /// Rows that were inserted, updated, deleted, copied or selected.
    public var affectedRows: Int { Int(String(cString: PQcmdTuples(result))) ?? 0 }

    func field(_ row: Int, _ column: Int) -> PostgresField {
        let (row, index) = (CInt(row), CInt(column))
        let isNull = PQgetisnull(result, row, index) == 1
        let bytes =
            isNull ? nil : UnsafeRawBufferPointer(start: PQgetvalue(result, row, index), count: Int(PQgetlength(result, row, index)))
        return PostgresField(type: PQftype(result, index), isBinary: PQfformat(result, index) == 1, bytes: bytes)
    }
}

extension PostgresResult: RandomAccessCollection {
    public var startIndex: Int { 0 }
    public var endIndex: Int { Int(PQntuples(result)) }

    public subscript(position: Int) -> PostgresRow {
        precondition(position >= 0 && position < endIndex, "There is no row \(position)")
        return PostgresRow(result: self, index: position)
    }
}

/// A row of a result.
public struct PostgresRow: Sendable {
    let result: PostgresResult
    let index: Int

    /// The value of the first column.
    ///
    /// - Throws: ``PostgresError`` of code `decoding`, which names the column.
    public func decode<Value: PostgresDecodable>(_: Value.Type) throws -> Value { try value(at: 0) }

    /// The values of the columns from the first on, each as the type asked for; NULL only as an Optional.
    ///
    /// - Throws: ``PostgresError`` of code `decoding`, which names the column.
    public func decode<First: PostgresDecodable, Second: PostgresDecodable, each Value: PostgresDecodable>(
        _: First.Type, _: Second.Type, _: repeat (each Value).Type
    ) throws -> (First, Second, repeat each Value) {
        var column = 0
        func next<V: PostgresDecodable>(_: V.Type) throws -> V {
            defer { column += 1 }
            return try value(at: column)
        }
        return (try next(First.self), try next(Second.self), repeat try next((each Value).self))
    }

    /// The value of a column.
    ///
    /// - Throws: ``PostgresError`` of code `decoding`: no such column, or its value is another type's.
    public func decode<Value: PostgresDecodable>(_ column: String, as _: Value.Type = Value.self) throws -> Value {
        guard let position = result.position(of: column) else {
            throw PostgresError(.decoding, "There is no column \(column)")
        }
        return try value(at: position)
    }

    private func value<Value: PostgresDecodable>(at column: Int) throws -> Value {
        guard column < result.columnCount else {
            throw PostgresError(.decoding, "The row has \(result.columnCount) columns, number \(column + 1) was asked for")
        }
        return try withExtendedLifetime(result) {
            let field = result.field(index, column)
            guard let value = Value(field) else {
                throw PostgresError(
                    .decoding,
                    "Column \(result.columns[column]), \(field.bytes == nil ? "which is NULL," : "of type \(field.type),") cannot be read as \(Value.self)"
                )
            }
            return value
        }
    }
}
