/// A value that a runtime expression (OpenAPI 3.1, section 4.8.20.4) takes from a request or its response, as a path through Swift properties.
public struct RuntimeValue: Sendable, Equatable {
    public enum Source: Sendable, Equatable {
        /// A parameter of the operation's input, by its Swift name.
        case parameter(String)
        /// The body of the operation's input.
        case requestBody
        /// A header of the response, by its Swift name.
        case header(String)
        case responseBody
    }

    /// A property of a struct.
    public struct Step: Sendable, Equatable {
        /// The struct's ``TypeDeclaration/name``.
        public var owner: String
        public var swiftName: String

        public init(owner: String, swiftName: String) {
            self.owner = owner
            self.swiftName = swiftName
        }
    }

    public var source: Source
    public var steps: [Step]
    /// Of the value at the end.
    public var type: TypeUse

    public init(source: Source, steps: [Step] = [], type: TypeUse) {
        self.source = source
        self.steps = steps
        self.type = type
    }

    /// Whether it is taken from the request.
    public var isOfRequest: Bool {
        switch source {
        case .parameter, .requestBody: true
        case .header, .responseBody: false
        }
    }
}

/// A part of a text with runtime expressions in it.
public enum RuntimeText: Sendable, Equatable {
    case text(String)
    case value(RuntimeValue)
}
