internal import HTTPTypes

/// Reads the input of one operation from a request: parameters, then the body. All violations of both end up in one ``failure``.
public struct InputReader: Sendable {
    let request: ServerRequest
    var validation = Validation()
    let source: ParameterSource

    public init(_ request: ServerRequest) {
        self.request = request
        source = ParameterSource(request)
        if source.isTooLong {
            validation.report(rule: "maxProperties", "The query has more than \(FormURLEncoded.maximumPairs) parameters.")
        }
    }

    /// No violation so far.
    public var isValid: Bool { validation.isSatisfied }

    /// `invalid` with all violations so far.
    public var failure: RequestFailure { RequestFailure(validation).ofRequest }

    // MARK: Parameters

    /// A parameter with one value. `check` runs with the place at the parameter.
    ///
    /// - Parameter allowEmpty: An empty value counts as absent (OpenAPI's `allowEmptyValue`), but for strings.
    public mutating func parameter<T: ParameterValue>(
        _ name: StaticString, in location: ParameterLocation, style: ParameterStyle? = nil, required: Bool, allowEmpty: Bool = false,
        _ check: ((T, inout Validation) -> Void)? = nil
    ) -> T? {
        let found = source.texts(name.description, in: location, style: style)
        var texts: [String]
        if style == .label || style == .matrix {
            texts = (style ?? .simple).values(found, name: name.description, explode: false, schema: .string).flatMap(\.texts)
        } else {
            texts = found.map(\.decoded)
        }
        if allowEmpty, texts == [""], T.self != String.self {
            guard required else { return nil }
            texts = []
        }
        return validation.readSingle(texts, as: .parameter(location, name), required: required, check)
    }

    /// A parameter with a list of values; nil when it is absent. Without `style`, that of the location; without `explode`, that of the style.
    public mutating func parameters<T: ParameterValue>(
        _ name: StaticString, in location: ParameterLocation, style: ParameterStyle? = nil, explode: Bool? = nil, required: Bool,
        _ check: (([T], inout Validation) -> Void)? = nil
    ) -> [T]? {
        let values = values(name, in: location, style, explode, .array(.string))
        if values.count > 1, location != .header {
            validation.within(.parameter(location, name)) { $0.report(rule: "duplicate", "is there more than once") }
            return nil
        }
        return validation.readList(
            values.isEmpty ? nil : values.flatMap(\.texts), as: .parameter(location, name), required: required, check)
    }

    /// A parameter that is neither a scalar nor a list of scalars. Its violations point into it, such as `query:color/R`.
    ///
    /// - Parameters:
    ///   - excluding: The other parameters of the location, where an exploded object keeps members that are not named.
    ///   - schema: Which kinds of JSON value the texts stand for.
    public mutating func structure<T: Sendable>(
        _ name: StaticString, in location: ParameterLocation, style: ParameterStyle? = nil, explode: Bool? = nil, required: Bool,
        excluding: [StaticString] = [], _ schema: TextSchema, _ read: (inout JSONReader) throws(JSONSyntaxError) -> T?
    ) -> T? {
        let values = values(name, in: location, style, explode, schema, excluding)
        return validation.readStructure(values, as: .parameter(location, name), required: required, schema, read)
    }

    /// A parameter whose text is JSON (`content` of a Parameter Object).
    public mutating func json<T: Sendable>(
        _ name: StaticString, in location: ParameterLocation, required: Bool, _ read: (inout JSONReader) throws(JSONSyntaxError) -> T?
    ) -> T? {
        let texts = source.texts(name.description, in: location).map(\.decoded)
        return validation.readJSON(texts: texts, as: .parameter(location, name), required: required, read)
    }

    /// The whole query as a form (OpenAPI 3.2, `in: querystring`).
    public mutating func queryForm<T: Sendable>(
        _ name: StaticString, required: Bool, encoding: [FormEncoding] = [], _ schema: TextSchema,
        _ read: (inout JSONReader) throws(JSONSyntaxError) -> T?
    ) -> T? {
        guard !source.query.isEmpty || required else { return nil }
        let bytes = FormReading.json(source.query, schema: schema, encoding: encoding, emptyIsAbsent: false)
        let text = String(decoding: bytes, as: UTF8.self)
        return validation.readJSON(texts: [text], as: .parameter(.querystring, name), required: required, read)
    }

    private func values(
        _ name: StaticString, in location: ParameterLocation, _ style: ParameterStyle?, _ explode: Bool?, _ schema: TextSchema,
        _ excluding: [StaticString] = []
    ) -> [TextValue] {
        let style = style ?? location.defaultStyle
        let explode = explode ?? (style == .form || style == .cookie)
        if style == .deepObject {
            var object = DeepObject()
            for pair in source.query { object.insert(pair.name, of: name.description, pair.text.decoded) }
            if let value = object.value(schema) { return [value] }
            guard !schema.kinds.isEmpty else { return [] }
            return source.texts(name.description, in: location, style: style).map { .text($0.decoded) }
        }
        let isPairs = location == .query || location == .cookie
        if explode, isPairs, schema.isObject {
            let members = ParameterStyle.members(source.pairs(in: location, style: style), schema: schema, excluded: excluding)
            if !members.isEmpty || schema.kinds.isEmpty && schema.elements.isEmpty { return members }
        }
        let texts = source.texts(name.description, in: location, style: style)
        return style.values(texts, name: name.description, explode: explode, schema: schema)
    }
}
