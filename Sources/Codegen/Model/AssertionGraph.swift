/// What generated code checks on parsed values: the schemas that typed reading does not express, and whole ones for validators.
///
/// Schemas refer to each other by their index; cycles are allowed where they descend into the value.
public struct AssertionGraph: Sendable, Equatable {
    public var schemas: [AssertionSchema]
    /// Sorted by name.
    public var validators: [AssertionValidator]

    public init(schemas: [AssertionSchema] = [], validators: [AssertionValidator] = []) {
        self.schemas = schemas
        self.validators = validators
    }
}

/// One schema: all of its assertions hold.
public struct AssertionSchema: Sendable, Equatable {
    /// In the order in which they are checked; `unevaluatedProperties` and `unevaluatedItems` come last.
    public var assertions: [Assertion]
    /// The schema resource that it belongs to (JSON Schema 2020-12 core, section 4.3.5), a number of its own for each.
    public var resource: Int
    /// Where it is written, for comments: a file and a JSON pointer.
    public var location: String
    /// A type, a use or a validator asks for it; the others are only referred to by schemas.
    public var isRoot: Bool

    public init(assertions: [Assertion], resource: Int, location: String, isRoot: Bool = false) {
        self.isRoot = isRoot
        self.assertions = assertions
        self.resource = resource
        self.location = location
    }
}

/// A function that checks any JSON text against a named schema, exactly as JSON Schema says.
public struct AssertionValidator: Sendable, Equatable {
    /// The schema's name in the document.
    public var name: String
    public var swiftName: String
    /// Index in ``AssertionGraph/schemas``.
    public var schema: Int

    public init(name: String, swiftName: String, schema: Int) {
        self.name = name
        self.swiftName = swiftName
        self.schema = schema
    }
}
