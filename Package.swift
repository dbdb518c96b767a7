// swift-tools-version: 6.2
import PackageDescription

// The one settings array: applied to every target below, so that no target can be laxer than another.
let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .treatAllWarnings(as: .error),
]

// MARK: Dependencies

let yams = Target.Dependency.product(name: "Yams", package: "Yams")
let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let httpTypes = Target.Dependency.product(name: "HTTPTypes", package: "swift-http-types")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let inMemoryLogging = Target.Dependency.product(name: "InMemoryLogging", package: "swift-log")
let metrics = Target.Dependency.product(name: "Metrics", package: "swift-metrics")
let tracing = Target.Dependency.product(name: "Tracing", package: "swift-distributed-tracing")
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let cryptoExtras = Target.Dependency.product(name: "CryptoExtras", package: "swift-crypto")
let jwtKit = Target.Dependency.product(name: "JWTKit", package: "jwt-kit")
let hummingbirdCore = Target.Dependency.product(name: "HummingbirdCore", package: "hummingbird")
let asyncHTTPClient = Target.Dependency.product(name: "AsyncHTTPClient", package: "async-http-client")
let nioCore = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
let nioPosix = Target.Dependency.product(name: "NIOPosix", package: "swift-nio")
let nioConcurrencyHelpers = Target.Dependency.product(name: "NIOConcurrencyHelpers", package: "swift-nio")
let nioHTTP1 = Target.Dependency.product(name: "NIOHTTP1", package: "swift-nio")
let nioWebSocket = Target.Dependency.product(name: "NIOWebSocket", package: "swift-nio")
let x509 = Target.Dependency.product(name: "X509", package: "swift-certificates")
let swiftASN1 = Target.Dependency.product(name: "SwiftASN1", package: "swift-asn1")
let nioSSL = Target.Dependency.product(name: "NIOSSL", package: "swift-nio-ssl")
let nioHTTPTypesHTTP1 = Target.Dependency.product(name: "NIOHTTPTypesHTTP1", package: "swift-nio-extras")
let deque = Target.Dependency.product(name: "DequeModule", package: "swift-collections")
let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
let serviceLifecycle = Target.Dependency.product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let unixSignals = Target.Dependency.product(name: "UnixSignals", package: "swift-service-lifecycle")
let subprocess = Target.Dependency.product(name: "Subprocess", package: "swift-subprocess")
let systemPackage = Target.Dependency.product(name: "SystemPackage", package: "swift-system")

// MARK: Tests: a folder a target, mirroring Sources

/// `CODELAB_TESTS=A,B swift test` plans only these test targets: a quick loop while one part is being worked on.
let chosenTests = Context.environment["CODELAB_TESTS"]?.split(separator: ",").map(String.init)

