"""Containers of the image, run by podman as scripts/check-image sets it up; each ends with its test."""

import json
import subprocess
import time
import uuid
from pathlib import Path

import chart

containerfile = chart.root / "deploy/Containerfile"
# As the chart names it: its appVersion is the program's version.
version = chart.documents((chart.folder / "Chart.yaml").read_text())[0]["appVersion"]
image = f"localhost/codelab:{version}"

# What every container of these tests has to live with; Kubernetes does the same by Pod Security's `restricted`.
restricted = ["--read-only", "--read-only-tmpfs=false", "--cap-drop=all", "--security-opt=no-new-privileges"]
# On the host's network, where the tests' ports are.
here = ["--network=host", "--pull=never"]


def podman(*arguments, check=True, timeout=180, input=None):
    done = subprocess.run(["podman", *arguments], capture_output=True, text=True, timeout=timeout, input=input)
    if check and done.returncode != 0:
        raise AssertionError(f"podman {' '.join(arguments[:2])}: {done.stderr[-2000:]}")
    return done


def inspect(what):
    return json.loads(podman("inspect", what).stdout)[0]


def run(*arguments, options=restricted):
    """A container that runs to its end: (status, stdout, stderr)."""
    return podman("run", "--rm", *here, *options, image, *arguments, check=False)


class Container:
    """A container that runs in the background."""

    def __init__(self, test, arguments, options=restricted, environment=None):
        self.name = f"codelab-check-{uuid.uuid4().hex[:12]}"
        test.addCleanup(podman, "rm", "--force", "--ignore", "--volumes", "--time=0", self.name)
        variables = [f"--env={name}={value}" for name, value in (environment or {}).items()]
        podman("run", "--detach", "--name", self.name, *here, *options, *variables, image, *arguments)

    @property
    def state(self):
        return inspect(self.name)["State"]

    def runs(self):
        return self.state["Running"]

    def healthy(self):
        """What the image's health check finds, run in the container."""
        return podman("healthcheck", "run", self.name, check=False).returncode == 0

    def ready(self, service):
        """What `codelab health` finds, run in the container."""
        return podman("exec", self.name, "/usr/bin/codelab", "health", service, check=False).returncode == 0

    def log(self):
        done = podman("logs", self.name)
        return done.stdout + done.stderr

    def stop(self, seconds):
        """Sends the image's stop signal; gives how long the end took and the exit status (137: it had to be killed)."""
        started = time.monotonic()
        podman("stop", f"--time={seconds}", self.name)
        return time.monotonic() - started, self.state["ExitCode"]

    def process(self):
        """The program's process, as the host sees it: its status by name, and whether its root is read-only."""
        place = Path(f"/proc/{self.state['Pid']}")
        status = dict(line.split(":\t", 1) for line in (place / "status").read_text().splitlines() if ":\t" in line)
        root = next(line.split() for line in (place / "mountinfo").read_text().splitlines() if line.split()[4] == "/")
        return status, "ro" in root[5].split(",")
