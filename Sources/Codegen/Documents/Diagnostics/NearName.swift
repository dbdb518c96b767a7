/// Finds the name that a misspelt one was meant to be.
enum NearName {
    /// The candidate at the least edit distance, when that is at most a third of the name's length.
    static func of(_ name: String, among candidates: [String]) -> String? {
        // A longer one is no slip of the finger, and comparing it would take long.
        guard name.count <= 64 else { return nil }
        let limit = max(1, name.count / 3)
        let ranked = candidates.prefix(512).filter { abs($0.count - name.count) <= limit }.map { ($0, distance(name, $0)) }
        return ranked.filter { $0.1 <= limit }.min { ($0.1, $0.0) < ($1.1, $1.0) }?.0
    }

    /// Levenshtein's distance, without regard to case.
    private static func distance(_ lhs: String, _ rhs: String) -> Int {
        let lhs = Array(lhs.lowercased())
        let rhs = Array(rhs.lowercased())
        var row = Array(0...rhs.count)
        for (index, character) in lhs.enumerated() {
            var diagonal = row[0]
            row[0] = index + 1
            for (column, other) in rhs.enumerated() {
                let substitution = diagonal + (character == other ? 0 : 1)
                diagonal = row[column + 1]
                row[column + 1] = min(substitution, row[column + 1] + 1, row[column] + 1)
            }
        }
        return row[rhs.count]
    }
}
