public import CodegenModel

/// Compares two versions of one interface.
public struct ServiceComparison {
    private var types: TypeComparison
    private var changes: [Change] = []

    /// The differences from `old` to `new`, the breaking ones first, each kind in the order of the documents.
    public static func changes(from old: Service, to new: Service) -> [Change] {
        var comparison = ServiceComparison(types: TypeComparison(old: old, new: new))
        comparison.operations(old.operations, new.operations, isReversed: false)
        comparison.operations(old.webhooks, new.webhooks, isReversed: true)
        comparison.operations(old.callbacks, new.callbacks, isReversed: true)
        comparison.channels(old.channels, new.channels)
        var seen: Set<Change> = []
        let all = (comparison.changes + comparison.types.changes).filter { seen.insert($0).inserted }
        return all.enumerated().sorted { lhs, rhs in
            (min(lhs.element.clients, lhs.element.servers), lhs.offset) < (min(rhs.element.clients, rhs.element.servers), rhs.offset)
        }.map(\.element)
    }

    /// Where a change is found: an operation or channel in both documents.
    private struct Context {
        let name: String
        let old: SourcePosition
        let new: SourcePosition
        /// The receiver of a webhook is the API's client: what it is sent are requests that the API's server makes.
        let isReversed: Bool
        var request: ValueFlow { isReversed ? .response : .request }
        var response: ValueFlow { isReversed ? .request : .response }
    }

    // MARK: Operations

    private mutating func operations(_ old: [CodegenModel.Operation], _ new: [CodegenModel.Operation], isReversed: Bool) {
        // Two paths that differ in the names of their placeholders are one.
        func key(_ operation: CodegenModel.Operation) -> String {
            operation.method + " " + (operation.hookName.map { "\($0) " } ?? "") + PathTemplate.shape(of: operation.path)
        }
        func name(_ operation: CodegenModel.Operation) -> String { operation.method + " " + (operation.hookName ?? operation.path) }
        let later = Dictionary(new.map { (key($0), $0) }, uniquingKeysWith: { first, _ in first })
        let earlier = Set(old.map(key))
        for operation in old {
            guard let other = later[key(operation)] else {
                add(
                    .operationRemoved, "\(name(operation)) is no more", old: operation.position, new: nil,
                    isReversed ? (.compatible, .breaking) : (.breaking, .compatible))
                continue
            }
            compare(operation, other, Context(name: name(other), old: operation.position, new: other.position, isReversed: isReversed))
        }
        for operation in new where !earlier.contains(key(operation)) {
            add(
                .operationAdded, "\(name(operation)) is new", old: nil, new: operation.position,
                isReversed ? (.breaking, .compatible) : (.compatible, .breaking))
        }
    }

    private mutating func compare(_ old: CodegenModel.Operation, _ new: CodegenModel.Operation, _ context: Context) {
        if old.id != new.id {
            add(.operationRenamed, "\(context.name) is called `\(new.id)`, not `\(old.id)`", context, (.unclassified, .unclassified))
        }
        if !old.isDeprecated, new.isDeprecated {
            add(.operationDeprecated, "\(context.name) became deprecated", context, (.compatible, .compatible))
        }
        parameters(old.parameters, new.parameters, paths: (old.path, new.path), context)
        bodies(old.requestBody, new.requestBody, context)
        responses(old.responses, new.responses, context)
        security(old.security, new.security, context)
    }

    private mutating func parameters(_ old: [Parameter], _ new: [Parameter], paths: (old: String, new: String), _ context: Context) {
        // A path parameter is known by its place, whatever it is called.
        let places = (PathTemplate.parameters(of: paths.old), PathTemplate.parameters(of: paths.new))
        func counterpart(_ parameter: Parameter) -> Parameter? {
            if parameter.location == .path, let place = places.0.firstIndex(of: parameter.name), places.1.indices.contains(place) {
                return new.first { $0.location == .path && $0.name == places.1[place] }
            }
            return new.first { $0.location == parameter.location && $0.name == parameter.name }
        }
        var known: Set<String> = []
        for parameter in old {
            let words = "the parameter `\(parameter.name)` (\(parameter.location.rawValue)) of \(context.name)"
            guard let other = counterpart(parameter) else {
                add(.parameterRemoved, "\(words) is no more", context, flipped((.unclassified, .compatible), context))
                continue
            }
            known.insert("\(other.location.rawValue) \(other.name)")
            if !parameter.isRequired, other.isRequired {
                add(.parameterRequired, "\(words) became required", context, flipped((.breaking, .compatible), context))
            }
            if parameter.isRequired, !other.isRequired {
                add(.parameterOptional, "\(words) became optional", context, flipped((.compatible, .breaking), context))
            }
            if parameter.defaultValue != other.defaultValue {
                add(.defaultChanged, "\(words) has another default", context, (.unclassified, .unclassified))
            }
            types.compare(
                parameter.type, other.type, at: .init(subject: words, flow: context.request, old: context.old, new: context.new))
        }
        for parameter in new where !known.contains("\(parameter.location.rawValue) \(parameter.name)") {
            let kind = parameter.isRequired ? "required parameter" : "parameter"
            add(
                .parameterAdded, "\(context.name) has a new \(kind) `\(parameter.name)` (\(parameter.location.rawValue))", context,
                flipped((parameter.isRequired ? .breaking : .compatible, .unclassified), context))
        }
    }

