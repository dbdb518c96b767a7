// swift-tools-version: 6.2
import PackageDescription

// What another team writes: their spec, their handler, our plugin. Built by scripts/check-plugin.
let package = Package(
    name: "consumer",
    dependencies: [
        .package(name: "codelab", path: Context.environment["CODELAB_PACKAGE"] ?? "../../..")
    ],
    targets: [
        .executableTarget(
            name: "Bookshop",
            dependencies: [.product(name: "APISupport", package: "codelab")],
            plugins: [.plugin(name: "GenerateAPI", package: "codelab")]
        )
    ]
)