let allTestTargets: [(String, [Target.Dependency])] = [
    ("CodegenDocumentsTests", ["CodegenModel", "CodegenDocuments"]),
    ("CodegenToolTests", ["codelab-codegen"]),
    ("CodegenEmitterTests", ["CodegenModel", "CodegenEmitter"]),
    (
        "ReferenceTests",
        [
            "ReferenceAPI", "AssertionsAPI", "SchemasAPI", "SchemaOptionsAPI", "InterfacesAPI", "InterfaceNamesAPI", "InternalAPI",
            "BareAPI",
            "ChannelsAPI", "PeerAPI", "WireAPI", "CodegenModel", "CodegenDocuments", "CodegenEmitter", "APISupport", httpTypes,
        ]
    ),
    ("APISupportTests", ["APISupport", httpTypes, logging]),
    (
        "APIAdaptorTests",
        [
            "APISupport", "ChannelsAPI", "APIHummingbird", "APIAsyncHTTPClient", "APIWebSocket", "APITokens", httpTypes, logging, nioCore,
            nioPosix, nioSSL, serviceLifecycle, jwtKit, crypto, cryptoExtras, x509, swiftASN1,
        ]
    ),
    (
        "AuthHandlersTests",
        [
            "AuthHandlers", "AuthAPI", "APISupport", "SQLiteInfrastructure", "MemoryInfrastructure", "PostgresInfrastructure",
            "PostgresClient", "RedisInfrastructure", "RedisClient", "Coordination", "Migrations", "TestServers", jwtKit, crypto, httpTypes,
            logging,
        ]
    ),
    (
        "RuntimeHandlersTests",
        [
            "RuntimeHandlers", "RuntimeAPI", "LLMProxyAPI", "APISupport", "Coordination", "SQLiteInfrastructure", "MemoryInfrastructure",
            "PostgresInfrastructure", "PostgresClient", "Migrations", "TestServers", httpTypes, logging,
        ]
    ),
    (
        "GatewayHandlersTests",
        [
            "GatewayHandlers", "GatewayAPI", "RuntimeAPI", "APISupport", "Coordination", "MemoryInfrastructure", "RedisInfrastructure",
            "RedisClient", "TestServers", httpTypes, inMemoryLogging, logging,
        ]
    ),
    (
        "LLMProxyHandlersTests",
        [
            "LLMProxyHandlers", "LLMProxyAPI", "ScenarioFiles", "APISupport", "Coordination", "MemoryInfrastructure", httpTypes, logging,
        ]
    ),
    ("OperationsHandlersTests", ["OperationsHandlers", "OperationsAPI", "APISupport", httpTypes, inMemoryLogging, logging]),
    ("ScenarioFilesTests", ["ScenarioFiles", "LLMProxyHandlers"]),
    (
        "IntegrationTests",
        [
            "codelab", "Workspace", "APITokens", "AuthAPI", "RuntimeAPI", "OperationsAPI", "APISupport", "APIWebSocket",
            "APIAsyncHTTPClient", "GatewayAPI", "ContractTesting", "CodegenDocuments",
            "AuthHandlers", "GatewayHandlers", "LLMProxyHandlers", "SQLiteInfrastructure", "MemoryInfrastructure", "PostgresClient",
            "RedisClient", "PrometheusMetrics", "OTLPTracing", "OTLPAPI", "APIHummingbird", "TestServers",
            argumentParser, asyncHTTPClient, crypto, httpTypes, logging, serviceLifecycle,
        ]
    ),
    ("PostgresClientTests", ["PostgresClient", "TestServers"]),
    ("RedisClientTests", ["RedisClient", "TestServers", nioCore, nioPosix]),
    (
        "MigrationsTests", ["Migrations", "SQLiteInfrastructure", "PostgresInfrastructure", "PostgresClient", "TestServers", grdb]
    ),
    ("CoordinationTests", ["Coordination", "MemoryInfrastructure", "RedisInfrastructure", "RedisClient", "TestServers"]),
    (
        "EventsTests",
        [
            "EventsAPI", "APIStreams", "APISupport", "Coordination", "RuntimeHandlers", "MemoryInfrastructure", "SQLiteInfrastructure",
            "PostgresInfrastructure", "PostgresClient", "RedisInfrastructure", "RedisClient", "Migrations", "TestServers", logging,
        ]
    ),
    ("PrometheusMetricsTests", ["PrometheusMetrics", metrics, inMemoryLogging, logging]),
    (
        "OTLPTracingTests",
        ["OTLPTracing", "OTLPAPI", "APITracing", "APISupport", httpTypes, inMemoryLogging, logging, serviceLifecycle, tracing]
    ),
    ("WorkspaceTests", ["Workspace", "APISupport"]),
    (
        "ContractTests",
        [
            "ContractTesting", "CodegenDocuments", "CodegenModel", "APISupport", "AuthAPI", "RuntimeAPI", "LLMProxyAPI", "AuthHandlers",
            "GatewayHandlers",
            "RuntimeHandlers", "LLMProxyHandlers", "WebsiteHandlers", "MemoryInfrastructure", "Coordination", "ScenarioFiles", logging,
        ]
    ),
]

