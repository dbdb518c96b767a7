// swift-tools-version: 6.2
import PackageDescription

let package = Package(
    name: "TodoServer",
    dependencies: [
        .package(name: "codelab", path: "../.."),
        .package(url: "https://github.com/apple/swift-argument-parser.git", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-log.git", from: "1.16.2"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle.git", from: "2.13.0"),
    ],
    targets: [
        .executableTarget(
            name: "TodoServer",
            dependencies: [
                .product(name: "APISupport", package: "codelab"),
                .product(name: "APIHummingbird", package: "codelab"),
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            plugins: [.plugin(name: "GenerateAPI", package: "codelab")]
        )
    ]
)
