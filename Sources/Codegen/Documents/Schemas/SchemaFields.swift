/// The keywords of a Schema Object.
enum SchemaFields {
    static let table = FieldTable(
        "Schema Object",
        read: [
            "$ref", "type", "nullable", "enum", "const", "default", "title", "description", "deprecated", "format", "contentMediaType",
            "contentEncoding", "contentSchema", "minLength", "maxLength", "pattern", "minimum", "maximum", "exclusiveMinimum",
            "exclusiveMaximum", "multipleOf", "minItems", "maxItems", "uniqueItems", "minProperties", "maxProperties", "properties",
            "required", "additionalProperties", "items", "allOf", "oneOf", "anyOf", "discriminator", "x-extensible-enum", "readOnly",
            "writeOnly",
            "not", "if", "then", "else", "patternProperties", "propertyNames", "unevaluatedProperties", "unevaluatedItems", "prefixItems",
            "contains", "minContains", "maxContains", "dependentRequired", "dependentSchemas", "$dynamicRef", "$dynamicAnchor", "$anchor",
            "$id",
        ],
        ignored: [
            "example", "examples", "externalDocs", "$comment", "$schema", "$vocabulary", "xml", "$defs",
            "definitions",
        ],
        unsupported: [
            "additionalItems": "use `items`", "$recursiveRef": "use `$dynamicRef`", "$recursiveAnchor": "use `$dynamicAnchor`",
        ]
    )

    static let discriminator = FieldTable(
        "Discriminator Object", read: ["propertyName", "mapping", "defaultMapping"]
    )
}
