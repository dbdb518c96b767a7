import PostgresClient
import TestServers
import Testing

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
