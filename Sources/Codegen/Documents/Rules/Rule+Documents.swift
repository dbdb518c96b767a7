import CodegenModel

extension Rule {
    static let fileUnreadable = Rule(
        "file-unreadable", "Every document and every file it refers to can be read.",
        explanation: "The file does not exist, is a folder or a device, or may not be read."
    )
    static let notUTF8 = Rule(
        "not-utf-8", "Documents are UTF-8 text.", help: "save the file as UTF-8",
        explanation: "OpenAPI and AsyncAPI documents are exchanged as UTF-8. The place is that of the first byte that is not."
    )
    static let documentTooLarge = Rule(
        "document-too-large", "A document is of a size that people write.",
        help: "split the document, or write repeated parts once and refer to them",
        explanation: """
            A file may have 8 MiB, 128 levels of nesting and a million values after YAML aliases are followed. The bounds keep a hostile document,
            such as one whose aliases multiply, from taking the build's memory.
            """
    )
    static let yamlSyntax = Rule(
        "yaml-syntax", "A document is well-formed YAML 1.2 or JSON.", help: "mend the text here or in the line before",
        explanation: "Keys are unique in their object, and a file holds one document."
    )
    static let yamlUnsupported = Rule(
        "yaml-unsupported", "A document keeps to the YAML that JSON can say.", help: "write the keys and values out",
        explanation: """
            OpenAPI asks for keys that are strings and for the tags of YAML's JSON schema. Merge keys (`<<`) and keys that are objects, arrays or
            aliases have no JSON form.
            """
    )
    static let versionUnsupported = Rule(
        "version-unsupported", "A document is OpenAPI 3.0 to 3.2 or AsyncAPI 3.",
        help: "begin it with `openapi: 3.1.0` or `asyncapi: 3.0.0`",
        explanation: """
            Swagger 2.0 and AsyncAPI 2 can be converted with their projects' own tools. A file that only holds schemas for others to refer to is
            not named as a document; list the documents under `documents:` in codegen.yaml.
            """
    )
    static let wrongType = Rule(
        "wrong-type", "A field's value is of the type its specification asks for.",
        explanation:
            "Where YAML reads a plain value as something else than was meant (`version: 1.0`, `type: null`), quotes make it a string."
    )
    static let fieldMissing = Rule(
        "field-missing", "An object has the fields that its specification requires.",
        explanation: "See the object's section in the specification."
    )
    static let unknownField = Rule(
        "unknown-field", "An object has only the fields that its specification names.", severity: .warning,
        help: "remove it, or begin its name with `x-` if it is an extension",
        explanation: "An unknown field has no effect on what is generated; most often it is a misspelt one, or stands at the wrong level."
    )
    static let unsupported = Rule(
        "unsupported", "A document uses what the generator can express in Swift.", isSkippable: true,
        explanation: """
            What would change the meaning of the interface but is not supported is an error and never left out in silence. The help of each
            diagnostic names the nearest thing that is supported.
            """
    )
    static let referenceUnresolved = Rule(
        "reference-unresolved", "Every reference leads somewhere.",
        explanation: """
            A `$ref` is a path relative to the file that holds it (a symbolic link stands for the file it leads to), then `#` and a JSON pointer
            (RFC 6901), in which `/` in a name is written `~1`.
            """
    )
    static let referenceRemote = Rule(
        "reference-remote", "References stay among local files.",
        help: "download the file and refer to it by a path, or name its path under `references:` in codegen.yaml",
        explanation: """
            A build must not depend on what a host answers today. A schema is found by its URI when its own `$id` says so in a document that is
            read, or when codegen.yaml has the URI and a path under `references:`; a URI that ends in `/` stands for a folder.
            """
    )
    static let referenceCycle = Rule(
        "reference-cycle", "A chain of references ends.", help: "let one of them lead to a schema",
        explanation: "References that only lead to each other never reach an object."
    )
}
