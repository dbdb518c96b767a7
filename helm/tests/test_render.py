"""Lint, both Helms, Kubernetes' schemas, policies, refusals."""

import copy
import functools
import json
import re
import unittest

import kubernetes_validate
import kubernetes_validate.utils

import cases
import chart
import policies

versions = ["1.31", "1.33", "1.37"]
# Kinds of other makers, which Kubernetes' schemas do not have.
custom = {
    ("external-secrets.io/v1", "ExternalSecret"),
    ("gateway.networking.k8s.io/v1", "HTTPRoute"),
    ("postgresql.cnpg.io/v1", "Cluster"),
    ("postgresql.cnpg.io/v1", "Database"),
    ("postgresql.cnpg.io/v1", "ScheduledBackup"),
    ("barmancloud.cnpg.io/v1", "ObjectStore"),
    ("monitoring.coreos.com/v1", "PrometheusRule"),
    ("monitoring.coreos.com/v1", "ServiceMonitor"),
}
# The schemas are large, and read anew for every object otherwise.
kubernetes_validate.utils.schema_contents = functools.cache(kubernetes_validate.utils.schema_contents)


class Lint(unittest.TestCase):
    def test_lint(self):
        """helm lint --strict of every values file, by both Helms"""
        listed = {file for files in cases.profiles.values() for file in files}
        self.assertEqual(listed, {path.name for path in chart.folder.glob("values*.yaml")}, "a values file is in no profile")
        for version in chart.helms:
            for title, files in cases.profiles.items():
                with self.subTest(title, version=version):
                    arguments = [argument for file in files for argument in ("--values", file)]
                    printed = chart.helm(version, "lint", "--strict", "--kube-version", "1.33.0", ".", *arguments)
                    self.assertNotRegex(printed, r"\[(WARNING|ERROR)\]")


