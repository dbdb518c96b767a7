// swift-tools-version: 6.2
import PackageDescription

// What generated code costs at run time, beside hand-written code that does the same with Codable: built and run by scripts/bench-codegen. And
// what the clients of PostgreSQL and Redis cost, beside others: scripts/bench-stores.
let package = Package(
    name: "benchmarks",
    dependencies: [
        .package(name: "codelab", path: "../../.."),
        .package(url: "https://github.com/hummingbird-project/hummingbird.git", from: "2.28.1"),
        .package(url: "https://github.com/apple/swift-log.git", from: "1.16.0"),
        .package(url: "https://github.com/apple/swift-metrics.git", from: "2.13.0"),
    ],
    targets: [
        .target(
            name: "OrdersAPI", dependencies: [.product(name: "APISupport", package: "codelab")],
            plugins: [.plugin(name: "GenerateAPI", package: "codelab")]
        ),
        .target(name: "CodableOrders"),
        .executableTarget(
            name: "json-benchmark", dependencies: ["OrdersAPI", "CodableOrders", .product(name: "APISupport", package: "codelab")]
        ),
        .executableTarget(
            name: "echo-server",
            dependencies: [
                "OrdersAPI", "CodableOrders", .product(name: "APISupport", package: "codelab"),
                .product(name: "APIHummingbird", package: "codelab"), .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "Logging", package: "swift-log"), .product(name: "Metrics", package: "swift-metrics"),
                .product(name: "PrometheusMetrics", package: "codelab"),
            ]
        ),
        .executableTarget(
            name: "store-benchmark",
            dependencies: [
                .product(name: "Coordination", package: "codelab"), .product(name: "MemoryInfrastructure", package: "codelab"),
                .product(name: "PostgresClient", package: "codelab"), .product(name: "RedisClient", package: "codelab"),
            ]
        ),
    ]
)
