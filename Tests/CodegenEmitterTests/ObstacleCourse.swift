import CodegenModel

/// A service that has everything the model can say, names included.
enum ObstacleCourse {
    static let position = SourcePosition(file: "openapi.yaml", line: 1, column: 1)

    static func named(_ name: String, isNullable: Bool = false) -> TypeUse { TypeUse(.named(name), isNullable: isNullable) }

    static let problem = Content(
        mediaType: "application/problem+json", swiftName: "problem", kind: .json(TypeUse(.external("APISupport.Problem"))))

    static func json(_ use: TypeUse) -> Content { Content(mediaType: "application/json", swiftName: "json", kind: .json(use)) }

    static let service = Service(
        title: "Obstacle\ncourse", version: "1.0", types: types, operations: operations, channels: channels,
        securitySchemes: [
            SecurityScheme(name: "bearerAuth", swiftName: "bearerAuth", kind: .bearer, description: "A token."),
            SecurityScheme(name: "clientBasic", swiftName: "clientBasic", kind: .basic),
            SecurityScheme(name: "default", swiftName: "`default`", kind: .apiKey(location: .query, name: "default")),
            SecurityScheme(name: "key", swiftName: "key", kind: .apiKey(location: .header, name: "X-API-Key")),
        ]
    )

    static func declare(_ name: String, _ kind: TypeDeclaration.Kind, _ description: String? = nil) -> TypeDeclaration {
        TypeDeclaration(name: name, description: description, kind: kind, position: position)
    }

    static func property(
        _ name: String, _ type: TypeUse, required: Bool = false, as swiftName: String? = nil, constant: String? = nil,
        default defaultValue: LiteralValue? = nil
    ) -> Property {
        Property(
            name: name, swiftName: swiftName ?? Namer.member(name), type: type, isRequired: required, constant: constant,
            defaultValue: defaultValue
        )
    }

