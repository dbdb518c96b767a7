import Foundation
import Testing

/// One run of the built `codelab-codegen` in a folder of its own.
struct ToolRun {
    let status: Int32
    let output: String
    let errors: String

    /// The executable stands beside the tests.
    static let executable: URL = {
        let bundle = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent()
        return bundle.appending(path: "codelab-codegen")
    }()

    init(_ arguments: [String], in folder: ScratchFolder, input: String = "", environment: [String: String] = [:]) throws {
        let process = Process()
        process.executableURL = Self.executable
        process.arguments = arguments
        process.currentDirectoryURL = folder.url
        process.environment = ["PATH": "/usr/bin:/bin"].merging(environment) { _, given in given }
        // Files, not pipes: nothing has to be read for the program to go on.
        for name in [".input", ".output", ".errors"] { try folder.write(name == ".input" ? input : "", to: name) }
        process.standardInput = try FileHandle(forReadingFrom: folder.url.appending(path: ".input"))
        process.standardOutput = try FileHandle(forWritingTo: folder.url.appending(path: ".output"))
        process.standardError = try FileHandle(forWritingTo: folder.url.appending(path: ".errors"))
        try process.run()
        process.waitUntilExit()
        status = process.terminationStatus
        output = try folder.read(".output")
        errors = try folder.read(".errors")
    }
}

/// A folder that is removed with the test.
final class ScratchFolder {
    let url: URL

    init(_ files: [String: String] = [:]) throws {
        url = FileManager.default.temporaryDirectory.appending(path: "codegen-tool-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        for (name, text) in files { try write(text, to: name) }
    }

    deinit { try? FileManager.default.removeItem(at: url) }

    func write(_ text: String, to name: String) throws { try Data(text.utf8).write(to: url.appending(path: name)) }

    func read(_ name: String) throws -> String { try String(contentsOf: url.appending(path: name), encoding: .utf8) }

    func exists(_ name: String) -> Bool { FileManager.default.fileExists(atPath: url.appending(path: name).path) }
}
