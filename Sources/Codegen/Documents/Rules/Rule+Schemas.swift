import CodegenModel

extension Rule {
    static let typeNameCollision = Rule(
        "type-name-collision", "Documents of one service use a name for one schema.", severity: .warning,
        help: "rename one of the two, or let one document refer to the other's",
        explanation: """
            All schemas of a service share one namespace. Schemas of the same name that say the same are one type; when they differ, the later
            one's type gets a number.
            """
    )
    static let formatUnknown = Rule(
        "format-unknown", "A `format` is one that is known.", severity: .warning, help: "remove it, or use `pattern`",
        explanation:
            "Formats are told to readers only unless they are uuid, uri, email, date, date-time, ipv4, ipv6 or hostname, which are checked."
    )
    static let allOfConflict = Rule(
        "all-of-conflict", "The parts of an `allOf` do not contradict each other.", help: "rename one of the two properties",
        isSkippable: true, explanation: "No value could satisfy both."
    )
    static let allOfClosed = Rule(
        "all-of-closed", "Each part of an `allOf` allows the properties of the others.", severity: .warning,
        help: "write `unevaluatedProperties: false` beside `allOf` in place of `additionalProperties: false` in the part",
        explanation: """
            `additionalProperties: false` sees the properties that stand beside it and no others: in a part of `allOf` it refuses what the other
            parts declare. Since that is hardly ever meant, the type has the properties of all parts, is closed to all others, and accepts them;
            a validator of the schema (`validators:`) refuses them as the standard says.
            """
    )
    static let requiredUndeclared = Rule(
        "required-undeclared", "A required property is among the properties.", severity: .warning,
        help: "declare it under `properties`",
        explanation: """
            A property that is only named is kept as any JSON value. The warning comes where its name is nearly that of a declared one, which
            then was most likely meant.
            """
    )
    static let typeNull = Rule(
        "type-null", "`type` names its types by strings.", severity: .warning, help: "quote it: 'null'",
        explanation: "A plain `null` is YAML's null. It is read as the type of that name, which other tools may refuse."
    )
    static let defaultInvalid = Rule(
        "default-invalid", "A default is a value that its schema allows.", help: "correct or remove it",
        isSkippable: true,
        explanation:
            "The default becomes the default argument of the Swift initializer and what a reader puts in place of an absent member."
    )
    static let enumInvalid = Rule(
        "enum-invalid", "An enum lists distinct values.", explanation: "Each value becomes a case of a Swift enum."
    )
    static let enumValueType = Rule(
        "enum-value-type", "The values of an enum are of its type.", severity: .warning,
        explanation: """
            `type` and `enum` both hold: a number can never come where `type` is string, nor a null unless `type` allows it. The value is left
            out of the Swift enum. In YAML most such values are strings that lack their quotes; with no `type` at all, values of several types
            are read as any JSON and checked.
            """
    )
    static let unionAmbiguous = Rule(
        "union-ambiguous", "The alternatives of a union can be told apart.",
        isSkippable: true,
        explanation: """
            With a `discriminator`, each alternative must be selected by a value: of the `mapping`, a `const` of its own, or the name of its
            component. Without one, alternatives are told apart by constants, JSON types or members that only one requires, else tried in order.
            """
    )
    static let discriminatorMismatch = Rule(
        "discriminator-mismatch", "A discriminator's mapping and its alternatives agree.",
        isSkippable: true,
        explanation: "A value that the mapping names but the alternative's own `const` does not allow could never be read."
    )
    static let schemaIdentifier = Rule(
        "schema-identifier", "A URI names one schema.",
        explanation: """
            An `$id` gives a schema a URI, relative to that of the schema around it (JSON Schema 2020-12 core, section 8.2.1). References to a URI
            that two schemas have could mean either.
            """
    )
}
