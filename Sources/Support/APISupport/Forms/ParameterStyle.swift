/// How a value is written as text (OpenAPI 3.2 §4.12.3, after RFC 6570).
public enum ParameterStyle: String, Sendable {
    case form, simple, label, matrix, spaceDelimited, pipeDelimited, deepObject
    /// Pairs separated by `; `, without percent-encoding (OpenAPI 3.2).
    case cookie
}

/// How one field of a form is written where it is not written the default way (OpenAPI 3.2 §4.15, Encoding Object).
public struct FormEncoding: Sendable {
    let name: StaticString
    let style: ParameterStyle
    let explode: Bool
    let allowReserved: Bool
    /// The value is JSON text, a string's too.
    let isJSON: Bool

    public init(json name: StaticString) {
        self.name = name
        style = .form
        explode = true
        allowReserved = false
        isJSON = true
    }

    public init(_ name: StaticString, style: ParameterStyle = .form, explode: Bool, allowReserved: Bool = false) {
        self.name = name
        self.style = style
        self.explode = explode
        self.allowReserved = allowReserved
        isJSON = false
    }
}
