import CodegenModel

extension Rule {
    static let fieldUndefined = Rule(
        "field-undefined", "An object of OpenAPI 3.1 and later has only the fields that its specification names.",
        help: "remove it, or begin its name with `x-` if it is an extension",
        explanation: """
            The specification's own schema refuses unknown fields, and most often one is misspelt or stands at the wrong level: what it was to
            say would be lost. In OpenAPI 3.0, and in schemas, it is a warning (unknown-field).
            """,
        wrong: "paths:\n  /pets:\n    get:\n      operationID: listPets", right: "paths:\n  /pets:\n    get:\n      operationId: listPets"
    )
    static let fieldsExclusive = Rule(
        "fields-exclusive", "Fields that exclude each other do not stand together.",
        explanation:
            "Of `example` and `examples`, `schema` and `content`, `operationId` and `operationRef` and the like there is one at most.",
        wrong: "example: bear\nexamples: {mammal: {value: bear}}", right: "examples: {mammal: {value: bear}}"
    )
    static let listEmpty = Rule(
        "list-empty", "A list or map that must have an element has one.",
        explanation:
            "`responses`, `allOf`, `oneOf`, `anyOf`, `prefixItems` and the `enum` of a server variable say nothing when they are empty.",
        wrong: "responses: {}", right: "responses:\n  '204': {description: Done}"
    )
    static let nullValue = Rule(
        "null-value", "A field is left out rather than null.", severity: .warning, help: "remove it, or give it a value",
        explanation: "A key with nothing behind it is null in YAML. It is read as if it were not there.",
        wrong: "tags:\nsummary: Lists pets", right: "summary: Lists pets"
    )
    static let textUnquoted = Rule(
        "text-unquoted", "A string that looks like a number or a boolean is quoted.", severity: .warning,
        explanation: "YAML reads `443` and `true` as a number and a boolean. The values of a server variable are strings.",
        wrong: "enum: [443, 8443]", right: "enum: ['443', '8443']"
    )
    static let urlInvalid = Rule(
        "url-invalid", "A URL is one (RFC 3986).", severity: .warning, help: "percent-encode what is not allowed",
        explanation: "Nothing is fetched from it, so code is generated all the same; readers of the documentation cannot follow it.",
        wrong: "url: https://example.com/my docs", right: "url: https://example.com/my%20docs"
    )
    static let referenceSiblings = Rule(
        "reference-siblings", "Nothing but a summary and a description stands beside a `$ref`.", severity: .warning,
        explanation: """
            A Reference Object is replaced by what it refers to; fields beside `$ref` have no effect, but for `summary` and `description` since
            OpenAPI 3.1. In a Schema Object of 3.1, keywords beside `$ref` do have one, and this rule does not speak of them.
            """,
        wrong: "$ref: '#/components/parameters/limit'\nrequired: true",
        right: "$ref: '#/components/parameters/limit'\ndescription: How many"
    )
    static let versionFeature = Rule(
        "version-feature", "A document uses what its version of OpenAPI has.", severity: .warning,
        explanation: """
            Other tools will ignore or refuse a field that belongs to another version than the one that the document names. Here it is read as it
            is meant where that can be known.
            """,
        wrong: "{type: string, nullable: true}   # in OpenAPI 3.1", right: "{type: [string, 'null']}"
    )
    static let securityAssumed = Rule(
        "security-assumed", "A security requirement names a declared scheme.", severity: .warning,
        help: "declare it under components/securitySchemes",
        explanation: """
            What is not declared cannot be known, and leaving it out would open the operation to everybody. It is taken as `type: http` with
            `scheme: bearer`: requests carry a token in `Authorization`, which the server's authenticator checks.
            """,
        wrong: "security:\n- petstore: []",
        right: "security:\n- petstore: []\ncomponents:\n  securitySchemes:\n    petstore: {type: http, scheme: bearer}"
    )
    static let componentName = Rule(
        "component-name", "A component's name has letters, digits, `.`, `-` and `_` only.",
        explanation: "References to it are JSON pointers in URLs, where other characters need escapes (OpenAPI 3.1, section 4.8.7).",
        wrong: "components:\n  schemas:\n    My Pet: {type: object}", right: "components:\n  schemas:\n    MyPet: {type: object}"
    )
    static let headerName = Rule(
        "header-name", "A header's name is a token of HTTP.", help: "use letters, digits and `-`",
        explanation: "A name with spaces, colons or other separators cannot be sent (RFC 9110, section 5.1).",
        wrong: "headers:\n  'Rate Limit': {schema: {type: integer}}", right: "headers:\n  Rate-Limit: {schema: {type: integer}}"
    )
    static let mediaTypeName = Rule(
        "media-type-name", "A key of `content` is a media type or a range of them.", severity: .warning,
        help: "write a type such as application/json",
        explanation: "No request or response could carry it (RFC 9110, section 8.3.1).", wrong: "content:\n  json: {}",
        right: "content:\n  application/json: {}"
    )
    static let methodName = Rule(
        "method-name", "An additional operation's key is a method that has no field of its own.",
        explanation:
            "`additionalOperations` is for methods such as COPY; GET, POST and the like, and QUERY, have fields (OpenAPI 3.2, 4.9).",
        wrong: "additionalOperations:\n  POST: {responses: {default: {description: Done}}}",
        right: "additionalOperations:\n  COPY: {responses: {default: {description: Done}}}"
    )
    static let contentSingle = Rule(
        "content-single", "A parameter's or header's `content` has one media type.", help: "keep one of them",
        explanation: "Nothing in a request says which of several was used (OpenAPI 3.1, section 4.8.12.3).",
        wrong: "content:\n  application/json: {}\n  text/plain: {}", right: "content:\n  application/json: {}"
    )
}
