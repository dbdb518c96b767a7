import CodegenModel

/// One file of Swift source while it is being written: lines at a depth, the imports they turned out to need, and the
/// regular expressions that they use.
///
/// Text is written in order and never looked at again; whatever a file needs at its top is collected beside it. That
/// keeps the emitter fast in debug builds, in which every consumer's plugin runs it.
struct SourceFile {
    /// The API that the file belongs to.
    let api: APIContext
    private var lines = CompactLines()
    private var depth = 0
    private var patterns: [String] = []
    /// Checked at the start of the next reader that is written.
    var leadingAssertions: [Int] = []
    /// Modules by name; true when a declaration that others see mentions one of their types.
    private var imports: [String: Bool] = [:]

    init(api: APIContext) {
        self.api = api
    }

    // MARK: Lines

    /// Writes one line at the present depth. The empty string is an empty line.
    mutating func line(_ content: String) {
        lines.append(content, depth: depth)
    }

    /// Writes `head {`, the body one level deeper, and `}` followed by `tail`.
    mutating func block(_ head: String, tail: String = "", _ body: (inout SourceFile) -> Void) {
        line(head + " {")
        indented(body)
        line("}" + tail)
    }

    /// Writes the elements of a list, as many to a line as fit.
    mutating func list(_ elements: [String]) {
        var text = ""
        for (index, element) in elements.enumerated() {
            let element = index == elements.count - 1 ? element : element + ","
            if !text.isEmpty, text.utf8.count + element.utf8.count > 100 {
                line(text)
                text = ""
            }
            text += text.isEmpty ? element : " " + element
        }
        if !text.isEmpty { line(text) }
    }

    /// Writes what the body writes one level deeper.
    mutating func indented(_ body: (inout SourceFile) -> Void) {
        depth += 1
        body(&self)
        depth -= 1
    }

    /// Writes an empty line unless the file has no line yet.
    mutating func separate() {
        if !lines.isEmpty { line("") }
    }

    /// Writes documentation comments, a paragraph for each text that is there.
    mutating func documentation(_ paragraphs: String?...) {
        var isFirst = true
        for case let paragraph? in paragraphs {
            let lines = paragraph.split(omittingEmptySubsequences: false) { $0.isNewline }
            guard let last = lines.lastIndex(where: { !$0.isEmpty }) else { continue }
            if !isFirst { line("///") }
            isFirst = false
            for content in lines[...last] { line(content.isEmpty ? "///" : "/// \(content)") }
        }
    }

    // MARK: What the top of the file needs

    /// Notes that the file's bodies use a module.
    mutating func use(_ module: String) {
        if imports[module] == nil { imports[module] = false }
    }

    /// Notes that a declaration with the API's access level mentions a type of a module.
    mutating func expose(_ module: String) {
        imports[module] = true
    }

    /// Notes the modules of a type that a declaration with the API's access level mentions.
    mutating func expose(_ use: TypeUse) {
        for module in api.modules(of: use) { expose(module) }
    }

    /// The name of the file's constant for a regular expression.
    mutating func pattern(_ source: String) -> String {
        if let index = patterns.firstIndex(of: source) { return "pattern\(index + 1)" }
        patterns.append(source)
        return "pattern\(patterns.count)"
    }

    /// The whole file.
    func contents(header: String) -> String {
        guard !lines.isEmpty else { return header }
        var result = header
        if !imports.isEmpty { result += "\n" }
        for (module, isExposed) in imports.sorted(by: { $0.key < $1.key }) {
            result += isExposed && api.access != "internal" ? "\(api.access) import \(module)\n" : "import \(module)\n"
        }
        if !patterns.isEmpty { result += "\n" }
        for (index, source) in patterns.enumerated() {
            result += "private let pattern\(index + 1) = \(api.supportType("Pattern"))(\(SwiftLiteral.string(source)))\n"
        }
        result += "\n"
        lines.write(to: &result)
        return result
    }
}
