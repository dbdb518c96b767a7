public import LLMProxyAPI

/// Finds the provider that serves a model.
public struct ModelRouter: Sendable {
    /// Two providers claim one model.
    public struct DuplicateModel: Error, Sendable, CustomStringConvertible {
        public let model: String
        public let providers: [String]

        public var description: String { "model \(model) is served by more than one provider: \(providers.joined(separator: ", "))" }
    }

    /// In the order of the providers, then of their models.
    public let models: [Schemas.Model]
    private let providers: [String: any ChatProvider]

    /// Takes the providers and since when they are offered, in seconds since 1970. Throws ``DuplicateModel``.
    public init(_ providers: [any ChatProvider], created: Int64) throws(DuplicateModel) {
        var table: [String: any ChatProvider] = [:]
        var models: [Schemas.Model] = []
        for provider in providers {
            for model in provider.models {
                if let other = table[model] { throw DuplicateModel(model: model, providers: [other.name, provider.name]) }
                table[model] = provider
                models.append(Schemas.Model(id: model, created: created, ownedBy: provider.name))
            }
        }
        self.providers = table
        self.models = models
    }

    /// The provider of a model; nil when none serves it.
    public func provider(for model: String) -> (any ChatProvider)? { providers[model] }
}
