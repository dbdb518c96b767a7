/// `querystring` is the whole query (OpenAPI 3.2).
public enum ParameterLocation: String, Sendable { case path, query, header, cookie, querystring }

/// How a value is written as text (OpenAPI 3.2, section 4.12.3).
public enum ParameterStyle: String, Sendable, CaseIterable {
    case form, simple, label, matrix, spaceDelimited, pipeDelimited, deepObject, cookie
}

/// How a parameter or header travels.
public enum ParameterEncoding: Sendable, Equatable {
    case style(ParameterStyle, explode: Bool, allowReserved: Bool)
    /// `content` of a JSON media type: the text is JSON.
    case json
    /// `content` of `application/x-www-form-urlencoded`, of the whole query.
    case form([FieldEncoding])

    /// What holds where nothing is said: `simple` in path and header, `form` exploded in query and cookie.
    public static func standard(_ location: ParameterLocation) -> ParameterEncoding {
        let isForm = location == .query || location == .cookie
        return .style(isForm ? .form : .simple, explode: isForm, allowReserved: false)
    }
}

public struct Parameter: Sendable, Equatable {
    public var name: String
    public var swiftName: String
    public var location: ParameterLocation
    public var description: String?
    public var isRequired: Bool
    public var type: TypeUse
    public var defaultValue: LiteralValue?
    public var encoding: ParameterEncoding
    /// An empty value counts as absent, but for strings (`allowEmptyValue`).
    public var allowsEmptyValue: Bool

    /// - Parameter encoding: nil for what is standard in the location.
    public init(
        name: String, swiftName: String, location: ParameterLocation, description: String? = nil, isRequired: Bool,
        type: TypeUse, defaultValue: LiteralValue? = nil, encoding: ParameterEncoding? = nil, allowsEmptyValue: Bool = false
    ) {
        self.name = name
        self.swiftName = swiftName
        self.location = location
        self.description = description
        self.isRequired = isRequired
        self.type = type
        self.defaultValue = defaultValue
        self.encoding = encoding ?? .standard(location)
        self.allowsEmptyValue = allowsEmptyValue
    }
}

/// A response's header; its style is always `simple`.
public struct ResponseHeader: Sendable, Equatable {
    public var name: String
    public var swiftName: String
    public var description: String?
    public var isRequired: Bool
    public var type: TypeUse
    public var encoding: ParameterEncoding

    public init(
        name: String, swiftName: String, description: String? = nil, isRequired: Bool, type: TypeUse,
        encoding: ParameterEncoding = .standard(.header)
    ) {
        self.name = name
        self.swiftName = swiftName
        self.description = description
        self.isRequired = isRequired
        self.type = type
        self.encoding = encoding
    }
}
