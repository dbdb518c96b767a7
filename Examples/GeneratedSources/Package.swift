// swift-tools-version: 6.2
import PackageDescription

// The target has no plugin: `swift package generate-api` wrote its code.
let package = Package(
    name: "GeneratedSources",
    dependencies: [.package(name: "codelab", path: "../..")],
    targets: [
        .executableTarget(name: "Todos", dependencies: [.product(name: "APISupport", package: "codelab")])
    ]
)
