public import CodegenModel

/// `codegen.yaml`: what is generated for a target, and how.
public struct Configuration: Sendable, Equatable {
    /// Paths of the OpenAPI and AsyncAPI documents, joined to the configuration's folder.
    public var documents: [String] = []
    public var isStrict = false
    /// Schema name → Swift type outside the generated code.
    public var types: [String: String] = [:]
    /// Format name → Swift type outside the generated code.
    public var formats: [String: String] = [:]
    /// Whether an object keeps members of which its schema says nothing at all.
    public var keepsAdditionalProperties = false
    /// The access level of the generated declarations.
    public var access = "public"
    /// Which schemas get a function that validates any JSON text against them.
    public var validators = Validators.none
    /// URI → path of a document that references name by that URI; one that ends in `/` stands for a folder.
    public var references: [String: String] = [:]

    public enum Validators: Sendable, Equatable {
        case none, all
        case named([String])
    }

    /// Which operations are generated.
    public var filter = OperationFilter()
    /// Swift names chosen for operations, schemas and properties.
    public var names = NameOverrides()
    /// Whether `APIHandler` is made of one protocol a tag.
    public var splitsHandlerByTag = false
    /// Which parts are generated: `types`, `server`, `client`; files of the others stay empty.
    public var parts: Set<String> = Set(Self.allParts)

    /// Protocols that the application brings an `EventTransport` for; channels of others are left out. nil: all are generated.
    public var transports: [String]?
    /// Which bodies are handed on as they come.
    public var streaming = StreamedBodies()

    static let allParts = ["types", "server", "client"]

    /// The fields of codegen.yaml, sorted; those of the object in `filter` behind a dot.
    public static var fields: [String] {
        (ConfigurationReader.fields.read.map { $0 } + ConfigurationReader.filterFields.read.map { "filter.\($0)" }).sorted()
    }

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

    static let fields = FieldTable(
        "codegen.yaml",
        read: [
            "documents", "strict", "types", "formats", "additionalProperties", "access", "filter", "names", "protocols", "generate",
            "validators", "references", "transports", "streaming",
        ]
    )
    static let filterFields = FieldTable("filter", read: ["operations", "tags", "paths", "exclude"])
    private static let selectionFields = FieldTable("selection", read: ["operations", "tags", "paths"])
    private static let streamingFields = FieldTable("streaming", read: ["operations", "mediaTypes"])
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
        configuration.transports = reader["transports"] == nil ? nil : reader.strings("transports")
        if let node = reader["streaming"], let streaming = context.reader(at: node, as: Self.streamingFields) {
            let names = (streaming.elements("operations") + streaming.elements("mediaTypes")).compactMap { node in
                node.string.map { ($0, node.position) }
            }
            configuration.streaming = StreamedBodies(
                operations: streaming.strings("operations"), mediaTypes: streaming.strings("mediaTypes"),
                positions: Dictionary(names, uniquingKeysWith: { first, _ in first }))
        }
        configuration.types = typeNames(reader.members("types"))
        configuration.formats = typeNames(reader.members("formats"))
        configuration.keepsAdditionalProperties = choice(reader, "additionalProperties", among: ["ignore", "keep"]) == "keep"
        configuration.validators = validators(reader)
        for member in reader.members("references") {
            if let path = member.value.string {
                configuration.references[member.key] = Path.join(folder, path)
            } else {
                context.diagnostics.report(.configuration, "the value of `\(member.key)` must be a path", at: member.value.position)
            }
        }
        if let access = reader.string("access") {
            if !Self.accessLevels.contains(access), let node = reader["access"] {
                context.diagnostics.report(
                    .configuration, "`access` must be one of \(Self.accessLevels.joined(separator: ", "))", at: node.position
                )
            }
            configuration.access = access
        }
        if let filter = reader["filter"] { configuration.filter = self.filter(filter) }
        configuration.names = NameOverrides(names(reader.members("names")), position: reader["names"]?.position)
        configuration.splitsHandlerByTag = choice(reader, "protocols", among: ["single", "tags"]) == "tags"
        if reader["generate"] != nil { configuration.parts = parts(reader) }
        return configuration
    }

    private func typeNames(_ members: [DocumentNode.Member]) -> [String: String] {
        var types: [String: String] = [:]
        for member in members {
            guard let type = member.value.string, isTypeName(type) else {
                context.diagnostics.report(
                    .configuration, "the value of `\(member.key)` must name a Swift type", at: member.value.position,
                    help: "write it as Module.Type"
                )
                continue
            }
            types[member.key] = type
        }
        return types
    }

    private func filter(_ node: DocumentNode) -> OperationFilter {
        guard let reader = context.reader(at: node, as: Self.filterFields) else { return OperationFilter() }
        let exclude = reader["exclude"].flatMap { context.reader(at: $0, as: Self.selectionFields) }
        return OperationFilter(include: selection(reader), exclude: exclude.map(selection) ?? .init(), position: node.position)
    }

    private func selection(_ reader: ObjectReader) -> OperationFilter.Selection {
        OperationFilter.Selection(
            operations: reader.strings("operations"), tags: reader.strings("tags"), paths: reader.strings("paths"))
    }

    private func names(_ members: [DocumentNode.Member]) -> [String: String] {
        var names: [String: String] = [:]
        for member in members {
            guard let name = member.value.string, NameOverrides.isIdentifier(name) else {
                context.diagnostics.report(
                    .configuration, "the value of `\(member.key)` must be a Swift identifier", at: member.value.position)
                continue
            }
            names[member.key] = name
        }
        return names
    }

    private func choice(_ reader: ObjectReader, _ key: String, among choices: [String]) -> String? {
        guard let value = reader.string(key), let node = reader[key] else { return nil }
        if !choices.contains(value) {
            context.diagnostics.report(
                .configuration, "`\(key)` must be one of \(choices.joined(separator: ", "))", at: node.position)
        }
        return value
    }

    private func parts(_ reader: ObjectReader) -> Set<String> {
        for node in reader.elements("generate") where node.string.map(Configuration.allParts.contains) == false {
            context.diagnostics.report(
                .configuration, "`generate` lists some of \(Configuration.allParts.joined(separator: ", "))", at: node.position)
        }
        let parts = Set(reader.strings("generate"))
        if parts.isEmpty, let node = reader["generate"] {
            context.diagnostics.report(.configuration, "`generate` names no part", at: node.position)
        }
        return parts
    }

    /// `true`, or the names of schemas.
    private func validators(_ reader: ObjectReader) -> Configuration.Validators {
        guard let node = reader["validators"] else { return .none }
        if let all = node.scalar?.boolean { return all ? .all : .none }
        return .named(reader.strings("validators"))
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
