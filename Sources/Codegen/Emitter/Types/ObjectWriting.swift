import CodegenModel

/// Writers of objects: members in document order, constants by themselves.
extension SourceFile {
    mutating func writeObject(_ object: ObjectType, name: String) {
        if object.isTuple { return writeTuple(object, name: name) }
        let shape = ObjectShape(object, name: name, api: api)
        writerFunction { file in
            file.line("json.beginObject()")
            for member in shape.members { file.writeMember(member) }
            if let additional = shape.additional { file.writeWith("json.writeMembers(self.additionalProperties)", additional) }
            file.line("json.endObject()")
        }
    }

    /// Writes `write(to:)` of JSONWritable around a body.
    mutating func writerFunction(_ body: (inout SourceFile) -> Void) {
        block("\(api.modifier)func write(to json: inout \(api.supportType("JSONWriter")))", body)
    }

    private mutating func writeMember(_ member: ObjectShape.Member) {
        let property = member.property
        if property.isReadOnly { return block("if json.direction != .request") { $0.writeValue(of: member) } }
        if property.isWriteOnly { return block("if json.direction != .response") { $0.writeValue(of: member) } }
        writeValue(of: member)
    }

    private mutating func writeValue(of member: ObjectShape.Member) {
        let property = member.property
        let name = SwiftLiteral.string(property.name)
        if let constant = property.constant { return line("json.constant(\(name), \(SwiftLiteral.string(constant)))") }
        let value = "self.\(SwiftLiteral.identifier(property.swiftName))"
        // With a default, a left out member would read as the default: null must be written.
        let writesNull = property.isRequired || property.defaultValue != nil
        let base = api.resolve(property.type).base
        if writesItself(base) {
            line("json.\(!member.isOptional ? "member" : writesNull ? "nullableMember" : "optionalMember")(\(name), \(value))")
        } else if member.isOptional && !writesNull {
            block("if let value = \(value)") { file in
                file.line("json.key(\(name))")
                file.writePresent("value", base)
            }
        } else {
            line("json.key(\(name))")
            writeValue(value, property.type)
        }
    }
}
