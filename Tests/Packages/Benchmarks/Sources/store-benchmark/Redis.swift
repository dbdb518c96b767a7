import RedisClient

enum Redis {
    /// GET or SET of 16 bytes by key, 64 callers, as many connections as the client makes by default. The callers run where tasks run by default,
    /// or on the client's executor.
    static func run(_ command: String, _ url: String, seconds: Double, onItsExecutor: Bool) async throws -> Measure {
        let value: [UInt8] = Array("0123456789abcdef".utf8)
        let isGet = command == "get"
        return try await RedisClient.withClient(try RedisConfiguration(url: url)) { client in
            try await withTaskExecutorPreference(onItsExecutor ? client.executor : nil) {
                try await Measure.concurrently(callers: 64, seconds: seconds) { key in
                    if isGet {
                        guard try await client.send(["GET", "key:\(key)"]).bytes?.count == 16 else { throw StoreBenchmark.Usage() }
                    } else {
                        try await client.send(["SET", "key:\(key)", .bytes(value)])
                    }
                }
            }
        }
    }
}
