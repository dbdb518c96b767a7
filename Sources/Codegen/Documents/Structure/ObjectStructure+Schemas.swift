/// Schemas: OpenAPI 3.0's own dialect, and JSON Schema 2020-12 with OpenAPI's vocabulary since 3.1.
extension ObjectStructure {
    private static let since = OpenAPIVersion.v3_1

    static let schema = ObjectStructure(
        name: "Schema Object",
        fields: [
            "$ref": Field(.string), "title": Field(.string), "description": Field(.string), "default": Field(.any),
            "type": Field(.schemaType), "format": Field(.string), "enum": Field(.list(.any)), "multipleOf": Field(.number),
            "maximum": Field(.number), "minimum": Field(.number), "exclusiveMaximum": Field(.exclusiveBound),
            "exclusiveMinimum": Field(.exclusiveBound), "maxLength": Field(.count), "minLength": Field(.count), "pattern": Field(.string),
            "maxItems": Field(.count), "minItems": Field(.count), "uniqueItems": Field(.boolean), "maxProperties": Field(.count),
            "minProperties": Field(.count), "required": Field(.list(.string)), "allOf": Field(.list(.schema, isNonEmpty: true)),
            "oneOf": Field(.list(.schema, isNonEmpty: true)), "anyOf": Field(.list(.schema, isNonEmpty: true)), "not": Field(.schema),
            "items": Field(.schema), "properties": Field(.map(.schema)), "additionalProperties": Field(.schemaOrFlag),
            "discriminator": Field(.object(.discriminator)), "readOnly": Field(.boolean), "writeOnly": Field(.boolean),
            "xml": Field(.object(.xml)), "externalDocs": Field(.object(.externalDocumentation)), "example": Field(.any),
            "deprecated": Field(.boolean),
            "nullable": Field(.boolean, until: .v3_0, help: "add 'null' to `type`: `type: [string, 'null']`"),
            // JSON Schema 2020-12.
            "const": Field(.any, since: since, help: "write `enum` with one value, or begin the document with `openapi: 3.1.0`"),
            "examples": Field(.list(.any), since: since, help: "use `example`, or begin the document with `openapi: 3.1.0`"),
            "contentMediaType": Field(.string, since: since), "contentEncoding": Field(.string, since: since),
            "contentSchema": Field(.schema, since: since), "maxContains": Field(.count, since: since),
            "minContains": Field(.count, since: since), "dependentRequired": Field(.map(.list(.string)), since: since),
            "if": Field(.schema, since: since), "then": Field(.schema, since: since), "else": Field(.schema, since: since),
            "dependentSchemas": Field(.map(.schema), since: since), "prefixItems": Field(.list(.schema, isNonEmpty: true), since: since),
            "contains": Field(.schema, since: since), "patternProperties": Field(.map(.schema), since: since),
            "propertyNames": Field(.schema, since: since), "unevaluatedItems": Field(.schema, since: since),
            "unevaluatedProperties": Field(.schema, since: since), "$id": Field(.string, since: since),
            "$schema": Field(.uri, since: since), "$anchor": Field(.string, since: since), "$dynamicRef": Field(.string, since: since),
            "$dynamicAnchor": Field(.string, since: since), "$vocabulary": Field(.map(.boolean), since: since),
            "$comment": Field(.string, since: since), "$defs": Field(.map(.schema), since: since),
            "definitions": Field(.map(.schema), since: since),
        ]
    )
    static let discriminator = ObjectStructure(
        name: "Discriminator Object", required: ["propertyName"],
        fields: [
            "propertyName": Field(.string), "mapping": Field(.map(.string)), "defaultMapping": Field(.string, since: .v3_2),
        ]
    )
    static let xml = ObjectStructure(
        name: "XML Object", exclusive: [["nodeType", "attribute"], ["nodeType", "wrapped"]],
        fields: [
            "name": Field(.string), "namespace": Field(.url), "prefix": Field(.string), "attribute": Field(.boolean),
            "wrapped": Field(.boolean),
            "nodeType": Field(.choice(["element", "attribute", "text", "cdata", "none"]), since: .v3_2),
        ]
    )
}
