public import CodegenModel

/// `codegen.yaml`: what is generated for a target, and how.
public struct Configuration: Sendable, Equatable {
    /// Paths of the OpenAPI and AsyncAPI documents, joined to the configuration's folder.
    public var documents: [String] = []
    public var isStrict = false
    /// Schema name → Swift type outside the generated code.
    public var types: [String: String] = [:]
    /// The access level of the generated declarations.
    public var access = "public"

    public init() {}

    public struct Result: Sendable {
        /// nil when there are errors.
        public var configuration: Configuration?
        public var diagnostics: [Diagnostic]
        public var texts: [String: String]
    }

    /// Reads the configuration at `path`, collecting what is wrong with it.
    public static func read(_ path: String, access: FileAccess = .disk) -> Result {
        let context = ReadContext(access: access, limits: DocumentLimits())
        let configuration = context.store.file(at: path).flatMap { ConfigurationReader(context: context).read($0) }
        return Result(
            configuration: context.diagnostics.hasErrors ? nil : configuration, diagnostics: context.diagnostics.sorted,
            texts: context.store.texts
        )
    }
}

/// Reads a configuration's fields from its nodes.
private struct ConfigurationReader {
    let context: ReadContext

    private static let fields = FieldTable("codegen.yaml", read: ["documents", "strict", "types", "access"])
    private static let accessLevels = ["public", "package", "internal"]

    func read(_ file: SourceFile) -> Configuration? {
        guard let reader = context.reader(at: file.root, as: Self.fields) else { return nil }
        var configuration = Configuration()
        let folder = Path.directory(of: file.path)
        configuration.documents = reader.strings("documents").map { Path.join(folder, $0) }
        if reader.required("documents") != nil, configuration.documents.isEmpty {
            context.diagnostics.report(
                .configuration, "`documents` names no document", at: reader["documents"]?.position ?? file.root.position)
        }
        configuration.isStrict = reader.boolean("strict") ?? false
        for member in reader.members("types") {
            guard let type = member.value.string, isTypeName(type) else {
                context.diagnostics.report(
                    .configuration, "the value of `\(member.key)` must name a Swift type", at: member.value.position,
                    help: "write it as Module.Type"
                )
                continue
            }
            configuration.types[member.key] = type
        }
        if let access = reader.string("access") {
            if !Self.accessLevels.contains(access), let node = reader["access"] {
                context.diagnostics.report(
                    .configuration, "`access` must be one of \(Self.accessLevels.joined(separator: ", "))", at: node.position
                )
            }
            configuration.access = access
        }
        return configuration
    }

    /// The text is written into source: only dotted identifiers pass.
    private func isTypeName(_ text: String) -> Bool {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        return parts.allSatisfy { part in
            guard let first = part.unicodeScalars.first else { return false }
            return (first == "_" || first.properties.isXIDStart) && part.unicodeScalars.allSatisfy(\.properties.isXIDContinue)
        }
    }
}
