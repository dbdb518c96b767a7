"""The chart, rendered: by Helm 3 and Helm 4, with values files and values."""

import functools
import json
import re
import subprocess
from pathlib import Path

import yaml

root = Path(__file__).parents[2]
folder = root / "helm/codelab"
tools = root / ".build/chart"
helms = {"Helm 3": tools / "helm3/helm", "Helm 4": tools / "helm4/helm"}
release = "codelab"
namespace = "codelab-system"

# Set by run.py --update: goldens and the README are written, not compared.
updates = False

# C-based where it is there: the manifests are large.
Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class Refused(Exception):
    """Helm did not render; the message is Helm's."""


def helm(version, *arguments, input=None, timeout=120):
    """Runs Helm and gives what it prints. Throws Refused when it fails."""
    done = subprocess.run([helms[version], *arguments], cwd=folder, input=input, capture_output=True, text=True, timeout=timeout)
    if done.returncode != 0:
        raise Refused(done.stderr + done.stdout)
    return done.stdout


@functools.cache
def text(files=(), values="{}", version="Helm 4", extra=()):
    """What `helm template` prints. `values` is JSON, after the files."""
    arguments = [argument for file in files for argument in ("--values", file)]
    return helm(
        version, "template", release, ".", "--namespace", namespace, "--kube-version", "1.33.0", *arguments, "--values", "-", *extra, input=values
    )


def documents(manifest):
    return [document for document in yaml.load_all(manifest, Loader) if document]


def render(files=(), values=None, version="Helm 4", extra=()):
    """The rendered objects."""
    # JSON that is YAML too: no surrogates, and no character that YAML takes only escaped.
    given = json.dumps(values or {}, ensure_ascii=False)
    given = re.sub("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]", lambda match: f"\\u{ord(match[0]):04x}", given)
    return documents(text(tuple(files), given, version, tuple(extra)))


def defaults():
    return yaml.load((folder / "values.yaml").read_text(), Loader)


def merged(base, over):
    """Values as Helm puts them together: maps are merged, all else is replaced."""
    if isinstance(base, dict) and isinstance(over, dict):
        return {key: merged(base.get(key), over[key]) if key in over else base[key] for key in [*base, *(k for k in over if k not in base)]}
    return over


def effective(files=(), values=None):
    """The values that a rendering sees."""
    result = defaults()
    for file in files:
        result = merged(result, yaml.load((folder / file).read_text(), Loader) or {})
    return merged(result, values or {})


def masked(objects):
    """Without what is random at every rendering: generated secrets and the checksums of them."""
    copy = yaml.load(json.dumps(objects), Loader)
    for item in copy:
        if item["kind"] == "Secret":
            item["data"] = {key: "<generated>" for key in item["data"]}
        mask_checksums(item)
    return sorted(copy, key=lambda item: (item["kind"], item["metadata"]["name"]))


def mask_checksums(item):
    if isinstance(item, dict):
        for key, value in item.items():
            if key == "checksum/mounted" and isinstance(value, str):
                item[key] = "<checksum>"
            else:
                mask_checksums(value)
    elif isinstance(item, list):
        for value in item:
            mask_checksums(value)


def name(item):
    return f"{item['kind']} {item['metadata']['name']}"


def pods(objects):
    """Every pod that the objects make: (object, metadata, spec)."""
    for item in objects:
        match item["kind"]:
            case "Pod":
                yield item, item["metadata"], item["spec"]
            case "Deployment" | "StatefulSet" | "DaemonSet" | "Job":
                template = item["spec"]["template"]
                yield item, template["metadata"], template["spec"]
            case "CronJob":
                template = item["spec"]["jobTemplate"]["spec"]["template"]
                yield item, template["metadata"], template["spec"]


def containers(spec):
    yield from spec.get("initContainers", [])
    yield from spec["containers"]


def selects(selector, labels):
    """Whether a label selector (matchLabels only, as the chart has them) selects these labels."""
    return all(labels.get(key) == value for key, value in (selector.get("matchLabels") or {}).items())


def source(pattern, under="Sources", suffix=".swift"):
    """Every match of a pattern in the program's source."""
    found = set()
    for path in (root / under).rglob(f"*{suffix}"):
        found.update(re.findall(pattern, path.read_text()))
    return found
