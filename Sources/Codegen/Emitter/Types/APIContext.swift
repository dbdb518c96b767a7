import CodegenModel

/// What every part of the emitter asks about the API as a whole: the declared types, how types are spelled, the access level.
struct APIContext {
    /// With its operations as they travel.
    let service: Service
    let options: EmitterOptions
    private let declarations: [String: TypeDeclaration]
    /// Names that the generated namespaces declare; a type of another module with such a name is spelled with its module.
    private let declaredNames: Set<String>
    /// Types that contain themselves without an array or a map in between.
    let recursion: TypeRecursion

    init(service: Service, options: EmitterOptions) {
        var service = service
        service.operations = service.operations.map(\.asSent)
        service.webhooks = service.webhooks.map(\.asSent)
        service.callbacks = service.callbacks.map(\.asSent)
        self.service = service
        self.options = options
        var declarations: [String: TypeDeclaration] = [:]
        for declaration in service.types { declarations[declaration.name] = declaration }
        var names = Set(declarations.keys)
        for operation in service.allOperations {
            names.formUnion([operation.typeName, "Input", "Output", "Body"])
            for response in operation.responses { names.formUnion([response.typeName, response.typeName + "Body"]) }
        }
        for channel in service.channels { names.formUnion([channel.typeName, "Parameters", "FromClient", "FromServer"]) }
        for channel in service.eventChannels { names.formUnion([channel.typeName, "Parameters"]) }
        for operation in service.eventOperations { names.formUnion([operation.typeName, operation.reply?.typeName ?? "", "Payload"]) }
        self.declarations = declarations
        self.declaredNames = names
        self.recursion = TypeRecursion(declarations: declarations)
    }

    /// `public`, `package` or `internal`.
    var access: String { options.access }

    /// The access level in front of a declaration, with a space after it; nothing for `internal`.
    var modifier: String { options.access == "internal" ? "" : options.access + " " }

    // MARK: Spelling

    /// A type of the standard library.
    func standardType(_ name: String) -> String { declaredNames.contains(name) ? "Swift.\(name)" : name }

    /// A type of APISupport.
    func supportType(_ name: String) -> String { declaredNames.contains(name) ? "APISupport.\(name)" : name }

    /// A generated type, by its path from the module, such as `Schemas.Session`.
    func generatedType(_ path: String) -> String {
        let namespace = path.split(separator: ".").first.map(String.init) ?? path
        return declaredNames.contains(namespace) ? "\(options.moduleName).\(path)" : path
    }

    /// The Swift type of a value, with `?` when it may be null.
    func type(_ use: TypeUse) -> String {
        let resolved = resolve(use)
        return resolved.isNullable ? valueType(resolved.base) + "?" : valueType(resolved.base)
    }

    /// The Swift type of a value that is not null.
    func valueType(_ base: TypeUse.Base) -> String {
        switch base {
        case .string: standardType("String")
        case .base64, .base64URL: "[\(standardType("UInt8"))]"
        case .boolean: standardType("Bool")
        case .integer(.int32): standardType("Int32")
        case .integer(.int64): standardType("Int64")
        case .integer(.uint64): standardType("UInt64")
        case .exactNumber: supportType("ExactNumber")
        case .number: standardType("Double")
        case .dateTime: supportType("Timestamp")
        case .array(let element): "[\(type(element))]"
        case .map(let value): "[\(standardType("String")): \(type(value))]"
        case .named(let name): namedType(name)
        case .external(let name): name
        case .any: supportType("JSONValue")
        case .anyObject: supportType("JSONObject")
        }
    }

    private func namedType(_ name: String) -> String {
        generatedType("Schemas.\(name)")
    }

    /// The modules that a type's spelling needs.
    func modules(of use: TypeUse) -> [String] {
        switch resolve(use).base {
        case .dateTime, .exactNumber, .any, .anyObject: ["APISupport"]
        case .external(let name): name.split(separator: ".").dropLast().first.map { [String($0)] } ?? []
        case .array(let element), .map(let element): modules(of: element)
        case .string, .base64, .base64URL, .boolean, .integer, .number, .named: []
        }
    }

    // MARK: Meaning

    /// A use with its aliases followed: what the value is, and the constraints of every step, all of which hold.
    struct Resolved {
        var base: TypeUse.Base
        var isNullable: Bool
        var constraints: [Constraints]
        /// Schemas of ``Service/assertions``.
        var assertions: [Int]
    }

    /// Follows aliases; one that leads back to itself is left as it is.
    func resolve(_ use: TypeUse) -> Resolved {
        var visited: Set<String> = []
        var result = Resolved(
            base: use.base, isNullable: use.isNullable, constraints: use.constraints.isEmpty ? [] : [use.constraints],
            assertions: use.assertions
        )
        while case .named(let name) = result.base, case .alias(let next)? = declarations[name]?.kind, visited.insert(name).inserted {
            result.base = next.base
            result.isNullable = result.isNullable || next.isNullable
            if !next.constraints.isEmpty { result.constraints.append(next.constraints) }
            result.assertions += next.assertions
        }
        return result
    }

    /// The declaration behind a name; aliases are followed by ``resolve(_:)`` before.
    func declaration(_ name: String) -> TypeDeclaration? { declarations[name] }

    /// A name that is not taken, made by appending underscores.
    static func unique(_ name: String, among taken: some Sequence<String>) -> String {
        let taken = Set(taken)
        var result = name
        while taken.contains(result) { result += "_" }
        return result
    }
}
