/// The keywords of a Schema Object.
enum SchemaFields {
    static let table = FieldTable(
        "Schema Object",
        read: [
            "$ref", "type", "nullable", "enum", "const", "default", "title", "description", "deprecated", "format", "contentMediaType",
            "contentEncoding", "contentSchema", "minLength", "maxLength", "pattern", "minimum", "maximum", "exclusiveMinimum",
            "exclusiveMaximum", "multipleOf", "minItems", "maxItems", "uniqueItems", "minProperties", "maxProperties", "properties",
            "required", "additionalProperties", "items", "allOf", "oneOf", "anyOf", "discriminator", "x-extensible-enum",
        ],
        ignored: [
            "example", "examples", "externalDocs", "readOnly", "writeOnly", "$comment", "$schema", "xml", "$defs", "definitions",
        ],
        unsupported: [
            "not": "say what is allowed instead, by `enum`, `pattern` or bounds",
            "if": "use `oneOf` with a `discriminator`", "then": "use `oneOf` with a `discriminator`",
            "else": "use `oneOf` with a `discriminator`", "patternProperties": "use `additionalProperties`",
            "propertyNames": "check the names in the handler", "unevaluatedProperties": "use `additionalProperties: false`",
            "unevaluatedItems": "use `items`", "prefixItems": "use an object with named properties",
            "additionalItems": "use `items`", "contains": "check it in the handler", "minContains": "check it in the handler",
            "maxContains": "check it in the handler", "dependentRequired": "use `oneOf` with a `discriminator`",
            "dependentSchemas": "use `oneOf` with a `discriminator`", "$dynamicRef": "use `$ref`", "$dynamicAnchor": "use `$ref`",
            "$recursiveRef": "use `$ref`", "$anchor": "use `$ref` with a JSON pointer",
            "$id": "use `$ref` with a path relative to the file",
            "$vocabulary": "remove it",
        ]
    )

    static let discriminator = FieldTable(
        "Discriminator Object", read: ["propertyName", "mapping"],
        unsupported: ["defaultMapping": "give every value in `mapping`"]
    )
}
