import AuthHandlers
import FoundationEssentials
import MemoryInfrastructure
import SQLiteInfrastructure
import Testing

/// The storages that must behave alike.
enum Storage: String, CaseIterable, CustomTestStringConvertible {
    case memory, sqlite

    var testDescription: String { rawValue }

    /// Runs a test on an empty storage, and removes it afterwards.
    func withRepositories<Result>(_ body: (AuthRepositories) async throws -> Result) async throws -> Result {
        switch self {
        case .memory: return try await body(.inMemory())
        case .sqlite:
            return try await withTemporaryFolder { folder in
                let database = try SQLiteDatabase(path: folder + "/auth.sqlite")
                let result = try await body(.sqlite(database))
                try database.close()
                return result
            }
        }
    }
}

/// Runs a test with a folder of its own, which is removed afterwards.
func withTemporaryFolder<Result>(_ body: (String) async throws -> Result) async throws -> Result {
    let folder = FileManager.default.temporaryDirectory.appending(path: "codelab-auth-tests-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    return try await body(folder)
}
