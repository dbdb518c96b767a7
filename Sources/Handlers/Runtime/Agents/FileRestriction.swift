/// Limits the files that an agent may write to those with certain endings.
struct FileRestriction: Sendable, Equatable {
    /// Lower-case endings with their dot, such as `.md`.
    let suffixes: [String]

    /// Whether a file may be written.
    ///
    /// The last component decides, whatever folders stand in front of it. A path with control characters is never allowed: what
    /// a client's file system makes of it cannot be known.
    func allows(path: String) -> Bool {
        guard path.unicodeScalars.allSatisfy({ $0.value >= 0x20 && $0.value != 0x7F }) else { return false }
        let name = path.split(whereSeparator: { $0 == "/" || $0 == "\\" }).last.map { $0.lowercased() } ?? ""
        guard path.last != "/", path.last != "\\" else { return false }
        return suffixes.contains { name.count > $0.count && name.hasSuffix($0) }
    }

    /// The rule in words, for the model.
    var rule: String {
        "only files that end in \(suffixes.joined(separator: ", ")) may be written"
    }
}
