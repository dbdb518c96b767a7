import CodegenModel

/// What the stages of one run share: the files, the references between them and the findings so far.
final class ReadContext {
    let diagnostics: DiagnosticCollector
    let store: DocumentStore
    let resources: SchemaResources
    let references: ReferenceResolver
    let schemas: SchemaReader
    let merger: SchemaMerger
    let shapes: SchemaShapes
    /// Which operations are read at all.
    let filter: OperationFilter
    /// What the configuration calls otherwise.
    let names: NameOverrides
    /// Fields that may still be read.
    private var fieldsLeft: Int
    /// Operations that may still be met, in fifths.
    private var operationsLeft: Int
    /// Which bodies are handed on as they come.
    let streaming: StreamedBodies
    /// What of ``streaming`` some body is named by.
    var usedStreaming: Set<String> = []
    /// Keys of ``names`` that something was called by.
    var usedNames: Set<String> = []
    /// Every operation that was met, left out by the filter or not.
    var subjects: [OperationFilter.Subject] = []
    /// How many callbacks are being read within each other.
    var callbackDepth = 0
    /// Callbacks that were read, by the node of the Callback Object: operations may share one.
    var callbacks: [ObjectIdentifier: [OpenAPIDocument.PathItem]] = [:]
    let assertions: AssertionReader

    /// - Parameter knownDocuments: Paths of documents that references name by a URI; one that ends in `/` stands for a folder.
    init(
        access: FileAccess, limits: DocumentLimits, filter: OperationFilter = OperationFilter(), names: NameOverrides = NameOverrides(),
        knownDocuments: [String: String] = [:], streaming: StreamedBodies = StreamedBodies()
    ) {
        self.filter = filter
        self.streaming = streaming
        self.names = names
        fieldsLeft = limits.fields
        operationsLeft = limits.operations * 5
        diagnostics = DiagnosticCollector()
        store = DocumentStore(access: access, limits: limits, diagnostics: diagnostics)
        resources = SchemaResources(store: store, diagnostics: diagnostics, knownDocuments: knownDocuments)
        references = ReferenceResolver(store: store, resources: resources, diagnostics: diagnostics)
        schemas = SchemaReader(diagnostics: diagnostics)
        assertions = AssertionReader(resources: resources, references: references, store: store, diagnostics: diagnostics)
        merger = SchemaMerger(schemas: schemas, references: references, store: store, diagnostics: diagnostics)
        shapes = SchemaShapes(schemas: schemas, references: references, merger: merger, diagnostics: diagnostics)
    }

    /// A reader of the object at `node`, or at the end of its references.
    func reader(of node: DocumentNode, as table: FieldTable) -> ObjectReader? {
        references.resolve(node).flatMap { reader(at: $0.node, as: table) }
    }

    /// A reader of an object where its specification allows no reference.
    func reader(at node: DocumentNode, as table: FieldTable) -> ObjectReader? {
        if fieldsLeft > 0 {
            fieldsLeft -= node.members.count + 1
            if fieldsLeft <= 0 {
                diagnostics.report(
                    .documentTooLarge, "objects are referred to so often that more fields than the limit are read", at: node.position)
            }
        }
        return fieldsLeft > 0 ? ObjectReader(node, as: table, diagnostics: diagnostics) : nil
    }

    /// Whether a limit was hit: nothing more is read.
    var isExhausted: Bool { fieldsLeft <= 0 || operationsLeft < 0 }

    /// Notes that an operation was met; false when there were too many. One that a filter leaves out costs a fifth of the others.
    func countOperation(isSelected: Bool, at position: SourcePosition) -> Bool {
        guard !isExhausted else { return false }
        operationsLeft -= isSelected ? 5 : 1
        if operationsLeft < 0 { diagnostics.report(.documentTooLarge, "there are more operations than the limit", at: position) }
        return operationsLeft >= 0
    }
}
