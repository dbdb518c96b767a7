import FoundationEssentials

/// A file that is touched only when its text changes, so that nothing is compiled again for no reason.
struct OutputFile {
    let path: String

    /// - Returns: Whether the file was written.
    func update(_ text: String) throws -> Bool {
        let new = Data(text.utf8)
        if let old = FileManager.default.contents(atPath: path), old == new { return false }
        try new.write(to: URL(filePath: path), options: .atomic)
        return true
    }
}
