import CodegenModel

/// The files of one run, each read once, whatever paths lead to it.
final class DocumentStore {
    private let access: FileAccess
    private let limits: DocumentLimits
    private let diagnostics: DiagnosticCollector
    private var filesByRealPath: [String: SourceFile?] = [:]
    /// Text by the path that diagnostics show, for source listings.
    private(set) var texts: [String: String] = [:]
    /// Those that may hold schemas with `$id`, `$anchor` or `$dynamicAnchor`, in the order of reading.
    private(set) var filesWithIdentifiers: [SourceFile] = []

    init(access: FileAccess, limits: DocumentLimits, diagnostics: DiagnosticCollector) {
        self.access = access
        self.limits = limits
        self.diagnostics = diagnostics
    }

    /// Reads the file at `path`. What goes wrong is reported at `origin`, the place that asked for it, or at the file's own start.
    func file(at path: String, askedFrom origin: SourcePosition? = nil) -> SourceFile? {
        guard let realPath = access.realPath(path) else {
            let position = origin ?? SourcePosition(file: path, line: 1, column: 1)
            diagnostics.report(.fileUnreadable, "there is no file at \(path)", at: position)
            return nil
        }
        if let known = filesByRealPath[realPath] { return known }
        let file = read(path, realPath: realPath, askedFrom: origin)
        filesByRealPath[realPath] = .some(file)
        return file
    }

    /// A file that is part of the generator itself.
    func file(named name: String, text: String) -> SourceFile? {
        if let known = filesByRealPath[name] { return known }
        let file = parse(Array(text.utf8), text, path: name, realPath: name)
        filesByRealPath[name] = .some(file)
        return file
    }

    /// A file that was read before, by its real path.
    func knownFile(realPath: String) -> SourceFile? { filesByRealPath[realPath] ?? nil }

    /// Whether there is a file at `path`.
    func exists(_ path: String) -> Bool { access.realPath(path) != nil }

    /// Whether two paths lead to one and the same file.
    func isSameFile(_ first: String, _ second: String) -> Bool {
        guard let realPath = access.realPath(first) else { return false }
        return realPath == access.realPath(second)
    }

    private func read(_ path: String, realPath: String, askedFrom origin: SourcePosition?) -> SourceFile? {
        let start = SourcePosition(file: path, line: 1, column: 1)
        let bytes: [UInt8]
        do {
            bytes = try access.contents(realPath, limits.bytes)
        } catch {
            diagnostics.report(.fileUnreadable, "\(path) cannot be read: \(error)", at: origin ?? start)
            return nil
        }
        guard bytes.count <= limits.bytes else {
            diagnostics.report(.documentTooLarge, "the document is larger than \(limits.bytes) bytes", at: start)
            return nil
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            diagnostics.report(.notUTF8, "the document is not UTF-8 text", at: UTF8Position.firstInvalid(in: bytes, file: path))
            return nil
        }
        return parse(bytes, text, path: path, realPath: realPath)
    }

    private func parse(_ bytes: [UInt8], _ text: String, path: String, realPath: String) -> SourceFile? {
        texts[path] = text
        let identity = FileIdentity(path: path, realPath: realPath)
        var root = JSONTreeBuilder.build(bytes, in: identity, limits: limits)
        if root == nil {
            var builder = YAMLTreeBuilder(file: identity, limits: limits, diagnostics: diagnostics)
            root = builder.build(text)
        }
        guard let root else { return nil }
        let hasIdentifiers = SchemaIdentifiers.mayOccur(in: bytes)
        let file = SourceFile(path: path, realPath: realPath, root: root, hasIdentifiers: hasIdentifiers)
        if hasIdentifiers { filesWithIdentifiers.append(file) }
        return file
    }
}
