/// A schema resource (JSON Schema 2020-12 core, section 4.3.5): the schema with an `$id`, or a whole file, with all below it that is not
/// part of another one.
final class SchemaResource {
    /// Distinguishes it from others; in the order in which they were found.
    let number: Int
    let root: DocumentNode
    /// Absolute, without a fragment: what references in it are relative to.
    let base: URIReference
    /// Its URI is that of a file, so relative references are paths.
    let isFile: Bool
    /// The URI of its metaschema: `$schema`, its own or that of the resource around it.
    let dialect: String?
    /// Schemas by `$anchor` and `$dynamicAnchor`.
    var anchors: [String: DocumentNode] = [:]
    /// Schemas by `$dynamicAnchor`.
    var dynamicAnchors: [String: DocumentNode] = [:]

    init(number: Int, root: DocumentNode, base: URIReference, isFile: Bool, dialect: String?) {
        self.number = number
        self.root = root
        self.base = base
        self.isFile = isFile
        self.dialect = dialect
    }
}