    static let types: [TypeDeclaration] = [
        declare(
            "ClientFrame",
            .union(
                UnionType(
                    variants: [
                        .init(swiftName: "userMessage", type: named("UserMessage"), discriminatorValues: ["user_message", "message"]),
                        .init(swiftName: "toolResult", type: named("ToolResult"), discriminatorValues: ["tool_result"]),
                    ],
                    selection: .property("type")
                ))),
        declare(
            "Everything",
            .object(
                ObjectType(
                    properties: [
                        property("id", named("Identifier"), required: true),
                        property("count", TypeUse(.integer(.int32), constraints: Constraints(minimum: 0.5, maximum: 10)), required: true),
                        property(
                            "size", TypeUse(.integer(.int64), constraints: Constraints(exclusiveMinimum: 0, multipleOf: 5)),
                            default: .integer(10)),
                        property(
                            "ratio", TypeUse(.number, constraints: Constraints(minimum: 0, exclusiveMaximum: 1)), default: .number(0.5)),
                        property("is_active", TypeUse(.boolean), default: .boolean(true)),
                        property("created_at", TypeUse(.dateTime), required: true),
                        property("blob", TypeUse(.base64)),
                        property("note", TypeUse(.string, isNullable: true, constraints: Constraints(maxLength: 5)), required: true),
                        property("nick", TypeUse(.string, isNullable: true), default: .string("x\"y")),
                        property("kind", named("Kind"), default: .enumCase("plain")),
                        property("level", named("Level"), required: true),
                        property(
                            "tags",
                            TypeUse(
                                .array(TypeUse(.string, constraints: Constraints(minLength: 1))),
                                constraints: Constraints(minItems: 1, maxItems: 3, uniqueItems: true))),
                        property("grid", TypeUse(.array(TypeUse(.array(TypeUse(.integer(.int64), isNullable: true)))))),
                        property("blobs", TypeUse(.array(TypeUse(.base64)))),
                        property("labels", TypeUse(.map(TypeUse(.string, isNullable: true)), constraints: Constraints(maxProperties: 2))),
                        property("nested", TypeUse(.map(TypeUse(.array(named("Level")))))),
                        property("anything", TypeUse(.any)),
                        property("free", TypeUse(.anyObject, constraints: Constraints(minProperties: 1))),
                        property("problem", TypeUse(.external("APISupport.Problem"))),
                        property("type", TypeUse(.string), required: true, constant: "everything"),
                        property("json", TypeUse(.string)), property("seen", TypeUse(.string)), property("key", TypeUse(.string)),
                        property("value", TypeUse(.string)), property("default", TypeUse(.string), required: true),
                        property("self", TypeUse(.string)),
                    ],
                    additional: .forbidden, minProperties: 2
                )), "All kinds of properties.\n\nOf */ all.\n"),
        declare("Identifier", .alias(TypeUse(.string, constraints: Constraints(pattern: #"^[a-z]\d+$"#, format: "uuid")))),
        declare("Empty", .object(ObjectType(properties: []))),
        declare(
            "Extra",
            .object(
                ObjectType(
                    properties: [property("name", TypeUse(.string))],
                    additional: .typed(TypeUse(.integer(.int64), isNullable: true, constraints: Constraints(minimum: 1)))
                ))),
        declare(
            "Kind",
            .stringEnum(
                StringEnum(
                    cases: [.init(rawValue: "plain", swiftName: "plain"), .init(rawValue: "default", swiftName: "`default`")], isOpen: true
                ))),
        declare(
            "Level",
            .stringEnum(
                StringEnum(
                    cases: [.init(rawValue: "low-level", swiftName: "lowLevel"), .init(rawValue: "high", swiftName: "high")], isOpen: false
                ))),
        declare(
            "Node",
            .object(
                ObjectType(properties: [
                    property("next", named("Node")), property("children", TypeUse(.array(named("Node")))),
                    property("tree", named("Tree")),
                ]))),
        declare(
            "TextOrParts",
            .union(
                UnionType(
                    variants: [
                        .init(swiftName: "text", type: TypeUse(.string, constraints: Constraints(minLength: 1))),
                        .init(swiftName: "parts", type: TypeUse(.array(named("UserMessage")))),
                        .init(swiftName: "number", type: TypeUse(.number)),
                    ],
                    selection: .jsonType
                ))),
        declare(
            "TokenRequest",
            .object(
                ObjectType(properties: [
                    property("grant_type", TypeUse(.string), required: true, constant: "password"),
                    property("client_id", TypeUse(.string, constraints: Constraints(maxLength: 20)), required: true),
                    property("max_age", TypeUse(.integer(.int64)), default: .integer(60)),
                    property("level", named("Level")),
                    property(
                        "scope",
                        TypeUse(.array(TypeUse(.string, constraints: Constraints(minLength: 2))), constraints: Constraints(maxItems: 2))),
                ]))),
        declare(
            "ToolResult",
            .object(
                ObjectType(properties: [
                    property("type", TypeUse(.string), required: true, constant: "tool_result"),
                    property("call_id", TypeUse(.string), required: true), property("result", TypeUse(.any)),
                ]))),
        declare(
            "Tree",
            .union(
                UnionType(
                    variants: [
                        .init(swiftName: "leaf", type: TypeUse(.string)), .init(swiftName: "tree", type: named("Node")),
                    ],
                    selection: .jsonType
                ))),
        declare(
            "UserMessage",
            .object(
                ObjectType(properties: [
                    property("type", TypeUse(.string), required: true, constant: "user_message"),
                    property("content", named("TextOrParts"), required: true),
                ]))),
        declare(
            "Validation",
            .object(ObjectType(properties: [property("errors", TypeUse(.array(TypeUse(.string)))), property("at", TypeUse(.dateTime))]))),
    ]

    static let operations: [Operation] = [
        Operation(
            id: "getEverything", swiftName: "getEverything", typeName: "GetEverything", method: "GET", path: "/v1/everything/{id}",
            summary: "Gets everything.",
            parameters: [
                Parameter(name: "id", swiftName: "id", location: .path, isRequired: true, type: named("Identifier")),
                Parameter(
                    name: "limit", swiftName: "limit", location: .query, isRequired: false,
                    type: TypeUse(.integer(.int64), constraints: Constraints(minimum: 1, maximum: 100)), defaultValue: .integer(20)),
                Parameter(
                    name: "level", swiftName: "level", location: .query, isRequired: false,
                    type: TypeUse(.array(named("Level")), constraints: Constraints(maxItems: 2))),
                Parameter(
                    name: "names", swiftName: "reader", location: .query, isRequired: true,
                    type: TypeUse(.array(TypeUse(.string, constraints: Constraints(maxLength: 3))))),
                Parameter(name: "If-None-Match", swiftName: "ifNoneMatch", location: .header, isRequired: false, type: TypeUse(.string)),
                Parameter(
                    name: "theme", swiftName: "theme", location: .cookie, isRequired: false, type: named("Kind"),
                    defaultValue: .enumCase("plain")),
            ],
            responses: [
                Response(
                    status: .code(200), swiftName: "ok", typeName: "Ok", description: "Here it is.",
                    headers: [
                        ResponseHeader(name: "ETag", swiftName: "etag", isRequired: true, type: TypeUse(.string)),
                        ResponseHeader(name: "X-Levels", swiftName: "xLevels", isRequired: false, type: TypeUse(.array(named("Level")))),
                        ResponseHeader(name: "X-Rate", swiftName: "xRate", isRequired: false, type: TypeUse(.integer(.int64))),
                    ],
                    contents: [
                        json(named("Everything")),
                        Content(
                            mediaType: "text/event-stream", swiftName: "eventStream",
                            kind: .eventStream(data: named("ClientFrame"), terminator: "[DONE]")),
                        Content(mediaType: "text/html", swiftName: "html", kind: .text),
                    ]
                ),
                Response(status: .code(304), swiftName: "notModified", typeName: "NotModified"),
                Response(status: .code(401), swiftName: "unauthorized", typeName: "Unauthorized", contents: [problem]),
                Response(status: .code(404), swiftName: "notFound", typeName: "NotFound"),
                Response(status: .range(4), swiftName: "clientError", typeName: "ClientError", contents: [problem]),
                Response(status: .default, swiftName: "`default`", typeName: "Default", contents: [problem]),
            ],
            security: [
                SecurityRequirement(schemes: [.init(swiftName: "bearerAuth", scopes: ["api:read"])]),
                SecurityRequirement(schemes: [.init(swiftName: "key", scopes: []), .init(swiftName: "clientBasic", scopes: [])]),
            ],
            position: position
        ),
        Operation(
            id: "token", swiftName: "token", typeName: "Token", method: "POST", path: "/token",
            requestBody: RequestBody(
                isRequired: true,
                contents: [
                    Content(
                        mediaType: "application/x-www-form-urlencoded", swiftName: "form",
                        kind: .form(named("TokenRequest"), FormEncoding()))
                ]),
            responses: [
                Response(
                    status: .code(200), swiftName: "ok", typeName: "Ok",
                    contents: [json(TypeUse(.array(named("Extra")), constraints: Constraints(maxItems: 3)))]),
                Response(
                    status: .code(400), swiftName: "badRequest", typeName: "BadRequest",
                    headers: [ResponseHeader(name: "Cache-Control", swiftName: "cacheControl", isRequired: true, type: TypeUse(.string))],
                    contents: [json(named("Extra"))]
                ),
                Response(status: .range(5), swiftName: "serverError", typeName: "ServerError", contents: [json(named("Extra"))]),
            ],
            security: [SecurityRequirement(schemes: [.init(swiftName: "clientBasic", scopes: [])]), SecurityRequirement(schemes: [])],
            maxBodySize: 4096, position: position
        ),
        Operation(
            id: "upload", swiftName: "upload", typeName: "Upload", method: "PUT", path: "/upload",
            requestBody: RequestBody(
                isRequired: false,
                contents: [
                    json(TypeUse(.array(named("Extra"), ), isNullable: true, constraints: Constraints(minItems: 1))),
                    Content(
                        mediaType: "application/x-www-form-urlencoded", swiftName: "form",
                        kind: .form(named("TokenRequest"), FormEncoding())),
                    Content(mediaType: "text/plain", swiftName: "plain", kind: .text),
                    Content(mediaType: "application/octet-stream", swiftName: "binary", kind: .binary),
                ]
            ),
            responses: [
                Response(
                    status: .code(200), swiftName: "ok", typeName: "Ok",
                    contents: [Content(mediaType: "image/png", swiftName: "png", kind: .binary)]),
                Response(
                    status: .code(202), swiftName: "accepted", typeName: "Accepted", contents: [json(TypeUse(.string, isNullable: true))]),
                Response(status: .code(204), swiftName: "noContent", typeName: "NoContent"),
            ],
            position: position
        ),
        Operation(
            id: "default", swiftName: "`default`", typeName: "Default", method: "DELETE", path: "/default/{in}",
            parameters: [Parameter(name: "in", swiftName: "`in`", location: .path, isRequired: true, type: TypeUse(.string))],
            requestBody: RequestBody(
                isRequired: true, contents: [Content(mediaType: "application/octet-stream", swiftName: "binary", kind: .binary)]),
            responses: [
                Response(
                    status: .range(2), swiftName: "success", typeName: "Success",
                    headers: [ResponseHeader(name: "default", swiftName: "`default`", isRequired: true, type: TypeUse(.string))]
                )
            ],
            security: [SecurityRequirement(schemes: [.init(swiftName: "`default`", scopes: [])])], position: position
        ),
        Operation(
            id: "health", swiftName: "health", typeName: "Health", method: "GET", path: "/health",
            responses: [Response(status: .code(204), swiftName: "noContent", typeName: "NoContent")], position: position
        ),
        Operation(
            id: "watch", swiftName: "watch", typeName: "Watch", method: "GET", path: "/watch",
            responses: [
                Response(
                    status: .code(200), swiftName: "ok", typeName: "Ok",
                    contents: [
                        Content(
                            mediaType: "text/event-stream", swiftName: "eventStream",
                            kind: .eventStream(
                                data: TypeUse(.array(TypeUse(.integer(.int64), constraints: Constraints(minimum: 1)))), terminator: nil))
                    ])
            ],
            security: [SecurityRequirement(schemes: [.init(swiftName: "key", scopes: [])])], position: position
        ),
    ]

    static let channels: [Channel] = [
        Channel(
            id: "session", swiftName: "session", typeName: "Session", address: "/ws/{session_id}",
            summary: "One session.",
            parameters: [
                Parameter(
                    name: "session_id", swiftName: "sessionID", location: .path, isRequired: true,
                    type: TypeUse(.string, constraints: Constraints(maxLength: 64))),
                Parameter(
                    name: "deltas", swiftName: "deltas", location: .query, isRequired: false, type: TypeUse(.boolean),
                    defaultValue: .boolean(false)),
            ],
            received: MessageSet(
                [
                    Message(name: "userMessage", swiftName: "userMessage", payload: named("UserMessage")),
                    Message(name: "toolResult", swiftName: "toolResult", payload: named("ToolResult")),
                ],
                union: UnionType(
                    variants: [
                        UnionType.Variant(swiftName: "userMessage", type: named("UserMessage"), discriminatorValues: ["user_message"]),
                        UnionType.Variant(swiftName: "toolResult", type: named("ToolResult"), discriminatorValues: ["tool_result"]),
                    ], selection: .property("type"))
            ),
            sent: MessageSet([Message(name: "frame", swiftName: "frame", payload: named("Everything"))]),
            security: [SecurityRequirement(schemes: [.init(swiftName: "bearerAuth", scopes: ["api:read"])])], position: position
        ),
        Channel(
            id: "feed", swiftName: "feed", typeName: "Feed", address: "/feed", received: MessageSet(),
            sent: MessageSet([Message(name: "numbers", swiftName: "numbers", payload: TypeUse(.array(TypeUse(.integer(.int64)))))]),
            position: position
        ),
    ]
}
