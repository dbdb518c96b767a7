/// A place where an API is served (OpenAPI Server Object).
public struct APIServer: Sendable, Equatable {
    /// The URL with variables in braces; relative to where the document is when it has no scheme.
    public var url: String
    /// The function in `Servers` that gives it.
    public var swiftName: String
    public var description: String?
    public var variables: [Variable]

    public init(url: String, swiftName: String, description: String? = nil, variables: [Variable] = []) {
        self.url = url
        self.swiftName = swiftName
        self.description = description
        self.variables = variables
    }

    /// OpenAPI Server Variable Object.
    public struct Variable: Sendable, Equatable {
        /// In the URL, between braces.
        public var name: String
        public var swiftName: String
        /// The enum in `Servers`; used when there are values.
        public var typeName: String
        public var description: String?
        public var defaultValue: String
        /// The values it may have, with the names of their cases; empty when any text will do.
        public var values: [(value: String, swiftName: String)]

        public init(
            name: String, swiftName: String, typeName: String, description: String? = nil, defaultValue: String,
            values: [(value: String, swiftName: String)] = []
        ) {
            self.name = name
            self.swiftName = swiftName
            self.typeName = typeName
            self.description = description
            self.defaultValue = defaultValue
            self.values = values
        }

        public static func == (lhs: Self, rhs: Self) -> Bool {
            lhs.name == rhs.name && lhs.swiftName == rhs.swiftName && lhs.typeName == rhs.typeName && lhs.description == rhs.description
                && lhs.defaultValue == rhs.defaultValue && lhs.values.map(\.value) == rhs.values.map(\.value)
                && lhs.values.map(\.swiftName) == rhs.values.map(\.swiftName)
        }
    }
}
