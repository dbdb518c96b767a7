/// A link of a response (OpenAPI Link Object): another operation, and what of its input is known now.
public struct Link: Sendable, Equatable {
    /// What a parameter of the other operation, or its body, is filled with.
    public enum Filling: Sendable, Equatable {
        /// Of the same type, or of one that is written as the same text.
        case value(RuntimeValue)
        case constant(LiteralValue)
    }

    public var name: String
    /// The method of the operation's output.
    public var swiftName: String
    public var description: String?
    /// ``Operation/typeName`` of the other operation.
    public var operation: String
    /// By the parameter's Swift name.
    public var parameters: [String: Filling]
    /// What the other operation's body is, when the link says it.
    public var requestBody: Filling?

    public init(
        name: String, swiftName: String, description: String? = nil, operation: String, parameters: [String: Filling] = [:],
        requestBody: Filling? = nil
    ) {
        self.name = name
        self.swiftName = swiftName
        self.description = description
        self.operation = operation
        self.parameters = parameters
        self.requestBody = requestBody
    }
}

/// A callback of an operation (OpenAPI Callback Object): where requests are sent to, and which.
public struct Callback: Sendable, Equatable {
    public var name: String
    /// The function that gives the URL.
    public var swiftName: String
    /// The key as written, such as `{$request.body#/url}`.
    public var expression: String
    /// The URL in parts; nil when the expression leads to nothing that has a Swift type.
    public var url: [RuntimeText]?
    /// ``Operation/typeName`` of each operation that is called there.
    public var operations: [String]

    public init(name: String, swiftName: String, expression: String, url: [RuntimeText]?, operations: [String]) {
        self.name = name
        self.swiftName = swiftName
        self.expression = expression
        self.url = url
        self.operations = operations
    }
}
