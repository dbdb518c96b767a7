extension PostgresConfiguration {
    /// Makes one connection and ends it again: whether the server is there, and lets us in.
    ///
    /// - Throws: ``PostgresError`` with the server's or libpq's own reason, without waiting for what a pool waits for; `CancellationError`.
    public func checkConnection() async throws {
        try await PostgresConnection.connect(self).close()
    }
}
