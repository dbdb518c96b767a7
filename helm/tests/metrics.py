"""The metrics of the program: as docs/guides/metrics.md lists them, which a test of the program holds to what it tells."""

import re

import chart


def listed():
    """Every metric: name to kind and labels."""
    metrics = {}
    for line in (chart.root / "docs/guides/metrics.md").read_text().splitlines():
        match = re.fullmatch(r"\| `(\w+)` \| (counter|gauge|histogram) \| (.*) \| .+ \|", line)
        if match:
            metrics[match[1]] = (match[2], set(re.findall(r"`(\w+)`", match[3])))
    return metrics


def selectors(expression):
    """Every metric that an expression selects: (name, labels that it matches)."""
    text = r'"(?:[^"\\]|\\.)*"'
    for match in re.finditer(rf"([a-zA-Z_:][\w:]*)\{{((?:[^\"}}]|{text})*)\}}", expression):
        yield match[1], set(re.findall(rf"(\w+)\s*(?:=~|!~|!=|=)\s*{text}", match[2]))


def base(name, metrics):
    """The metric that a series belongs to; None when there is none."""
    if name in metrics and metrics[name][0] != "histogram":
        return name
    for ending in ("_bucket", "_count", "_sum"):
        if name.endswith(ending) and metrics.get(name.removesuffix(ending), ("",))[0] == "histogram":
            return name.removesuffix(ending)
    return None
