import CodegenModel

/// The three files of an API's schemas: declarations, readers, writers.
extension SourceFile {
    mutating func declareTypes() {
        guard !api.declaredTypes.isEmpty || !api.service.assertions.validators.isEmpty else { return }
        line("/// The types of the document's schemas.")
        block("\(api.modifier)enum Schemas") { file in
            for (index, declaration) in file.api.declaredTypes.enumerated() {
                if index > 0 { file.line("") }
                file.documentation(declaration.description, declaration.isDeprecated ? "- Note: Deprecated." : nil)
                switch declaration.kind {
                case .object(let object): file.declareObject(object, declaration)
                case .stringEnum(let type): file.declareEnum(EnumShape(type, api: file.api), declaration)
                case .integerEnum(let type): file.declareEnum(EnumShape(type, api: file.api), declaration)
                case .union(let union):
                    let isIndirect = file.api.recursion.isIndirect(union: declaration.name)
                    file.declareUnion(declaration.name, union, conformances: ", Equatable", isIndirect: isIndirect)
                case .alias: break
                }
            }
        }
    }

    mutating func readTypes() {
        for declaration in api.declaredTypes {
            let path = api.generatedType("Schemas.\(declaration.name)")
            separate()
            expose("APISupport")
            block("extension \(path): \(api.supportType("JSONReadable"))") { file in
                file.leadingAssertions = declaration.assertions
                switch declaration.kind {
                case .object(let object): file.readObject(object, name: declaration.name)
                case .stringEnum(let type): file.readEnum(type)
                case .integerEnum: file.readRawValue()
                case .union(let union): file.readUnion(union)
                case .alias: break
                }
            }
            if declaration.kind.isEnum {
                line("")
                line("extension \(path): \(api.supportType("ParameterValue")) {}")
            }
        }
    }

    mutating func writeTypes() {
        for declaration in api.declaredTypes {
            let path = api.generatedType("Schemas.\(declaration.name)")
            separate()
            expose("APISupport")
            block("extension \(path): \(api.supportType("JSONWritable"))") { file in
                switch declaration.kind {
                case .object(let object): file.writeObject(object, name: declaration.name)
                case .stringEnum, .integerEnum: file.writeEnum()
                case .union(let union): file.writeUnion(union)
                case .alias: break
                }
            }
        }
    }
}

extension APIContext {
    /// The types that are declared in Swift: all but aliases.
    var declaredTypes: [TypeDeclaration] {
        service.types.filter { declaration in
            if case .alias = declaration.kind { false } else { true }
        }
    }
}
