import CodegenDocuments
import CodegenModel
import Testing

/// Reads a service from documents given as text, by path; the first one is the root unless told otherwise.
func service(
    _ files: [String: String], roots: [String] = ["/openapi.yaml"], options: ServiceReader.Options = .init(),
    sourceLocation: SourceLocation = #_sourceLocation
) throws -> Service {
    let result = ServiceReader.read(roots, options: options, access: .memory(files))
    // Tests write `nullable` and the like in documents of any version.
    #expect(
        result.diagnostics.allSatisfy { $0.rule == "version-feature" },
        "\(DiagnosticRenderer(texts: result.texts).render(result.diagnostics))", sourceLocation: sourceLocation)
    return try #require(result.service, sourceLocation: sourceLocation)
}

/// Reads the types of `components/schemas`, given indented by four spaces.
func schemas(_ text: String, sourceLocation: SourceLocation = #_sourceLocation) throws -> [String: TypeDeclaration.Kind] {
    let head = "openapi: 3.1.0\ninfo: {title: T, version: '1'}\npaths: {}\ncomponents:\n  schemas:\n"
    let service = try service(["/openapi.yaml": head + text], sourceLocation: sourceLocation)
    return Dictionary(uniqueKeysWithValues: service.types.map { ($0.name, $0.kind) })
}

@Suite("Schemas become types")
struct SchemaModelTests {
    @Test("Properties keep their order, names, constraints and defaults")
    func object() throws {
        let types = try schemas(
            """
                Session:
                  type: object
                  required: [id, kind, title]
                  properties:
                    id: {type: string, minLength: 1, maxLength: 64, pattern: '^[a-z]+$', format: uuid}
                    title: {type: [string, 'null'], description: What it is about}
                    kind: {const: session}
                    limit: {type: integer, format: int32, minimum: 1, exclusiveMaximum: 101, default: 20}
                    ratio: {type: number, multipleOf: 0.5}
                    created_at: {type: string, format: date-time}
                    data: {type: string, contentEncoding: base64}
                    tags: {type: array, uniqueItems: true, maxItems: 3, items: {type: string, maxLength: 8}}
                    labels: {additionalProperties: {type: boolean}}
                    anything: {}
                    settings: {type: object, maxProperties: 9}
                    colour: {type: string, enum: [red, dark-blue], default: dark-blue, deprecated: true}
            """
        )
        let expected: [Property] = [
            Property(
                name: "id", swiftName: "id",
                type: TypeUse(.string, constraints: Constraints(minLength: 1, maxLength: 64, pattern: "^[a-z]+$", format: "uuid")),
                isRequired: true
            ),
            Property(
                name: "title", swiftName: "title", description: "What it is about", type: TypeUse(.string, isNullable: true),
                isRequired: true
            ),
            Property(name: "kind", swiftName: "kind", type: TypeUse(.string), isRequired: true, constant: "session"),
            Property(
                name: "limit", swiftName: "limit",
                type: TypeUse(.integer(.int32), constraints: Constraints(minimum: 1, exclusiveMaximum: 101)), isRequired: false,
                defaultValue: .integer(20)
            ),
            Property(
                name: "ratio", swiftName: "ratio", type: TypeUse(.number, constraints: Constraints(multipleOf: 0.5)), isRequired: false),
            Property(name: "created_at", swiftName: "createdAt", type: TypeUse(.dateTime), isRequired: false),
            Property(name: "data", swiftName: "data", type: TypeUse(.base64), isRequired: false),
            Property(
                name: "tags", swiftName: "tags",
                type: TypeUse(
                    .array(TypeUse(.string, constraints: Constraints(maxLength: 8))),
                    constraints: Constraints(maxItems: 3, uniqueItems: true)
                ),
                isRequired: false
            ),
            Property(name: "labels", swiftName: "labels", type: TypeUse(.map(TypeUse(.boolean))), isRequired: false),
            Property(name: "anything", swiftName: "anything", type: TypeUse(.any), isRequired: false),
            Property(
                name: "settings", swiftName: "settings", type: TypeUse(.anyObject, constraints: Constraints(maxProperties: 9)),
                isRequired: false
            ),
            Property(
                name: "colour", swiftName: "colour", type: TypeUse(.named("SessionColour")), isRequired: false,
                defaultValue: .enumCase("darkBlue"), isDeprecated: true
            ),
        ]
        guard case .object(let object)? = types["Session"] else {
            Issue.record("Session is no object")
            return
        }
        for (found, expected) in zip(object.properties, expected) { #expect(found == expected) }
        #expect(object.properties.count == expected.count)
        #expect(
            types["SessionColour"]
                == .stringEnum(
                    StringEnum(
                        cases: [.init(rawValue: "red", swiftName: "red"), .init(rawValue: "dark-blue", swiftName: "darkBlue")],
                        isOpen: false
                    )))
    }

