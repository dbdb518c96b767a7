import CodegenModel

/// `readOnly` and `writeOnly` (JSON Schema 2020-12 validation, section 9.4): a property that only one side sends cannot be asked of the other.
///
/// A type is one type in both directions. Where it is part of a request its read-only properties are optional, where it is part of a response
/// its write-only ones; a type that travels in one direction only keeps as required what that direction has.
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
        var result = service
        result.types = service.types.map { declaration in
            guard case .object(var object) = declaration.kind else { return declaration }
            var declaration = declaration
            for index in object.properties.indices {
                let property = object.properties[index]
                let isAbsent =
                    property.isReadOnly && sent.contains(declaration.name) || property.isWriteOnly && received.contains(declaration.name)
                if isAbsent { object.properties[index].isRequired = false }
            }
            declaration.kind = .object(object)
            return declaration
        }
        return result
    }

    private static func hasDirection(_ declaration: TypeDeclaration) -> Bool {
        guard case .object(let object) = declaration.kind else { return false }
        return object.properties.contains { $0.isRequired && ($0.isReadOnly || $0.isWriteOnly) }
    }

    private static func uses(of contents: [Content]) -> [TypeUse] {
        contents.flatMap { content -> [TypeUse] in
            switch content.kind {
            case .json(let use), .form(let use, _): return [use]
            case .eventStream(let item, _), .jsonLines(let item), .jsonSequence(let item): return [item]
            case .multipart(let type):
                return type.parts.compactMap { part in
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
