"""What the dev profile renders, in containers of the image: helm test's turn passes, and the demo's."""

import json
import os
import shutil
import subprocess
import unittest
from pathlib import Path

import cases
import chart
import servers
from container import Container, here, image, podman
from test_run import Machine


class Pods(Machine):
    """The pods of CodeLab's image as containers, with what their manifests say: user, restrictions, limits, variables and mounts."""

    def options(self, component):
        spec = self.pods[component]
        container = spec["containers"][0]
        self.test.assertEqual(f"localhost/{container['image']}", image)
        security = {**spec["securityContext"], **container["securityContext"]}
        self.test.assertEqual(security["seccompProfile"]["type"], "RuntimeDefault", "podman's default")
        limits = container["resources"]["limits"]
        options = [
            f"--user={security['runAsUser']}:{security['runAsGroup']}",
            f"--read-only={str(security['readOnlyRootFilesystem']).lower()}",
            "--read-only-tmpfs=false",
            *(f"--cap-drop={name}" for name in security["capabilities"]["drop"]),
            *([] if security["allowPrivilegeEscalation"] else ["--security-opt=no-new-privileges"]),
            f"--memory={limits['memory'].removesuffix('i').lower()}",
            f"--cpus={limits['cpu']}",
        ]
        root = self.folder(component)
        for mount in container.get("volumeMounts", []):
            place = root / mount["mountPath"].lstrip("/")
            self.own(place, security["fsGroup"])
            options.append(f"--volume={place}:{mount['mountPath']}:{'ro' if mount.get('readOnly') else 'rw'}")
        return options

    @staticmethod
    def own(place, group):
        """As Kubernetes gives a volume to a group: fsGroup."""
        for path in [place, *place.rglob("*")]:
            os.chown(path, 0, group)
            path.chmod(0o2770 if path.is_dir() else 0o660)

    def run(self, component, arguments):
        variables = [f"--env={name}={value}" for name, value in self.variables(component).items()]
        return podman("run", "--rm", *here, *self.options(component), *variables, image, *arguments, check=False)

    def start(self, component, arguments):
        return Container(self.test, arguments, self.options(component), self.variables(component))


class DevProfile(unittest.TestCase):
    def test_turns(self):
        """the dev profile in containers: migrate, services, probes, helm test's turn, the demo's turn, its events, an orderly stop"""
        scenario = (chart.root / "deploy/scenarios/demo.yaml").read_text()
        pods = Pods(self, chart.render(cases.profiles["dev"], {"llm": {"scenario": scenario}}))
        arguments = {component: spec["containers"][0].get("args") for component, spec in pods.pods.items()}
        pods.start_stores()

        migrated = pods.run("migrate", arguments["migrate"])
        self.assertEqual(migrated.returncode, 0, migrated.stderr)

        containers = {}
        for component in [name for name in cases.services if name in pods.pods]:
            containers[component] = pods.start(component, arguments[component])
        for component, container in containers.items():
            for kind in ("startup", "liveness", "readiness"):
                servers.until(lambda: pods.holds(component, kind) or not container.runs(), f"{component}: {kind}", 120)
                self.assertTrue(container.runs(), container.log()[-2000:])
            self.assertTrue(container.ready(arguments[component][1]), container.log()[-2000:])

        turn = pods.run("turn-test", arguments["turn-test"])
        self.assertEqual(turn.returncode, 0, turn.stderr)
        self.assertTrue(turn.stdout.strip(), "the turn had no answer")

        workspace = pods.folder("turn-test") / "workspace"
        for name in ("README.md", "Package.swift"):
            shutil.copy(chart.root / name, workspace)
        request = "Please summarize this project and write the summary to SUMMARY.md."
        turn = pods.run("turn-test", [*arguments["turn-test"][:-1], "--yes", request])
        self.assertEqual(turn.returncode, 0, turn.stderr)
        self.assertIn("and wrote SUMMARY.md with", turn.stdout)
        self.assertIn("# Summary", (workspace / "SUMMARY.md").read_text())

        self.assertLessEqual({"session.created", "message.added", "tool.execution.completed", "approval.decided", "llm.request.completed"}, self.events(pods))
        for component in ("gateway", "agent-runtime", "llm-proxy", "auth-service"):
            _, code = containers[component].stop(30)
            log = containers[component].log()
            self.assertEqual(code, 0, log[-2000:])
            levels = [json.loads(line)["level"] for line in log.splitlines()]
            self.assertNotIn("error", levels, log[-2000:])
            self.assertNotIn("critical", levels, log[-2000:])

    def events(self, pods):
        """The types of the events on the stream."""
        url = Path(pods.folder("agent-runtime") / "run/secrets/codelab/redis-url").read_text().strip()
        done = subprocess.run(
            ["redis-cli", "-u", url, "--no-auth-warning", "--json", "XRANGE", "codelab:events", "-", "+"], capture_output=True, text=True, timeout=30
        )
        self.assertEqual(done.returncode, 0, done.stderr)
        return {json.loads(dict(zip(fields[::2], fields[1::2]))["p"])["type"] for _, fields in json.loads(done.stdout)}
