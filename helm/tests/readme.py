"""Makes the tables of helm/codelab/README.md from the comments of values.yaml."""

import json
import re

import chart

intro = chart.root / "helm/tests/readme-intro.md"


class Undocumented(Exception):
    """A setting without a comment."""


def rows():
    """What values.yaml says: (path, default, comment) of every setting, default None for a map that has a comment of its own.

    The table `topology` is shown as such.
    """
    values = chart.defaults()
    path = []
    comment = []
    for number, line in enumerate((chart.folder / "values.yaml").read_text().splitlines(), 1):
        if not line.strip():
            comment = []
        elif line.strip().startswith("#"):
            comment.append(line.strip().removeprefix("#").strip())
        elif match := re.match(r"^( *)([A-Za-z-]+):", line):
            depth = len(match[1]) // 2
            path = [*path[:depth], match[2]]
            said = " ".join(comment)
            comment = []
            value = values
            for key in path:
                value = value.get(key) if isinstance(value, dict) else None
            if value is None or path[0] == "topology":
                continue
            if "resources" in path[:-1]:
                continue
            elif isinstance(value, dict) and value and path[-1] not in ("resources", "labels"):
                if said:
                    yield ".".join(path), None, said
            elif not said:
                raise Undocumented(f"values.yaml:{number}: {'.'.join(path)} has no comment")
            else:
                yield ".".join(path), value, said


def table():
    sections = {}
    for path, default, said in rows():
        section = path.split(".")[0] if "." in path or default is None else "general"
        sections.setdefault(section, []).append((path, default, said))
    lines = []
    for section, settings in sections.items():
        lines += [f"### {section}", ""]
        if settings[0][0] == section:
            lines += [settings.pop(0)[2], ""]
        lines += ["| setting | default | |", "|---|---|---|"]
        for path, default, said in settings:
            shown = "" if default is None else f"`{json.dumps(default, ensure_ascii=False)}`"
            lines.append(f"| `{path}` | {shown} | {said} |".replace("\\|", "|"))
        lines.append("")
    return "\n".join(lines)


def topology():
    lines = ["| component | port | liveness | readiness | calls | from outside |", "|---|---|---|---|---|---|"]
    for component, entry in chart.defaults()["topology"].items():
        asked = [f"`{entry[kind]}`" if kind in entry else "" for kind in ("liveness", "readiness")]
        lines.append(
            f"| {component} | {entry.get('port', '')} | {asked[0]} | {asked[1]} | {', '.join(entry['calls'])} | {', '.join(entry['outside'])} |"
        )
    return "\n".join(lines) + "\n"


def readme():
    return intro.read_text().replace("{{topology}}\n", topology()).replace("{{settings}}\n", table())
