"""checkov on what production renders: no finding beyond a list with reasons."""

import fnmatch
import json
import subprocess
import tempfile
import unittest
from pathlib import Path

import yaml

import cases
import chart


class Checkov(unittest.TestCase):
    def test_production(self):
        """checkov finds nothing in the production profiles beyond helm/tests/checkov.txt, and everything that is in it"""
        lines = (Path(__file__).parent / "checkov.txt").read_text().splitlines()
        expected = [tuple(line.split(maxsplit=2)) for line in lines if line and not line.startswith("#")]
        self.assertTrue(all(len(line) == 3 for line in expected), "a line without a reason")
        unused = set(expected)
        with tempfile.TemporaryDirectory() as place:
            for title in ("prod", "prod-cnpg"):
                # Without what the chart generates: it is another at every rendering, and would be found as a secret in a file, which it is not.
                objects = chart.masked(chart.render(cases.profiles[title]))
                (Path(place) / f"{title}.yaml").write_text(yaml.dump_all(objects))
            done = subprocess.run(
                [
                    chart.tools / "checkov/bin/checkov",
                    "--directory",
                    place,
                    "--framework",
                    "kubernetes",
                    "secrets",
                    "--output",
                    "json",
                    "--quiet",
                    "--compact",
                    "--skip-download",
                ],
                cwd=place,
                capture_output=True,
                text=True,
                timeout=300,
            )
        reports = json.loads(done.stdout)
        reports = reports if isinstance(reports, list) else [reports]
        self.assertIn("kubernetes", [report.get("check_type") for report in reports])
        unexpected = []
        for report in reports:
            summary = report["summary"]
            self.assertEqual(summary["parsing_errors"], 0)
            print(
                f"    {report['check_type']}: {summary['passed']} passed, {summary['failed']} failed,"
                f" {summary['resource_count']} resources of both profiles"
            )
            for finding in report["results"]["failed_checks"]:
                kind, _, name = finding["resource"].partition(".")
                name = name.rpartition(".")[2]
                matching = [line for line in expected if line[0] == finding["check_id"] and fnmatch.fnmatch(f"{kind}.{name}", line[1])]
                if not matching:
                    unexpected.append(f"{finding['check_id']} {finding['resource']}: {finding['check_name']}")
                unused -= set(matching)
        self.assertEqual(unexpected, [])
        self.assertEqual(unused, set(), "lines that are no longer needed")
