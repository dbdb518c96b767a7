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
            if let others = type.others {
                let name = SwiftLiteral.identifier(others.swiftName)
                let partType = file.othersType(others, type)
                file.exposePart(others)
                file.documentation(others.description ?? "The other parts\(type.isPositional ? "" : ", by name").")
                file.line("\(file.api.modifier)var \(name): \(partType)")
                members.append((name, "\(partType) = \(type.isPositional ? "[]" : "[:]")"))
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

    private func othersType(_ part: MultipartType.Part, _ type: MultipartType) -> String {
        type.isPositional ? "[\(partType(part))]" : "[\(api.standardType("String")): \(partType(part))]"
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
            if type.isPositional {
                let limits = [type.count.minItems.map { ", min: \($0)" }, type.count.maxItems.map { ", max: \($0)" }]
                file.line("parts.number(first: \(type.parts.count)\(limits.compactMap { $0 }.joined()))")
            }
            for part in type.parts {
                let local = APIContext.unique(Namer.unescaped(part.swiftName), among: taken)
                taken.insert(local)
                let name = SwiftLiteral.identifier(local)
                file.readPart(part, into: "let \(name): \(file.partType(part))?")
                locals.append((SwiftLiteral.label(part.swiftName), name, part.isRequired))
            }
            if let others = type.others {
                let local = SwiftLiteral.identifier(APIContext.unique(Namer.unescaped(others.swiftName), among: taken))
                file.readOthers(others, of: type, into: "let \(local): \(file.othersType(others, type))")
                locals.append((SwiftLiteral.label(others.swiftName), local, false))
            }
            if type.isClosed { file.line("parts.rejectOthers(than: \(SwiftLiteral.strings(type.parts.map(\.name))))") }
            let required = locals.filter(\.isRequired).map { "let \($0.local)" }
            if !required.isEmpty { file.line("guard \(required.joined(separator: ", ")) else { return nil }") }
            file.line("return Self(\(locals.map { "\($0.label): \($0.local)" }.joined(separator: ", ")))")
        }
    }

    private mutating func readPart(_ part: MultipartType.Part, into declaration: String, suffix: String = "") {
        var arguments = "\(SwiftLiteral.string(part.name)), required: \(part.isRequired)"
        if part.isRepeated {
            if let minimum = part.constraints.minItems { arguments += ", min: \(minimum)" }
            if let maximum = part.constraints.maxItems { arguments += ", max: \(maximum)" }
        }
        if !part.requiredHeaders.isEmpty { arguments += ", headers: \(SwiftLiteral.strings(part.requiredHeaders))" }
        switch part.kind {
        case .file:
            if let types = part.contentTypes { arguments += ", mediaTypes: \(SwiftLiteral.strings(types))" }
            line("\(declaration) = parts.\(part.isRepeated ? "files" : "file")(\(arguments))\(suffix)")
        case .text(let use):
            readWith("\(declaration) = parts.\(part.function)(\(arguments), \(api.textSchema(use)), ", use, suffix: ")" + suffix)
        case .json(let use): readWith("\(declaration) = parts.\(part.function)(\(arguments), .json, ", use, suffix: ")" + suffix)
        }
    }

    /// Writes the declaration of what the parts are that no property is for.
    private mutating func readOthers(_ part: MultipartType.Part, of type: MultipartType, into declaration: String) {
        if type.isPositional {
            var items = part
            items.isRepeated = true
            return readPart(items, into: declaration, suffix: " ?? []")
        }
        let known = "than: \(SwiftLiteral.strings(type.parts.map(\.name)))"
        let lists = part.isRepeated ? "Lists" : ""
        switch part.kind {
        case .file: line("\(declaration) = parts.otherFile\(part.isRepeated ? "Lists" : "s")(\(known))")
        case .text(let use): readWith("\(declaration) = parts.others\(lists)(\(known), \(api.textSchema(use)), ", use)
        case .json(let use): readWith("\(declaration) = parts.others\(lists)(\(known), .json, ", use)
        }
    }

    private mutating func writeMultipart(_ type: MultipartType) {
        block("\(api.modifier)func write(to parts: inout \(api.supportType("MultipartWriter")))") { file in
            if type.isPositional { file.line("parts.hasNames = false") }
            for part in type.parts {
                file.writePart(part, SwiftLiteral.string(part.name), "self.\(SwiftLiteral.identifier(part.swiftName))")
            }
            guard var others = type.others else { return }
            let value = "self.\(SwiftLiteral.identifier(others.swiftName))"
            if type.isPositional {
                others.isRepeated = true
                file.writePart(others, SwiftLiteral.string(others.name), value)
            } else {
                file.block("for (name, value) in \(value).sorted(by: { $0.key < $1.key })") { $0.writePart(others, "name", "value") }
            }
        }
    }

    private mutating func writePart(_ part: MultipartType.Part, _ name: String, _ value: String) {
        let label = part.isRepeated ? "values: " : ""
        let mediaType = part.contentTypes?.first { !$0.contains("*") }
        switch part.kind {
        case .file:
            let type = mediaType.map { ", mediaType: \(SwiftLiteral.string($0))" } ?? ""
            line("parts.write(\(name), \(part.isRepeated ? "files" : "file"): \(value)\(type))")
        case .text(let use):
            let type = SwiftLiteral.string(mediaType ?? "text/plain")
            writeWith("parts.write(\(name), \(type), \(label)\(value))", use)
        case .json(let use):
            let type = SwiftLiteral.string(mediaType ?? "application/json")
            writeWith("parts.write(\(name), \(type), \(label)\(value))", use)
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
