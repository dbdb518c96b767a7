// swift-tools-version: 6.2
import PackageDescription

let package = Package(
    name: "ChangesClient",
    dependencies: [.package(name: "codelab", path: "../..")],
    targets: [
        .executableTarget(
            name: "ChangesClient",
            dependencies: [
                .product(name: "APISupport", package: "codelab"),
                .product(name: "APIWebSocket", package: "codelab"),
            ],
            plugins: [.plugin(name: "GenerateAPI", package: "codelab")]
        )
    ]
)