    @Test("Additional properties: tolerated, forbidden, typed")
    func additionalProperties() throws {
        let types = try schemas(
            """
                Silent: {type: object, properties: {a: {type: string}}}
                Tolerant: {type: object, properties: {a: {type: string}}, additionalProperties: true}
                Closed: {type: object, properties: {a: {type: string}}, additionalProperties: false}
                Typed: {type: object, properties: {additionalProperties: {type: string}}, additionalProperties: {type: integer}}
                Nothing: {type: object, additionalProperties: false}
            """
        )
        func additional(_ name: String) -> AdditionalProperties? {
            if case .object(let object)? = types[name] { object.additional } else { nil }
        }
        #expect(additional("Tolerant") == .typed(TypeUse(.any)))
        #expect(additional("Silent") == .ignored)
        #expect(additional("Closed") == .forbidden)
        #expect(additional("Typed") == .typed(TypeUse(.integer(.int64))))
        #expect(additional("Nothing") == .forbidden)
        guard case .object(let typed)? = types["Typed"] else { return }
        #expect(typed.properties.map(\.swiftName) == ["additionalProperties2"])
    }

    @Test("Null, however it is written")
    func nullability() throws {
        let types = try schemas(
            """
                Pet: {type: object, properties: {name: {type: string}}}
                Holder:
                  type: object
                  properties:
                    a: {oneOf: [{$ref: '#/components/schemas/Pet'}, {type: 'null'}]}
                    b: {anyOf: [{type: 'null'}, {type: integer}]}
                    c: {type: ['null', array], items: {type: string}}
                    d: {type: string, nullable: true}
                    e: {allOf: [{$ref: '#/components/schemas/Pet'}], description: One, nullable: true}
                    f: {type: [string, 'null'], enum: [x, null]}
                    g: {$ref: '#/components/schemas/Maybe'}
                Maybe: {oneOf: [{$ref: '#/components/schemas/Pet'}, {type: 'null'}]}
            """
        )
        guard case .object(let holder)? = types["Holder"] else {
            Issue.record("Holder is no object")
            return
        }
        let pet = TypeUse(.named("Pet"), isNullable: true)
        #expect(
            holder.properties.map(\.type) == [
                pet, TypeUse(.integer(.int64), isNullable: true), TypeUse(.array(TypeUse(.string)), isNullable: true),
                TypeUse(.string, isNullable: true), pet, TypeUse(.named("HolderF"), isNullable: true), pet,
            ])
        #expect(types["Maybe"] == .alias(pet))
    }

    @Test("Enums: closed, open in each form, in parts")
    func enums() throws {
        let types = try schemas(
            """
                Closed: {type: string, enum: [approve, reject]}
                Marked: {type: string, enum: [a, unknown], x-extensible-enum: true}
                Listed: {type: string, x-extensible-enum: [a]}
                Either: {anyOf: [{type: string, enum: [a]}, {type: string}]}
                Parts: {oneOf: [{const: low, description: Little}, {const: high, description: Much}]}
                Same: {type: string, enum: [a-b, a_b, A B]}
            """
        )
        func names(_ type: String) -> [String]? {
            if case .stringEnum(let declaration)? = types[type] {
                declaration.cases.map(\.swiftName) + [declaration.isOpen ? "…" : ""]
            } else {
                nil
            }
        }
        #expect(names("Closed") == ["approve", "reject", ""])
        #expect(names("Marked") == ["a", "unknown2", "…"])
        #expect(names("Listed") == ["a", "…"])
        #expect(names("Either") == ["a", "…"])
        #expect(names("Parts") == ["low", "high", ""])
        #expect(names("Same") == ["aB", "aB2", "aB3", ""])
    }

    @Test("allOf is one flat object; a single reference is that type")
    func allOf() throws {
        let types = try schemas(
            """
                Base: {type: object, required: [id], properties: {id: {type: string}, kind: {type: string}}}
                Derived:
                  allOf:
                    - {$ref: '#/components/schemas/Base'}
                    - {required: [kind, note], properties: {note: {type: string}}}
                  properties: {kind: {const: derived}}
                Same: {allOf: [{$ref: '#/components/schemas/Base'}], description: The base}
            """
        )
        guard case .object(let derived)? = types["Derived"] else {
            Issue.record("Derived is no object")
            return
        }
        #expect(derived.properties.map(\.name) == ["id", "kind", "note"])
        #expect(derived.properties.map(\.isRequired) == [true, true, true])
        #expect(derived.properties[1].constant == "derived")
        #expect(types["Same"] == .alias(TypeUse(.named("Base"))))
    }

    @Test("Unions by mapping, by bare names, by constants and by JSON type")
    func unions() throws {
        let types = try schemas(
            """
                Cat: {type: object, properties: {kind: {type: string}}}
                Dog: {type: object, properties: {kind: {type: string}}}
                UserMessage: {type: object, properties: {type: {type: string, const: user_message}, text: {type: string}}}
                Cancel: {type: object, properties: {type: {type: string, enum: [cancel, stop]}}}
                Mapped:
                  oneOf: [{$ref: '#/components/schemas/Cat'}, {$ref: '#/components/schemas/Dog'}]
                  discriminator: {propertyName: kind, mapping: {small-cat: '#/components/schemas/Cat', big-cat: Cat, dog: Dog}}
                Bare:
                  oneOf: [{$ref: '#/components/schemas/Cat'}, {$ref: '#/components/schemas/Dog'}]
                  discriminator: {propertyName: kind}
                Inferred:
                  oneOf: [{$ref: '#/components/schemas/UserMessage'}, {$ref: '#/components/schemas/Cancel'}]
                Content:
                  oneOf: [{type: string, maxLength: 3}, {type: array, items: {$ref: '#/components/schemas/Cat'}}]
                Several: {type: [string, integer, 'null']}
            """
        )
        func union(_ name: String) -> UnionType? { if case .union(let union)? = types[name] { union } else { nil } }
        let cat = TypeUse(.named("Cat"))
        let dog = TypeUse(.named("Dog"))
        #expect(
            union("Mapped")
                == UnionType(
                    variants: [
                        .init(swiftName: "cat", type: cat, discriminatorValues: ["small-cat", "big-cat"]),
                        .init(swiftName: "dog", type: dog, discriminatorValues: ["dog"]),
                    ], selection: .property("kind")
                ))
        #expect(union("Bare")?.variants.map(\.discriminatorValues) == [["Cat"], ["Dog"]])
        #expect(
            union("Inferred")
                == UnionType(
                    variants: [
                        .init(swiftName: "userMessage", type: TypeUse(.named("UserMessage")), discriminatorValues: ["user_message"]),
                        .init(swiftName: "cancel", type: TypeUse(.named("Cancel")), discriminatorValues: ["cancel", "stop"]),
                    ], selection: .property("type")
                ))
        #expect(
            union("Content")
                == UnionType(
                    variants: [
                        .init(swiftName: "string", type: TypeUse(.string, constraints: Constraints(maxLength: 3))),
                        .init(swiftName: "array", type: TypeUse(.array(cat))),
                    ], selection: .jsonType
                ))
        #expect(union("Several")?.variants.map(\.swiftName) == ["string", "integer"])
    }

    @Test("Anonymous types are named by their place, and give way to components")
    func hoisting() throws {
        let types = try schemas(
            """
                Session:
                  type: object
                  properties:
                    owner: {type: object, properties: {address: {type: object, properties: {city: {type: string}}}}}
                    members: {type: array, items: {type: object, properties: {id: {type: string}}}}
                SessionOwner: {type: string}
            """
        )
        #expect(types.keys.sorted() == ["Session", "SessionMembersItem", "SessionOwner", "SessionOwner2", "SessionOwner2Address"])
    }

    @Test("A type may hold itself in an array")
    func recursion() throws {
        let types = try schemas(
            "    Tree: {type: object, properties: {children: {type: array, items: {$ref: '#/components/schemas/Tree'}}}}\n"
        )
        guard case .object(let tree)? = types["Tree"] else { return }
        #expect(tree.properties.map(\.type) == [TypeUse(.array(TypeUse(.named("Tree"))))])
    }
}
