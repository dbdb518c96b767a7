public import Testing

/// Starts a PostgreSQL before a suite's tests and stops it after them.
public struct PostgresTrait: SuiteTrait, TestScoping {
    public let isRecursive = false

    @TaskLocal static var current: PostgresServer?

    public func provideScope(for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void) async throws {
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
    public static var postgres: PostgresTrait { PostgresTrait() }
}

extension PostgresServer {
    /// The server of the suite that a test belongs to.
    public static var current: PostgresServer {
        get throws {
            guard let server = PostgresTrait.current else { throw ServerFailure(message: "The suite lacks the trait .postgres") }
            return server
        }
    }

    /// Makes an empty database.
    ///
    /// - Returns: Its URL.
    public func newDatabase() async throws -> String {
        let name = "test_\(UInt64.random(in: 0...UInt64.max))"
        try await run("createdb", [name])
        return url(of: name)
    }
}