let testTargets = allTestTargets.filter { name, _ in chosenTests?.contains(name) ?? true }

/// With `CODELAB_TESTS` set, only what those tests need is planned, and the generator: nothing else is compiled.
func narrow(_ package: Package) {
    guard let chosenTests else { return }
    var needed: Set<String> = []
    var pending = chosenTests + ["codelab-codegen", "GenerateAPI", "ContractTesting", "schema-suite"]
    while let name = pending.popLast() {
        guard needed.insert(name).inserted, let target = package.targets.first(where: { $0.name == name }) else { continue }
        for case .byNameItem(let name, _) in target.dependencies { pending.append(name) }
    }
    package.targets.removeAll { !needed.contains($0.name) }
    let kept = Set(package.targets.map(\.name))
    package.products.removeAll { product in
        switch product {
        case let product as Product.Executable: !kept.isSuperset(of: product.targets)
        case let product as Product.Library: !kept.isSuperset(of: product.targets)
        case let product as Product.Plugin: !kept.isSuperset(of: product.targets)
        default: false
        }
    }
}

let package = Package(
    name: "codelab",
    products: [
        .executable(name: "codelab", targets: ["codelab"]),
        .executable(name: "codelab-bench", targets: ["codelab-bench"]),
        .executable(name: "codelab-codegen", targets: ["codelab-codegen"]),
        .library(name: "APISupport", targets: ["APISupport"]),
        .library(name: "APIHummingbird", targets: ["APIHummingbird"]),
        .library(name: "APIAsyncHTTPClient", targets: ["APIAsyncHTTPClient"]),
        .library(name: "APIWebSocket", targets: ["APIWebSocket"]),
        .library(name: "ContractTesting", targets: ["ContractTesting"]),
        // Used by Tests/Packages/Benchmarks.
        .library(name: "Coordination", targets: ["Coordination"]),
        .library(name: "MemoryInfrastructure", targets: ["MemoryInfrastructure"]),
        .library(name: "PostgresClient", targets: ["PostgresClient"]),
        .library(name: "PrometheusMetrics", targets: ["PrometheusMetrics"]),
        .library(name: "RedisClient", targets: ["RedisClient"]),
        .plugin(name: "GenerateAPI", targets: ["GenerateAPI"]),
        .plugin(name: "GenerateAPICommand", targets: ["GenerateAPICommand"]),
    ],
    dependencies: [
        .package(url: "https://github.com/jpsim/Yams.git", from: "6.2.2"),
        .package(url: "https://github.com/apple/swift-argument-parser.git", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-http-types.git", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log.git", from: "1.16.0"),
        .package(url: "https://github.com/apple/swift-metrics.git", from: "2.13.0"),
        .package(url: "https://github.com/apple/swift-distributed-tracing.git", from: "1.7.3"),
        .package(url: "https://github.com/apple/swift-crypto.git", from: "4.5.2"),
        .package(url: "https://github.com/vapor/jwt-kit.git", from: "5.7.1"),
        .package(url: "https://github.com/hummingbird-project/hummingbird.git", from: "2.28.1"),
        .package(url: "https://github.com/swift-server/async-http-client.git", from: "1.37.0"),
        .package(url: "https://github.com/apple/swift-nio.git", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl.git", from: "2.37.6"),
        // Already below JWTKit; the tests make certificates with them.
        .package(url: "https://github.com/apple/swift-certificates.git", from: "1.21.1"),
        .package(url: "https://github.com/apple/swift-asn1.git", from: "1.7.4"),
        .package(url: "https://github.com/apple/swift-nio-extras.git", from: "1.35.2"),
        .package(url: "https://github.com/apple/swift-collections.git", from: "1.6.0"),
        .package(url: "https://github.com/groue/GRDB.swift.git", from: "7.10.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle.git", from: "2.13.0"),
        .package(url: "https://github.com/swiftlang/swift-subprocess.git", from: "1.0.2"),
        .package(url: "https://github.com/apple/swift-system.git", from: "1.8.1"),
    ],
    targets: [
        // MARK: Codegen
        .target(name: "CodegenModel", path: "Sources/Codegen/Model"),
        .target(name: "CodegenDocuments", dependencies: ["CodegenModel", yams], path: "Sources/Codegen/Documents"),
        .target(name: "CodegenEmitter", dependencies: ["CodegenModel"], path: "Sources/Codegen/Emitter"),
        .executableTarget(
            name: "codelab-codegen",
            dependencies: ["CodegenModel", "CodegenDocuments", "CodegenEmitter", argumentParser],
            path: "Sources/Codegen/Tool"
        ),
        .plugin(name: "GenerateAPI", capability: .buildTool(), dependencies: ["codelab-codegen"]),
        .plugin(
            name: "GenerateAPICommand",
            capability: .command(
                intent: .custom(verb: "generate-api", description: "Generate Swift from OpenAPI and AsyncAPI documents"),
                permissions: [.writeToPackageDirectory(reason: "To write the generated files into the folder you name")]
            ),
            dependencies: ["codelab-codegen"]
        ),

        // MARK: Generated
        generated("AuthAPI"),
        generated("GatewayAPI"),
        generated("RuntimeAPI"),
        generated("LLMProxyAPI"),
        generated("EventsAPI"),
        generated("OperationsAPI"),
        generated("OTLPAPI"),
        generated("WebsiteAPI"),
        // The generator's obstacle course: compiled and run by ReferenceTests.
        generated("ReferenceAPI", path: "Tests/ReferenceTests/Cases/obstacle-course", exclude: ["expected"]),
        // Every style of parameter, every kind of body.
        generated("WireAPI", path: "Tests/ReferenceTests/Cases/wire", exclude: ["expected"]),
        generated("InterfacesAPI", path: "Tests/ReferenceTests/Cases/interfaces", exclude: ["expected", "parts"]),
        generated("InterfaceNamesAPI", path: "Tests/ReferenceTests/Cases/interface-names"),
        generated("AssertionsAPI", path: "Tests/ReferenceTests/Cases/assertions", exclude: ["expected"]),
        generated("BareAPI", path: "Tests/ReferenceTests/Cases/bare-operations"),
        generated("SchemasAPI", path: "Tests/ReferenceTests/Cases/schemas"),
        generated("SchemaOptionsAPI", path: "Tests/ReferenceTests/Cases/schema-options"),
        generated("InternalAPI", path: "Tests/ReferenceTests/Cases/internal-access"),
        // Channels in full: requests and replies, envelopes, brokers. Run by ReferenceTests.
        generated("ChannelsAPI", path: "Tests/ReferenceTests/Cases/channels", exclude: ["expected"]),
        generated("PeerAPI", path: "Tests/ReferenceTests/Cases/peer"),

        // MARK: Support
        .target(name: "APISupport", dependencies: [httpTypes, logging, metrics], path: "Sources/Support/APISupport"),
        .target(
            name: "APIHummingbird",
            dependencies: [
                "APISupport", "APIWebSocket", hummingbirdCore, httpTypes, logging, nioCore, nioPosix, nioHTTP1, nioWebSocket,
                nioHTTPTypesHTTP1, serviceLifecycle,
            ],
            path: "Sources/Support/APIHummingbird"
        ),
        .target(
            name: "APIAsyncHTTPClient",
            dependencies: ["APISupport", asyncHTTPClient, httpTypes, metrics, nioCore, nioHTTP1],
            path: "Sources/Support/APIAsyncHTTPClient"
        ),
        .target(
            name: "APIWebSocket",
            dependencies: ["APISupport", httpTypes, logging, nioCore, nioPosix, nioHTTP1, nioWebSocket, nioSSL],
            path: "Sources/Support/APIWebSocket"
        ),
        .target(
            name: "APITokens", dependencies: ["APISupport", "Coordination", jwtKit, httpTypes, logging], path: "Sources/Support/APITokens"
        ),
        .target(name: "APITracing", dependencies: ["APISupport", httpTypes, tracing], path: "Sources/Support/APITracing"),
        .target(name: "Migrations", dependencies: [crypto], path: "Sources/Support/Migrations"),
        // Ports that several services share, for what is shared and short-lived.
        .target(name: "Coordination", dependencies: [metrics], path: "Sources/Support/Coordination"),
        .target(name: "APIStreams", dependencies: ["APISupport", "Coordination", logging], path: "Sources/Support/APIStreams"),
        .target(
            name: "ContractTesting", dependencies: ["APISupport", "CodegenModel", httpTypes], path: "Sources/Support/ContractTesting"
        ),

        // MARK: Handlers
        .target(
            name: "AuthHandlers",
            dependencies: ["AuthAPI", "APISupport", "Coordination", crypto, cryptoExtras, jwtKit, logging, metrics, httpTypes],
            path: "Sources/Handlers/Auth"
        ),
        .target(
            name: "GatewayHandlers", dependencies: ["GatewayAPI", "RuntimeAPI", "APISupport", "Coordination", logging, httpTypes],
            path: "Sources/Handlers/Gateway"
        ),
        .target(
            name: "RuntimeHandlers",
            dependencies: ["RuntimeAPI", "LLMProxyAPI", "EventsAPI", "APISupport", "Coordination", logging, metrics, tracing, httpTypes],
            path: "Sources/Handlers/Runtime"
        ),
        .target(
            name: "LLMProxyHandlers", dependencies: ["LLMProxyAPI", "APISupport", "Coordination", logging, metrics, httpTypes],
            path: "Sources/Handlers/LLMProxy"
        ),

        // What every service answers beside its own API.
        .target(
            name: "OperationsHandlers", dependencies: ["OperationsAPI", "APISupport", "Coordination", logging],
            path: "Sources/Handlers/Operations"
        ),

        .target(
            name: "WebsiteHandlers", dependencies: ["WebsiteAPI", "APISupport", crypto, logging], path: "Sources/Handlers/Website"
        ),

        // MARK: Infrastructure
        .target(
            name: "SQLiteInfrastructure", dependencies: ["AuthHandlers", "RuntimeHandlers", "APISupport", "Migrations", grdb],
            path: "Sources/Infrastructure/SQLite", resources: [.embedInCode("Migrations")]
        ),
        .target(
            name: "MemoryInfrastructure", dependencies: ["AuthHandlers", "RuntimeHandlers", "APISupport", "Coordination"],
            path: "Sources/Infrastructure/Memory"
        ),
        .target(
            name: "PostgresInfrastructure",
            dependencies: ["AuthHandlers", "RuntimeHandlers", "APISupport", "Migrations", "PostgresClient"],
            path: "Sources/Infrastructure/Postgres", resources: [.embedInCode("Migrations")]
        ),
        .target(
            name: "RedisInfrastructure", dependencies: ["Coordination", "RedisClient", metrics], path: "Sources/Infrastructure/Redis"
        ),
        .systemLibrary(
            name: "CPostgres", path: "Sources/Infrastructure/CPostgres", pkgConfig: "libpq", providers: [.apt(["libpq-dev"])]),
        .target(
            name: "PostgresClient", dependencies: ["CPostgres", metrics, deque, serviceLifecycle],
            path: "Sources/Infrastructure/PostgresClient"
        ),
        .systemLibrary(
            name: "CHiredis", path: "Sources/Infrastructure/CHiredis", pkgConfig: "hiredis", providers: [.apt(["libhiredis-dev"])]),
        .target(
            name: "RedisClient", dependencies: ["CHiredis", deque, nioConcurrencyHelpers, nioCore, nioPosix, nioSSL, serviceLifecycle],
            path: "Sources/Infrastructure/RedisClient"
        ),
        // What the program measures, as Prometheus fetches it.
        .target(
            name: "PrometheusMetrics", dependencies: [metrics, logging], path: "Sources/Infrastructure/PrometheusMetrics"
        ),
        // What happens in the course of requests, as collectors of OpenTelemetry take it.
        .target(
            name: "OTLPTracing", dependencies: ["OTLPAPI", "APISupport", httpTypes, logging, serviceLifecycle, tracing],
            path: "Sources/Infrastructure/OTLPTracing"
        ),
        .target(name: "ScenarioFiles", dependencies: ["LLMProxyHandlers", yams], path: "Sources/Infrastructure/ScenarioFiles"),

        // Servers of the tests' own, started on free ports and stopped with them.
        .target(name: "TestServers", path: "Tests/TestServers"),

        // MARK: Apps
        .executableTarget(
            name: "codelab",
            dependencies: [
                "AuthAPI", "GatewayAPI", "RuntimeAPI", "LLMProxyAPI", "EventsAPI", "OperationsAPI", "APISupport", "APIHummingbird",
                "APIAsyncHTTPClient", "APIWebSocket", "APITokens", "APIStreams", "AuthHandlers", "GatewayHandlers", "RuntimeHandlers",
                "LLMProxyHandlers",
                "OperationsHandlers", "WebsiteHandlers", "Migrations", "APITracing", "OTLPTracing",
                "SQLiteInfrastructure",
                "PostgresInfrastructure", "PostgresClient", "Coordination", "MemoryInfrastructure", "RedisInfrastructure", "RedisClient",
                "PrometheusMetrics", "ScenarioFiles", "Workspace", argumentParser, serviceLifecycle, unixSignals, logging, metrics, tracing,
                httpTypes, nioCore, nioPosix,
                asyncHTTPClient, crypto, subprocess, yams,
            ],
            path: "Sources/Apps/codelab"
        ),
        .target(name: "Workspace", dependencies: ["APISupport", subprocess, systemPackage], path: "Sources/Apps/Workspace"),
        .executableTarget(
            name: "codelab-bench",
            dependencies: [
                "AuthAPI", "GatewayAPI", "APISupport", "APIHummingbird", "APIAsyncHTTPClient", "APIWebSocket", argumentParser,
                asyncHTTPClient,
                httpTypes, logging,
            ],
            path: "Sources/Apps/codelab-bench"
        ),
    ]
        + testTargets.map { name, dependencies in
            .testTarget(
                name: name, dependencies: dependencies, path: "Tests/\(name)",
                exclude: name == "CodegenDocumentsTests" ? ["Cases", "Changes"] : name == "ReferenceTests" ? ["Cases"] : []
            )
        }
)

/// An API target: links into specs/ and a codegen.yaml; its code is made by the plugin at build time.
func generated(_ name: String, path: String? = nil, exclude: [String] = []) -> Target {
    .target(
        name: name, dependencies: ["APISupport", httpTypes], path: path ?? "Sources/Generated/\(name)",
        exclude: exclude, plugins: ["GenerateAPI"]
    )
}

// scripts/check-schema-suite writes the JSON Schema Test Suite's validators into this folder and runs them.
if let sources = Context.environment["CODELAB_SCHEMA_SUITE"] {
    package.targets.append(.executableTarget(name: "schema-suite", dependencies: ["APISupport"], path: sources))
    package.products.append(.executable(name: "schema-suite", targets: ["schema-suite"]))
}

for target in package.targets where target.type != .plugin && target.type != .system {
    target.swiftSettings = (target.swiftSettings ?? []) + settings
}

narrow(package)
