import CodegenModel

/// Arrays whose first items have types of their own: a struct in Swift, an array in JSON.
extension SourceFile {
    mutating func readTuple(_ object: ObjectType, name: String) {
        let shape = ObjectShape(object, name: name, api: api)
        readerFunction { file in
            file.line("guard try json.beginArray() else { return nil }")
            for member in shape.stored { file.line("var \(member.local): \(member.isOptional ? member.type : member.type + "?")") }
            if shape.additional != nil { file.line("var items: \(shape.additionalType) = []") }
            file.line("var memberCount = 0")
            file.block("while try json.nextElement()") { file in
                file.line("memberCount += 1")
                file.line("switch memberCount {")
                for (index, member) in shape.members.enumerated() {
                    file.line("case \(index + 1):")
                    file.indented { $0.readMember(into: member.local, member.property.type) }
                }
                file.line("default:")
                file.indented { file in
                    switch object.additional {
                    case .typed(let use): file.readWith("if let value = try json.readItem(", use, suffix: ") { items.append(value) }")
                    case .forbidden, .ignored: file.line("try json.unexpectedItem()")
                    }
                }
                file.line("}")
            }
            let limits = [object.minProperties.map { "min: \($0)" }, object.maxProperties.map { "max: \($0)" }].compactMap { $0 }
            if !limits.isEmpty { file.line("json.validation.checkCount(items: memberCount, \(limits.joined(separator: ", ")))") }
            let required = shape.stored.filter { !$0.isOptional }
            if !required.isEmpty { file.line("guard \(required.map { "let \($0.local)" }.joined(separator: ", ")) else { return nil }") }
            var arguments = shape.stored.map { "\(SwiftLiteral.label($0.property.swiftName)): \($0.local)" }
            if shape.additional != nil { arguments.append("items: items") }
            file.line("return Self(\(arguments.joined(separator: ", ")))")
        }
    }

    /// Items up to the last that is there; null stands for one that is left out before it.
    mutating func writeTuple(_ object: ObjectType, name: String) {
        let shape = ObjectShape(object, name: name, api: api)
        writerFunction { file in
            file.line("json.beginArray()")
            for (index, member) in shape.members.enumerated() {
                let value = "self.\(SwiftLiteral.identifier(member.property.swiftName))"
                guard member.isOptional else {
                    file.writeValue(value, member.property.type)
                    continue
                }
                let later = shape.members[(index + 1)...].filter(\.isOptional)
                var rest = later.map { "self.\(SwiftLiteral.identifier($0.property.swiftName)) != nil" }
                if shape.members[(index + 1)...].contains(where: { !$0.isOptional }) { rest = ["true"] }
                if shape.additional != nil { rest.append("!self.items.isEmpty") }
                file.line("if let value = \(value) {")
                file.indented { $0.writePresent("value", $0.api.resolve(member.property.type).base) }
                file.line(rest.isEmpty ? "}" : "} else if \(rest.joined(separator: " || ")) {")
                if !rest.isEmpty {
                    file.indented { $0.line("json.writeNull()") }
                    file.line("}")
                }
            }
            if let additional = shape.additional {
                file.block("for value in self.items") { $0.writeValue("value", additional) }
            }
            file.line("json.endArray()")
        }
    }
}
