import CodegenModel

/// Readers of objects: one pass over the members, each looked up by its bytes.
extension SourceFile {
    mutating func readObject(_ object: ObjectType, name: String) {
        let shape = ObjectShape(object, name: name, api: api)
        let counts = object.minProperties != nil || object.maxProperties != nil
        readerFunction { file in
            file.line("guard try json.beginObject() else { return nil }")
            for member in shape.stored { file.line("var \(member.local): \(file.optionalType(member))") }
            if let additional = shape.additional {
                file.line("var additionalProperties: [\(file.api.standardType("String")): \(file.api.type(additional))] = [:]")
            }
            for word in 0..<((shape.members.count + 63) / 64) { file.line("var \(file.seenWord(word)): UInt64 = 0") }
            if counts { file.line("var memberCount = 0") }
            file.readMembers(shape, object.additional, counts: counts)
            for (index, member) in shape.members.enumerated() where member.property.isRequired {
                let name = SwiftLiteral.string(member.property.name)
                file.line("if \(file.seenBit(index)) == 0 { json.validation.missing(\(name)) }")
            }
            if counts {
                let limits = [object.minProperties.map { "min: \($0)" }, object.maxProperties.map { "max: \($0)" }]
                file.line("json.validation.checkProperties(memberCount, \(limits.compactMap { $0 }.joined(separator: ", ")))")
            }
            file.returnObject(shape)
        }
    }

    /// Writes `read(from:)` of JSONReadable around a body.
    mutating func readerFunction(_ body: (inout SourceFile) -> Void) {
        let error = api.supportType("JSONSyntaxError")
        block("\(api.modifier)static func read(from json: inout \(api.supportType("JSONReader"))) throws(\(error)) -> Self?", body)
    }

    private func optionalType(_ member: ObjectShape.Member) -> String { member.isOptional ? member.type : member.type + "?" }

    private func seenWord(_ word: Int) -> String { word == 0 ? "seen" : "seen\(word)" }

    /// The bit of a member: a literal, since an expression of literals is slow to type-check.
    private func seenBit(_ index: Int) -> String { "\(seenWord(index / 64)) & 0x\(String(UInt64(1) << (index % 64), radix: 16))" }

    private mutating func readMembers(_ shape: ObjectShape, _ additional: AdditionalProperties, counts: Bool) {
        let hasOnlySkipped = shape.members.isEmpty && additional.isKeyless
        block(hasOnlySkipped ? "while try json.nextKey() != nil" : "while let key = try json.nextKey()") { file in
            if counts { file.line("memberCount += 1") }
            if shape.members.isEmpty { return file.readOther(additional) }
            file.line("switch key {")
            for (index, member) in shape.members.enumerated() {
                file.line("case \(SwiftLiteral.string(member.property.name)):")
                file.indented { file in
                    file.line("json.markSeen(&\(file.seenWord(index / 64)), \(index % 64))")
                    if let constant = member.property.constant {
                        file.line("try json.readConstant(\(SwiftLiteral.string(constant)))")
                    } else {
                        file.readMember(into: member.local, member.property.type)
                    }
                }
            }
            file.line("default:")
            file.indented { $0.readOther(additional) }
            file.line("}")
        }
    }

    /// What becomes of a member that the schema does not name.
    private mutating func readOther(_ additional: AdditionalProperties) {
        switch additional {
        case .ignored: line("try json.skipValue()")
        case .forbidden: line("try json.unexpectedMember()")
        case .typed(let use): readWith("try json.readAdditional(key, into: &additionalProperties, ", use)
        }
    }

    private mutating func returnObject(_ shape: ObjectShape) {
        let required = shape.stored.filter { !$0.isOptional && ($0.property.isRequired || $0.property.defaultValue == nil) }
        if !required.isEmpty {
            line("guard \(required.map { "let \($0.local)" }.joined(separator: ", ")) else { return nil }")
        }
        var arguments = shape.stored.map { member in
            let label = "\(SwiftLiteral.label(member.property.swiftName)): "
            guard let value = member.property.defaultValue, !member.property.isRequired else { return label + member.local }
            let literal = SwiftLiteral.value(value)
            guard member.isOptional else { return "\(label)\(member.local) ?? \(literal)" }
            let index = shape.members.firstIndex { $0.property.name == member.property.name } ?? 0
            return "\(label)\(seenBit(index)) == 0 ? \(literal) : \(member.local)"
        }
        if shape.additional != nil { arguments.append("additionalProperties: additionalProperties") }
        line("return Self(\(arguments.joined(separator: ", ")))")
    }
}

extension AdditionalProperties {
    /// Whether a reader needs no key for a member that the schema does not name.
    fileprivate var isKeyless: Bool {
        if case .typed = self { false } else { true }
    }
}
