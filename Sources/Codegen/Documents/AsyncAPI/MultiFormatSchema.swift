import CodegenModel

/// A schema that may be wrapped to say which schema language it is in (AsyncAPI 3.0, Multi Format Schema Object).
struct MultiFormatSchema {
    let context: ReadContext

    /// Media types of the schema languages that are read, without parameters.
    private static let known = [
        "application/vnd.aai.asyncapi", "application/vnd.aai.asyncapi+json", "application/vnd.aai.asyncapi+yaml",
        "application/schema+json", "application/schema+yaml", "application/vnd.oai.openapi", "application/vnd.oai.openapi+json",
        "application/vnd.oai.openapi+yaml",
    ]

    /// The schema at `node`, through a reference to such an object and out of it. nil after a diagnostic.
    func schema(_ node: DocumentNode) -> DocumentNode? {
        var wrapper = node
        if node["$ref"] != nil {
            // A reference to a plain schema stays one, so that the schema keeps its name.
            guard let target = context.references.resolve(node)?.node else { return nil }
            guard target["schemaFormat"] != nil, target["schema"] != nil else { return node }
            wrapper = target
        }
        guard wrapper["schemaFormat"] != nil, let reader = context.reader(at: wrapper, as: AsyncAPIFields.multiFormatSchema) else {
            return wrapper
        }
        guard let format = reader.string("schemaFormat"), let position = reader["schemaFormat"]?.position else { return nil }
        let mediaType = format.prefix { $0 != ";" }.filter { $0 != " " }.lowercased()
        guard Self.known.contains(mediaType) else {
            let language = Self.languages.first { mediaType.contains($0.key) }?.value ?? "`\(format)`"
            context.diagnostics.report(
                .unsupported, "a schema in \(language) is not supported", at: position,
                help: "write it in JSON Schema: `schemaFormat: application/schema+yaml;version=draft-07`"
            )
            return nil
        }
        return reader.required("schema")
    }

    private static let languages = [("avro", "Avro"), ("raml", "RAML"), ("protobuf", "Protocol Buffers"), ("xml", "XML Schema")].map {
        (key: $0.0, value: $0.1)
    }
}
