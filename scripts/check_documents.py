"""Generates, compiles and counts: the work of scripts/check-documents."""

import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import yaml

ROOT = pathlib.Path(__file__).resolve().parent.parent
LIST = ROOT / "Tests/Corpora/documents.txt"
OUTPUT = ROOT / ".build-documents"
TOOL = ROOT / ".build/debug/codelab-codegen"
MODULES = ROOT / ".build/debug/Modules"
SUITES = ["real", "ogen/positive", "ogen/negative", "learn/examples"]
COMPILE_SECONDS = 900


class Loader(yaml.CSafeLoader if hasattr(yaml, "CSafeLoader") else yaml.SafeLoader):
    """YAML 1.2's idea of scalars, as far as keys and names go: no dates, no `on` and `off`."""


Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag not in ("tag:yaml.org,2002:timestamp", "tag:yaml.org,2002:bool")]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("^(?:true|True|TRUE|false|False|FALSE)$"), list("tTfF"))


def documents(corpus):
    """The documents of OpenAPI 3.x in the suites, as paths relative to the corpus."""
    found = []
    for suite in SUITES:
        for path in sorted((corpus / suite).rglob("*")):
            if path.suffix not in (".json", ".yaml", ".yml") or not path.is_file():
                continue
            with open(path, encoding="utf-8") as file:
                head = file.read(4_000_000)
            if re.search(r"""^\s*["']?openapi["']?\s*:\s*["']?3\.""", head, re.M):
                found.append(str(path.relative_to(corpus)))
    return found


def expectations():
    result = {}
    if LIST.exists():
        for line in LIST.read_text().splitlines():
            if line and not line.startswith("#"):
                fields = line.split("\t")
                result[fields[0]] = fields[1:]
    return result


class Properties:
    """The names of all properties of schemas that operations and components reach."""

    def __init__(self, path):
        self.files = {}
        self.names = {}
        self.seen = set()
        self.root = path
        root = self.load(path)
        for name, schema in (root.get("components") or {}).get("schemas", {}).items():
            self.schema(schema, path, f"#/components/schemas/{name}")
        for part in ("paths", "webhooks"):
            self.walk(root.get(part) or {}, path, part)

    def load(self, path):
        path = path.resolve()
        if path not in self.files:
            text = path.read_text(encoding="utf-8")
            self.files[path] = json.loads(text) if path.suffix == ".json" else yaml.load(text, Loader)
        return self.files[path]

    def resolve(self, reference, path):
        file, _, pointer = reference.partition("#")
        target = (path.parent / file).resolve() if file else path
        node = self.load(target)
        for token in pointer.split("/")[1:]:
            token = token.replace("~1", "/").replace("~0", "~")
            node = node[int(token)] if isinstance(node, list) else node[token]
        return node, target

    def walk(self, node, path, place):
        """An object of OpenAPI that is no schema: schemas are found below `schema` and `itemSchema`."""
        if isinstance(node, list):
            for index, element in enumerate(node):
                self.walk(element, path, f"{place}/{index}")
        if not isinstance(node, dict) or id(node) in self.seen:
            return
        self.seen.add(id(node))
        if isinstance(node.get("$ref"), str):
            target, file = self.resolve(node["$ref"], path)
            self.walk(target, file, node["$ref"])
        for key, value in node.items():
            if key in ("schema", "itemSchema"):
                self.schema(value, path, f"{place}/{key}")
            elif key not in ("example", "examples", "links") and not str(key).startswith("x-"):
                self.walk(value, path, f"{place}/{key}")

    def schema(self, node, path, place):
        if not isinstance(node, dict) or id(node) in self.seen:
            return
        self.seen.add(id(node))
        if isinstance(node.get("$ref"), str):
            target, file = self.resolve(node["$ref"], path)
            self.schema(target, file, node["$ref"])
        for name, value in (node.get("properties") or {}).items():
            if value is not False:
                self.names.setdefault(str(name), f"{place}/properties/{name}")
            self.schema(value, path, f"{place}/properties/{name}")
        for key in ("items", "additionalProperties"):
            self.schema(node.get(key), path, f"{place}/{key}")
        for key in ("allOf", "oneOf", "anyOf", "prefixItems"):
            for index, value in enumerate(node.get(key) or []):
                self.schema(value, path, f"{place}/{key}/{index}")


