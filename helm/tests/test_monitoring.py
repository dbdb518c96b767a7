"""Alerts and dashboards: their expressions are PromQL, and name what the chart has."""

import json
import re
import unittest

import promql_parser

import cases
import chart


def expressions(objects):
    """Every expression: (where, expression)."""
    for item in objects:
        if item["kind"] == "PrometheusRule":
            for group in item["spec"]["groups"]:
                for rule in group["rules"]:
                    yield rule["alert"], rule["expr"]
        if item["kind"] == "ConfigMap":
            for name, text in item["data"].items():
                if name.endswith(".json"):
                    for panel in json.loads(text)["panels"]:
                        for target in panel["targets"]:
                            yield panel["title"], target["expr"]


class Monitoring(unittest.TestCase):
    def test_expressions(self):
        """every expression of alerts and dashboards is PromQL, and selects this release and objects that it has"""
        found = 0
        for title in ("stage", "prod", "prod-cnpg"):
            objects = chart.render(cases.profiles[title])
            names = {
                label: {item["metadata"]["name"] for item in objects if item["kind"] == kind}
                for label, kind in (("deployment", "Deployment"), ("cronjob", "CronJob"), ("horizontalpodautoscaler", "HorizontalPodAutoscaler"))
            }
            alerts = [rule["alert"] for item in objects if item["kind"] == "PrometheusRule" for rule in item["spec"]["groups"][0]["rules"]]
            self.assertEqual(len(alerts), len(set(alerts)), "an alert is there twice")
            for where, expression in expressions(objects):
                found += 1
                with self.subTest(title, where=where):
                    promql_parser.parse(expression)
                    self.assertIn(f'namespace="{chart.namespace}"', expression)
                    for label, pattern in re.findall(r'(deployment|cronjob|horizontalpodautoscaler)=~?"([^"]*)"', expression):
                        if names[label]:
                            self.assertTrue(any(re.fullmatch(pattern, name) for name in names[label]), f"{label} {pattern}")
        self.assertGreater(found, 60)
