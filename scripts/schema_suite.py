"""Prepares the JSON Schema Test Suite for scripts/check-schema-suite, and compares what its cases gave with what the suite says.

prepare SUITE WORK [optional]   writes the documents, codegen.yaml, the cases and the program that runs them into WORK; `optional`: the
                                optional cases too, those of formats with formats asserted
compare WORK EXPECTED           reads WORK/results.tsv; EXPECTED lists, a line each, cases that are not as the suite says: `case TAB reason`
"""

import json
import pathlib
import sys

REMOTES = "http://localhost:1234/"

# Optional groups whose schemas the generator refuses, with the reason.
REFUSED = {
    "optional/ecmascript-regex/2": "Swift's Regex has no control escapes",
    "optional/ecmascript-regex/3": "Swift's Regex has no control escapes",
}

MAIN = '''import APISupport
import FoundationEssentials

/// Puts each case (name, validator, JSON text, separated by tabs) to its validator and prints the name and the outcome.
@main
enum SchemaSuite {
    static func main() throws {
        let text = String(decoding: try Data(contentsOf: URL(filePath: CommandLine.arguments[1])), as: UTF8.self)
        for line in text.split(separator: "\\n") {
            let fields = line.split(separator: "\\t").map(String.init)
            print("\\(fields[0])\\t\\(outcome(fields[1], Array(fields[2].utf8)))")
        }
    }

    private static func outcome(_ validator: String, _ json: [UInt8]) -> String {
        do throws(RequestFailure) {
            guard let validate = validators[validator] else { return "no validator" }
            let violations = try validate(json)
            return violations.isEmpty ? "valid" : "invalid"
        } catch {
            return "failed: \\(error.detail)"
        }
    }
}
'''


def groups(suite, with_optional):
    """Every group of the required tests, then of the optional ones, with the file's name."""
    tests = pathlib.Path(suite) / "tests"
    for file in sorted(tests.glob("*.json")) + (sorted((tests / "optional").rglob("*.json")) if with_optional else []):
        name = str(file.relative_to(tests).with_suffix(""))
        for number, group in enumerate(json.loads(file.read_text(encoding="utf-8"))):
            yield name, number, group


def prepare(suite, work, with_optional):
    work = pathlib.Path(work)
    for folder in ("schemas", "Sources"):
        (work / folder).mkdir(parents=True, exist_ok=True)
    for old in (work / "schemas").glob("*.json"):
        old.unlink()
    schemas, types, cases, table = {}, {}, [], []
    for index, (name, number, group) in enumerate(groups(suite, with_optional)):
        if f"{name}/{number}" in REFUSED:
            continue
        identifier = f"g{index:03}"
        schema = group["schema"]
        if name.startswith("optional/format/") and isinstance(schema, dict):
            schema = {**schema, "$schema": REMOTES + "draft2020-12/format-assertion-true.json"}
        (work / "schemas" / f"{identifier}.json").write_text(json.dumps(schema, ensure_ascii=False), encoding="utf-8")
        schemas[identifier] = {"$ref": f"schemas/{identifier}.json"}
        types[identifier] = "APISupport.JSONValue"
        table.append(f'        "{identifier}": Schemas.Validators.{identifier},')
        for place, test in enumerate(group["tests"]):
            data = json.dumps(test["data"], ensure_ascii=True, separators=(",", ":"))
            cases.append((f"{name}/{number}/{place}", identifier, data, test["valid"], f'{group["description"]}: {test["description"]}'))
    document = {
        "openapi": "3.1.0",
        "info": {"title": "JSON Schema Test Suite", "version": "2020-12"},
        "paths": {},
        "components": {"schemas": schemas},
    }
    (work / "openapi.json").write_text(json.dumps(document), encoding="utf-8")
    configuration = {
        "documents": ["openapi.json"],
        "access": "internal",
        "types": types,
        "validators": True,
        "references": {REMOTES: str(pathlib.Path(suite).resolve() / "remotes") + "/"},
    }
    (work / "codegen.yaml").write_text(json.dumps(configuration), encoding="utf-8")
    (work / "cases.tsv").write_text("".join(f"{case}\t{schema}\t{data}\n" for case, schema, data, _, _ in cases), encoding="utf-8")
    expected = {case: [valid, description] for case, _, _, valid, description in cases}
    (work / "expected.json").write_text(json.dumps(expected), encoding="utf-8")
    write_if_changed(work / "Sources" / "SchemaSuite.swift", MAIN)
    lines = ["import APISupport", "", "extension SchemaSuite {"]
    lines += ["    static let validators: [String: @Sendable ([UInt8]) throws(RequestFailure) -> [Violation]] = [", *table, "    ]", "}", ""]
    write_if_changed(work / "Sources" / "Validators.swift", "\n".join(lines))


def write_if_changed(path, text):
    if not path.exists() or path.read_text(encoding="utf-8") != text:
        path.write_text(text, encoding="utf-8")


def compare(work, expectations):
    work = pathlib.Path(work)
    expected = json.loads((work / "expected.json").read_text(encoding="utf-8"))
    excepted = {}
    for line in pathlib.Path(expectations).read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            case, _, reason = line.partition("\t")
            excepted[case] = reason
    passed, failures, optional = 0, [], {}
    results = dict(line.split("\t", 1) for line in (work / "results.tsv").read_text(encoding="utf-8").splitlines())
    for case, (valid, description) in expected.items():
        found = results.get(case, "nothing")
        holds = found == ("valid" if valid else "invalid")
        if case.startswith("optional/"):
            optional.setdefault(case.rsplit("/", 2)[0], []).append(holds)
        elif holds == (case not in excepted):
            passed += 1
        elif holds:
            failures.append(f"{case}: passes, though the list excepts it: remove the line")
        else:
            failures.append(f"{case}: {found}, should be {'valid' if valid else 'invalid'} ({description})")
    for case in excepted:
        if case not in expected:
            failures.append(f"{case}: in the list, but not in the suite")
    for failure in failures:
        print("failed: " + failure, file=sys.stderr)
    for name, outcomes in optional.items():
        print(f"{name}: {sum(outcomes)} of {len(outcomes)}")
    print(f"{passed} passed, {len(failures)} failed")
    return 1 if failures else 0


if __name__ == "__main__":
    if sys.argv[1] == "prepare":
        prepare(sys.argv[2], sys.argv[3], "optional" in sys.argv[4:])
    else:
        sys.exit(compare(sys.argv[2], sys.argv[3]))
