/// Everything but schemas.
extension ObjectStructure {
    static let document = ObjectStructure(
        name: "OpenAPI Object", required: ["openapi", "info"],
        fields: [
            "openapi": Field(.string), "info": Field(.object(.info)), "servers": Field(.list(.object(.server))),
            "paths": Field(.object(.paths)), "components": Field(.object(.components)),
            "security": Field(.list(.object(.securityRequirement))), "tags": Field(.list(.object(.tag))),
            "externalDocs": Field(.object(.externalDocumentation)),
            "webhooks": Field(.map(.referable(.pathItem)), since: .v3_1), "jsonSchemaDialect": Field(.uri, since: .v3_1),
            "$self": Field(.url, since: .v3_2),
        ]
    )
    static let info = ObjectStructure(
        name: "Info Object", required: ["title", "version"],
        fields: [
            "title": Field(.string), "version": Field(.string), "description": Field(.string), "termsOfService": Field(.url),
            "contact": Field(.object(.contact)), "license": Field(.object(.license)), "summary": Field(.string, since: .v3_1),
        ]
    )
    static let contact = ObjectStructure(
        name: "Contact Object", fields: ["name": Field(.string), "url": Field(.url), "email": Field(.string)]
    )
    static let license = ObjectStructure(
        name: "License Object", required: ["name"], exclusive: [["identifier", "url"]],
        fields: ["name": Field(.string), "url": Field(.url), "identifier": Field(.string, since: .v3_1)]
    )
    static let server = ObjectStructure(
        name: "Server Object", required: ["url"],
        fields: [
            "url": Field(.string), "description": Field(.string), "variables": Field(.map(.object(.serverVariable))),
            "name": Field(.string, since: .v3_2),
        ]
    )
    static let serverVariable = ObjectStructure(
        name: "Server Variable Object", required: ["default"],
        fields: [
            "enum": Field(.list(.text, isNonEmpty: true)), "default": Field(.text), "description": Field(.string),
        ]
    )
    static let components = ObjectStructure(
        name: "Components Object",
        fields: [
            "schemas": Field(.map(.schema, keys: .component)), "responses": Field(.map(.referable(.response), keys: .component)),
            "parameters": Field(.map(.referable(.parameter), keys: .component)),
            "examples": Field(.map(.referable(.example), keys: .component)),
            "requestBodies": Field(.map(.referable(.requestBody), keys: .component)),
            "headers": Field(.map(.referable(.header), keys: .component)),
            "securitySchemes": Field(.map(.referable(.securityScheme), keys: .component)),
            "links": Field(.map(.referable(.link), keys: .component)),
            "callbacks": Field(.map(.referable(.callback), keys: .component)),
            "pathItems": Field(.map(.referable(.pathItem), keys: .component), since: .v3_1),
            "mediaTypes": Field(.map(.referable(.mediaType), keys: .component), since: .v3_2),
        ]
    )
    static let methods = ["get", "put", "post", "delete", "options", "head", "patch", "trace"]
    static let pathItem = ObjectStructure(
        name: "Path Item Object",
        fields: [
            "$ref": Field(.string), "summary": Field(.string), "description": Field(.string), "servers": Field(.list(.object(.server))),
            "parameters": Field(.list(.referable(.parameter))),
            "query": Field(.object(.operation), since: .v3_2, help: "use `post`, or begin the document with `openapi: 3.2.0`"),
            "additionalOperations": Field(.map(.object(.operation), keys: .method), since: .v3_2),
        ].merging(methods.map { ($0, Field(.object(.operation))) }) { first, _ in first }
    )
    static let operation = ObjectStructure(
        name: "Operation Object", required: [Requirement("responses", until: .v3_0)],
        fields: [
            "tags": Field(.list(.string)), "summary": Field(.string), "description": Field(.string),
            "externalDocs": Field(.object(.externalDocumentation)), "operationId": Field(.string),
            "parameters": Field(.list(.referable(.parameter))), "requestBody": Field(.referable(.requestBody)),
            "responses": Field(.object(.responses)), "callbacks": Field(.map(.referable(.callback))), "deprecated": Field(.boolean),
            "security": Field(.list(.object(.securityRequirement))), "servers": Field(.list(.object(.server))),
        ]
    )
    static let externalDocumentation = ObjectStructure(
        name: "External Documentation Object", required: ["url"], fields: ["description": Field(.string), "url": Field(.url)]
    )
    static let parameter = ObjectStructure(
        name: "Parameter Object", required: ["name", "in"], exclusive: [["example", "examples"]], exactlyOne: [["schema", "content"]],
        fields: [
            "name": Field(.string), "in": Field(.string), "description": Field(.string), "required": Field(.boolean),
            "deprecated": Field(.boolean), "allowEmptyValue": Field(.boolean), "style": Field(.string), "explode": Field(.boolean),
            "allowReserved": Field(.boolean), "schema": Field(.schema), "example": Field(.any),
            "examples": Field(.map(.referable(.example))), "content": Field(.map(.referable(.mediaType), keys: .mediaRange)),
        ]
    )
    static let requestBody = ObjectStructure(
        name: "Request Body Object", required: ["content"],
        fields: [
            "description": Field(.string), "content": Field(.map(.referable(.mediaType), keys: .mediaRange)), "required": Field(.boolean),
        ]
    )
    static let mediaType = ObjectStructure(
        name: "Media Type Object", exclusive: [["example", "examples"], ["encoding", "prefixEncoding"], ["encoding", "itemEncoding"]],
        fields: [
            "schema": Field(.schema), "example": Field(.any), "examples": Field(.map(.referable(.example))),
            "encoding": Field(.map(.object(.encoding))),
            "itemSchema": Field(.schema, since: .v3_2, help: "write `x-itemSchema`, or begin the document with `openapi: 3.2.0`"),
            "prefixEncoding": Field(.list(.object(.encoding)), since: .v3_2), "itemEncoding": Field(.object(.encoding), since: .v3_2),
        ]
    )
    static let encoding = ObjectStructure(
        name: "Encoding Object", exclusive: [["encoding", "prefixEncoding"], ["encoding", "itemEncoding"]],
        fields: [
            "contentType": Field(.string), "headers": Field(.map(.referable(.header), keys: .token)),
            "style": Field(.choice(["form", "spaceDelimited", "pipeDelimited", "deepObject"])), "explode": Field(.boolean),
            "allowReserved": Field(.boolean), "encoding": Field(.map(.object(.encoding)), since: .v3_2),
            "prefixEncoding": Field(.list(.object(.encoding)), since: .v3_2), "itemEncoding": Field(.object(.encoding), since: .v3_2),
        ]
    )
    static let response = ObjectStructure(
        name: "Response Object", required: [Requirement("description", until: .v3_1)],
        fields: [
            "description": Field(.string), "headers": Field(.map(.referable(.header), keys: .token)),
            "content": Field(.map(.referable(.mediaType), keys: .mediaRange)), "links": Field(.map(.referable(.link))),
            "summary": Field(.string, since: .v3_2),
        ]
    )
    static let example = ObjectStructure(
        name: "Example Object",
        exclusive: [
            ["value", "externalValue"], ["value", "dataValue"], ["value", "serializedValue"], ["serializedValue", "externalValue"],
        ],
        fields: [
            "summary": Field(.string), "description": Field(.string), "value": Field(.any), "externalValue": Field(.url),
            "dataValue": Field(.any, since: .v3_2), "serializedValue": Field(.string, since: .v3_2),
        ]
    )
    static let link = ObjectStructure(
        name: "Link Object", exactlyOne: [["operationRef", "operationId"]],
        fields: [
            "operationRef": Field(.url), "operationId": Field(.string), "parameters": Field(.map(.any)), "requestBody": Field(.any),
            "description": Field(.string), "server": Field(.object(.server)),
        ]
    )
    static let header = ObjectStructure(
        name: "Header Object", exclusive: [["example", "examples"]], exactlyOne: [["schema", "content"]],
        fields: [
            "description": Field(.string), "required": Field(.boolean), "deprecated": Field(.boolean), "style": Field(.string),
            "explode": Field(.boolean), "schema": Field(.schema), "example": Field(.any), "examples": Field(.map(.referable(.example))),
            "content": Field(.map(.referable(.mediaType), keys: .mediaRange)),
            "allowEmptyValue": Field(.boolean), "allowReserved": Field(.boolean),
        ]
    )
    static let tag = ObjectStructure(
        name: "Tag Object", required: ["name"],
        fields: [
            "name": Field(.string), "description": Field(.string), "externalDocs": Field(.object(.externalDocumentation)),
            "summary": Field(.string, since: .v3_2), "parent": Field(.string, since: .v3_2), "kind": Field(.string, since: .v3_2),
        ]
    )
    static let securityScheme = ObjectStructure(
        name: "Security Scheme Object", required: ["type"],
        fields: [
            "type": Field(.string), "description": Field(.string), "name": Field(.string), "in": Field(.string), "scheme": Field(.string),
            "bearerFormat": Field(.string), "flows": Field(.object(.flows)), "openIdConnectUrl": Field(.url),
            "oauth2MetadataUrl": Field(.url, since: .v3_2), "deprecated": Field(.boolean, since: .v3_2),
        ]
    )
    static let flows = ObjectStructure(
        name: "OAuth Flows Object",
        fields: [
            "implicit": Field(.object(.implicitFlow)), "password": Field(.object(.passwordFlow)),
            "clientCredentials": Field(.object(.clientCredentialsFlow)), "authorizationCode": Field(.object(.authorizationCodeFlow)),
            "deviceAuthorization": Field(.object(.deviceAuthorizationFlow), since: .v3_2),
        ]
    )

    /// The OAuth Flow Object of one flow: the URLs that it has are those that it must have, and `refreshUrl`.
    static func flow(_ required: [String]) -> ObjectStructure {
        var fields = ["scopes": Field(.map(.string)), "refreshUrl": Field(.url)]
        for url in required where url != "scopes" { fields[url] = Field(.url) }
        return ObjectStructure(name: "OAuth Flow Object", required: required.map { Requirement($0) }, fields: fields)
    }
}
