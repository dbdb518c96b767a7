import APISupport
import Foundation
import Testing

@testable import Workspace

@Suite("Reading and writing files")
struct FileToolTests {
    let scratch: ScratchFolder
    let workspace: Workspace

    init() throws {
        scratch = try ScratchFolder()
        workspace = try scratch.workspace()
    }

    @Test func readsAWholeFile() async throws {
        try scratch.write("one\ntwo\nthree", to: "a.txt")
        let result = try await workspace.run(.readFile, ["path": "./a.txt"])
        #expect(result.string("content") == "one\ntwo\nthree")
        #expect(result.string("path") == "a.txt")
        #expect(result.integer("total_lines") == 3)
        #expect(result.flag("truncated") == false)
    }

    @Test func readsARangeOfLines() async throws {
        try scratch.write("one\ntwo\nthree\nfour\n", to: "a.txt")
        let result = try await workspace.run(.readFile, ["path": "a.txt", "start_line": .integer(2), "end_line": .number(3)])
        #expect(result.string("content") == "two\nthree\n")
        #expect(result.integer("start_line") == 2)
        #expect(result.integer("end_line") == 3)
        #expect(result.integer("total_lines") == 4)
        #expect(await failure(workspace, .readFile, ["path": "a.txt", "start_line": .integer(9)])?.code == .invalidArguments)
        #expect(
            await failure(workspace, .readFile, ["path": "a.txt", "start_line": .integer(3), "end_line": .integer(2)])?.code
                == .invalidArguments)
    }

    @Test func readsAnEmptyFile() async throws {
        try scratch.write("", to: "empty")
        let result = try await workspace.run(.readFile, ["path": "empty"])
        #expect(result.string("content") == "")
        #expect(result.integer("total_lines") == 0)
    }

    @Test func aLongFileIsGivenInParts() async throws {
        let line = String(repeating: "x", count: 99) + "\n"
        try scratch.write(String(repeating: line, count: 5_000), to: "long.txt")
        let first = try await workspace.run(.readFile, ["path": "long.txt"])
        #expect(first.flag("truncated") == true)
        let next = try #require(first.integer("end_line")) + 1
        let second = try await workspace.run(.readFile, ["path": "long.txt", "start_line": .integer(Int64(next))])
        #expect(second.flag("truncated") == false)
        #expect((first.string("content") ?? "").utf8.count + (second.string("content") ?? "").utf8.count == 500_000)
    }

    @Test func binaryFilesAndFoldersAreNoText() async throws {
        try Data([0xFF, 0xFE, 0x00, 0x80]).write(to: scratch.inside.appending(path: "image"))
        #expect(await failure(workspace, .readFile, ["path": "image"])?.code == .notText)
        #expect(await failure(workspace, .readFile, ["path": "."])?.code == .notAFile)
        #expect(await failure(workspace, .readFile, ["path": "none"])?.code == .notFound)
        #expect(await failure(workspace, .readFile, ["path": "none/none"])?.code == .notFound)
        #expect(await failure(workspace, .readFile, ["path": "image/x"])?.code == .notADirectory)
    }

    @Test("A FIFO is refused at once instead of blocking", .timeLimit(.minutes(1)))
    func fifo() async throws {
        #expect(mkfifo(scratch.inside.appending(path: "pipe").path, 0o600) == 0)
        #expect(await failure(workspace, .readFile, ["path": "pipe"])?.code == .notAFile)
        #expect(try await workspace.run(.searchInCode, ["query": "x"]).integer("count") == 0)
    }

    @Test func latin1IsReadAndWritten() async throws {
        let written = try await workspace.run(.writeFile, ["path": "l.txt", "content": "é", "encoding": "ISO-8859-1"])
        #expect(written.integer("bytes_written") == 1)
        #expect(try await workspace.run(.readFile, ["path": "l.txt", "encoding": "latin1"]).string("content") == "é")
        #expect(await failure(workspace, .writeFile, ["path": "l.txt", "content": "ж", "encoding": "latin-1"])?.code == .invalidArguments)
        #expect(await failure(workspace, .readFile, ["path": "l.txt", "encoding": "ebcdic"])?.code == .invalidArguments)
    }

    @Test func writesAndMakesFolders() async throws {
        let result = try await workspace.run(.writeFile, ["path": "a/b/c.txt", "content": "hello\n", "create_dirs": .boolean(true)])
        #expect(try scratch.text("a/b/c.txt") == "hello\n")
        #expect(result.flag("created") == true)
        #expect(result.integer("bytes_written") == 6)
        let refused = await failure(workspace, .writeFile, ["path": "x/y.txt", "content": ""])
        #expect(refused?.code == .notFound)
        #expect(!scratch.exists("x"))
    }

    @Test func replacesWithBackupAndKeepsPermissions() async throws {
        try scratch.write("#!/bin/sh\n", to: "run.sh")
        let path = scratch.inside.appending(path: "run.sh").path
        try FileManager.default.setAttributes([.posixPermissions: 0o750], ofItemAtPath: path)
        let result = try await workspace.run(.writeFile, ["path": "run.sh", "content": "new", "backup": .boolean(true)])
        #expect(result.flag("created") == false)
        #expect(result.string("backup_path") == "run.sh.bak")
        #expect(try scratch.text("run.sh.bak") == "#!/bin/sh\n")
        #expect(try scratch.text("run.sh") == "new")
        #expect(try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int == 0o750)
        // A second backup takes the first one's place.
        _ = try await workspace.run(.writeFile, ["path": "run.sh", "content": "newer", "backup": .boolean(true)])
        #expect(try scratch.text("run.sh.bak") == "new")
    }

    @Test func aFailedWriteLeavesNothingBehind() async throws {
        try FileManager.default.createDirectory(at: scratch.inside.appending(path: "taken"), withIntermediateDirectories: true)
        #expect(await failure(workspace, .writeFile, ["path": "taken", "content": "x"])?.code == .notAFile)
        #expect(try FileManager.default.contentsOfDirectory(atPath: scratch.inside.path) == ["taken"])
    }

    @Test func concurrentWritersNeverMix() async throws {
        let texts = (0..<8).map { String(repeating: "\($0)", count: 50_000) }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for text in texts {
                group.addTask { [workspace] in _ = try await workspace.run(.writeFile, ["path": "f", "content": .string(text)]) }
            }
            try await group.waitForAll()
        }
        #expect(texts.contains(try scratch.text("f")))
        #expect(try FileManager.default.contentsOfDirectory(atPath: scratch.inside.path) == ["f"])
    }

    @Test func createsFolders() async throws {
        #expect(try await workspace.run(.createDirectory, ["path": "p/q"]).flag("created") == true)
        #expect(try await workspace.run(.createDirectory, ["path": "p/q"]).flag("created") == false)
        #expect(await failure(workspace, .createDirectory, ["path": "r/s", "recursive": .boolean(false)])?.code == .notFound)
        try scratch.write("", to: "file")
        #expect(await failure(workspace, .createDirectory, ["path": "file"])?.code == .alreadyExists)
    }

    @Test func listsWithPatternsAndHiddenFiles() async throws {
        for path in ["a.swift", "b.md", ".hidden", "src/c.swift", "src/.git/config", "src/deep/d.swift"] {
            try scratch.write("x", to: path)
        }
        func paths(_ arguments: JSONObject) async throws -> [String] {
            try await workspace.run(.listFiles, arguments).objects("entries").compactMap { $0.string("path") }
        }
        #expect(try await paths(["path": "."]) == ["a.swift", "b.md", "src"])
        #expect(try await paths(["path": ".", "include_hidden": .boolean(true)]) == [".hidden", "a.swift", "b.md", "src"])
        #expect(
            try await paths(["path": ".", "recursive": .boolean(true), "pattern": "*.swift"])
                == ["a.swift", "src/c.swift", "src/deep/d.swift"])
        #expect(try await paths(["path": "src", "recursive": .boolean(true), "pattern": "deep/*"]) == ["src/deep/d.swift"])
        #expect(await failure(workspace, .listFiles, ["path": "a.swift"])?.code == .notADirectory)
    }

    @Test func aHugeListingIsCut() async throws {
        for index in 0..<(ListFiles.maximumEntries + 10) { try Data().write(to: scratch.inside.appending(path: "f\(index)")) }
        let result = try await workspace.run(.listFiles, ["path": "."])
        #expect(result.integer("count") == ListFiles.maximumEntries)
        #expect(result.flag("truncated") == true)
    }

    @Test("Arguments are checked, and the message says what is accepted")
    func arguments() async throws {
        #expect(await failure(workspace, .readFile, [:])?.message == "read_file needs the argument 'path'")
        #expect(await failure(workspace, .readFile, ["path": .integer(3)])?.message == "'path' of read_file must be a string")
        #expect(await failure(workspace, .readFile, ["path": .null])?.code == .invalidArguments)
        #expect(
            await failure(workspace, .readFile, ["path": "a", "line": .integer(1)])?.message
                == "read_file has no argument 'line'; it accepts: path, encoding, start_line, end_line")
        #expect(await failure(workspace, .readFile, ["path": "a", "start_line": .number(1.5)])?.code == .invalidArguments)
        #expect(await failure(workspace, .readFile, ["path": "a", "start_line": .integer(.max)])?.code == .invalidArguments)
        #expect(await failure(workspace, .listFiles, ["path": ".", "recursive": "yes"])?.code == .invalidArguments)
        await #expect(throws: ToolFailure.self) { try await workspace.run("delete_file", arguments: ["path": "a"]) }
    }
}
