"""Validates the documents of specs/; started by scripts/validate-specs, which installs what this imports."""

import json
import pathlib
import sys

import jsonschema
import openapi_spec_validator
import referencing
import referencing.exceptions
import referencing.jsonschema
import yaml


class Document:
    """A YAML file as data, and where each of its values stands."""

    def __init__(self, path):
        self.path = path
        text = path.read_text(encoding="utf-8")
        self.data = yaml.load(text, Loader=Loader)
        self.root = yaml.compose(text, Loader=Loader)

    def position(self, pointer):
        """The line and column of the value at a path of keys and indices, or of the nearest one that exists."""
        node = self.root
        for part in pointer:
            child = None
            if isinstance(node, yaml.MappingNode):
                child = next((v for k, v in node.value if str(k.value) == str(part)), None)
            elif isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
                child = node.value[part]
            if child is None:
                break
            node = child
        return node.start_mark.line + 1, node.start_mark.column + 1


class Loader(yaml.SafeLoader):
    """YAML's JSON schema: a date stays text, and yes is no boolean."""


Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


class Checker:
    def __init__(self, root):
        self.root = root
        self.documents = {}
        self.findings = []
        self.registry = referencing.Registry(retrieve=self.retrieve)

    def document(self, path):
        if path not in self.documents:
            self.documents[path] = Document(path)
        return self.documents[path]

    def retrieve(self, uri):
        data = self.document(pathlib.Path(uri.removeprefix("file://"))).data
        return referencing.Resource(data, specification=referencing.jsonschema.DRAFT202012)

    def report(self, path, pointer, message):
        line, column = self.document(path).position(pointer)
        message = message if len(message) < 300 else message[:300] + " ..."
        self.findings.append((str(path.relative_to(self.root)), line, column, message))

    def report_schema_errors(self, path, prefix, errors):
        for error in errors:
            deepest = max(leaves(error), key=lambda leaf: len(leaf.absolute_path))
            self.report(path, list(prefix) + list(deepest.absolute_path), deepest.message)

    def check_openapi(self, path):
        document = self.document(path)
        try:
            validator = openapi_spec_validator.OpenAPIV31SpecValidator(document.data, base_uri=path.as_uri())
            self.report_schema_errors(path, [], validator.iter_errors())
        except referencing.exceptions.Unresolvable as error:
            self.report(path, [], f"the reference {error.ref} leads nowhere")
        self.check_operations(path)
        return self.check_examples(path)

    def check_operations(self, path):
        """What the validator's schema leaves open and CodeLab asks of every operation."""
        methods = {"get", "put", "post", "delete", "options", "head", "patch", "trace"}
        for route, item in (self.document(path).data.get("paths") or {}).items():
            for method, operation in item.items():
                if method not in methods:
                    continue
                for member in ("operationId", "summary", "description", "tags", "security", "responses"):
                    if member not in operation and not (member == "security" and "security" in self.document(path).data):
                        self.report(path, ["paths", route, method], f"{method.upper()} {route} has no `{member}`")
                failures = [s for s in operation.get("responses", {}) if str(s) == "default" or str(s)[0] in "45"]
                if not failures:
                    self.report(path, ["paths", route, method], f"{method.upper()} {route} declares no error response")

    def check_asyncapi(self, path, schema_path):
        if schema_path is None:
            print(f"{path.relative_to(self.root)}: AsyncAPI's JSON schema is not present, skipped (examples are checked)")
        else:
            schema = json.loads(schema_path.read_text(encoding="utf-8"))
            validator = jsonschema.Draft7Validator(schema)
            self.report_schema_errors(path, [], validator.iter_errors(self.document(path).data))
        return self.check_examples(path)

    def check_examples(self, path):
        """Every example in the document against its schema; gives how many there are."""
        count = 0
        for pointer, schema_pointer in find_examples(self.document(path).data, []):
            count += 1
            value = self.document(path).data
            for part in pointer:
                value = value[part]
            fragment = "/".join(str(p).replace("~", "~0").replace("/", "~1").replace("%", "%25") for p in schema_pointer)
            validator = jsonschema.Draft202012Validator({"$ref": f"{path.as_uri()}#/{fragment}"}, registry=self.registry)
            try:
                self.report_schema_errors(path, pointer, validator.iter_errors(value))
            except Exception as error:  # the library wraps an unresolvable reference in errors of several kinds
                self.report(path, schema_pointer, f"the schema cannot be applied: {type(error).__name__}: {error}")
        return count


def leaves(error):
    """The errors that an error comes from, without those of the alternatives in between."""
    if not error.context:
        return [error]
    return [leaf for child in error.context for leaf in leaves(child)]


def find_examples(value, at):
    """Yields (where an example is, where its schema is) for all examples below a value."""
    if isinstance(value, list):
        for index, item in enumerate(value):
            yield from find_examples(item, at + [index])
        return
    if not isinstance(value, dict):
        return
    if isinstance(value.get("schema"), dict):  # parameter, header, media type
        if "example" in value:
            yield at + ["example"], at + ["schema"]
        if isinstance(value.get("examples"), dict):
            for name, example in value["examples"].items():
                if "value" in example:
                    yield at + ["examples", name, "value"], at + ["schema"]
    elif isinstance(value.get("payload"), dict) and isinstance(value.get("examples"), list):  # AsyncAPI message
        for index, example in enumerate(value["examples"]):
            if "payload" in example:
                yield at + ["examples", index, "payload"], at + ["payload"]
    elif isinstance(value.get("examples"), list) and at and at[-1] != "properties":  # schema
        for index in range(len(value["examples"])):
            yield at + ["examples", index], at
    for key, member in value.items():
        if key in ("example", "examples") and not (at and at[-1] == "properties"):
            continue
        yield from find_examples(member, at + [key])


def asyncapi_schema(root, version):
    for place in (root.parent / "shared", root / "shared"):
        path = place / "corpus" / "asyncapi" / "schemas" / f"{version}.json"
        if path.is_file():
            return path
    return None


def main():
    root = pathlib.Path(sys.argv[1]).resolve()
    chosen = [pathlib.Path(p).resolve() for p in sys.argv[2:]]
    paths = chosen or sorted(root.glob("specs/*/openapi.yaml")) + sorted(root.glob("specs/*/asyncapi.yaml"))
    if not paths:
        print("error: there is no spec", file=sys.stderr)
        return 1
    checker = Checker(root)
    for path in paths:
        before = len(checker.findings)
        try:
            data = checker.document(path).data
            if not isinstance(data, dict):
                checker.findings.append((str(path.relative_to(root)), 1, 1, "this is no mapping"))
                continue
            if "asyncapi" in data:
                examples = checker.check_asyncapi(path, asyncapi_schema(root, str(data["asyncapi"])))
            else:
                examples = checker.check_openapi(path)
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark
            checker.findings.append((str(path.relative_to(root)), mark.line + 1, mark.column + 1, error.problem))
            continue
        if len(checker.findings) == before:
            print(f"{path.relative_to(root)}: valid, {examples} examples")
    for file, line, column, message in sorted(set(checker.findings)):
        print(f"{file}:{line}:{column}: error: {message}", file=sys.stderr)
    return 1 if checker.findings else 0


sys.exit(main())
