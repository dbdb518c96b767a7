"""Alerts and dashboards: their expressions are PromQL, and name what the chart has."""

import json
import re
import unittest

import promql_parser
import yaml

import cases
import chart
import metrics


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

    def test_metrics(self):
        """every metric that alerts and dashboards read is one that the program tells, with these labels, and read as what it is; each is read somewhere"""
        known = metrics.listed()
        self.assertGreater(len(known), 30)
        # Prometheus adds these itself.
        attached = {"namespace", "job", "pod", "le"}
        kubernetes = re.compile(r"(kube|container|kubelet|certmanager)_\w+|up")
        read = set()
        for where, expression in expressions(chart.render(cases.profiles["prod"])):
            with self.subTest(where=where):
                labels = set(attached)
                own = [(name, matched) for name, matched in metrics.selectors(expression) if not kubernetes.fullmatch(name)]
                for name, matched in own:
                    metric = metrics.base(name, known)
                    self.assertIsNotNone(metric, f"the program has no {name}")
                    kind, names = known[metric]
                    self.assertLessEqual(matched, names | attached, name)
                    labels |= names
                    read.add(metric)
                    counts = re.search(rf"(rate|increase)\({name}\{{", expression) is not None
                    self.assertEqual(counts, kind != "gauge", f"{name} is a {kind}")
                if own:
                    for grouped in re.findall(r"\bby \(([^)]*)\)", expression):
                        self.assertLessEqual(set(re.findall(r"\w+", grouped)), labels)
        # For those who look closer.
        spare = {"process_start_time_seconds", "process_threads", "process_virtual_memory_bytes"}
        self.assertEqual(set(known) - read, spare)

    def test_streams(self):
        """latency leaves out the routes that answer with event streams, as the specs have them, and no other"""
        streams = set()
        for path in chart.root.glob("specs/*/openapi.yaml"):
            for route, item in yaml.load(path.read_text(), chart.Loader)["paths"].items():
                for operation in item.values():
                    for answer in operation.get("responses", {}).values() if isinstance(operation, dict) else ():
                        if "text/event-stream" in answer.get("content", {}):
                            streams.add(route)
        objects = chart.render(cases.profiles["prod"])
        slow = next(text for where, text in expressions(objects) if where == "CodeLabSlow")
        left_out = next(pattern for pattern in re.findall(r'http_route!~"([^"]*)"', slow) if "health" not in pattern)
        self.assertEqual(set(left_out.split("|")), streams)

    def test_monitors(self):
        """with the switch, and only then, each service has a monitor that finds its Service's port, and Prometheus is let in there"""
        for wanted in (False, True):
            values = {"monitoring": {"serviceMonitor": {"enabled": wanted}, "prometheusRule": {"enabled": True}}}
            objects = chart.render(cases.profiles["stage"], values)
            services = [item for item in objects if item["kind"] == "Service" and item["spec"]["ports"][0]["name"] == "http"]
            monitors = [item for item in objects if item["kind"] == "ServiceMonitor"]
            self.assertEqual(len(monitors), len(services) if wanted else 0)
            self.assertGreaterEqual(len(services), 4)
            for monitor in monitors:
                found = [item for item in services if chart.selects(monitor["spec"]["selector"], item["metadata"]["labels"])]
                self.assertEqual([item["metadata"]["name"] for item in found], [monitor["metadata"]["name"]])
                self.assertEqual([entry["port"] for entry in monitor["spec"]["endpoints"]], ["http"])
            peer = chart.effective(cases.profiles["stage"], values)["monitoring"]["serviceMonitor"]["from"]
            for service in services:
                policies = [
                    item for item in objects
                    if item["kind"] == "NetworkPolicy" and item["spec"]["podSelector"]["matchLabels"] == service["spec"]["selector"]
                ]
                rules = [rule for policy in policies for rule in policy["spec"]["ingress"] if rule["from"] == peer]
                port = chart.defaults()["topology"][service["metadata"]["labels"]["app.kubernetes.io/component"]]["port"]
                self.assertEqual([rule["ports"] for rule in rules], [[{"port": port, "protocol": "TCP"}]] if wanted else [])
            alerts = {rule["alert"] for item in objects if item["kind"] == "PrometheusRule" for rule in item["spec"]["groups"][0]["rules"]}
            self.assertEqual("CodeLabErrorsFast" in alerts, wanted)

    def test_traces(self):
        """with a collector, every service of the platform is told of it and may reach it; without, nothing is there of it"""
        platform = {"gateway", "auth-service", "agent-runtime", "llm-proxy"}
        objects = chart.render(*cases.matrix["traces in production"])
        found = set()
        for item in objects:
            component = item["metadata"].get("labels", {}).get("app.kubernetes.io/component")
            if item["kind"] == "Deployment":
                environment = {entry["name"]: entry.get("value") for entry in item["spec"]["template"]["spec"]["containers"][0].get("env", [])}
                if "OTEL_EXPORTER_OTLP_ENDPOINT" not in environment:
                    continue
                found.add(component)
                self.assertEqual(environment["OTEL_EXPORTER_OTLP_ENDPOINT"], "https://collector.example.com:443")
                self.assertEqual(environment["OTEL_TRACES_SAMPLER_ARG"], "0.1")
                self.assertEqual(environment["OTEL_EXPORTER_OTLP_HEADERS_FILE"], "/run/secrets/codelab/collector-headers")
            if item["kind"] == "NetworkPolicy" and component in platform:
                rules = [rule for rule in item["spec"]["egress"] if {"ipBlock": {"cidr": "10.2.0.0/16"}} in rule["to"]]
                self.assertEqual([rule["ports"] for rule in rules], [[{"port": 443, "protocol": "TCP"}]], component)
        self.assertEqual(found, platform)
        self.assertNotIn("OTEL_", json.dumps(chart.render(cases.profiles["prod"])))