class Render(unittest.TestCase):
    def test_both_helms_render_the_same(self):
        """every case rendered by Helm 3 and Helm 4, with the same objects"""
        for title, (files, values) in cases.matrix.items():
            with self.subTest(title):
                three, four = (chart.masked(chart.render(files, values, version)) for version in chart.helms)
                self.assertTrue(four)
                self.assertEqual(three, four)

    def test_schemas(self):
        """every object of every case fits Kubernetes 1.31, 1.33 and 1.37"""
        seen = set()
        used = set()
        for title, (files, values) in cases.matrix.items():
            for item in chart.masked(chart.render(files, values)):
                text = json.dumps(item, sort_keys=True)
                if text in seen:
                    continue
                seen.add(text)
                kind = (item["apiVersion"], item["kind"])
                for version in versions:
                    with self.subTest(title, object=chart.name(item), version=version):
                        if item["kind"] == "Secret":
                            item["data"] = {key: "YQ==" for key in item["data"]}
                        try:
                            validated = kubernetes_validate.validate(item, version, strict=True)
                            self.assertEqual(validated, version)
                            self.assertNotIn(kind, custom, "Kubernetes knows it: it is no custom kind")
                        except kubernetes_validate.SchemaNotFoundError:
                            self.assertIn(kind, custom, "Kubernetes does not know it")
                            used.add(kind)
        self.assertEqual(used, custom, "a custom kind of the list is rendered nowhere")
        print(f"    {len(seen)} different objects of {len(cases.matrix)} cases, each for Kubernetes {', '.join(versions)}")

    def test_policies(self):
        """every case fits every policy"""
        for title, (files, values) in cases.matrix.items():
            with self.subTest(title):
                self.assertEqual(policies.violations(chart.render(files, values), chart.effective(files, values)), [])

    def test_refusals(self):
        """what makes no sense, or is not safe, is refused with the reason"""
        for title, (files, values, reason) in cases.refused.items():
            for version in chart.helms:
                with self.subTest(title, version=version), self.assertRaises(chart.Refused) as refusal:
                    chart.render(files, values, version)
                self.assertIn(reason, str(refusal.exception), title)

    def test_every_reason_is_met(self):
        """every refusal of templates/checks.yaml has a case"""
        written = (chart.folder / "templates/checks.yaml").read_text().count("fail ")
        by_templates = [title for title, (files, values, _) in cases.refused.items() if "codelab: " in refusal(files, values)]
        reasons = {re.search(r"codelab: [^\n]*", refusal(*cases.refused[title][:2]))[0] for title in by_templates}
        # A reason that names a component or a setting is one `fail`.
        self.assertGreaterEqual(len(reasons), written)

    def test_profiles(self):
        """replicas, resources, volumes and log levels are those of the issue's table"""
        table = {
            "gateway": (("500m", "2"), ("512Mi", "1Gi")),
            "auth-service": (("500m", "2"), ("512Mi", "1Gi")),
            "llm-proxy": (("500m", "2"), ("512Mi", "1Gi")),
            "agent-runtime": (("1", "4"), ("1Gi", "4Gi")),
            "redis": (("250m", "1"), ("256Mi", "512Mi")),
            "postgres": (("250m", "1"), ("512Mi", "1Gi")),
            # Not in that table: it answers from memory.
            "website": (("50m", "500m"), ("64Mi", "128Mi")),
        }
        replicas = {"dev": 1, "stage": 2, "prod": 3}
        levels = {"dev": "debug", "stage": "info", "prod": "info"}
        sizes = {"dev": {"10Gi"}, "stage": {"10Gi"}, "prod-cnpg": {"50Gi"}}
        for title in ("dev", "stage", "prod", "prod-cnpg"):
            objects = chart.render(cases.profiles[title])
            least = {
                item["spec"]["scaleTargetRef"]["name"]: item["spec"]["minReplicas"] for item in objects if item["kind"] == "HorizontalPodAutoscaler"
            }
            for item, metadata, spec in chart.pods(objects):
                component = metadata["labels"]["app.kubernetes.io/component"]
                if item["kind"] not in ("Deployment", "StatefulSet"):
                    continue
                cpu, memory = table[component]
                resources = spec["containers"][0]["resources"]
                with self.subTest(title, component=component):
                    self.assertEqual((resources["requests"]["cpu"], resources["limits"]["cpu"]), cpu)
                    self.assertEqual((resources["requests"]["memory"], resources["limits"]["memory"]), memory)
                    if item["kind"] == "Deployment":
                        count = item["spec"].get("replicas") or least[item["metadata"]["name"]]
                        self.assertEqual(count, replicas[title.removesuffix("-cnpg")])
                        variables = {variable["name"]: variable.get("value") for variable in spec["containers"][0]["env"]}
                        self.assertEqual(variables["CODELAB_LOG_LEVEL"], levels[title.removesuffix("-cnpg")])
                        self.assertEqual(variables["CODELAB_LOG_FORMAT"], "json")
            if title in sizes:
                found = {item["spec"]["storage"]["size"] for item in objects if item["kind"] == "Cluster"}
                found |= {
                    claim["spec"]["resources"]["requests"]["storage"]
                    for item in objects
                    if item["kind"] == "StatefulSet"
                    for claim in item["spec"].get("volumeClaimTemplates", [])
                }
                self.assertEqual(found, sizes[title], title)
            print(f"    {title}: {len(objects)} objects")

    def test_connections(self):
        """PostgreSQL allows what all replicas may open"""
        [cluster] = [item for item in chart.render(cases.profiles["prod-cnpg"]) if item["kind"] == "Cluster"]
        # 10 connections of each of 10 replicas of both services, and of one more of each.
        self.assertEqual(cluster["spec"]["postgresql"]["parameters"]["max_connections"], "240")
        [server] = [
            spec["containers"][0]
            for _, metadata, spec in chart.pods(chart.render(cases.profiles["dev"]))
            if metadata["labels"]["app.kubernetes.io/component"] == "postgres"
        ]
        self.assertEqual(server["args"], ["postgres", "-c", "max_connections=100"])

    def test_limits(self):
        """limits reach the services that count them"""
        found = {}
        for _, _, spec in chart.pods(chart.render(*cases.matrix["other limits"])):
            for variable in spec["containers"][0].get("env", []):
                if "RATE_LIMIT" in variable["name"] or "ATTEMPTS" in variable["name"]:
                    found[variable["name"]] = (spec["containers"][0]["name"], variable["value"])
        self.assertEqual(
            found,
            {
                "CODELAB_GATEWAY_RATE_LIMIT": ("gateway", "0"),
                "CODELAB_GATEWAY_RATE_LIMIT_MESSAGES": ("gateway", "6000"),
                "CODELAB_GATEWAY_RATE_LIMIT_CONNECTIONS": ("gateway", "120"),
                "CODELAB_GATEWAY_RATE_LIMIT_UNAUTHENTICATED": ("gateway", "120"),
                "CODELAB_LLM_RATE_LIMIT": ("llm-proxy", "60"),
                "CODELAB_AUTH_ATTEMPTS": ("auth-service", "3"),
                "CODELAB_AUTH_ATTEMPTS_PER_ADDRESS": ("auth-service", "50"),
            },
        )

    def test_key_rotation(self):
        """the Job that rotates keys has the auth database's secret and no other, and reaches nothing but PostgreSQL"""
        objects = chart.render(*cases.matrix["prod"])
        [spec] = [spec for _, metadata, spec in chart.pods(objects) if metadata["labels"]["app.kubernetes.io/component"] == "key-rotation"]
        [volume] = spec["volumes"]
        self.assertEqual([source["secret"]["name"] for source in volume["projected"]["sources"]], ["codelab-auth-database"])
        self.assertEqual(spec["containers"][0]["args"], ["admin", "keys", "rotate", "--older-than", "80", "--signs-after", "3600"])
        [policy] = [item["spec"] for item in objects if item["kind"] == "NetworkPolicy" and item["metadata"]["name"] == "codelab-key-rotation"]
        self.assertEqual(policy["ingress"], [])
        self.assertEqual([[port["port"] for port in rule["ports"]] for rule in policy["egress"]], [[53, 53], [5432]])
        self.assertNotIn("key-rotation", str(chart.render(*cases.matrix["dev"])))

    def test_own_settings_reach_every_pod(self):
        """extraEnv, extraVolumes, podAnnotations, podLabels, nodeSelector and tolerations of every workload"""
        files, values = cases.matrix["everything of one's own"]
        reached = set()
        for item, metadata, spec in chart.pods(chart.render(files, values)):
            reached.add(metadata["labels"]["app.kubernetes.io/component"])
            with self.subTest(chart.name(item)):
                container = spec["containers"][0]
                self.assertEqual([v["value"] for v in container["env"] if v["name"] == "CODELAB_LOG_LEVEL"], ["trace"])
                self.assertIn({"name": "EXTRA", "value": "1"}, container["env"])
                self.assertIn("own", [volume["name"] for volume in spec["volumes"]])
                self.assertIn({"name": "own", "mountPath": "/own"}, container["volumeMounts"])
                self.assertEqual(metadata["annotations"]["example.com/note"], "yes")
                self.assertEqual(metadata["labels"]["example.com/tier"], "one")
                self.assertEqual(spec["nodeSelector"], {"disk": "ssd"})
                self.assertEqual(spec["tolerations"], [{"key": "dedicated", "operator": "Exists"}])
                self.assertEqual(spec["priorityClassName"], "important")
        self.assertEqual(reached, set(cases.workloads))


