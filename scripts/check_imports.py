"""Checks what each target imports: against the allowed lists below (ARCHITECTURE.md §3), and against what Package.swift declares for it.

The compiler refuses some undeclared imports, but not all (those that another dependency brings along), and it never reports a dependency that nothing
imports. Exit status 0: all is well; 1: something is wrong, with file:line.
"""

import json
import pathlib
import re
import subprocess
import sys

IMPORT = re.compile(
    r"^\s*(?:@[\w()]+\s+)*(?:public |package |internal |fileprivate |private )?"
    r"import\s+(?:struct |class |enum |protocol |func |var |let |typealias )?(\w+)"
)

# What comes with the toolchain and holds no other party's code. Foundation as a whole is not among them: FoundationEssentials is.
TOOLCHAIN = {"Swift", "FoundationEssentials", "Synchronization", "Dispatch", "Glibc", "Musl", "Darwin"}

# HTTPTypes is the vocabulary of APISupport's calls: MemberImportVisibility asks for it where a header field is read (docs/decisions/0012).
HANDLERS = TOOLCHAIN | {"APISupport", "Coordination", "HTTPTypes", "Logging", "Metrics", "Tracing"}

# The folders whose imports are closed lists; every other folder may import what Package.swift declares for it.
ALLOWED = {
    "Sources/Codegen/Model": set(),
    "Sources/Codegen/Documents": TOOLCHAIN | {"CodegenModel", "Yams"},
    "Sources/Codegen/Emitter": {"CodegenModel"},
    "Sources/Codegen/Tool": TOOLCHAIN | {"CodegenModel", "CodegenDocuments", "CodegenEmitter", "ArgumentParser"},
    "Sources/Generated": {"APISupport", "HTTPTypes", "FoundationEssentials"},
    "Sources/Support/Coordination": TOOLCHAIN | {"Metrics"},
    "Sources/Support/Migrations": TOOLCHAIN | {"Crypto"},
    "Sources/Infrastructure/Postgres": TOOLCHAIN | {"APISupport", "AuthHandlers", "RuntimeHandlers", "Migrations", "PostgresClient"},
    "Sources/Infrastructure/Redis": TOOLCHAIN | {"Coordination", "Metrics", "RedisClient"},
    "Sources/Infrastructure/PrometheusMetrics": TOOLCHAIN | {"Metrics", "Logging"},
    "Sources/Infrastructure/OTLPTracing": TOOLCHAIN | {"OTLPAPI", "APISupport", "HTTPTypes", "Logging", "ServiceLifecycle", "Tracing"},
    "Sources/Support/APITracing": TOOLCHAIN | {"APISupport", "HTTPTypes", "Tracing"},
    # One driver, and nothing of ours: the Ports are implemented beside it.
    "Sources/Infrastructure/PostgresClient": TOOLCHAIN | {"CPostgres", "DequeModule", "Metrics", "ServiceLifecycle"},
    "Sources/Infrastructure/RedisClient": TOOLCHAIN | {"CHiredis", "DequeModule", "NIOConcurrencyHelpers", "NIOCore", "NIOPosix", "NIOSSL", "ServiceLifecycle"},
    "Sources/Handlers/Auth": HANDLERS | {"AuthAPI", "Crypto", "CryptoExtras", "JWTKit"},
    "Sources/Handlers/Gateway": HANDLERS | {"GatewayAPI", "RuntimeAPI"},
    "Sources/Handlers/Runtime": HANDLERS | {"RuntimeAPI", "LLMProxyAPI", "EventsAPI"},
    "Sources/Handlers/LLMProxy": HANDLERS | {"LLMProxyAPI"},
    "Sources/Handlers/Operations": HANDLERS | {"OperationsAPI"},
    "Sources/Handlers/Website": HANDLERS | {"WebsiteAPI", "Crypto"},
}

# The plugin's generated files import these where an operation needs them; the hand-written file of such a target is empty.
PLUGIN = {"APISupport", "HTTPTypes"}

# A target that declares a dependency without importing it, and why.
UNIMPORTED = {
    # Runs the program.
    "CodegenToolTests": {"codelab-codegen"},
    # These only have to compile.
    "ReferenceTests": {"InterfaceNamesAPI", "InternalAPI"},
}


def imports(folder, root):
    """Yields (module, file:line) for every import below a folder."""
    for path in sorted(folder.rglob("*.swift")):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            match = IMPORT.match(line)
            if match:
                yield match.group(1), f"{path.relative_to(root)}:{number}"


def generated_sources(root):
    """The folders that the build plugin wrote its files into, so far as there was a build."""
    return [folder for folder in root.glob(".build/plugins/outputs/*/*API/destination/GenerateAPI") if "ReferenceAPI" not in folder.parts]


def check_allowed(root, findings):
    folders = [(name, root / name, allowed) for name, allowed in ALLOWED.items()]
    folders += [("generated code", folder, ALLOWED["Sources/Generated"]) for folder in generated_sources(root)]
    for name, folder, allowed in folders:
        if not folder.is_dir():
            findings.append(f"{name}: error: this folder, which scripts/check_imports.py names, is not there")
        for module, place in imports(folder, root):
            if module not in allowed:
                findings.append(f"{place}: error: {name} may not import {module} (ARCHITECTURE.md §3, scripts/check_imports.py)")


def declared(target):
    """The modules that a target's dependencies are: a product of another package has its module's name."""
    modules = set()
    for dependency in target["dependencies"]:
        ((kind, value),) = [(kind, value) for kind, value in dependency.items() if kind in ("byName", "target", "product")]
        modules.add(value[0])
    return modules


def check_declared(root, findings):
    text = subprocess.run(["swift", "package", "dump-package"], cwd=root, check=True, capture_output=True, text=True).stdout
    package = json.loads(text)
    targets = {target["name"]: target for target in package["targets"] if target["type"] != "plugin"}
    known = set(targets) | {module for target in targets.values() for module in declared(target)}
    for name, target in targets.items():
        modules = declared(target)
        found = list(imports(root / target["path"], root))
        for module, place in found:
            if module in known and module not in modules and module != name:
                findings.append(f"{place}: error: {name} imports {module}, which Package.swift does not declare for it")
        unimported = UNIMPORTED.get(name, set()) | (PLUGIN if target.get("pluginUsages") else set())
        for module in sorted(modules - {module for module, _ in found} - unimported):
            findings.append(f"Package.swift: error: {name} declares {module}, which it does not import")


def main():
    root = pathlib.Path(sys.argv[1]).resolve()
    findings = []
    check_allowed(root, findings)
    check_declared(root, findings)
    for finding in findings:
        print(finding, file=sys.stderr)
    return 1 if findings else 0


sys.exit(main())
