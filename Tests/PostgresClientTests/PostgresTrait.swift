import PostgresClient
import TestServers
import Testing

/// Starts a PostgreSQL before a suite's tests and stops it after them.
struct PostgresTrait: SuiteTrait, TestScoping {
    let isRecursive = false

    @TaskLocal static var current: PostgresServer?

    func provideScope(for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void) async throws {
        let server = try await PostgresServer()
        do {
            try await Self.$current.withValue(server) { try await function() }
        } catch {
            try await server.stop()
            throw error
        }
        try await server.stop()
    }
}

extension SuiteTrait where Self == PostgresTrait {
    /// The suite's tests use one server: ``PostgresServer/current``.
    static var postgres: PostgresTrait { PostgresTrait() }
}

extension PostgresServer {
    static var current: PostgresServer {
        get throws { try #require(PostgresTrait.current) }
    }
}

/// Runs a test with a pool on the suite's server.
func withPool<Value: Sendable>(
    limits: PostgresPoolLimits = PostgresPoolLimits(), configure: (inout PostgresConfiguration) -> Void = { _ in },
    _ body: (PostgresPool) async throws -> Value
) async throws -> Value {
    var configuration = PostgresConfiguration(try PostgresServer.current.url)
    configure(&configuration)
    return try await PostgresPool.withPool(configuration, limits: limits, body)
}

/// The code of the error that something ends with.
func failure(of body: () async throws -> some Any) async throws -> PostgresError {
    do {
        _ = try await body()
    } catch let error as PostgresError {
        return error
    }
    throw NoFailure()
}

/// Something must fail with a code, a state of SQL, or both.
func expectFailure(
    _ code: PostgresError.Code? = nil, state: SQLState? = nil, sourceLocation: SourceLocation = #_sourceLocation,
    of body: () async throws -> some Any
) async throws {
    let error = try await failure(of: body)
    if let code { #expect(error.code == code, "\(error)", sourceLocation: sourceLocation) }
    if let state { #expect(error.sqlState == state, "\(error)", sourceLocation: sourceLocation) }
}

struct NoFailure: Error {}
