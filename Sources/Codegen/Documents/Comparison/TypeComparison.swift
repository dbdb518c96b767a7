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
    private var visited: Set<Pair> = []
    private var pending: [Pair] = []
    private(set) var changes: [Change] = []

    init(old: Service, new: Service) {
        self.old = Dictionary(old.types.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        self.new = Dictionary(new.types.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// A place where a type is used, in both documents.
    struct Place {
        var subject: String
        var flow: ValueFlow
        var old: SourcePosition
        var new: SourcePosition
    }

    mutating func compare(_ oldUse: TypeUse, _ newUse: TypeUse, at place: Place) {
        uses(oldUse, newUse, place)
        while let pair = pending.popLast() { declarations(pair) }
    }

    // MARK: Uses

    private mutating func uses(_ oldUse: TypeUse, _ newUse: TypeUse, _ place: Place) {
        let (oldUse, newUse) = (resolved(oldUse, in: old), resolved(newUse, in: new))
        if !oldUse.isNullable, newUse.isNullable { add(.nullAllowed, "\(place.subject) may be null", .wider, place) }
        if oldUse.isNullable, !newUse.isNullable { add(.nullRefused, "\(place.subject) must not be null any more", .narrower, place) }
        constraints(oldUse.constraints, newUse.constraints, place)
        switch (oldUse.base, newUse.base) {
        case (.array(let oldElement), .array(let newElement)):
            var place = place
            place.subject = "each of \(place.subject)"
            uses(oldElement, newElement, place)
        case (.map(let oldValue), .map(let newValue)):
            var place = place
            place.subject = "each of \(place.subject)"
            uses(oldValue, newValue, place)
        case (.named(let oldName), .named(let newName)):
            if oldName != newName { add(.typeRenamed, "\(place.subject) is a \(newName), not a \(oldName)", .unclear, place) }
            let pair = Pair(old: oldName, new: newName, flow: place.flow)
            if visited.insert(pair).inserted { pending.append(pair) }
        case (.integer, .number), (.integer(.int32), .integer(.int64)):
            add(.typeChanged, "\(place.subject) is \(words(newUse)), not \(words(oldUse))", .wider, place)
        case (.number, .integer), (.integer(.int64), .integer(.int32)):
            add(.typeChanged, "\(place.subject) is \(words(newUse)), not \(words(oldUse))", .narrower, place)
        default:
            if oldUse.base == newUse.base { return }
            let effect: ValueEffect = if case .any = newUse.base { .wider } else if case .any = oldUse.base { .narrower } else { .other }
            add(.typeChanged, "\(place.subject) is \(words(newUse)), not \(words(oldUse))", effect, place)
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
        case .named(let name): "a \(name)"
        case .array: "an array"
        case .map: "a map"
        case .any: "any value"
        case .integer(let format): "an integer (\(format.rawValue))"
        default: "a \(String(describing: use.base).prefix { $0 != "(" })"
        }
    }

    // MARK: Constraints

    private mutating func constraints(_ old: Constraints, _ new: Constraints, _ place: Place) {
        guard old != new else { return }
        let count = changes.count
        bound("minLength", old.minLength.map(Double.init), new.minLength.map(Double.init), isLower: true, place)
        bound("maxLength", old.maxLength.map(Double.init), new.maxLength.map(Double.init), isLower: false, place)
        bound("minItems", old.minItems.map(Double.init), new.minItems.map(Double.init), isLower: true, place)
        bound("maxItems", old.maxItems.map(Double.init), new.maxItems.map(Double.init), isLower: false, place)
        bound("minProperties", old.minProperties.map(Double.init), new.minProperties.map(Double.init), isLower: true, place)
        bound("maxProperties", old.maxProperties.map(Double.init), new.maxProperties.map(Double.init), isLower: false, place)
        bound("minimum", old.minimum, new.minimum, isLower: true, place)
        bound("maximum", old.maximum, new.maximum, isLower: false, place)
        bound("exclusiveMinimum", old.exclusiveMinimum, new.exclusiveMinimum, isLower: true, place)
        bound("exclusiveMaximum", old.exclusiveMaximum, new.exclusiveMaximum, isLower: false, place)
        assertion("pattern", old.pattern, new.pattern, place)
        assertion("format", old.format, new.format, place)
        assertion("multipleOf", old.multipleOf.map { "\($0)" }, new.multipleOf.map { "\($0)" }, place)
        assertion("uniqueItems", old.uniqueItems ? "true" : nil, new.uniqueItems ? "true" : nil, place)
        if changes.count == count { add(.constraintChanged, "\(place.subject) has other constraints", .unclear, place) }
    }

    private mutating func bound(_ name: String, _ old: Double?, _ new: Double?, isLower: Bool, _ place: Place) {
        guard old != new else { return }
        let isTighter =
            switch (old, new) {
            case (nil, _): true
            case (_, nil): false
            case (let old?, let new?): isLower ? new > old : new < old
            }
        let message = "`\(name)` of \(place.subject) is \(text(new)), not \(text(old))"
        add(isTighter ? .constraintTightened : .constraintLoosened, message, isTighter ? .narrower : .wider, place)
    }

    private func text(_ bound: Double?) -> String {
        guard let bound else { return "absent" }
        return bound == bound.rounded() && abs(bound) < 1e15 ? String(Int64(bound)) : String(bound)
    }

    private mutating func assertion(_ name: String, _ old: String?, _ new: String?, _ place: Place) {
        guard old != new else { return }
        let message = "`\(name)` of \(place.subject) is \(new.map { "`\($0)`" } ?? "absent"), not \(old.map { "`\($0)`" } ?? "absent")"
        if old == nil {
            add(.constraintTightened, message, .narrower, place)
        } else if new == nil {
            add(.constraintLoosened, message, .wider, place)
        } else {
            add(.constraintChanged, message, .other, place)
        }
    }

    // MARK: Declarations

    private mutating func declarations(_ pair: Pair) {
        guard let oldType = old[pair.old], let newType = new[pair.new] else { return }
        let place = Place(subject: pair.new, flow: pair.flow, old: oldType.position, new: newType.position)
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
                let isRefused = new.additional == .forbidden
                addProperty(
                    .propertyRemoved, "\(place.subject) has no property `\(property.name)` any more", place,
                    written: isRefused ? .breaking : .unclassified, read: property.isRequired ? .breaking : .compatible
                )
                continue
            }
            compareProperty(property, other, place)
        }
        for property in new.properties where !old.properties.contains(where: { $0.name == property.name }) {
            let words = property.isRequired ? "required property" : "property"
            addProperty(
                .propertyAdded, "\(place.subject) has a new \(words) `\(property.name)`", place,
                written: property.isRequired ? .breaking : .compatible, read: old.additional == .forbidden ? .breaking : .compatible
            )
        }
        if old.additional != .forbidden, new.additional == .forbidden {
            add(.additionalPropertiesRefused, "\(place.subject) refuses undeclared properties", .narrower, place)
        } else if old.additional == .forbidden, new.additional != .forbidden {
            add(.additionalPropertiesAllowed, "\(place.subject) allows undeclared properties", .wider, place)
        } else if case .typed(let oldUse) = old.additional, case .typed(let newUse) = new.additional {
            var place = place
            place.subject = "each undeclared property of \(place.subject)"
            uses(oldUse, newUse, place)
        }
        bound("minProperties", old.minProperties.map(Double.init), new.minProperties.map(Double.init), isLower: true, place)
        bound("maxProperties", old.maxProperties.map(Double.init), new.maxProperties.map(Double.init), isLower: false, place)
    }

    private mutating func compareProperty(_ old: Property, _ new: Property, _ place: Place) {
        var place = place
        place.subject = "`\(new.name)` of \(place.subject)"
        if !old.isRequired, new.isRequired { add(.propertyRequired, "\(place.subject) became required", .narrower, place) }
        if old.isRequired, !new.isRequired { add(.propertyOptional, "\(place.subject) became optional", .wider, place) }
        if old.defaultValue != new.defaultValue { add(.defaultChanged, "\(place.subject) has another default", .unclear, place) }
        if old.constant != new.constant {
            add(.typeChanged, "\(place.subject) is \(new.constant.map { "always `\($0)`" } ?? "not constant any more")", .other, place)
        }
        uses(old.type, new.type, place)
    }

    private mutating func enums(_ oldValues: [String], _ newValues: [String], areOpen: (old: Bool, new: Bool), _ place: Place) {
        let (oldSet, newSet) = (Set(oldValues), Set(newValues))
        for value in oldValues where !newSet.contains(value) {
            add(.enumValueRemoved, "\(place.subject) has no value `\(value)` any more", areOpen.new ? .unclear : .narrower, place)
        }
        for value in newValues where !oldSet.contains(value) {
            add(.enumValueAdded, "\(place.subject) has a new value `\(value)`", areOpen.old ? .same : .wider, place)
        }
        if areOpen.old, !areOpen.new { add(.constraintTightened, "\(place.subject) became closed", .narrower, place) }
        if !areOpen.old, areOpen.new { add(.constraintLoosened, "\(place.subject) became open", .wider, place) }
    }

    private mutating func unions(_ old: UnionType, _ new: UnionType, _ place: Place) {
        for variant in old.variants {
            guard let other = new.variants.first(where: { $0.swiftName == variant.swiftName }) else {
                add(.alternativeRemoved, "\(place.subject) has no alternative `\(variant.swiftName)` any more", .narrower, place)
                continue
            }
            var place = place
            place.subject = "`\(variant.swiftName)` of \(place.subject)"
            if variant.discriminatorValues != other.discriminatorValues {
                add(.typeChanged, "\(place.subject) is selected by other values", .other, place)
            }
            uses(variant.type, other.type, place)
        }
        for variant in new.variants where !old.variants.contains(where: { $0.swiftName == variant.swiftName }) {
            add(.alternativeAdded, "\(place.subject) has a new alternative `\(variant.swiftName)`", .wider, place)
        }
    }

    // MARK: Findings

    private mutating func add(_ kind: ChangeKind, _ message: String, _ effect: ValueEffect, _ place: Place) {
        let impact = effect.impact(place.flow)
        changes.append(
            Change(
                kind: kind, message: "\(message), \(place.flow.words)", old: place.old, new: place.new, clients: impact.clients,
                servers: impact.servers
            ))
    }

    /// A property that one side does not know.
    /// - Parameters:
    ///   - written: To a side that still writes as before.
    ///   - read: To a side that still reads as before.
    private mutating func addProperty(
        _ kind: ChangeKind, _ message: String, _ place: Place, written: Change.Impact, read: Change.Impact
    ) {
        let isRequest = place.flow.contains(.request)
        let isResponse = place.flow.contains(.response)
        let clients = min(isRequest ? written : .compatible, isResponse ? read : .compatible)
        let servers = min(isResponse ? written : .compatible, isRequest ? read : .compatible)
        changes.append(
            Change(
                kind: kind, message: "\(message), \(place.flow.words)", old: place.old, new: place.new, clients: clients, servers: servers
            ))
    }
}
