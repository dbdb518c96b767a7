/// Rows of cells, in columns as wide as they have to be.
enum TextTable {
    /// - Parameter rows: The first is the heading; all have as many cells.
    static func text(_ rows: [[String]]) -> String {
        // The last column needs no width.
        let widths = (rows.first ?? []).indices.dropLast().map { column in rows.map { $0[column].count }.max() ?? 0 } + [0]
        return rows.map { row in
            let cells = zip(row, widths).map { $0 + String(repeating: " ", count: max(0, $1 - $0.count)) }
            return cells.joined(separator: "  ") + "\n"
        }.joined()
    }
}
