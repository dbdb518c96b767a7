import ArgumentParser
import CodegenDocuments
import CodegenModel

/// The documents of a run, named one by one or by a configuration; shared by `generate` and `validate`.
struct DocumentOptions: ParsableArguments {
    @Argument(help: "OpenAPI and AsyncAPI documents of one service, in YAML or JSON.")
    var documents: [String] = []

    @Option(help: ArgumentHelp("Read the documents' names and settings from a codegen.yaml.", valueName: "path"))
    var config: String?

    @Flag(help: "Ask for what a published interface should have: operation ids and error responses.")
    var strict = false

    @OptionGroup(title: "Filter") var filter: FilterOptions

    func validate() throws {
        if documents.isEmpty == (config == nil) {
            throw ValidationError("Name documents, or a configuration with --config: one of the two.")
        }
    }

    /// What reading the documents gave, with the configuration in force.
    struct Input {
        var configuration: Configuration
        var service: Service?
        var diagnostics: [Diagnostic]
        var texts: [String: String]
    }

    func read() -> Input {
        var configuration = Configuration()
        configuration.documents = documents
        var diagnostics: [Diagnostic] = []
        var texts: [String: String] = [:]
        if let config {
            let result = Configuration.read(config)
            diagnostics = result.diagnostics
            texts = result.texts
            guard let read = result.configuration else {
                return Input(configuration: configuration, service: nil, diagnostics: diagnostics, texts: texts)
            }
            configuration = read
        }
        configuration.isStrict = configuration.isStrict || strict
        filter.apply(to: &configuration)
        let options = ServiceReader.Options(configuration)
        let result = ServiceReader.read(configuration.documents, options: options, access: StandardInput.access)
        texts.merge(result.texts) { _, new in new }
        return Input(configuration: configuration, service: result.service, diagnostics: diagnostics + result.diagnostics, texts: texts)
    }
}
