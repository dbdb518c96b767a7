/// What the stages of one run share: the files, the references between them and the findings so far.
final class ReadContext {
    let diagnostics: DiagnosticCollector
    let store: DocumentStore
    let references: ReferenceResolver
    let schemas: SchemaReader

    init(access: FileAccess, limits: DocumentLimits) {
        diagnostics = DiagnosticCollector()
        store = DocumentStore(access: access, limits: limits, diagnostics: diagnostics)
        references = ReferenceResolver(store: store, diagnostics: diagnostics)
        schemas = SchemaReader(diagnostics: diagnostics)
    }

    /// A reader of the object at `node`, or at the end of its references.
    func reader(of node: DocumentNode, as table: FieldTable) -> ObjectReader? {
        references.resolve(node).flatMap { ObjectReader($0.node, as: table, diagnostics: diagnostics) }
    }

    /// A reader of an object where its specification allows no reference.
    func reader(at node: DocumentNode, as table: FieldTable) -> ObjectReader? {
        ObjectReader(node, as: table, diagnostics: diagnostics)
    }
}
