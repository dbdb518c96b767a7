public import CodegenModel

/// The front of the pipeline: documents in, the model of their service out.
///
/// The stages are parse, resolve, check and model. Every finding of every stage is collected; a service is given only when none of them is an
/// error.
public enum ServiceReader {
    public struct Options: Sendable {
        /// Whether the rules hold that a published interface should keep: every operation has an id and declares its error responses.
        public var isStrict: Bool
        /// Schema name → Swift type outside the generated code.
        public var types: [String: String]
        /// Format name → Swift type outside the generated code.
        public var formats: [String: String]
        /// Whether an object keeps members that its schema does not speak of at all.
        public var keepsAdditionalProperties: Bool
        /// Which operations are read.
        public var filter: OperationFilter
        /// Swift names chosen for operations, schemas and properties.
        public var names: NameOverrides
        /// Which schemas get a validator.
        public var validators: Configuration.Validators
        /// URI → path of a document that references name by that URI; one that ends in `/` stands for a folder.
        public var references: [String: String]
        /// Protocols that the application brings an `EventTransport` for; channels of others are left out. nil: all are generated.
        public var transports: Set<String>?
        /// Which bodies are handed on as they come.
        public var streaming: StreamedBodies

        public init(
            isStrict: Bool = false, types: [String: String] = [:], formats: [String: String] = [:], keepsAdditionalProperties: Bool = false,
            filter: OperationFilter = OperationFilter(), names: NameOverrides = NameOverrides(),
            validators: Configuration.Validators = .none, references: [String: String] = [:], transports: Set<String>? = nil,
            streaming: StreamedBodies = StreamedBodies()
        ) {
            self.isStrict = isStrict
            self.types = types
            self.formats = formats
            self.keepsAdditionalProperties = keepsAdditionalProperties
            self.filter = filter
            self.names = names
            self.validators = validators
            self.references = references
            self.transports = transports
            self.streaming = streaming
        }

        /// What a configuration says about reading.
        public init(_ configuration: Configuration) {
            self.init(
                isStrict: configuration.isStrict, types: configuration.types, formats: configuration.formats,
                keepsAdditionalProperties: configuration.keepsAdditionalProperties, filter: configuration.filter,
                names: configuration.names, validators: configuration.validators, references: configuration.references,
                transports: configuration.transports.map(Set.init), streaming: configuration.streaming
            )
        }
    }

    public struct Result: Sendable {
        /// nil when there are errors.
        public var service: Service?
        /// Sorted by place, without repetitions.
        public var diagnostics: [Diagnostic]
        /// The text of every file that was read, by the path its diagnostics name.
        public var texts: [String: String]
    }

    /// Reads the documents at `paths` and all they refer to.
    public static func read(_ paths: [String], options: Options = Options(), access: FileAccess = .disk) -> Result {
        let context = ReadContext(
            access: access, limits: DocumentLimits(), filter: options.filter, names: options.names, knownDocuments: options.references,
            streaming: options.streaming)
        let documents = documents(paths, context: context)
        for document in documents.openAPI {
            for rule in DocumentRules.always + (options.isStrict ? DocumentRules.strict : []) { rule.check(document, context.diagnostics) }
        }
        OperationIDUnique.check(documents.openAPI, context)
        if context.diagnostics.found.contains(where: { $0.rule == Rule.documentTooLarge.id }) {
            // What was read of it is a part, and too much to go on with.
            return Result(service: nil, diagnostics: context.diagnostics.sorted, texts: context.store.texts)
        }
        FilterMatched.check(options.filter, context)
        let service = service(documents, options: options, context: context)
        context.checkNames()
        context.checkStreaming()
        FiniteTypes.check(service.types, context.diagnostics)
        return Result(
            service: context.diagnostics.hasErrors ? nil : service, diagnostics: context.diagnostics.sorted, texts: context.store.texts
        )
    }

    private struct Documents {
        var openAPI: [OpenAPIDocument] = []
        var asyncAPI: [AsyncAPIDocument] = []
    }

    private static func documents(_ paths: [String], context: ReadContext) -> Documents {
        var documents = Documents()
        for path in paths {
            guard let file = context.store.file(at: path) else { continue }
            if file.root["openapi"] != nil {
                StructureChecker.check(file, context: context)
                OpenAPIReader(context: context).read(file).map { documents.openAPI.append($0) }
            } else if file.root["asyncapi"] != nil {
                AsyncAPIReader(context: context).read(file).map { documents.asyncAPI.append($0) }
            } else if let version = file.root["swagger"] {
                context.diagnostics.report(
                    .versionUnsupported, "Swagger \(version.scalar?.text ?? "") is not supported", at: version.position,
                    help: "convert the document to OpenAPI 3, for example with swagger2openapi"
                )
            } else {
                context.diagnostics.report(.versionUnsupported, "the document is neither OpenAPI nor AsyncAPI", at: file.root.position)
            }
        }
        return documents
    }

    private static func service(_ documents: Documents, options: Options, context: ReadContext) -> Service {
        let types = TypeModeler(context: context, options: options)
        let components = documents.openAPI.map(\.schemas) + documents.asyncAPI.map(\.schemas)
        var known: [String: DocumentNode.Member] = [:]
        for schemas in components { types.reserve(schemas, known: &known) }
        // With a filter, only what is reached from the operations left is declared.
        if options.filter.isEmpty { for schemas in components { types.declare(schemas) } }
        let security = SecurityModeler(diagnostics: context.diagnostics)
        var names = OperationNames()
        let modeler = OpenAPIModeler(types: types, security: security)
        let operations = documents.openAPI.flatMap { modeler.operations(of: $0, names: &names) }
        let webhooks = documents.openAPI.flatMap { modeler.receivers($0.webhookOperations, of: $0, names: &names) }
        let callbacks = documents.openAPI.flatMap { modeler.receivers($0.callbackOperations, of: $0, names: &names) }
        let linker = InterfaceLinker(types: types, entries: operations + webhooks + callbacks)
        let asyncAPI = AsyncAPIModeler(types: types, security: security, transports: options.transports)
        let events = documents.asyncAPI.map(asyncAPI.result)
        types.makeDefaults()
        let first = documents.openAPI.first
        var service = Service(
            title: first?.title ?? documents.asyncAPI.first?.title ?? "",
            version: first?.version ?? documents.asyncAPI.first?.version ?? "",
            description: first?.description ?? documents.asyncAPI.first?.description,
            types: types.declarations.values.sorted { $0.name < $1.name }, operations: operations.map(linker.linked),
            webhooks: webhooks.map(linker.linked), callbacks: callbacks.map(linker.linked),
            servers: ServerModeler.servers(first?.servers ?? []), channels: events.flatMap(\.channels),
            eventChannels: events.flatMap(\.eventChannels), eventOperations: events.flatMap(\.eventOperations),
            securitySchemes: security.schemes,
            assertions: context.assertions.graph(validators: ValidatorModeler.validators(components, options.validators, context: context))
        )
        service.basePath = first?.basePath ?? ""
        service.channelServers = ServerModeler.servers(events.flatMap(\.servers))
        service.eventServers = ServerModeler.servers(events.flatMap(\.eventServers))
        return AccessDirections.apply(to: service)
    }
}
