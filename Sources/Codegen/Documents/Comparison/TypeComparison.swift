import CodegenModel

/// Compares the types of two models where they are used: each pair of declarations once for each way its values travel.
struct TypeComparison {
    private struct Pair: Hashable {
        let old: String
        let new: String
        let flow: ValueFlow
    }

    private let old: [String: TypeDeclaration]
    private let new: [String: TypeDeclaration]
    let assertions: (old: AssertionGraph, new: AssertionGraph)
    private var visited: Set<Pair> = []
    private var pending: [Pair] = []
    private(set) var changes: [FoundChange] = []

    init(old: Service, new: Service) {
        self.old = Dictionary(old.types.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        self.new = Dictionary(new.types.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        assertions = (old.assertions, new.assertions)
    }

    /// A place where a type is used, in both documents.
    struct Place {
        var subject: String
        var flow: ValueFlow
        var old: ChangePlace
        var new: ChangePlace

        /// What is reached from here in both documents.
        func at(_ step: ChangePlace.Step, subject: String? = nil) -> Place {
            Place(subject: subject ?? self.subject, flow: flow, old: old.at(step), new: new.at(step))
        }
    }

    mutating func compare(_ oldUse: TypeUse, _ newUse: TypeUse, at place: Place) {
        uses(oldUse, newUse, place)
        while let pair = pending.popLast() { declarations(pair) }
    }

    /// The same for types that no document names, such as the parts of a multipart body.
    mutating func compare(_ old: ObjectType, _ new: ObjectType, at place: Place) {
        objects(old, new, place)
        while let pair = pending.popLast() { declarations(pair) }
    }

    /// Whether a value of the type, of the old or of the new document, must have some member.
    func hasRequiredMember(_ use: TypeUse, isNew: Bool) -> Bool {
        let types = isNew ? new : old
        guard case .named(let name) = resolved(use, in: types).base, case .object(let object)? = types[name]?.kind else { return false }
        return object.properties.contains(where: \.isRequired)
    }

    // MARK: Uses

    private mutating func uses(_ oldUse: TypeUse, _ newUse: TypeUse, _ place: Place) {
        let (oldUse, newUse) = (resolved(oldUse, in: old), resolved(newUse, in: new))
        let typePlace = place.at(.keyword("type"))
        if !oldUse.isNullable, newUse.isNullable { add(.nullAllowed, "\(place.subject) may be null", .wider, typePlace) }
        if oldUse.isNullable, !newUse.isNullable { add(.nullRefused, "\(place.subject) must not be null any more", .narrower, typePlace) }
        constraints(oldUse.constraints, newUse.constraints, place)
        assertions(oldUse.assertions, newUse.assertions, place)
        switch (oldUse.base, newUse.base) {
        case (.array(let oldElement), .array(let newElement)):
            uses(oldElement, newElement, place.at(.keyword("items"), subject: "each of \(place.subject)"))
        case (.map(let oldValue), .map(let newValue)):
            uses(oldValue, newValue, place.at(.keyword("additionalProperties"), subject: "each of \(place.subject)"))
        case (.named(let oldName), .named(let newName)):
            if oldName != newName { add(.typeRenamed, "\(place.subject) is a \(newName), not a \(oldName)", .unclear, place) }
            let pair = Pair(old: oldName, new: newName, flow: place.flow)
            if visited.insert(pair).inserted { pending.append(pair) }
        default:
            if oldUse.base == newUse.base { return }
            let effect = Self.effect(from: oldUse.base, to: newUse.base)
            add(.typeChanged, "\(place.subject) is \(words(newUse)), not \(words(oldUse))", effect, typePlace)
        }
    }

    private static func effect(from old: TypeUse.Base, to new: TypeUse.Base) -> ValueEffect {
        switch (old, new) {
        case (.integer, .number), (.integer(.int32), .integer(.int64)), (_, .any): .wider
        case (.number, .integer), (.integer(.int64), .integer(.int32)), (.any, _): .narrower
        // The same JSON, decimals kept to the last digit or not.
        case (.number, .exactNumber(isString: false)), (.exactNumber(isString: false), .number): .same
        default: .other
        }
    }

    /// A use of an alias is a use of what it stands for.
    private func resolved(_ use: TypeUse, in types: [String: TypeDeclaration]) -> TypeUse {
        var use = use
        for _ in 0..<64 {
            guard case .named(let name) = use.base, case .alias(var target)? = types[name]?.kind else { return use }
            target.isNullable = target.isNullable || use.isNullable
            use = target
        }
        return use
    }

    private func words(_ use: TypeUse) -> String {
        switch use.base {
        case .named(let name), .external(let name): "a \(name)"
        case .array: "an array"
        case .map: "a map"
        case .any: "any value"
        case .integer(let format): "an integer (\(format.rawValue))"
        default: "a \(String(describing: use.base).prefix { $0 != "(" })"
        }
    }

    // MARK: Declarations

    private mutating func declarations(_ pair: Pair) {
        guard let oldType = old[pair.old], let newType = new[pair.new] else { return }
        let place = Place(
            subject: pair.new, flow: pair.flow, old: ChangePlace(anchor: .value(oldType.position)),
            new: ChangePlace(anchor: .value(newType.position))
        )
        assertions(oldType.assertions, newType.assertions, place)
        switch (oldType.kind, newType.kind) {
        case (.object(let old), .object(let new)): objects(old, new, place)
        case (.stringEnum(let old), .stringEnum(let new)):
            enums(old.cases.map(\.rawValue), new.cases.map(\.rawValue), areOpen: (old.isOpen, new.isOpen), place)
        case (.integerEnum(let old), .integerEnum(let new)):
            if old.format != new.format {
                add(.typeChanged, "\(place.subject) is \(new.format.rawValue), not \(old.format.rawValue)", .other, place)
            }
            let (oldValues, newValues) = (old.cases.map { String($0.rawValue) }, new.cases.map { String($0.rawValue) })
            enums(oldValues, newValues, areOpen: (old.isOpen, new.isOpen), place)
        case (.union(let old), .union(let new)): unions(old, new, place)
        case (.alias(let old), .alias(let new)): uses(old, new, place)
        default:
            guard oldType.kind != newType.kind else { return }
            let (oldWord, newWord) = (Self.word(oldType.kind), Self.word(newType.kind))
            let message = oldWord == newWord ? "\(pair.new) has another type" : "\(pair.new) is \(newWord), not \(oldWord)"
            add(.typeChanged, message, .other, place)
        }
    }

    private static func word(_ kind: TypeDeclaration.Kind) -> String {
        switch kind {
        case .object: "an object"
        case .stringEnum: "an enum"
        case .integerEnum: "an enum of integers"
        case .union: "a union"
        default: "another type"
        }
    }

    private mutating func objects(_ old: ObjectType, _ new: ObjectType, _ place: Place) {
        for property in old.properties {
            guard let other = new.properties.first(where: { $0.name == property.name }) else {
                // Who still writes it is refused only where undeclared properties are; who reads it misses it when it was always there.
                let isRefused = new.additional == .forbidden || new.forbidden.contains(property.name)
                addProperty(
                    .propertyRemoved, "\(place.subject) has no property `\(property.name)` any more", property, place,
                    written: isRefused ? .breaking : .unclassified, read: property.isRequired ? .breaking : .compatible
                )
                continue
            }
            compareProperty(property, other, place)
        }
        for property in new.properties where !old.properties.contains(where: { $0.name == property.name }) {
            let words = property.isRequired ? "required property" : "property"
            addProperty(
                .propertyAdded, "\(place.subject) has a new \(words) `\(property.name)`", property, place,
                written: property.isRequired ? .breaking : .compatible, read: old.additional == .forbidden ? .breaking : .compatible
            )
        }
        let undeclared = place.at(.keyword("additionalProperties"), subject: "each undeclared property of \(place.subject)")
        switch (old.additional, new.additional) {
        case (.forbidden, .forbidden), (.ignored, .ignored): break
        case (_, .forbidden):
            let closing = place.at(.keyword(new.closing.rawValue))
            add(.additionalPropertiesRefused, "\(place.subject) refuses undeclared properties", .narrower, closing)
        case (.forbidden, _):
            let closing = place.at(.keyword(old.closing.rawValue))
            add(.additionalPropertiesAllowed, "\(place.subject) allows undeclared properties", .wider, closing)
        case (.typed(let oldUse), .typed(let newUse)): uses(oldUse, newUse, undeclared)
        case (.ignored, .typed(let newUse)): uses(TypeUse(.any), newUse, undeclared)
        case (.typed(let oldUse), .ignored): uses(oldUse, TypeUse(.any), undeclared)
        }
        bound("minProperties", old.minProperties.map(Double.init), new.minProperties.map(Double.init), isLower: true, place)
        bound("maxProperties", old.maxProperties.map(Double.init), new.maxProperties.map(Double.init), isLower: false, place)
    }

    private mutating func compareProperty(_ old: Property, _ new: Property, _ place: Place) {
        var property = place.at(.property(new.name), subject: "`\(new.name)` of \(place.subject)")
        // One that only one side sends has no part in what the other sends.
        if new.isReadOnly { property.flow.remove(.request) }
        if new.isWriteOnly { property.flow.remove(.response) }
        guard !property.flow.isEmpty else { return }
        var requirement = place.at(.keyword("required"), subject: property.subject)
        requirement.flow = property.flow
        if !old.isRequired, new.isRequired { add(.propertyRequired, "\(property.subject) became required", .narrower, requirement) }
        if old.isRequired, !new.isRequired { add(.propertyOptional, "\(property.subject) became optional", .wider, requirement) }
        if old.defaultValue != new.defaultValue {
            add(.defaultChanged, "\(property.subject) has another default", .unclear, property.at(.keyword("default")))
        }
        if old.constant != new.constant {
            let value = new.constant.map { "always `\($0)`" } ?? "not constant any more"
            let effect: ValueEffect = new.constant == nil ? .wider : old.constant == nil ? .narrower : .other
            add(.typeChanged, "\(property.subject) is \(value)", effect, property.at(.keyword("const")))
        }
        uses(old.type, new.type, property)
    }

    private mutating func enums(_ oldValues: [String], _ newValues: [String], areOpen: (old: Bool, new: Bool), _ place: Place) {
        let (oldSet, newSet) = (Set(oldValues), Set(newValues))
        for value in oldValues where !newSet.contains(value) {
            add(
                .enumValueRemoved, "\(place.subject) has no value `\(value)` any more", areOpen.new ? .unclear : .narrower,
                place.at(.value(value)))
        }
        for value in newValues where !oldSet.contains(value) {
            let effect: ValueEffect = areOpen.old ? .same : .wider
            add(.enumValueAdded, "\(place.subject) has a new value `\(value)`", effect, place.at(.value(value)))
        }
        if areOpen.old, !areOpen.new { add(.constraintTightened, "\(place.subject) became closed", .narrower, place) }
        if !areOpen.old, areOpen.new { add(.constraintLoosened, "\(place.subject) became open", .wider, place) }
    }

    private mutating func unions(_ old: UnionType, _ new: UnionType, _ place: Place) {
        for variant in old.variants {
            guard let other = new.variants.first(where: { $0.swiftName == variant.swiftName }) else {
                add(
                    .alternativeRemoved, "\(place.subject) has no alternative `\(variant.swiftName)` any more", .narrower,
                    place.at(Self.step(to: variant)))
                continue
            }
            let place = place.at(Self.step(to: variant), subject: "`\(variant.swiftName)` of \(place.subject)")
            if variant.discriminatorValues != other.discriminatorValues {
                add(.typeChanged, "\(place.subject) is selected by other values", .other, place)
            }
            uses(variant.type, other.type, place)
        }
        for variant in new.variants where !old.variants.contains(where: { $0.swiftName == variant.swiftName }) {
            let message = "\(place.subject) has a new alternative `\(variant.swiftName)`"
            add(.alternativeAdded, message, .wider, place.at(Self.step(to: variant)))
        }
    }

    private static func step(to variant: UnionType.Variant) -> ChangePlace.Step {
        if case .named(let name) = variant.type.base { .alternative(name) } else { .alternative("") }
    }

    // MARK: Findings

    mutating func add(_ kind: ChangeKind, _ message: String, _ effect: ValueEffect, _ place: Place) {
        add(kind, message, effect.impact(place.flow), place)
    }

    private mutating func add(
        _ kind: ChangeKind, _ message: String, _ impact: (clients: Change.Impact, servers: Change.Impact), _ place: Place
    ) {
        changes.append(
            FoundChange(
                kind: kind, message: "\(message), \(place.flow.words)", old: place.old, new: place.new, clients: impact.clients,
                servers: impact.servers
            ))
    }

    /// A property that one side does not know.
    /// - Parameters:
    ///   - written: To a side that still writes as before.
    ///   - read: To a side that still reads as before.
    private mutating func addProperty(
        _ kind: ChangeKind, _ message: String, _ property: Property, _ place: Place, written: Change.Impact, read: Change.Impact
    ) {
        var place = place.at(.property(property.name))
        if property.isReadOnly { place.flow.remove(.request) }
        if property.isWriteOnly { place.flow.remove(.response) }
        guard !place.flow.isEmpty else { return }
        let isRequest = place.flow.contains(.request)
        let isResponse = place.flow.contains(.response)
        let clients = min(isRequest ? written : .compatible, isResponse ? read : .compatible)
        let servers = min(isResponse ? written : .compatible, isRequest ? read : .compatible)
        add(kind, message, (clients, servers), place)
    }
}
