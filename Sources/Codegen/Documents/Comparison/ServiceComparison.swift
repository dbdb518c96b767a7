public import CodegenModel

/// Compares two versions of one interface.
public struct ServiceComparison {
    var types: TypeComparison
    private var changes: [FoundChange] = []

    /// The differences from `old` to `new`, the breaking ones first, each kind in the order of the documents.
    /// - Parameter texts: What the two were read from, by path: with them a change has the position of what changed, without them that of
    ///   the operation, channel or schema that holds it.
    public static func changes(
        from old: Service, to new: Service, texts: (old: [String: String], new: [String: String]) = ([:], [:])
    ) -> [Change] {
        var comparison = ServiceComparison(types: TypeComparison(old: old, new: new))
        comparison.operations(old.operations, new.operations, isReversed: false)
        comparison.operations(old.webhooks, new.webhooks, isReversed: true)
        comparison.operations(old.callbacks, new.callbacks, isReversed: true)
        comparison.channels(old.channels, new.channels)
        comparison.events(old, new)
        var seen: Set<FoundChange> = []
        let all = (comparison.changes + comparison.types.changes).filter { seen.insert($0).inserted }
        let sorted = all.enumerated().sorted { lhs, rhs in
            (min(lhs.element.clients, lhs.element.servers), lhs.offset) < (min(rhs.element.clients, rhs.element.servers), rhs.offset)
        }
        return FoundChange.located(sorted.map(\.element), texts: texts)
    }

    /// Where a change is found: an operation or channel, or a part of one, in both documents.
    struct Context {
        let name: String
        var old: ChangePlace
        var new: ChangePlace
        /// The receiver of a webhook is the API's client: what it is sent are requests that the API's server makes.
        var isReversed = false

        var request: ValueFlow { isReversed ? .response : .request }
        var response: ValueFlow { isReversed ? .request : .response }

        func at(_ step: ChangePlace.Step) -> Context { at(step, step) }

        /// What is called differently in the two documents.
        func at(_ oldStep: ChangePlace.Step, _ newStep: ChangePlace.Step) -> Context {
            Context(name: name, old: old.at(oldStep), new: new.at(newStep), isReversed: isReversed)
        }

        /// A use of a type there.
        func place(_ subject: String, _ flow: ValueFlow) -> TypeComparison.Place {
            TypeComparison.Place(subject: subject, flow: flow, old: old, new: new)
        }
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
            let place = ChangePlace(anchor: .key(operation.position))
            guard let other = later[key(operation)] else {
                add(
                    .operationRemoved, "\(name(operation)) is no more", old: place, new: nil,
                    isReversed ? (.compatible, .breaking) : (.breaking, .compatible))
                continue
            }
            let newPlace = ChangePlace(anchor: .key(other.position))
            compare(operation, other, Context(name: name(other), old: place, new: newPlace, isReversed: isReversed))
        }
        for operation in new where !earlier.contains(key(operation)) {
            add(
                .operationAdded, "\(name(operation)) is new", old: nil, new: ChangePlace(anchor: .key(operation.position)),
                isReversed ? (.breaking, .compatible) : (.compatible, .breaking))
        }
    }

    private mutating func compare(_ old: CodegenModel.Operation, _ new: CodegenModel.Operation, _ context: Context) {
        if old.id != new.id {
            let message = "\(context.name) is called `\(new.id)`, not `\(old.id)`"
            add(.operationRenamed, message, context.at(.field("operationId")), (.unclassified, .unclassified))
        }
        if !old.isDeprecated, new.isDeprecated {
            add(.operationDeprecated, "\(context.name) became deprecated", context.at(.field("deprecated")), (.compatible, .compatible))
        }
        parameters(old.parameters, new.parameters, paths: (old.path, new.path), context)
        bodies(old.requestBody, new.requestBody, context)
        responses(old.responses, new.responses, context)
        security(old.security, new.security, context)
    }

    mutating func parameters(_ old: [Parameter], _ new: [Parameter], paths: (old: String, new: String), _ context: Context) {
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
                let place = context.at(.parameter(parameter.name))
                add(.parameterRemoved, "\(words) is no more", place, flipped((.unclassified, .compatible), context))
                continue
            }
            known.insert("\(other.location.rawValue) \(other.name)")
            compare(parameter, other, words, context.at(.parameter(parameter.name), .parameter(other.name)))
        }
        for parameter in new where !known.contains("\(parameter.location.rawValue) \(parameter.name)") {
            let kind = parameter.isRequired ? "required parameter" : "parameter"
            add(
                .parameterAdded, "\(context.name) has a new \(kind) `\(parameter.name)` (\(parameter.location.rawValue))",
                context.at(.parameter(parameter.name)),
                flipped((parameter.isRequired ? .breaking : .compatible, .unclassified), context))
        }
    }

    private mutating func compare(_ old: Parameter, _ new: Parameter, _ words: String, _ context: Context) {
        let requirement = context.at(.field("required"))
        if !old.isRequired, new.isRequired {
            add(.parameterRequired, "\(words) became required", requirement, flipped((.breaking, .compatible), context))
        }
        if old.isRequired, !new.isRequired {
            add(.parameterOptional, "\(words) became optional", requirement, flipped((.compatible, .breaking), context))
        }
        if Self.isWritten(old.encoding) != Self.isWritten(new.encoding) {
            add(.encodingChanged, "\(words) is written another way", context.at(.field("style")), (.breaking, .breaking))
        }
        let schema = context.at(.schema)
        if old.defaultValue != new.defaultValue {
            add(.defaultChanged, "\(words) has another default", schema.at(.keyword("default")), (.unclassified, .unclassified))
        }
        types.compare(old.type, new.type, at: schema.place(words, context.request))
    }

    /// Whether reserved characters are percent-encoded is up to who writes: readers take both.
    private static func isWritten(_ encoding: ParameterEncoding) -> ParameterEncoding {
        switch encoding {
        case .style(let style, let explode, _): .style(style, explode: explode, allowReserved: false)
        default: encoding
        }
    }

    // MARK: Security

    /// Tightened when a client that satisfied one of the old alternatives satisfies none of the new ones.
    mutating func security(_ old: [SecurityRequirement], _ new: [SecurityRequirement], _ context: Context) {
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
        let place = context.at(.security)
        if isTightened {
            add(.securityTightened, "\(context.name) asks for more than before", place, flipped((.breaking, .compatible), context))
        }
        if isLoosened {
            let message = "\(context.name) can be called with less than before"
            add(.securityLoosened, message, place, flipped((.compatible, .breaking), context))
        }
    }

    // MARK: Findings

    func flipped(_ impact: (Change.Impact, Change.Impact), _ context: Context) -> (Change.Impact, Change.Impact) {
        context.isReversed ? (impact.1, impact.0) : impact
    }

    mutating func add(_ kind: ChangeKind, _ message: String, _ context: Context, _ impact: (Change.Impact, Change.Impact)) {
        add(kind, message, old: context.old, new: context.new, impact)
    }

    mutating func add(
        _ kind: ChangeKind, _ message: String, old: ChangePlace?, new: ChangePlace?, _ impact: (Change.Impact, Change.Impact)
    ) {
        changes.append(FoundChange(kind: kind, message: message, old: old, new: new, clients: impact.0, servers: impact.1))
    }
}
