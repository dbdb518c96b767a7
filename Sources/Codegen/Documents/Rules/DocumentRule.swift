import CodegenModel

/// A check of a whole OpenAPI document, beyond what reading and modelling its parts find.
protocol DocumentRule: Sendable {
    func check(_ document: OpenAPIDocument, _ diagnostics: DiagnosticCollector)
}

/// Which checks are made when.
enum DocumentRules {
    static let always: [any DocumentRule] = [PathParameters(), PathUnique(), ParameterUnique(), SunsetDeprecated()]
    /// With `strict: true` in the configuration.
    static let strict: [any DocumentRule] = [OperationIDMissing(), ResponseMissing()]
}
