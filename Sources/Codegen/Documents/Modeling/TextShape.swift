import CodegenModel

/// What of a type's values can be written as text in a parameter, a header or a form's field.
struct TextShape {
    var isScalar = false
    var isList = false
    var isObject = false
    /// Members of the object that are lists.
    var hasLists = false
    /// Members of the object that are objects.
    var hasObjects = false
    /// Why it cannot be written at all.
    var problem: String?

    static func of(_ use: TypeUse, in types: TypeModeler) -> TextShape {
        var open: Set<String> = []
        return of(use, types, &open)
    }

    private static func of(_ use: TypeUse, _ types: TypeModeler, _ open: inout Set<String>) -> TextShape {
        switch use.base {
        case .array(let element):
            var shape = TextShape(isList: true)
            let inner = of(element, types, &open)
            shape.problem = inner.problem ?? (inner.isList || inner.isObject ? "the elements of its list must be scalars" : nil)
            return shape
        case .map(let value):
            var shape = TextShape(isObject: true)
            shape.add(of(value, types, &open))
            return shape
        case .anyObject: return TextShape(isObject: true)
        case .external(let name): return TextShape(problem: "\(name) has no text form")
        case .named(let name): return of(named: name, types, &open)
        default: return TextShape(isScalar: true)
        }
    }

    private static func of(named name: String, _ types: TypeModeler, _ open: inout Set<String>) -> TextShape {
        guard open.insert(name).inserted else { return TextShape(problem: "it contains itself") }
        defer { open.remove(name) }
        switch types.declarations[name]?.kind {
        case .object(let object)? where object.isTuple:
            var shape = TextShape()
            for property in object.properties { shape.add(of(property.type, types, &open)) }
            let isFlat = !shape.hasLists && !shape.hasObjects
            return TextShape(isList: true, problem: shape.problem ?? (isFlat ? nil : "the elements of its list must be scalars"))
        case .object(let object)?:
            var shape = TextShape(isObject: true)
            for property in object.properties where property.constant == nil { shape.add(of(property.type, types, &open)) }
            if case .typed(let use) = object.additional { shape.add(of(use, types, &open)) }
            return shape
        case .union(let union)?:
            var shape = TextShape()
            for variant in union.variants { shape.merge(of(variant.type, types, &open)) }
            return shape
        case .alias(let use)?: return of(use, types, &open)
        default: return TextShape(isScalar: true)
        }
    }

    /// Takes over what a member brings.
    private mutating func add(_ member: TextShape) {
        hasLists = hasLists || member.isList || member.hasLists
        hasObjects = hasObjects || member.isObject
        problem = problem ?? member.problem
    }

    private mutating func merge(_ other: TextShape) {
        isScalar = isScalar || other.isScalar
        isList = isList || other.isList
        isObject = isObject || other.isObject
        hasLists = hasLists || other.hasLists
        hasObjects = hasObjects || other.hasObjects
        problem = problem ?? other.problem
    }

    /// Why a value of this shape cannot be written in a style; nil when it can.
    func problem(in style: ParameterStyle, explode: Bool) -> String? {
        if let problem { return problem }
        if hasObjects, style != .deepObject { return "objects in it can be written in the style `deepObject` only" }
        if hasLists, style != .deepObject, !(style == .form && explode) {
            return "lists in it can be written in the styles `form`, exploded, and `deepObject` only"
        }
        return nil
    }
}
