import FoundationEssentials
import Migrations
import Testing

/// What docs/guides/migrations.md asks of the files.
@Suite("Migrations: the steps' files")
struct StepFilesTests {
    @Test("Numbers have no gaps, and no two steps of a service have one name", arguments: Dialect.allCases)
    func numbers(dialect: Dialect) {
        for sequence in dialect.sequences {
            #expect(sequence.migrations.map(\.number) == Array(1...sequence.migrations.count), "\(sequence.service)")
            #expect(Set(sequence.migrations.map(\.name)).count == sequence.migrations.count, "\(sequence.service)")
        }
    }

    @Test("Both dialects have the same steps")
    func dialects() {
        func steps(_ dialect: Dialect) -> [[String]] {
            dialect.sequences.map { sequence in [sequence.service] + sequence.migrations.map { "\($0.number) \($0.name)" } }
        }
        #expect(steps(.sqlite) == steps(.postgres))
    }

    @Test("Every file is a step, and every step is its file", arguments: Dialect.allCases)
    func files(dialect: Dialect) throws {
        var steps: [String: String] = [:]
        for sequence in dialect.sequences {
            for step in sequence.migrations {
                let digits = String(step.number)
                let number = String(repeating: "0", count: max(0, 3 - digits.count)) + digits
                steps["\(sequence.service)-\(number)-\(step.name).sql"] = step.sql
            }
        }
        let files = try FileManager.default.contentsOfDirectory(atPath: dialect.folder)
        #expect(files.sorted() == steps.keys.sorted())
        for file in files {
            let text = String(decoding: try #require(FileManager.default.contents(atPath: "\(dialect.folder)/\(file)")), as: UTF8.self)
            #expect(steps[file] == text, "\(file)")
        }
    }

    @Test(
        "What takes something away from the release before says which release stopped using it",
        arguments: ["DROP TABLE", "DROP COLUMN", "RENAME", "TRUNCATE", "SET NOT NULL", "ALTER COLUMN"])
    func contractions(words: String) {
        for (place, step) in steps where Self.statements(step).contains(words) {
            #expect(step.sql.contains("-- contract:"), "\(place): \(words)")
        }
    }

    @Test(
        "No step ends its own transaction, or holds what cannot be in one",
        arguments: ["BEGIN;", "COMMIT", "ROLLBACK", "VACUUM", "CONCURRENTLY", "LOCK TABLE"])
    func transactions(words: String) {
        for (place, step) in steps { #expect(!Self.statements(step).contains(words), "\(place): \(words)") }
    }

    private var steps: [(place: String, step: Migration)] {
        Dialect.allCases.flatMap { dialect in
            dialect.sequences.flatMap { sequence in
                sequence.migrations.map { ("\(dialect.rawValue) \(sequence.service) \($0.number)", $0) }
            }
        }
    }

    /// Without comments.
    private static func statements(_ step: Migration) -> String {
        step.sql.split(separator: "\n").filter { !$0.hasPrefix("--") }.joined(separator: "\n").uppercased()
    }
}
