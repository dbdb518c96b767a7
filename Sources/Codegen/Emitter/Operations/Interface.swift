import CodegenModel

/// Operations that are served and called together: those of the API, or those of whoever receives its webhooks or its callbacks.
struct Interface {
    enum Kind: String {
        case api = "API"
        case webhook = "Webhook"
        case callback = "Callback"
    }

    let kind: Kind
    let operations: [Operation]

    /// The handler's protocol.
    var handler: String { kind.rawValue + "Handler" }
    var server: String { kind == .api ? "Server" : kind.rawValue + "Server" }
    var client: String { kind == .api ? "Client" : kind.rawValue + "Client" }
    /// The struct of the paths that the receiver chooses.
    var paths: String { kind.rawValue + "Paths" }

    var security: [[SecurityRequirement]] { operations.map(\.security) }

    /// The webhooks or callbacks, each with the property that says where it is mounted.
    var hooks: [(name: String, path: String, property: String)] {
        var names = NameScope()
        var seen: Set<String> = []
        return operations.compactMap { operation in
            guard let name = operation.hookName, seen.insert("\(name) \(operation.path)").inserted else { return nil }
            return (name, operation.path, names.claim(Namer.member(name)))
        }
    }

    /// The property of the paths that an operation is mounted at.
    func hook(of operation: Operation) -> String? {
        hooks.first { $0.name == operation.hookName && $0.path == operation.path }?.property
    }
}

extension APIContext {
    /// Those that have operations.
    var interfaces: [Interface] {
        [
            Interface(kind: .api, operations: service.operations), Interface(kind: .webhook, operations: service.webhooks),
            Interface(kind: .callback, operations: service.callbacks),
        ].filter { !$0.operations.isEmpty }
    }
}
