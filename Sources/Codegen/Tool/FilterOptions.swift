import ArgumentParser
import CodegenDocuments

/// Which operations are generated, in addition to what the configuration says.
struct FilterOptions: ParsableArguments {
    @Option(parsing: .upToNextOption, help: ArgumentHelp("Generate these operations, by operationId or as 'get /pets'.", valueName: "id"))
    var filterOperations: [String] = []

    @Option(parsing: .upToNextOption, help: ArgumentHelp("Generate operations with these tags.", valueName: "tag"))
    var filterTags: [String] = []

    @Option(parsing: .upToNextOption, help: ArgumentHelp("Generate operations of these paths; '*' stands for anything.", valueName: "path"))
    var filterPaths: [String] = []

    @Option(parsing: .upToNextOption, help: ArgumentHelp("Leave these operations out.", valueName: "id"))
    var filterExcludeOperations: [String] = []

    @Option(parsing: .upToNextOption, help: ArgumentHelp("Leave operations with these tags out.", valueName: "tag"))
    var filterExcludeTags: [String] = []

    @Option(parsing: .upToNextOption, help: ArgumentHelp("Leave operations of these paths out.", valueName: "path"))
    var filterExcludePaths: [String] = []

    func apply(to configuration: inout Configuration) {
        configuration.filter.include.operations += filterOperations
        configuration.filter.include.tags += filterTags
        configuration.filter.include.paths += filterPaths
        configuration.filter.exclude.operations += filterExcludeOperations
        configuration.filter.exclude.tags += filterExcludeTags
        configuration.filter.exclude.paths += filterExcludePaths
    }
}
