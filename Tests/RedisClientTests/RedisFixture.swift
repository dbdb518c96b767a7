import Foundation
import RedisClient
import TestServers
import Testing

/// Runs a test with a server of its own, and a client.
func withRedis<Value: Sendable>(
    settings: [String] = [], configure: (inout RedisConfiguration) -> Void = { _ in },
    _ body: (RedisClient, RedisServer) async throws -> Value
) async throws -> Value {
    let server = try await RedisServer(settings: settings)
    do {
        var configuration = try RedisConfiguration(url: server.url)
        configure(&configuration)
        let value = try await RedisClient.withClient(configuration) { try await body($0, server) }
        try await server.stop()
        return value
    } catch {
        try await server.stop()
        throw error
    }
}

/// Something must fail with a code.
@discardableResult
func expectFailure(
    _ code: RedisError.Code, prefix: String? = nil, sourceLocation: SourceLocation = #_sourceLocation, of body: () async throws -> some Any
) async throws -> RedisError {
    do {
        _ = try await body()
    } catch let error as RedisError {
        #expect(error.code == code, "\(error)", sourceLocation: sourceLocation)
        if let prefix { #expect(error.prefix == prefix, sourceLocation: sourceLocation) }
        return error
    }
    throw NoFailure()
}

struct NoFailure: Error {}

func text(_ value: String) -> RedisValue { .string(Array(value.utf8)) }
