import CodegenModel

/// `readOnly` and `writeOnly` (JSON Schema 2020-12 validation, section 9.4): a property that only one side sends cannot be asked of the other.
///
/// A type is one type in both directions. Where it is part of a request its read-only properties are optional, where it is part of a response
/// its write-only ones; a type that travels in one direction only keeps as required what that direction has. Bodies know their direction, so that
/// neither side writes, or takes from the other, what does not go that way, and what is required one way is asked for there.
enum AccessDirections {
    static func apply(to service: Service) -> Service {
        guard service.types.contains(where: hasDirection) else { return service }
        var toServer: [TypeUse] = service.channels.flatMap { $0.received.messages.map(\.payload) }
        var fromServer: [TypeUse] = service.channels.flatMap { $0.sent.messages.map(\.payload) }
        for operation in service.operations {
            toServer += uses(of: operation.requestBody?.contents ?? [])
            fromServer += uses(of: operation.responses.flatMap(\.contents))
        }
        // The service calls these: its requests are what it sends.
        for operation in service.webhooks + service.callbacks {
            fromServer += uses(of: operation.requestBody?.contents ?? [])
            toServer += uses(of: operation.responses.flatMap(\.contents))
        }
        let declarations = Dictionary(service.types.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        let sent = reached(from: toServer, declarations)
        let received = reached(from: fromServer, declarations)
        let selectors = selectors(service.types)
        var result = service
        result.types = service.types.map { declaration in
            guard case .object(var object) = declaration.kind else { return declaration }
            var declaration = declaration
            for index in object.properties.indices {
                var property = object.properties[index]
                // What tells the alternatives of a union apart goes both ways.
                if property.constant != nil || selectors.contains(property.name) {
                    property.isReadOnly = false
                    property.isWriteOnly = false
                }
                let isAbsent =
                    property.isReadOnly && sent.contains(declaration.name) || property.isWriteOnly && received.contains(declaration.name)
                if isAbsent {
                    property.isRequiredOneWay = property.isRequired && property.isReadOnly != property.isWriteOnly
                    property.isRequired = false
                }
                object.properties[index] = property
            }
            declaration.kind = .object(object)
            return declaration
        }
        mark(&result, directed: directed(result.types))
        return result
    }

    private static func hasDirection(_ declaration: TypeDeclaration) -> Bool {
        guard case .object(let object) = declaration.kind else { return false }
        return object.properties.contains { $0.isReadOnly || $0.isWriteOnly }
    }

    /// The members by which unions are told apart.
    private static func selectors(_ types: [TypeDeclaration]) -> Set<String> {
        var names: Set<String> = []
        func add(_ selection: UnionType.Selection) {
            switch selection {
            case .property(let name): names.insert(name)
            case .kinds(let groups): for group in groups { add(group.selection) }
            case .jsonType, .members, .trial: break
            }
        }
        for case .union(let union) in types.map(\.kind) { add(union.selection) }
        return names
    }

    // MARK: Bodies

    /// The names of the types that hold a property of one direction, near or far.
    private static func directed(_ types: [TypeDeclaration]) -> Set<String> {
        var owners: [String: [String]] = [:]
        for type in types {
            for name in parts(of: type).flatMap(names) { owners[name, default: []].append(type.name) }
        }
        var found: Set<String> = []
        var pending = types.filter(hasDirection).map(\.name)
        while let name = pending.popLast() {
            if found.insert(name).inserted { pending += owners[name] ?? [] }
        }
        return found
    }

    private static func names(_ use: TypeUse) -> [String] {
        switch use.base {
        case .array(let element), .map(let element): names(element)
        case .named(let name): [name]
        default: []
        }
    }

    private static func mark(_ service: inout Service, directed: Set<String>) {
        func markContents(_ contents: inout [Content], _ direction: Content.Direction) {
            for index in contents.indices {
                let isDirected = uses(of: [contents[index]]).flatMap(names).contains(where: directed.contains)
                if isDirected { contents[index].direction = direction }
            }
        }
        func markOperations(_ operations: inout [CodegenModel.Operation], _ request: Content.Direction, _ response: Content.Direction) {
            for index in operations.indices {
                if var body = operations[index].requestBody {
                    markContents(&body.contents, request)
                    operations[index].requestBody = body
                }
                for number in operations[index].responses.indices {
                    markContents(&operations[index].responses[number].contents, response)
                }
            }
        }
        markOperations(&service.operations, .request, .response)
        markOperations(&service.webhooks, .response, .request)
        markOperations(&service.callbacks, .response, .request)
    }

    private static func uses(of contents: [Content]) -> [TypeUse] {
        contents.flatMap { content -> [TypeUse] in
            switch content.kind {
            case .json(let use), .form(let use, _): return [use]
            case .eventStream(let item, _), .jsonLines(let item), .jsonSequence(let item): return [item]
            case .multipart(let type):
                return (type.parts + (type.others.map { [$0] } ?? [])).compactMap { part in
                    switch part.kind {
                    case .json(let use), .text(let use): use
                    case .file: nil
                    }
                }
            case .text, .binary, .byteStream, .textEventStream, .multipartStream: return []
            }
        }
    }

    /// The names of all types that values of these uses may hold.
    private static func reached(from uses: [TypeUse], _ declarations: [String: TypeDeclaration]) -> Set<String> {
        var found: Set<String> = []
        var pending = uses
        while let use = pending.popLast() {
            switch use.base {
            case .array(let element), .map(let element): pending.append(element)
            case .named(let name):
                guard found.insert(name).inserted, let declaration = declarations[name] else { continue }
                pending += parts(of: declaration)
            default: break
            }
        }
        return found
    }

    private static func parts(of declaration: TypeDeclaration) -> [TypeUse] {
        switch declaration.kind {
        case .object(let object):
            if case .typed(let use) = object.additional { object.properties.map(\.type) + [use] } else { object.properties.map(\.type) }
        case .union(let union): union.variants.map(\.type)
        case .alias(let use): [use]
        case .stringEnum, .integerEnum: []
        }
    }
}