def literals(folder):
    """Every string literal of what was generated: member names among them."""
    found = set()
    for path in folder.glob("*.swift"):
        for literal in re.findall(r'"((?:[^"\\\n]|\\.)*)"', path.read_text(encoding="utf-8")):
            found.add(unescape(literal))
    return found


def unescape(literal):
    literal = re.sub(r"\\u\{([0-9a-fA-F]+)\}", lambda match: chr(int(match.group(1), 16)), literal)
    return re.sub(r"\\(.)", lambda match: {"n": "\n", "r": "\r", "t": "\t", "0": "\0"}.get(match.group(1), match.group(1)), literal)


# A place below the content of a media type that may be anything, or XML.
UNTYPED_BODY = re.compile(r"/content/(?:\*/\*|[a-z]+/\*|[^/]+/(?:[^/]+\+)?xml)/schema/")


def check(corpus, name):
    """What came of a document: `pass`, `told` where a warning says what is not used, or `refused` with its rules, or `fails` with what is
    wrong; and lines to show."""
    source = corpus / name
    folder = OUTPUT / re.sub(r"[^A-Za-z0-9]+", "-", name)
    shutil.rmtree(folder, ignore_errors=True)
    run = subprocess.run(
        [TOOL, "generate", source, "--module", "DocumentAPI", "--output", folder],
        capture_output=True, text=True, timeout=120,
    )
    if run.returncode == 1:
        rules = sorted(set(re.findall(r": error: .* \[([a-z0-9-]+)\]$", run.stderr, re.M)))
        return "refused", ",".join(rules), run.stderr
    if run.returncode != 0:
        return "fails", "generator", run.stderr
    compiler = subprocess.run(
        ["swiftc", "-typecheck", "-swift-version", "6", "-module-name", "DocumentAPI", "-I", MODULES, "-enable-upcoming-feature",
         "ExistentialAny", "-enable-upcoming-feature", "InternalImportsByDefault", "-enable-upcoming-feature", "MemberImportVisibility",
         "-warnings-as-errors", *module_maps(), *sorted(map(str, folder.glob("*.swift")))],
        capture_output=True, text=True, timeout=COMPILE_SECONDS,
    )
    if compiler.returncode != 0:
        return "fails", "compiler", compiler.stderr
    kept = literals(folder)
    lost = [f"{name}: lost {place}" for key, place in Properties(source).names.items() if key not in kept]
    if lost:
        # A body without a form of its own is its bytes or text: its properties are not kept, and a warning says so.
        is_told = "[encoding-ignored]" in run.stderr and all(UNTYPED_BODY.search(place) for place in lost)
        return "told" if is_told else "fails", "encoding-ignored" if is_told else "properties", "\n".join(lost)
    return "pass", "", ""


def module_maps():
    arguments = []
    for path in sorted((ROOT / ".build/debug").glob("*.build/module.modulemap")):
        arguments += ["-Xcc", f"-fmodule-map-file={path}"]
    for path in sorted((ROOT / ".build/checkouts").glob("*/Sources/*/include/module.modulemap")):
        arguments += ["-Xcc", f"-fmodule-map-file={path}"]
    return arguments


def main():
    corpus = pathlib.Path(sys.argv[1]).resolve()
    chosen = sys.argv[2:]
    names = [name for name in documents(corpus) if not chosen or any(word in name for word in chosen)]
    expected = expectations()
    passed = failed = 0
    with ThreadPoolExecutor(int(os.environ.get("CODELAB_JOBS", "2"))) as pool:
        for name, (outcome, rules, output) in zip(names, pool.map(lambda name: guarded(corpus, name), names)):
            wanted = expected.get(name, ["pass", "", ""])
            if name not in expected:
                problem = "is not in Tests/Corpora/documents.txt"
            elif [outcome, rules] != (wanted + ["", ""])[:2]:
                problem = f"expected {' '.join(wanted[:2])}"
            else:
                passed += 1
                continue
            failed += 1
            print(f"FAIL {name}: {outcome} {rules}; {problem}")
            print("\n".join("    " + line for line in output.splitlines()[:int(os.environ.get("CODELAB_LINES", "12"))]))
    if not chosen:
        for name in sorted(set(expected) - set(names)):
            failed += 1
            print(f"FAIL {name}: is in Tests/Corpora/documents.txt but not in the corpus")
    print(f"{passed} passed, {failed} failed")
    sys.exit(1 if failed else 0)


def guarded(corpus, name):
    try:
        return check(corpus, name)
    except subprocess.TimeoutExpired as error:
        return "fails", "time", str(error)


main()
