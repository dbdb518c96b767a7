import CodegenModel

/// Readers of objects: one pass over the members, each looked up by its bytes.
extension SourceFile {
    mutating func readObject(_ object: ObjectType, name: String) {
        if object.isTuple { return readTuple(object, name: name) }
        let shape = ObjectShape(object, name: name, api: api)
        let counts = object.minProperties != nil || object.maxProperties != nil
        if !shape.names.isEmpty { declareMemberNames(shape) }
        readerFunction { file in
            file.line("guard try json.beginObject() else { return nil }")
            file.declareLocals(shape)
            if let additional = shape.additional {
                file.line("var additionalProperties: [\(file.api.standardType("String")): \(file.api.type(additional))] = [:]")
            }
            if shape.names.isEmpty {
                if counts { file.line("var memberCount = 0") }
                file.readUnnamedMembers(object, counts: counts)
            } else {
                file.line("var seen = \(file.api.supportType("MemberSet"))()")
                file.readMembers(shape, object)
                if shape.members.contains(where: { $0.property.isRequired || $0.property.isRequiredOneWay }) {
                    file.line("json.require(Self.memberNames, seen)")
                }
            }
            if counts {
                let limits = [object.minProperties.map { "min: \($0)" }, object.maxProperties.map { "max: \($0)" }]
                let count = shape.names.isEmpty ? "memberCount" : "seen.count"
                file.line("json.validation.checkProperties(\(count), \(limits.compactMap { $0 }.joined(separator: ", ")))")
            }
            file.returnObject(shape)
        }
    }

    /// Writes `read(from:)` of JSONReadable around a body.
    mutating func readerFunction(_ body: (inout SourceFile) -> Void) {
        let error = api.supportType("JSONSyntaxError")
        block("\(api.modifier)static func read(from json: inout \(api.supportType("JSONReader"))) throws(\(error)) -> Self?") { file in
            file.assertNext(file.leadingAssertions)
            file.leadingAssertions = []
            body(&file)
        }
    }

    /// Writes the variables that members are read into.
    mutating func declareLocals(_ shape: ObjectShape) {
        let variables = shape.stored.map { "\($0.local): \(optionalType($0))" }
        guard let first = variables.first else { return }
        list(["var \(first)"] + variables.dropFirst())
    }

    private func optionalType(_ member: ObjectShape.Member) -> String { member.isOptional ? member.type : member.type + "?" }

    /// The names that the reader looks members up in: a member is known by its index from there on, which is quick to compile and to run.
    private mutating func declareMemberNames(_ shape: ObjectShape) {
        let names = shape.names.map(SwiftLiteral.string)
        let required = shape.members.indices.filter { shape.members[$0].property.isRequired }
        let head = "private static let memberNames = \(api.supportType("MemberNames"))(["
        let lists: [(String, [Int])] = [
            ("required", required), ("readOnly", shape.indices(\.isReadOnly)), ("writeOnly", shape.indices(\.isWriteOnly)),
            ("requiredOneWay", shape.indices(\.isRequiredOneWay)),
        ]
        let tail = "]" + lists.filter { !$0.1.isEmpty }.map { ", \($0.0): \($0.1)" }.joined() + ")"
        let short = head + names.joined(separator: ", ") + tail
        if short.utf8.count <= 120 {
            line(short)
        } else {
            line(head)
            indented { $0.list(names) }
            line(tail)
        }
        line("")
    }

    private mutating func readMembers(_ shape: ObjectShape, _ object: ObjectType) {
        block("while let member = try json.nextMember(Self.memberNames, &seen)") { file in
            file.line("switch member {")
            for (index, member) in shape.members.enumerated() {
                file.line("case \(index):")
                file.indented { file in
                    if let constant = member.property.constant {
                        file.line("try json.readConstant(\(SwiftLiteral.string(constant)))")
                    } else {
                        file.readMember(into: member.local, member.property.type)
                    }
                }
            }
            if !shape.forbidden.isEmpty {
                let indices = shape.forbidden.indices.map { String(shape.members.count + $0) }
                file.line("case \(indices.joined(separator: ", ")): try json.unexpectedMember()")
            }
            file.line("default:")
            file.indented { $0.readOther(object) }
            file.line("}")
        }
    }

    /// Writes the loop of an object whose schema names no member.
    private mutating func readUnnamedMembers(_ object: ObjectType, counts: Bool) {
        block(object.additional.isKeyless ? "while try json.nextKey() != nil" : "while let key = try json.nextKey()") { file in
            if counts { file.line("memberCount += 1") }
            if case .typed(let use) = object.additional {
                file.readWith("try json.readAdditional(key, into: &additionalProperties, ", use)
            } else {
                file.readOther(object)
            }
        }
    }

    /// What becomes of a member that the schema does not name.
    private mutating func readOther(_ object: ObjectType) {
        switch object.additional {
        case .ignored: line("try json.skipValue()")
        case .forbidden:
            let rule = object.closing == .additionalProperties ? "" : SwiftLiteral.string(object.closing.rawValue)
            line("try json.unexpectedMember(\(rule))")
        case .typed(let use): readWith("try json.readAdditional(into: &additionalProperties, ", use)
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
            return "\(label)seen.contains(\(index)) ? \(member.local) : \(literal)"
        }
        if shape.additional != nil { arguments.append("additionalProperties: additionalProperties") }
        line("return Self(\(arguments.joined(separator: ", ")))")
    }
}

extension ObjectShape {
    fileprivate func indices(_ isIncluded: KeyPath<Property, Bool>) -> [Int] {
        members.indices.filter { members[$0].property[keyPath: isIncluded] }
    }
}

extension AdditionalProperties {
    /// Whether a reader needs no key for a member that the schema does not name.
    fileprivate var isKeyless: Bool {
        if case .typed = self { false } else { true }
    }
}
