import CodegenModel

/// Multipart bodies: a struct with a property a part, its reader and its writer.
extension SourceFile {
    mutating func declareMultipart(_ type: MultipartType) {
        expose("APISupport")
        line("/// A multipart body: a property a part.")
        block("\(api.modifier)struct \(type.typeName): \(api.supportType("MultipartReadable")), \(api.supportType("MultipartWritable"))") {
            file in
            var members: [(name: String, type: String)] = []
            for part in type.parts {
                let name = SwiftLiteral.identifier(part.swiftName)
                let partType = file.partType(part)
                file.exposePart(part)
                file.documentation(part.description)
                file.line("\(file.api.modifier)var \(name): \(partType)\(part.isRequired ? "" : "?")")
                members.append((name, part.isRequired ? partType : "\(partType)? = nil"))
            }
            file.declareMemberwiseInit(members)
            file.line("")
            file.readMultipart(type)
            file.line("")
            file.writeMultipart(type)
        }
    }

    private func partType(_ part: MultipartType.Part) -> String {
        let type =
            switch part.kind {
            case .text(let use), .json(let use): api.type(use)
            case .file: api.supportType("MultipartFile")
            }
        let element = part.requiredHeaders.isEmpty || part.isFile ? type : "\(api.supportType("MultipartValue"))<\(type)>"
        return part.isRepeated ? "[\(element)]" : element
    }

    private mutating func exposePart(_ part: MultipartType.Part) {
        switch part.kind {
        case .text(let use), .json(let use): expose(use)
        case .file: break
        }
    }

    private mutating func readMultipart(_ type: MultipartType) {
        let reader = api.supportType("MultipartReader")
        block("\(api.modifier)static func read(from parts: inout \(reader)) -> Self?") { file in
            var locals: [(label: String, local: String, isRequired: Bool)] = []
            var taken: Set<String> = ["parts", "json", "value"]
            for part in type.parts {
                let local = APIContext.unique(Namer.unescaped(part.swiftName), among: taken)
                taken.insert(local)
                let name = SwiftLiteral.identifier(local)
                file.readPart(part, into: "let \(name): \(file.partType(part))?")
                locals.append((SwiftLiteral.label(part.swiftName), name, part.isRequired))
            }
            if type.isClosed { file.line("parts.rejectOthers(than: \(SwiftLiteral.strings(type.parts.map(\.name))))") }
            let required = locals.filter(\.isRequired).map { "let \($0.local)" }
            if !required.isEmpty { file.line("guard \(required.joined(separator: ", ")) else { return nil }") }
            file.line("return Self(\(locals.map { "\($0.label): \($0.local)" }.joined(separator: ", ")))")
        }
    }

    private mutating func readPart(_ part: MultipartType.Part, into declaration: String) {
        var arguments = "\(SwiftLiteral.string(part.name)), required: \(part.isRequired)"
        if part.isRepeated {
            if let minimum = part.constraints.minItems { arguments += ", min: \(minimum)" }
            if let maximum = part.constraints.maxItems { arguments += ", max: \(maximum)" }
        }
        if !part.requiredHeaders.isEmpty { arguments += ", headers: \(SwiftLiteral.strings(part.requiredHeaders))" }
        switch part.kind {
        case .file:
            if let types = part.contentTypes { arguments += ", mediaTypes: \(SwiftLiteral.strings(types))" }
            line("\(declaration) = parts.\(part.isRepeated ? "files" : "file")(\(arguments))")
        case .text(let use): readWith("\(declaration) = parts.\(part.function)(\(arguments), \(api.textSchema(use)), ", use)
        case .json(let use): readWith("\(declaration) = parts.\(part.function)(\(arguments), .json, ", use)
        }
    }

    private mutating func writeMultipart(_ type: MultipartType) {
        block("\(api.modifier)func write(to parts: inout \(api.supportType("MultipartWriter")))") { file in
            for part in type.parts {
                let value = "self.\(SwiftLiteral.identifier(part.swiftName))"
                let label = part.isRepeated ? "values: " : ""
                let name = SwiftLiteral.string(part.name)
                let mediaType = part.contentTypes?.first { !$0.contains("*") }
                switch part.kind {
                case .file:
                    let type = mediaType.map { ", mediaType: \(SwiftLiteral.string($0))" } ?? ""
                    file.line("parts.write(\(name), \(part.isRepeated ? "files" : "file"): \(value)\(type))")
                case .text(let use):
                    let type = SwiftLiteral.string(mediaType ?? "text/plain")
                    file.writeWith("parts.write(\(name), \(type), \(label)\(value))", use)
                case .json(let use):
                    let type = SwiftLiteral.string(mediaType ?? "application/json")
                    file.writeWith("parts.write(\(name), \(type), \(label)\(value))", use)
                }
            }
        }
    }
}

extension MultipartType.Part {
    fileprivate var isFile: Bool { if case .file = kind { true } else { false } }

    /// The function that reads a value with, or without, its header fields.
    fileprivate var function: String { isRepeated ? "values" : "value" }

    /// The media types that the Encoding Object lists.
    fileprivate var contentTypes: [String]? {
        contentType.map { $0.split(separator: ",").map { $0.filter { $0 != " " }.lowercased() } }
    }
}