    private mutating func bodies(_ old: RequestBody?, _ new: RequestBody?, _ context: Context) {
        switch (old, new) {
        case (nil, nil): return
        case (_?, nil):
            add(.bodyRemoved, "\(context.name) has no request body any more", context, flipped((.unclassified, .compatible), context))
        case (nil, let new?):
            let kind = new.isRequired ? "required request body" : "request body"
            add(
                .bodyAdded, "\(context.name) has a new \(kind)", context,
                flipped((new.isRequired ? .breaking : .compatible, .unclassified), context))
        case (let old?, let new?):
            if !old.isRequired, new.isRequired {
                add(.bodyRequired, "the body of \(context.name) became required", context, flipped((.breaking, .compatible), context))
            }
            if old.isRequired, !new.isRequired {
                add(.bodyOptional, "the body of \(context.name) became optional", context, flipped((.compatible, .breaking), context))
            }
            contents(
                old.contents, new.contents, subject: "the body of \(context.name)", flow: context.request, context,
                removed: (.breaking, .compatible), added: (.compatible, .breaking))
        }
    }

    private mutating func contents(
        _ old: [Content], _ new: [Content], subject: String, flow: ValueFlow, _ context: Context,
        removed: (Change.Impact, Change.Impact), added: (Change.Impact, Change.Impact)
    ) {
        for content in old {
            guard let other = new.first(where: { $0.mediaType == content.mediaType }) else {
                add(.mediaTypeRemoved, "\(subject) is not \(content.mediaType) any more", context, flipped(removed, context))
                continue
            }
            let (oldUses, newUses) = (Self.uses(in: content.kind), Self.uses(in: other.kind))
            for (oldUse, newUse) in zip(oldUses, newUses) {
                types.compare(oldUse, newUse, at: .init(subject: subject, flow: flow, old: context.old, new: context.new))
            }
            if oldUses.count != newUses.count {
                add(.typeChanged, "\(subject) as \(content.mediaType) has another type", context, (.breaking, .breaking))
            }
        }
        for content in new where !old.contains(where: { $0.mediaType == content.mediaType }) {
            add(.mediaTypeAdded, "\(subject) can be \(content.mediaType)", context, flipped(added, context))
        }
    }

    /// The types that a kind of content is made of, whichever kinds there are: a comparison needs no more of them.
    private static func uses(in value: Any, depth: Int = 0) -> [TypeUse] {
        if let use = value as? TypeUse { return [use] }
        guard depth < 6 else { return [] }
        return Mirror(reflecting: value).children.flatMap { uses(in: $0.value, depth: depth + 1) }
    }

    private mutating func responses(_ old: [Response], _ new: [Response], _ context: Context) {
        for response in old {
            let words = "the \(Self.words(response.status)) response of \(context.name)"
            guard let other = new.first(where: { $0.status == response.status }) else {
                add(
                    .responseRemoved, "\(words) is no more", context,
                    flipped((Self.isSuccess(response.status) ? .breaking : .compatible, .unclassified), context))
                continue
            }
            contents(
                response.contents, other.contents, subject: words, flow: context.response, context, removed: (.breaking, .compatible),
                added: (.compatible, .unclassified))
            headers(response.headers, other.headers, words, context)
        }
        for response in new where !old.contains(where: { $0.status == response.status }) {
            let isCovered = old.contains { Self.covers($0.status, response.status) }
            let impact: Change.Impact = isCovered ? .compatible : Self.isSuccess(response.status) ? .breaking : .unclassified
            add(
                .responseAdded, "\(context.name) has a new \(Self.words(response.status)) response", context,
                flipped((impact, .compatible), context))
        }
    }

    private mutating func headers(_ old: [ResponseHeader], _ new: [ResponseHeader], _ subject: String, _ context: Context) {
        for header in old {
            let words = "the header `\(header.name)` of \(subject)"
            guard let other = new.first(where: { $0.name.lowercased() == header.name.lowercased() }) else {
                add(
                    .headerRemoved, "\(words) is no more", context,
                    flipped((header.isRequired ? .breaking : .compatible, .compatible), context))
                continue
            }
            let place = TypeComparison.Place(subject: words, flow: context.response, old: context.old, new: context.new)
            types.compare(header.type, other.type, at: place)
        }
        for header in new where !old.contains(where: { $0.name.lowercased() == header.name.lowercased() }) {
            add(
                .headerAdded, "\(subject) has a new header `\(header.name)`", context,
                flipped((.compatible, header.isRequired ? .breaking : .compatible), context))
        }
    }

