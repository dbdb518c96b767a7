"""The documents say what the chart has."""

import json
import re
import subprocess
import tempfile
import unittest

import cases
import chart
import readme


class Documents(unittest.TestCase):
    def test_readme(self):
        """helm/codelab/README.md is what values.yaml makes of it (scripts/check-chart --update writes it anew)"""
        path = chart.folder / "README.md"
        made = readme.readme()
        if chart.updates:
            path.write_text(made)
        self.assertEqual(path.read_text() if path.exists() else "", made)

    def test_every_setting_is_used(self):
        """every setting is read by a template"""
        templates = "".join(path.read_text() for path in (chart.folder / "templates").rglob("*") if path.is_file())
        for path, default, _ in readme.rows():
            if default is None:
                continue
            with self.subTest(path):
                last = path.rpartition(".")[2]
                self.assertRegex(templates, rf"\.{re.escape(last)}\b|\"{re.escape(last)}\"")

    def test_runbooks(self):
        """every alert has a runbook, and every runbook an alert"""
        guide = (chart.root / "docs/guides/alerts.md").read_text()
        anchors = {heading.lower() for heading in re.findall(r"(?m)^## (CodeLab\w+)$", guide)}
        linked = set()
        for files, values in cases.matrix.values():
            for item in chart.render(files, values):
                if item["kind"] == "PrometheusRule":
                    for rule in item["spec"]["groups"][0]["rules"]:
                        page, _, anchor = rule["annotations"]["runbook_url"].partition("#")
                        self.assertEqual(page, "docs/guides/alerts.md")
                        linked.add(anchor)
        self.assertEqual(linked, anchors)

    def test_guides_name_settings_that_exist(self):
        """settings that the guides set are those of the chart"""
        values = chart.defaults()
        for guide in ("install.md", "alerts.md", "operations.md", "upgrade.md", "rotate-keys.md", "backup.md", "scale.md"):
            text = (chart.root / "docs/guides" / guide).read_text()
            for path in re.findall(r"--set(?:-file|-string)? ([A-Za-z][A-Za-z.-]*)=", text) + re.findall(
                r"`((?:[a-z][A-Za-z-]+\.)+[A-Za-z]+)`", text
            ):
                if path.split(".")[0] not in values:
                    continue
                with self.subTest(guide, path=path):
                    found = values
                    for key in path.split("."):
                        self.assertIn(key, found)
                        found = found[key]

    def test_secrets_of_the_guide(self):
        """install.md makes the Secrets that values-prod.yaml names, with the keys that pods mount"""
        wanted = {}
        for _, _, spec in chart.pods(chart.render(cases.profiles["prod"])):
            for volume in spec["volumes"]:
                for source in volume.get("projected", {}).get("sources", []):
                    wanted.setdefault(source["secret"]["name"], set()).update(entry["key"] for entry in source["secret"]["items"])
        made = {}
        guide = (chart.root / "docs/guides/install.md").read_text()
        with tempfile.NamedTemporaryFile() as file:
            for line in re.findall(r"(?m)^    (kubectl .* create secret generic .*)$", guide):
                command = line.replace("kubectl", str(chart.tools / "helm4/kubectl"), 1).replace("PATH", file.name)
                printed = subprocess.run(
                    ["bash", "-c", f"{command} --dry-run=client --output json"], capture_output=True, text=True, check=True
                ).stdout
                secret = json.loads(printed)
                made[secret["metadata"]["name"]] = set(secret["data"])
                self.assertEqual(secret["metadata"]["namespace"], "codelab")
        self.assertEqual(made, wanted)

    def test_notes(self):
        """NOTES.txt renders, and its port-forwards name Services that are there"""
        notes = chart.helm("Helm 4", "install", "codelab", ".", "--dry-run=client", "--namespace", chart.namespace, "--values", "values-dev.yaml")
        notes = notes[notes.index("NOTES:") :]
        services = {item["metadata"]["name"] for item in chart.render(("values-dev.yaml",)) if item["kind"] == "Service"}
        named = re.findall(r"service/([a-z-]+) \d+:(\d+)", notes)
        self.assertEqual(named, [("codelab-gateway", "8000"), ("codelab-auth-service", "8003")])
        self.assertLessEqual({name for name, _ in named}, services)
        self.assertIn("codelab-administrator", notes)
