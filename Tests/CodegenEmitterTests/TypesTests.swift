import CodegenEmitter
import CodegenModel
import Testing

@Suite("Types")
struct TypesTests {
    @Test("a property is optional when it may be absent or null, and has its default otherwise")
    func declaresProperties() throws {
        let text = try emit(ObstacleCourse.service, "Types.swift")
        #expect(text.contains("public var id: String\n"))
        #expect(text.contains("public var size: Int64\n"))
        #expect(text.contains("public var note: String?\n"))
        #expect(text.contains("public var grid: [[Int64?]]?\n"))
        #expect(text.contains("public var `default`: String\n"))
        #expect(text.contains("size: Int64 = 10,"))
        #expect(text.contains("note: String? = nil,"))
        #expect(text.contains("nick: String? = \"x\\\"y\","))
        #expect(text.contains("kind: Schemas.Kind = .plain,"))
    }

    @Test("a constant is not stored, but read and written")
    func keepsConstantsOut() throws {
        let frame = service(
            (
                "Frame",
                .object(ObjectType(properties: [ObstacleCourse.property("type", TypeUse(.string), required: true, constant: "frame")]))
            ))
        #expect(try emit(frame, "Types.swift").contains("struct Frame: Sendable, Equatable {\n        public init() {}\n    }"))
        let reading = try emit(frame, "Types+Reading.swift")
        #expect(reading.contains("try json.readConstant(\"frame\")"))
        #expect(reading.contains("MemberNames([\"type\"], required: [0])"))
        #expect(reading.contains("json.require(Self.memberNames, seen)"))
        #expect(try emit(frame, "Types+Writing.swift").contains("json.constant(\"type\", \"frame\")"))
    }

    @Test("an alias adds its constraints where it is used and is not declared")
    func inlinesAliases() throws {
        let reading = try emit(ObstacleCourse.service, "Types+Reading.swift")
        #expect(reading.contains("json.validation.check(value, pattern: pattern1, format: .uuid)"))
        #expect(try !emit(ObstacleCourse.service, "Types.swift").contains("Identifier"))
    }

    @Test("limits of an integer are whole numbers")
    func roundsLimits() throws {
        let limits = Constraints(minimum: 0.5, maximum: 9.5, exclusiveMinimum: -1.5, exclusiveMaximum: 10.5, multipleOf: 1.5)
        let text = try emit(
            service(
                ("Limits", .object(ObjectType(properties: [ObstacleCourse.property("n", TypeUse(.integer(.int32), constraints: limits))])))),
            "Types+Reading.swift"
        )
        #expect(text.contains("check(Int64(value), minimum: 1, maximum: 9, exclusiveMinimum: -2, exclusiveMaximum: 11)"))
        #expect(text.contains("check(Double(value), multipleOf: 1.5)"))
    }

    @Test("a member is known by its index among the names")
    func namesMembers() throws {
        let properties = (0..<65).map { ObstacleCourse.property("p\($0)", TypeUse(.string), required: $0 > 62) }
        let text = try emit(service(("Wide", .object(ObjectType(properties: properties)))), "Types+Reading.swift")
        #expect(text.contains("while let member = try json.nextMember(Self.memberNames, &seen) {\n            switch member {\n"))
        #expect(text.contains("            case 0: p0 = try json.readString()\n            case 1: "))
        #expect(text.contains("\"p64\"\n    ], required: [63, 64])\n"))
    }

    @Test("members that are not named are skipped, refused or kept")
    func treatsOtherMembers() throws {
        func reading(_ additional: AdditionalProperties) throws -> String {
            try emit(service(("Open", .object(ObjectType(properties: [], additional: additional)))), "Types+Reading.swift")
        }
        #expect(try reading(.ignored).contains("try json.skipValue()"))
        #expect(try reading(.forbidden).contains("try json.unexpectedMember()"))
        #expect(
            try reading(.typed(TypeUse(.string))).contains("try json.readAdditional(key, into: &additionalProperties, String.read(from:))"))
    }

    @Test("a type that contains itself has storage that ends the recursion")
    func breaksRecursion() throws {
        let text = try emit(ObstacleCourse.service, "Types.swift")
        #expect(text.contains("private var _next: [Schemas.Node]"))
        #expect(text.contains("public indirect enum Tree:"))
        #expect(!text.contains("_children"))
        #expect(!text.contains("_tree"))
    }

    @Test("an alias that leads to itself ends")
    func endsAliasCycles() throws {
        let cycle = service(("A", .alias(TypeUse(.named("B")))), ("B", .alias(TypeUse(.named("A")))))
        #expect(try emit(cycle, "Types.swift").hasPrefix("//"))
    }

    @Test("an open enum keeps what it does not know, a closed one is a raw type")
    func declaresEnums() throws {
        let text = try emit(ObstacleCourse.service, "Types.swift")
        #expect(
            text.contains(
                "public enum Level: String, Sendable, Equatable, CaseIterable {\n        case lowLevel = \"low-level\"\n        case high\n"
            ))
        #expect(text.contains("public enum Kind: RawRepresentable, Sendable, Hashable {"))
        #expect(text.contains("case unknown(String)"))
    }

    @Test("a union is read by its discriminator, or by the kind of JSON value")
    func readsUnions() throws {
        let text = try emit(ObstacleCourse.service, "Types+Reading.swift")
        #expect(text.contains("guard let discriminator = try json.discriminator(\"type\") else { return nil }"))
        #expect(text.contains("case \"user_message\", \"message\":"))
        #expect(text.contains("switch try json.nextKind {\n        case .string:"))
        #expect(text.contains("try json.rejectType(\"one of: string, array, number\")"))
    }
}
