"""What the dev profile renders, run: its commands, settings, secrets and probes, with processes in the place of pods. A turn passes."""

import base64
import os
import re
import shutil
import socket
import subprocess
import tempfile
import time
import unittest
import urllib.error
import urllib.request
from pathlib import Path

from prometheus_client.openmetrics import parser as openmetrics
from prometheus_client import parser as prometheus

import cases
import chart
import metrics
import servers


class Machine:
    """The objects of a rendering on this machine: every Service has a port on loopback, every pod a folder for its files."""

    def __init__(self, test, objects):
        self.test = test
        self.place = Path(tempfile.mkdtemp(prefix="codelab-run."))
        test.addCleanup(shutil.rmtree, self.place)
        self.objects = objects
        self.secrets = {item["metadata"]["name"]: item["data"] for item in objects if item["kind"] == "Secret"}
        self.configurations = {item["metadata"]["name"]: item["data"] for item in objects if item["kind"] == "ConfigMap"}
        self.pods = {metadata["labels"]["app.kubernetes.io/component"]: spec for _, metadata, spec in chart.pods(objects)}
        # Name and port in the cluster → port here.
        self.ports = {}
        for item in objects:
            if item["kind"] == "Service":
                for entry in item["spec"]["ports"]:
                    self.ports[item["metadata"]["name"], entry["port"]] = servers.free_port()

    def here(self, text):
        """Addresses in the cluster, as addresses of this machine."""
        for (service, port), own in self.ports.items():
            text = re.sub(rf"(?<![\w-]){re.escape(service)}:{port}\b", f"127.0.0.1:{own}", text)
        return text

    def folder(self, component):
        """The files that a pod mounts from Secrets and ConfigMaps, and its empty folders."""
        root = self.place / component
        for container in self.pods[component]["containers"]:
            for mount in container.get("volumeMounts", []):
                place = root / mount["mountPath"].lstrip("/")
                place.mkdir(parents=True, exist_ok=True)
                volume = next((volume for volume in self.pods[component]["volumes"] if volume["name"] == mount["name"]), {})
                for file, text in self.configurations.get(volume.get("configMap", {}).get("name"), {}).items():
                    (place / file).write_text(text)
                for source in volume.get("projected", {}).get("sources", []):
                    for entry in source["secret"]["items"]:
                        text = base64.b64decode(self.secrets[source["secret"]["name"]][entry["key"]]).decode()
                        (place / entry["path"]).write_text(self.here(text))
        return root

    def variables(self, component):
        """The variables of a pod's container."""
        environment = {}
        for variable in self.pods[component]["containers"][0].get("env", []):
            name = variable["name"]
            if "valueFrom" not in variable:
                value = self.here(variable["value"])
            elif "fieldRef" in variable["valueFrom"]:
                value = "127.0.0.1"
            else:
                reference = variable["valueFrom"]["secretKeyRef"]
                value = base64.b64decode(self.secrets[reference["name"]][reference["key"]]).decode()
            environment[name] = re.sub(r"\$\((\w+)\)", lambda match: environment[match[1]], value)
        for (service, port), own in self.ports.items():
            if service == f"codelab-{component}":
                for name, value in environment.items():
                    if name.startswith("CODELAB_") and name.endswith("_PORT") and value == str(port):
                        environment[name] = str(own)
        return environment

    def environment(self, component):
        """The same for a process: paths below the pod's own folder."""
        root = self.folder(component)
        mounts = [mount["mountPath"] for mount in self.pods[component]["containers"][0].get("volumeMounts", [])]
        environment = {"PATH": os.environ["PATH"]}
        for name, value in self.variables(component).items():
            inside = any(value == mount or value.startswith(mount + "/") for mount in mounts)
            environment[name] = str(root / value.lstrip("/")) if inside else value
        return environment

    def start_stores(self):
        """PostgreSQL and Redis with what their pods mount, by Debian's programs; gives the server of PostgreSQL."""
        postgres = servers.Postgres(self.test)
        self.ports["codelab-postgres", 5432] = postgres.port
        init = self.place / "databases.sh"
        init.write_text(servers.scripts(self.objects)["databases.sh"])
        secrets = self.folder("postgres") / "run/secrets/codelab"
        made = subprocess.run(
            ["bash", init], env={"PATH": os.environ["PATH"], **postgres.environment, "SECRETS": str(secrets)}, capture_output=True, text=True
        )
        self.test.assertEqual(made.returncode, 0, made.stderr)

        root = self.folder("redis")
        command = [str(root / part.lstrip("/")) if part.startswith("/") else part for part in self.pods["redis"]["containers"][0]["command"]]
        command[command.index("--port") + 1] = str(self.ports["codelab-redis", 6379])
        redis = subprocess.Popen([*command, "--bind", "127.0.0.1"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.test.addCleanup(servers.stop, redis)
        servers.until(lambda: self.holds("redis", "liveness"), "Redis takes connections")
        return postgres

    def run(self, component, binary, arguments, **options):
        return subprocess.run([binary, *arguments], env=self.environment(component), capture_output=True, text=True, timeout=120, **options)

    def start(self, component, binary, arguments):
        log = open(self.place / f"{component}.log", "w")
        self.test.addCleanup(log.close)
        process = subprocess.Popen([binary, *arguments], env=self.environment(component), stdout=log, stderr=log)
        self.test.addCleanup(servers.stop, process)
        return process

    def log(self, component):
        return (self.place / f"{component}.log").read_text()

    def holds(self, component, kind):
        """Whether a probe of the pod succeeds."""
        container = self.pods[component]["containers"][0]
        probe = container[f"{kind}Probe"]
        port = next(own for (service, _), own in self.ports.items() if service == f"codelab-{component}")
        if "httpGet" in probe:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}{probe['httpGet']['path']}", timeout=probe["timeoutSeconds"]) as answer:
                    return answer.status < 400
            except (urllib.error.URLError, OSError):
                return False
        with socket.socket() as connection:
            return connection.connect_ex(("127.0.0.1", port)) == 0


class Run(unittest.TestCase):
    def test_turn(self):
        """the dev profile runs with what is rendered: migrate, Redis, services, probes, helm test's turn, an orderly stop"""
        self.assertTrue(servers.program.exists(), f"{servers.program} is not built: scripts/build")
        objects = chart.render(cases.profiles["dev"])
        machine = Machine(self, objects)
        postgres = machine.start_stores()

        migrated = machine.run("migrate", servers.program, machine.pods["migrate"]["containers"][0]["args"])
        self.assertEqual(migrated.returncode, 0, migrated.stderr)

        processes = {}
        for component in ("auth-service", "llm-proxy", "agent-runtime", "gateway"):
            processes[component] = machine.start(component, servers.program, machine.pods[component]["containers"][0]["args"])
        for component, process in processes.items():
            for kind in ("startup", "liveness", "readiness"):
                servers.until(lambda: machine.holds(component, kind) or process.poll() is not None, f"{component}: {kind}", 120)
                self.assertIsNone(process.poll(), machine.log(component)[-2000:])

        workspace = machine.folder("turn-test") / "workspace"
        arguments = [str(workspace) if part == "/workspace" else part for part in machine.pods["turn-test"]["containers"][0]["args"]]
        turn = machine.run("turn-test", servers.program, arguments)
        self.assertEqual(turn.returncode, 0, turn.stderr + "".join(machine.log(component)[-1500:] for component in processes))
        self.assertTrue(turn.stdout.strip(), "the turn had no answer")

        self.metrics(machine)

        # Without its database auth is not ready, and alive.
        servers.stop(postgres.process, 2)
        servers.until(lambda: not machine.holds("auth-service", "readiness"), "auth is not ready without its database")
        self.assertTrue(machine.holds("auth-service", "liveness"))

        grace = (
            machine.pods["gateway"]["terminationGracePeriodSeconds"]
            - machine.pods["gateway"]["containers"][0]["lifecycle"]["preStop"]["sleep"]["seconds"]
        )
        for component in ("gateway", "agent-runtime", "llm-proxy", "auth-service"):
            started = time.monotonic()
            servers.stop(processes[component])
            self.assertLess(time.monotonic() - started, grace, component)
            self.assertEqual(processes[component].returncode, 0, machine.log(component)[-1500:])

    def metrics(self, machine):
        """Every service's metrics, after a turn: Prometheus' own parsers take them, each is listed, and they say what happened."""
        known = metrics.listed()
        told = {}
        for component in ("auth-service", "llm-proxy", "agent-runtime", "gateway"):
            port = next(own for (service, _), own in machine.ports.items() if service == f"codelab-{component}")
            for accept, parse in (("text/plain", prometheus.text_string_to_metric_families), ("application/openmetrics-text", openmetrics.text_string_to_metric_families)):
                request = urllib.request.Request(f"http://127.0.0.1:{port}/metrics", headers={"Accept": accept})
                with urllib.request.urlopen(request, timeout=10) as answer:
                    self.assertTrue(answer.headers["Content-Type"].startswith(accept))
                    families = list(parse(answer.read().decode()))
                self.assertGreater(len(families), 10)
                for family in families:
                    name = f"{family.name}_total" if family.type == "counter" else family.name
                    self.assertIn(name, known, component)
                    self.assertEqual(family.type, known[name][0], name)
                    for sample in family.samples:
                        self.assertLessEqual(set(sample.labels), known[name][1] | {"le"}, name)
                        told[component, sample.name] = told.get((component, sample.name), 0) + sample.value
        # Fetched twice. The turn signed in, was answered, and had a connection.
        self.assertEqual(told["agent-runtime", "codelab_turn_duration_seconds_count"], 2)
        self.assertEqual(told["auth-service", "codelab_tokens_issued_total"] % 2, 0)
        self.assertGreater(told["auth-service", "codelab_tokens_issued_total"], 0)
        self.assertGreater(told["llm-proxy", "gen_ai_client_token_usage_count"], 0)
        self.assertEqual(told["gateway", "codelab_websocket_connections"], 0)
        self.assertGreater(told["agent-runtime", "db_client_operation_duration_seconds_count"], 0)
        self.assertEqual(told["auth-service", "db_client_connection_max"] % 2, 0)
