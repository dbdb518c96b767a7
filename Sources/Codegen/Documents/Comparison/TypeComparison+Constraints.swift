import CodegenModel

extension TypeComparison {
    mutating func constraints(_ old: Constraints, _ new: Constraints, _ place: Place) {
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
        allowed(old.allowed, new.allowed, place)
        if changes.count == count { add(.constraintChanged, "\(place.subject) has other constraints", .unclear, place) }
    }

    mutating func bound(_ name: String, _ old: Double?, _ new: Double?, isLower: Bool, _ place: Place) {
        guard old != new else { return }
        let isTighter =
            switch (old, new) {
            case (nil, _): true
            case (_, nil): false
            case (let old?, let new?): isLower ? new > old : new < old
            }
        let message = "`\(name)` of \(place.subject) is \(text(new)), not \(text(old))"
        add(isTighter ? .constraintTightened : .constraintLoosened, message, isTighter ? .narrower : .wider, place.at(.keyword(name)))
    }

    private func text(_ bound: Double?) -> String {
        guard let bound else { return "absent" }
        return bound == bound.rounded() && abs(bound) < 1e15 ? String(Int64(bound)) : String(bound)
    }

    private mutating func assertion(_ name: String, _ old: String?, _ new: String?, _ place: Place) {
        guard old != new else { return }
        let message = "`\(name)` of \(place.subject) is \(new.map { "`\($0)`" } ?? "absent"), not \(old.map { "`\($0)`" } ?? "absent")"
        let place = place.at(.keyword(name))
        if old == nil {
            add(.constraintTightened, message, .narrower, place)
        } else if new == nil {
            add(.constraintLoosened, message, .wider, place)
        } else {
            add(.constraintChanged, message, .other, place)
        }
    }

    /// The values of an `enum` of numbers, or of mixed types.
    private mutating func allowed(_ old: [LiteralValue]?, _ new: [LiteralValue]?, _ place: Place) {
        guard old != new else { return }
        let place = place.at(.keyword("enum"))
        guard let old, let new else {
            let kind: ChangeKind = old == nil ? .constraintTightened : .constraintLoosened
            let message = old == nil ? "\(place.subject) is one of some values" : "\(place.subject) is not one of some values any more"
            return add(kind, message, old == nil ? .narrower : .wider, place)
        }
        let isFewer = old.contains { !new.contains($0) }
        let isMore = new.contains { !old.contains($0) }
        if isFewer { add(.enumValueRemoved, "\(place.subject) is not one of the same values any more", .narrower, place) }
        if isMore { add(.enumValueAdded, "\(place.subject) can be one of new values", .wider, place) }
    }

    /// What is demanded beyond types and constraints: `not`, `if`, `dependentRequired`, `contains`, …
    mutating func assertions(_ old: [Int], _ new: [Int], _ place: Place) {
        guard !old.isEmpty || !new.isEmpty else { return }
        let texts = (AssertionSignature.text(of: old, in: assertions.old), AssertionSignature.text(of: new, in: assertions.new))
        guard texts.0 != texts.1 else { return }
        if old.isEmpty {
            add(.constraintTightened, "\(place.subject) has a condition beyond its type", .narrower, place)
        } else if new.isEmpty {
            add(.constraintLoosened, "\(place.subject) has no condition beyond its type any more", .wider, place)
        } else {
            add(.constraintChanged, "\(place.subject) has another condition beyond its type", .other, place)
        }
    }
}
