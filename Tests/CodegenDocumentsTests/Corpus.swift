import FoundationEssentials
import Testing

/// The public documents that tests read in place: `../shared/corpus` beside the project, or the folder that `CODELAB_CORPUS` names.
enum Corpus {
    static let project = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// nil when the corpus is not present.
    static let folder: String? = {
        let candidates: [String?] = [
            ProcessInfo.processInfo.environment["CODELAB_CORPUS"], project.appending(path: "../shared/corpus").path,
            project.appending(path: "../../shared/corpus").path,
        ]
        return candidates.compactMap { $0 }.first { FileManager.default.fileExists(atPath: $0 + "/README.md") }
    }()

    /// Paths of the documents below `folder` of the corpus, relative to it, sorted.
    static func documents(_ suite: String) throws -> [String] {
        guard let folder else { return [] }
        let names = try FileManager.default.subpathsOfDirectory(atPath: folder + "/" + suite)
        return names.filter { name in ["yaml", "yml", "json"].contains { name.hasSuffix("." + $0) } }.sorted()
    }
}

/// A suite's expectation list: `path` TAB `pass` or `refused` TAB rules TAB reason, a line a document.
struct ExpectationList {
    struct Entry: Equatable {
        var isAccepted: Bool
        var rules: [String]
        var reason: String
    }

    private(set) var entries: [String: Entry] = [:]

    init(_ suite: String) throws {
        let text = try String(contentsOf: Corpus.project.appending(path: "Tests/Corpora/\(suite).txt"), encoding: .utf8)
        for line in text.split(separator: "\n") where !line.hasPrefix("#") {
            let parts = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
            try #require(parts.count == 4, "\(suite).txt: \(line)")
            entries[parts[0]] = Entry(
                isAccepted: parts[1] == "pass", rules: parts[2].split(separator: ",").map(String.init), reason: parts[3])
        }
    }
}
