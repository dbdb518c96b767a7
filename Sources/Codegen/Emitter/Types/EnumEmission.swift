import CodegenModel

/// An enum of strings or integers, as its declaration needs it.
struct EnumShape {
    /// `String`, `Int32` or `Int64`, as it is spelled here.
    let rawType: String
    /// Each case's name and the literal of its value; nil where the name says it.
    let cases: [(name: String, value: String, isImplied: Bool)]
    let isOpen: Bool

    init(_ type: StringEnum, api: APIContext) {
        rawType = api.standardType("String")
        cases = type.cases.map {
            (SwiftLiteral.identifier($0.swiftName), SwiftLiteral.string($0.rawValue), Namer.unescaped($0.swiftName) == $0.rawValue)
        }
        isOpen = type.isOpen
    }

    init(_ type: IntegerEnum, api: APIContext) {
        rawType = api.standardType(type.format == .int32 ? "Int32" : "Int64")
        cases = type.cases.map { (SwiftLiteral.identifier($0.swiftName), String($0.rawValue), false) }
        isOpen = type.isOpen
    }
}

/// Enums of strings and integers. A closed one has a raw type; an open one keeps a value that the document does not name.
extension SourceFile {
    mutating func declareEnum(_ shape: EnumShape, _ declaration: TypeDeclaration) {
        if shape.isOpen { return declareOpenEnum(shape, declaration) }
        block("\(api.modifier)enum \(declaration.name): \(shape.rawType), Sendable, Equatable, CaseIterable") { file in
            for item in shape.cases { file.line(item.isImplied ? "case \(item.name)" : "case \(item.name) = \(item.value)") }
        }
    }

    private mutating func declareOpenEnum(_ shape: EnumShape, _ declaration: TypeDeclaration) {
        let unknown = APIContext.unique("unknown", among: shape.cases.map { Namer.unescaped($0.name) })
        block("\(api.modifier)enum \(declaration.name): RawRepresentable, Sendable, Hashable") { file in
            for item in shape.cases { file.line("case \(item.name)") }
            file.line("/// A value that the document does not name.")
            file.line("case \(unknown)(\(shape.rawType))")
            file.line("")
            file.block("\(file.api.modifier)init(rawValue: \(shape.rawType))") { file in
                file.line("switch rawValue {")
                for item in shape.cases { file.line("case \(item.value): self = .\(item.name)") }
                file.line("default: self = .\(unknown)(rawValue)")
                file.line("}")
            }
            file.line("")
            file.block("\(file.api.modifier)var rawValue: \(shape.rawType)") { file in
                file.line("switch self {")
                for item in shape.cases { file.line("case .\(item.name): \(item.value)") }
                file.line("case .\(unknown)(let value): value")
                file.line("}")
            }
        }
    }

    mutating func readEnum(_ type: StringEnum) {
        if type.isOpen { return readRawValue() }
        // Looked up by its bytes, nothing is allocated.
        let byName = APIContext.unique("byName", among: type.cases.map(\.swiftName))
        line("private static let \(byName) = \(api.supportType("EnumCases"))(Self.allCases)")
        readerFunction { $0.line("try json.readEnum(Self.\(byName))") }
    }

    mutating func readRawValue() {
        readerFunction { $0.line("try json.readEnum(Self.self)") }
    }

    mutating func writeEnum() {
        writerFunction { $0.line("json.write(self.rawValue)") }
    }
}

extension TypeDeclaration.Kind {
    /// A value has a text, and a raw value.
    var isEnum: Bool {
        switch self {
        case .stringEnum, .integerEnum: true
        case .object, .union, .alias: false
        }
    }
}
