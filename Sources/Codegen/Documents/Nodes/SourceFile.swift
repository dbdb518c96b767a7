/// A document's text and its tree.
struct SourceFile: Sendable {
    /// As the tool was given it, or as a reference led to it: the path that diagnostics show.
    let path: String
    /// With every symbolic link resolved: the file's identity, and what relative references start from.
    let realPath: String
    let root: DocumentNode
    /// Whether the text may hold `$id`, `$anchor` or `$dynamicAnchor`.
    let hasIdentifiers: Bool
}
