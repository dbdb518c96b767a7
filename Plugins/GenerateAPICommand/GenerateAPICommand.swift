import Foundation
import PackagePlugin

/// `swift package generate-api --output DIR SPEC…`: writes an API's code into a folder of the package, for those who keep generated code
/// beside their own. The arguments go to `codelab-codegen generate` as they are.
@main
struct GenerateAPICommand: CommandPlugin {
    func performCommand(context: PluginContext, arguments: [String]) async throws {
        let process = Process()
        process.executableURL = try context.tool(named: "codelab-codegen").url
        process.arguments = ["generate"] + arguments
        // Paths on the command line are relative to the package's folder, wherever the command was given.
        process.currentDirectoryURL = context.package.directoryURL
        try process.run()
        process.waitUntilExit()
        guard process.terminationReason == .exit, process.terminationStatus == 0 else {
            Diagnostics.error("generate-api failed; `swift package generate-api --help` shows how it is used")
            return
        }
    }
}
