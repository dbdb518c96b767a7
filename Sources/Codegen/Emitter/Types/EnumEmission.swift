import CodegenModel

/// String enums. A closed one has a raw type; an open one keeps a value that the document does not name.
extension SourceFile {
    mutating func declareEnum(_ type: StringEnum, _ declaration: TypeDeclaration) {
        if type.isOpen { return declareOpenEnum(type, declaration) }
        let string = api.standardType("String")
        block("\(api.modifier)enum \(declaration.name): \(string), Sendable, Equatable, CaseIterable") { file in
            for item in type.cases {
                let name = SwiftLiteral.identifier(item.swiftName)
                file.line(
                    Namer.unescaped(item.swiftName) == item.rawValue
                        ? "case \(name)" : "case \(name) = \(SwiftLiteral.string(item.rawValue))")
            }
        }
    }

    private mutating func declareOpenEnum(_ type: StringEnum, _ declaration: TypeDeclaration) {
        let string = api.standardType("String")
        let unknown = APIContext.unique("unknown", among: type.cases.map(\.swiftName))
        block("\(api.modifier)enum \(declaration.name): RawRepresentable, Sendable, Hashable") { file in
            for item in type.cases { file.line("case \(SwiftLiteral.identifier(item.swiftName))") }
            file.line("/// A value that the document does not name.")
            file.line("case \(unknown)(\(string))")
            file.line("")
            file.block("\(file.api.modifier)init(rawValue: \(string))") { file in
                file.line("switch rawValue {")
                for item in type.cases {
                    file.line("case \(SwiftLiteral.string(item.rawValue)): self = .\(SwiftLiteral.identifier(item.swiftName))")
                }
                file.line("default: self = .\(unknown)(rawValue)")
                file.line("}")
            }
            file.line("")
            file.block("\(file.api.modifier)var rawValue: \(string)") { file in
                file.line("switch self {")
                for item in type.cases {
                    file.line("case .\(SwiftLiteral.identifier(item.swiftName)): \(SwiftLiteral.string(item.rawValue))")
                }
                file.line("case .\(unknown)(let value): value")
                file.line("}")
            }
        }
    }

    mutating func readEnum() {
        readerFunction { $0.line("try json.readEnum(Self.self)") }
    }

    mutating func writeEnum() {
        writerFunction { $0.line("json.write(self.rawValue)") }
    }
}
