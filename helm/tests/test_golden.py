"""What the profiles render, word for word: a change of a template is seen in a diff of helm/tests/golden."""

import difflib
import unittest
from pathlib import Path

import yaml

import cases
import chart

folder = Path(__file__).parent / "golden"


class Golden(unittest.TestCase):
    def test_goldens(self):
        """every profile renders what helm/tests/golden holds (scripts/check-chart --update writes it anew)"""
        for title in ("dev", "stage", "prod", "prod-cnpg"):
            rendered = yaml.dump_all(chart.masked(chart.render(cases.profiles[title])), sort_keys=False, width=150)
            path = folder / f"{title}.yaml"
            if chart.updates:
                path.write_text(rendered)
            with self.subTest(title):
                golden = path.read_text() if path.exists() else ""
                difference = difflib.unified_diff(golden.splitlines(), rendered.splitlines(), "golden", "rendered", lineterm="", n=3)
                self.assertEqual("\n".join(difference), "")
