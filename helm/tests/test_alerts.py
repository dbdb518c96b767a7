"""The alerts that read the program's own metrics: promtool checks the rules, and runs each on series on which it has to fire and on such where it must not."""

import json
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

import yaml

import cases
import chart

folder = Path(__file__).parent


def promtool(*arguments, cwd):
    program = shutil.which("promtool") or str(chart.tools / "promtool")
    return subprocess.run([program, *arguments], cwd=cwd, capture_output=True, text=True, timeout=120)


class Alerts(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        objects = chart.render(cases.profiles["prod"])
        cls.groups = next(item["spec"]["groups"] for item in objects if item["kind"] == "PrometheusRule")
        cls.rules = {rule["alert"]: rule for group in cls.groups for rule in group["rules"]}
        cls.cases = yaml.load((folder / "alerts.yaml").read_text(), chart.Loader)

    def place(self):
        place = tempfile.TemporaryDirectory()
        self.addCleanup(place.cleanup)
        (Path(place.name) / "rules.yaml").write_text(json.dumps({"groups": self.groups}))
        return Path(place.name)

    def test_rules(self):
        """promtool takes the rules, and every alert of the program's metrics has a case in alerts.yaml"""
        done = promtool("check", "rules", "rules.yaml", cwd=self.place())
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        own = {name for name, rule in self.rules.items() if not any(word in rule["expr"] for word in ("kube_", "container_", "kubelet_", "certmanager_"))}
        self.assertEqual(own, {case["alert"] for case in self.cases})

    def test_cases(self):
        """every alert of the program's metrics fires when it should, says what is the matter, and is quiet when all is well"""
        place = self.place()
        # By the time between samples, which is that between evaluations too.
        tests = {}
        for case in self.cases:
            rule = self.rules[case["alert"]]
            alert = {
                "exp_labels": {**case["labels"], **rule["labels"]},
                "exp_annotations": {**rule["annotations"], "summary": case["summary"]},
            }
            interval = case.get("interval", "1m")
            for kind, expected in (("fires", [alert]), ("quiet", [])):
                tests.setdefault(interval, []).append({
                    "name": f"{case['alert']} {kind}",
                    "interval": interval,
                    "input_series": [
                        {"series": series.replace("NS", f'namespace="{chart.namespace}"'), "values": values} for series, values in case[kind].items()
                    ],
                    "alert_rule_test": [{"eval_time": case["at"], "alertname": case["alert"], "exp_alerts": expected}],
                })
        for interval, some in tests.items():
            file = {"rule_files": ["rules.yaml"], "evaluation_interval": interval, "tests": some}
            (place / "tests.yaml").write_text(json.dumps(file))
            done = promtool("test", "rules", "tests.yaml", cwd=place)
            self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertGreater(sum(len(some) for some in tests.values()), 25)
