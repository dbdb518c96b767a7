import CodegenModel

/// Finds where bytes stop being UTF-8.
enum UTF8Position {
    static func firstInvalid(in bytes: [UInt8], file: String) -> SourcePosition {
        var line = 1
        var column = 1
        var decoder = UTF8()
        var iterator = bytes.makeIterator()
        decoding: while true {
            switch decoder.decode(&iterator) {
            case .scalarValue("\n"):
                line += 1
                column = 1
            case .scalarValue: column += 1
            case .emptyInput, .error: break decoding
            }
        }
        return SourcePosition(file: file, line: line, column: column)
    }
}
