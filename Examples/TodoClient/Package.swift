// swift-tools-version: 6.2
import PackageDescription

let package = Package(
    name: "TodoClient",
    dependencies: [.package(name: "codelab", path: "../..")],
    targets: [
        .executableTarget(
            name: "TodoClient",
            dependencies: [
                .product(name: "APISupport", package: "codelab"),
                .product(name: "APIAsyncHTTPClient", package: "codelab"),
            ],
            plugins: [.plugin(name: "GenerateAPI", package: "codelab")]
        )
    ]
)
