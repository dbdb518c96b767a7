import Foundation
import PackagePlugin

/// Generates an API target's code while it is built.
///
/// The documents and `codegen.yaml` stand in the target's folder, mostly as links into `specs/`. The plugin reads none of them: SwiftPM
/// keeps its plan, so what it declares may depend on the folder's file names only. That is why an API always has the same files
/// (`GeneratedFileNames`, a link to the emitter's own list; the tool refuses to write others).
@main
struct GenerateAPI: BuildToolPlugin {
    func createBuildCommands(context: PluginContext, target: any Target) async throws -> [Command] {
        guard let module = target.sourceModule else {
            Diagnostics.error("GenerateAPI: \(target.name) is not a source module")
            return []
        }
        let folder = try DocumentFolder(module.directoryURL)
        for link in folder.danglingLinks {
            Diagnostics.error("GenerateAPI: \(link.path) is a link to a file that does not exist")
        }
        guard !folder.documents.isEmpty else {
            Diagnostics.error(
                """
                GenerateAPI: \(target.name) has no OpenAPI or AsyncAPI document. Put one (.yaml, .yml or .json), or a link to one, into \
                \(module.directoryURL.path)
                """
            )
            return []
        }
        guard folder.danglingLinks.isEmpty else { return [] }

        let output = context.pluginWorkDirectoryURL.appending(component: "Generated")
        var arguments = ["generate", "--module", module.moduleName, "--output", output.path]
        if let configuration = folder.configuration {
            arguments += ["--config", configuration.path]
        } else {
            arguments += folder.documents.map(\.path)
        }
        return [
            .buildCommand(
                displayName: "Generating \(module.moduleName)",
                executable: try context.tool(named: "codelab-codegen").url,
                arguments: arguments,
                inputFiles: folder.inputs,
                outputFiles: GeneratedFileNames.all.map { output.appending(component: $0) }
            )
        ]
    }
}

/// The documents and the configuration in a target's folder.
struct DocumentFolder {
    /// Sorted by name.
    private(set) var documents: [URL] = []
    private(set) var configuration: URL?
    private(set) var danglingLinks: [URL] = []

    init(_ folder: URL) throws {
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
        for name in names where ["yaml", "yml", "json"].contains((name as NSString).pathExtension) {
            let file = folder.appending(component: name)
            // Follows links.
            if !FileManager.default.fileExists(atPath: file.path) {
                danglingLinks.append(file)
            } else if name == "codegen.yaml" {
                configuration = file
            } else {
                documents.append(file)
            }
        }
    }

    /// What a build watches: each file, and where it is a link, the file it leads to, since editing that leaves the link as it is.
    var inputs: [URL] {
        (documents + [configuration].compactMap { $0 }).flatMap { file in
            let resolved = file.resolvingSymlinksInPath()
            return resolved.path == file.path ? [file] : [file, resolved]
        }
    }
}