    private static func words(_ status: Response.Status) -> String {
        switch status {
        case .code(let code): String(code)
        case .range(let hundreds): "\(hundreds)XX"
        case .default: "default"
        }
    }

    private static func isSuccess(_ status: Response.Status) -> Bool {
        switch status {
        case .code(let code): (200..<300).contains(code)
        case .range(let hundreds): hundreds == 2
        case .default: false
        }
    }

    private static func covers(_ lhs: Response.Status, _ rhs: Response.Status) -> Bool {
        switch (lhs, rhs) {
        case (.default, _): true
        case (.range(let hundreds), .code(let code)): code / 100 == hundreds
        default: false
        }
    }

    // MARK: Security

    /// Tightened when a client that satisfied one of the old alternatives satisfies none of the new ones.
    private mutating func security(_ old: [SecurityRequirement], _ new: [SecurityRequirement], _ context: Context) {
        func isSatisfied(_ alternatives: [SecurityRequirement], by requirement: SecurityRequirement) -> Bool {
            alternatives.isEmpty
                || alternatives.contains { alternative in
                    alternative.schemes.allSatisfy { scheme in
                        requirement.schemes.contains {
                            $0.swiftName == scheme.swiftName && Set($0.scopes).isSuperset(of: scheme.scopes)
                        }
                    }
                }
        }
        let anybody = [SecurityRequirement(schemes: [])]
        let isTightened = !(old.isEmpty ? anybody : old).allSatisfy { isSatisfied(new, by: $0) }
        let isLoosened = !(new.isEmpty ? anybody : new).allSatisfy { isSatisfied(old, by: $0) }
        if isTightened {
            add(.securityTightened, "\(context.name) asks for more than before", context, flipped((.breaking, .compatible), context))
        }
        if isLoosened {
            add(
                .securityLoosened, "\(context.name) can be called with less than before", context,
                flipped((.compatible, .breaking), context))
        }
    }

    // MARK: Channels

    private mutating func channels(_ old: [Channel], _ new: [Channel]) {
        for channel in old {
            guard let other = new.first(where: { $0.id == channel.id }) else {
                add(.channelRemoved, "the channel `\(channel.id)` is no more", old: channel.position, new: nil, (.breaking, .compatible))
                continue
            }
            let context = Context(name: "the channel `\(channel.id)`", old: channel.position, new: other.position, isReversed: false)
            if PathTemplate.shape(of: channel.address) != PathTemplate.shape(of: other.address) {
                let message = "\(context.name) is at \(other.address), not \(channel.address)"
                add(.channelMoved, message, context, (.breaking, .breaking))
            }
            parameters(channel.parameters, other.parameters, paths: (channel.address, other.address), context)
            messages(channel.received.messages, other.received.messages, isSent: false, context)
            messages(channel.sent.messages, other.sent.messages, isSent: true, context)
            security(channel.security, other.security, context)
        }
        for channel in new where !old.contains(where: { $0.id == channel.id }) {
            add(.channelAdded, "the channel `\(channel.id)` is new", old: nil, new: channel.position, (.compatible, .breaking))
        }
    }

    private mutating func messages(_ old: [Message], _ new: [Message], isSent: Bool, _ context: Context) {
        let action = isSent ? "sends" : "receives"
        for message in old {
            guard let other = new.first(where: { $0.name == message.name }) else {
                let impact = ValueEffect.narrower.impact(isSent ? .response : .request)
                add(.messageRemoved, "\(context.name) \(action) no `\(message.name)` any more", context, impact)
                continue
            }
            let words = "the message `\(message.name)` of \(context.name)"
            let flow: ValueFlow = isSent ? .response : .request
            types.compare(message.payload, other.payload, at: .init(subject: words, flow: flow, old: context.old, new: context.new))
        }
        for message in new where !old.contains(where: { $0.name == message.name }) {
            let impact = ValueEffect.wider.impact(isSent ? .response : .request)
            add(.messageAdded, "\(context.name) \(action) a new `\(message.name)`", context, impact)
        }
    }

    // MARK: Findings

    private func flipped(_ impact: (Change.Impact, Change.Impact), _ context: Context) -> (Change.Impact, Change.Impact) {
        context.isReversed ? (impact.1, impact.0) : impact
    }

    private mutating func add(_ kind: ChangeKind, _ message: String, _ context: Context, _ impact: (Change.Impact, Change.Impact)) {
        add(kind, message, old: context.old, new: context.new, impact)
    }

    private mutating func add(
        _ kind: ChangeKind, _ message: String, old: SourcePosition?, new: SourcePosition?, _ impact: (Change.Impact, Change.Impact)
    ) {
        changes.append(Change(kind: kind, message: message, old: old, new: new, clients: impact.0, servers: impact.1))
    }
}