@functools.cache
def refusal_of(title):
    try:
        files, values, _ = cases.refused[title]
        chart.render(files, values)
    except chart.Refused as error:
        return str(error)
    return ""


def refusal(files, values):
    return refusal_of(next(title for title, case in cases.refused.items() if case[0] == files and case[1] == values))


class Policies(unittest.TestCase):
    """The policies see what they are there for: each of these changes to a good rendering breaks the policy that it names."""

    def breaks(self, policy, change, title="prod"):
        files, values = cases.matrix[title]
        objects = copy.deepcopy(chart.render(files, values))
        given = chart.effective(files, values)
        self.assertEqual(list(policies.every[policy](objects, given)), [])
        change(objects)
        self.assertNotEqual(list(policies.every[policy](objects, given)), [], policy)

    def test_policies_see(self):
        """every policy fails when what it asks for is taken away"""

        def deployment(change):
            return lambda objects: change(
                next(item for item in objects if item["kind"] == "Deployment" and item["metadata"]["name"].endswith("agent-runtime"))["spec"]
            )

        def pod(change):
            return deployment(lambda spec: change(spec["template"]["spec"]))

        def container(change):
            return pod(lambda spec: change(spec["containers"][0]))

        def without(*kinds):
            def change(objects):
                objects[:] = [item for item in objects if item["kind"] not in kinds]

            return change

        def first(kind, change):
            return lambda objects: change(next(item for item in objects if item["kind"] == kind))

        mutations = [
            ("no_literal_secrets", container(lambda c: c["env"].append({"name": "CODELAB_LLM_API_KEY", "value": "sk"}))),
            ("no_literal_secrets", container(lambda c: c["args"].append("postgres://a:secret@db/x"))),
            ("images_are_named", container(lambda c: c.update(image="registry:5000/codelab"))),
            ("images_are_named", container(lambda c: c.update(image="codelab:latest"))),
            ("resources_are_limited", container(lambda c: c["resources"]["limits"].pop("memory"))),
            ("resources_are_limited", pod(lambda p: p["volumes"].append({"name": "x", "emptyDir": {}}))),
            ("pod_security_is_restricted", container(lambda c: c["securityContext"].pop("capabilities"))),
            ("pod_security_is_restricted", pod(lambda p: p["volumes"].append({"name": "x", "hostPath": {"path": "/"}}))),
            ("pod_security_is_restricted", pod(lambda p: p["securityContext"].update(runAsUser=0))),
            ("accounts_have_no_tokens", pod(lambda p: p.pop("automountServiceAccountToken"))),
            ("accounts_have_no_tokens", pod(lambda p: p.pop("enableServiceLinks"))),
            ("accounts_have_no_tokens", without("ServiceAccount")),
            ("every_pod_has_network_policies", without("NetworkPolicy")),
            (
                "every_pod_has_network_policies",
                deployment(lambda s: s["template"]["metadata"]["labels"].update({"app.kubernetes.io/component": "x"})),
            ),
            (
                "network_policies_allow_what_is_configured",
                container(lambda c: c["env"].append({"name": "X", "value": "http://codelab-gateway:8000"})),
            ),
            ("network_policies_allow_what_is_configured", container(lambda c: c["env"].append({"name": "X", "value": "http://nowhere:80"}))),
            (
                "network_policies_agree",
                lambda objects: next(item for item in objects if item["kind"] == "NetworkPolicy" and item["metadata"]["name"].endswith("llm-proxy"))[
                    "spec"
                ].update(ingress=[]),
            ),
            ("probes_mean_different_things", container(lambda c: c.update(livenessProbe=c["readinessProbe"]))),
            ("probes_mean_different_things", container(lambda c: c.pop("startupProbe"))),
            ("what_is_named_is_there", pod(lambda p: p["volumes"].append({"name": "x", "secret": {"secretName": "nowhere"}}))),
            ("what_is_named_is_there", container(lambda c: c["volumeMounts"].append({"name": "nowhere", "mountPath": "/x"}))),
            ("what_is_named_is_there", without("PriorityClass")),
            ("keys_of_secrets_are_there", container(lambda c: c["env"].append({"name": "X_FILE", "value": "/run/secrets/codelab/x"}))),
            ("updates_take_nothing_away", deployment(lambda s: s["strategy"]["rollingUpdate"].update(maxUnavailable=1))),
            ("updates_take_nothing_away", container(lambda c: c.pop("lifecycle"))),
            ("several_replicas_are_spread_and_guarded", without("PodDisruptionBudget")),
            ("several_replicas_are_spread_and_guarded", deployment(lambda s: s.update(replicas=3))),
            ("several_replicas_are_spread_and_guarded", pod(lambda p: p.pop("affinity"))),
            ("objects_are_named_once", lambda objects: objects.append(objects[0])),
            ("routes_lead_to_services", without("Service")),
            ("routes_lead_to_services", lambda objects: [item["spec"].update(ingress=[]) for item in objects if item["kind"] == "NetworkPolicy"]),
        ]
        for policy, change in mutations:
            with self.subTest(policy):
                self.breaks(policy, change)
        self.breaks("generated_secrets_are_kept", first("Secret", lambda item: item["metadata"].pop("annotations")), "dev")
        self.breaks("keys_of_secrets_are_there", first("Secret", lambda item: item["data"].clear()), "dev")
        self.breaks(
            "updates_take_nothing_away",
            lambda objects: [item["spec"].update(replicas=2) for item in objects if item["kind"] == "Deployment"],
            "sqlite, Redis",
        )
        self.assertEqual({policy for policy, _ in mutations} | {"generated_secrets_are_kept"}, set(policies.every), "a policy has no counter-example")


if __name__ == "__main__":
    unittest.main()
