"""Secrets over upgrades: Helm asks an API server, here a stand-in that has what the first rendering made."""

import base64
import copy
import http.server
import json
import tempfile
import threading
import unittest
from pathlib import Path

import cases
import chart


def kinds():
    """Every kind that the profiles render, as an API server lists them: group and version → resources."""
    found = {}
    for files in cases.profiles.values():
        for item in chart.render(files):
            kind = item["kind"]
            plural = kind.lower().removesuffix("y") + "ies" if kind.endswith("y") else kind.lower() + ("es" if kind.endswith("s") else "s")
            resource = {
                "name": plural,
                "singularName": kind.lower(),
                "namespaced": kind != "PriorityClass",
                "kind": kind,
                "verbs": ["get", "list", "create", "patch"],
            }
            found.setdefault(item["apiVersion"], {})[kind] = resource
    return {version: list(resources.values()) for version, resources in found.items()}


class Cluster:
    """Answers what Helm asks for `lookup`, and before it renders: the kinds that there are, and Secrets by name. Nothing else is there."""

    def __init__(self, secrets):
        self.asked = []
        cluster = self
        known = kinds()
        groups = {}
        for version in known:
            if "/" in version:
                group, _, number = version.partition("/")
                groups.setdefault(group, []).append({"groupVersion": version, "version": number})
        listed = [{"name": name, "versions": versions, "preferredVersion": versions[0]} for name, versions in groups.items()]

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                path = self.path.partition("?")[0]
                cluster.asked.append(path)
                match path.strip("/").split("/"):
                    case ["version"]:
                        answer = {"major": "1", "minor": "33", "gitVersion": "v1.33.0"}
                    case ["api"]:
                        answer = {"kind": "APIVersions", "versions": ["v1"]}
                    case ["apis"]:
                        answer = {"kind": "APIGroupList", "apiVersion": "v1", "groups": listed}
                    case ["api", "v1"]:
                        answer = {"kind": "APIResourceList", "groupVersion": "v1", "resources": known["v1"]}
                    case ["apis", group, version]:
                        answer = {"kind": "APIResourceList", "groupVersion": f"{group}/{version}", "resources": known[f"{group}/{version}"]}
                    case ["api", "v1", "namespaces", chart.namespace, "secrets", name] if name in secrets:
                        answer = secrets[name]
                    case ["api", "v1", "namespaces", chart.namespace, "serviceaccounts", "default"]:
                        answer = {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": "default", "namespace": chart.namespace}}
                    case _:
                        answer = None
                self.send_response(200 if answer else 404)
                self.send_header("Content-Type", "application/json")
                self.end_headers()
                self.wfile.write(
                    json.dumps(answer or {"kind": "Status", "apiVersion": "v1", "status": "Failure", "reason": "NotFound", "code": 404}).encode()
                )

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def render(self, version, *values):
        with tempfile.TemporaryDirectory() as place:
            configuration = Path(place) / "kubeconfig"
            configuration.write_text(
                json.dumps(
                    {
                        "apiVersion": "v1",
                        "kind": "Config",
                        "current-context": "a",
                        "users": [{"name": "a", "user": {}}],
                        "clusters": [{"name": "a", "cluster": {"server": f"http://127.0.0.1:{self.server.server_port}"}}],
                        "contexts": [{"name": "a", "context": {"cluster": "a", "user": "a"}}],
                    }
                )
            )
            return chart.documents(
                chart.helm(
                    version,
                    "template",
                    chart.release,
                    ".",
                    "--namespace",
                    chart.namespace,
                    "--dry-run=server",
                    "--kubeconfig",
                    str(configuration),
                    "--disable-openapi-validation",
                    *values,
                )
            )

    def close(self):
        self.server.shutdown()
        self.server.server_close()


def secrets(objects):
    return {item["metadata"]["name"]: item for item in objects if item["kind"] == "Secret"}


def installed(objects):
    """The Secrets as Helm marks what it has installed."""
    found = secrets(objects)
    for item in found.values():
        item["metadata"]["annotations"].update({"meta.helm.sh/release-name": chart.release, "meta.helm.sh/release-namespace": chart.namespace})
    return found


def checksums(objects):
    return {metadata["labels"]["app.kubernetes.io/component"]: metadata["annotations"]["checksum/mounted"] for _, metadata, _ in chart.pods(objects)}


class Kept(unittest.TestCase):
    def test_generated_once(self):
        """generated secrets differ between installations, stay over upgrades, and a changed one starts new pods of those who mount it"""
        first, other = chart.render(), chart.documents(chart.helm("Helm 4", "template", chart.release, ".", "--namespace", chart.namespace))
        made = installed(first)
        self.assertEqual(
            set(made), {f"codelab-{name}" for name in ("internal", "administrator", "auth-database", "runtime-database", "postgres", "redis")}
        )
        for name, item in secrets(other).items():
            self.assertNotEqual(item["data"], made[name]["data"])
        for version in chart.helms:
            with self.subTest(version):
                cluster = Cluster(made)
                self.addCleanup(cluster.close)
                upgraded = cluster.render(version)
                self.assertIn(f"/api/v1/namespaces/{chart.namespace}/secrets/codelab-internal", cluster.asked)
                self.assertEqual(
                    {name: item["data"] for name, item in secrets(upgraded).items()}, {name: item["data"] for name, item in made.items()}
                )
                self.assertEqual(checksums(upgraded), checksums(first), "an upgrade that changes nothing starts new pods")

    def test_two_internal_secrets(self):
        """while the generated internal secret is replaced both lines are kept, and new pods of those who know it start"""
        first = chart.render()
        made = installed(copy.deepcopy(first))
        lines = base64.b64encode(b"the new secret of services\nthe old secret of services").decode()
        made["codelab-internal"]["data"]["internal-secret"] = lines
        for version in chart.helms:
            with self.subTest(version):
                cluster = Cluster(made)
                self.addCleanup(cluster.close)
                upgraded = cluster.render(version)
                self.assertEqual(secrets(upgraded)["codelab-internal"]["data"]["internal-secret"], lines)
                old, new = checksums(first), checksums(upgraded)
                changed = {component for component in old if old[component] != new[component]}
                self.assertEqual(changed, {"gateway", "auth-service", "agent-runtime", "llm-proxy"})

    def test_a_database_that_is_not_there_yet(self):
        """the Job before an upgrade is left out when that upgrade makes the database, and only then"""

        def has_job(secrets, *values):
            cluster = Cluster(secrets)
            self.addCleanup(cluster.close)
            return any(item["kind"] == "Job" for item in cluster.render("Helm 4", "--is-upgrade", *values))

        self.assertFalse(has_job({}))
        self.assertTrue(has_job(installed(chart.render())))

    def test_changed_outside(self):
        """a Secret that changes in the cluster starts new pods at the next upgrade"""

        def cluster(url):
            return Cluster(
                {
                    "of-redis": {
                        "apiVersion": "v1",
                        "kind": "Secret",
                        "metadata": {"name": "of-redis"},
                        "data": {"url": base64.b64encode(url).decode()},
                    }
                }
            )

        values = ["--values", "values-prod.yaml", "--set", "secrets.redis.existingSecret=of-redis"]
        before, after = cluster(b"rediss://:old@redis:6379"), cluster(b"rediss://:new@redis:6379")
        for each in (before, after):
            self.addCleanup(each.close)
        old, new = checksums(before.render("Helm 4", *values)), checksums(after.render("Helm 4", *values))
        changed = {component for component in old if old[component] != new[component]}
        self.assertEqual(changed, {"gateway", "auth-service", "agent-runtime", "llm-proxy"})
