"""Each service in a container of its own, with nobody else there: it starts, says so, and stops in good order. Then all in one."""

import os
import signal
import unittest
import urllib.error
import urllib.request

import chart
import servers
from container import Container, restricted, run


def port_variable(service):
    return f"CODELAB_{service.upper().replace('-', '_')}_PORT"


table = {entry["serve"]: entry for entry in chart.defaults()["topology"].values() if "serve" in entry}


def free_ports():
    """For every service: a health check asks whoever listens at the ports of the settings."""
    return {port_variable(service): servers.free_port() for service in table}


class Services(unittest.TestCase):
    def alone(self, service):
        environment = {"CODELAB_HOST": "127.0.0.1", "CODELAB_AUTH_INTERNAL_SECRET": os.urandom(24).hex(), **free_ports()}
        container = Container(self, ["serve", service], environment=environment)
        address = f"http://127.0.0.1:{environment[port_variable(service)]}{table[service]['liveness']}"
        servers.until(lambda: self.answers(address) or not container.runs(), f"{service} answers {address}")
        self.assertTrue(container.runs(), container.log()[-2000:])
        self.assertTrue(container.healthy(), container.log()[-2000:])

        status, is_read_only = container.process()
        self.assertEqual(set(status["Uid"].split() + status["Gid"].split()), {"1000"})
        self.assertEqual({status[name] for name in ("CapPrm", "CapEff", "CapBnd", "CapAmb")}, {"0" * 16})
        self.assertEqual((status["NoNewPrivs"], status["Seccomp"]), ("1", "2"))
        self.assertTrue(is_read_only)

        # A process that hangs, and does so no more.
        process = container.state["Pid"]
        os.kill(process, signal.SIGSTOP)
        self.assertFalse(container.healthy(), "healthy without an answer")
        os.kill(process, signal.SIGCONT)
        self.assertTrue(container.healthy())

        seconds, code = container.stop(30)
        self.assertEqual(code, 0, container.log()[-2000:])
        self.assertLess(seconds, 20)
        self.assertIn("CodeLab has stopped", container.log())

    def answers(self, address):
        try:
            with urllib.request.urlopen(address, timeout=5) as answer:
                return answer.status == 200
        except (urllib.error.URLError, OSError):
            return False

    def test_gateway(self):
        """gateway alone: uid 1000, read-only root, no capabilities; healthy, hung, healthy; SIGTERM ends it in good order"""
        self.alone("gateway")

    def test_auth(self):
        """auth alone, likewise"""
        self.alone("auth")

    def test_runtime(self):
        """runtime alone, likewise"""
        self.alone("runtime")

    def test_llm_proxy(self):
        """llm-proxy alone, likewise"""
        self.alone("llm-proxy")

    def test_website(self):
        """website alone, likewise"""
        self.alone("website")

    def test_every_service(self):
        """no service of the chart is left out above"""
        tested = {name.removeprefix("test_").replace("_", "-") for name in dir(self) if name.startswith("test_")}
        self.assertEqual(set(table) - tested, set())

    def test_default(self):
        """without arguments: the whole platform on SQLite in the volume, and all of it ready"""
        ports = free_ports()
        container = Container(self, [], environment={"CODELAB_HOST": "127.0.0.1", **ports})
        services = [service for service in table if service != "website"]
        for service in services:
            address = f"http://127.0.0.1:{ports[port_variable(service)]}{table[service]['readiness']}"
            servers.until(lambda: self.answers(address) or not container.runs(), f"{service} is ready")
            self.assertTrue(container.runs(), container.log()[-2000:])
            self.assertTrue(container.ready(service))
        self.assertEqual(container.stop(30)[1], 0, container.log()[-2000:])

    def test_nobody_there(self):
        """the health check fails where no service is"""
        done = run("health", "--live", options=[*restricted, *(f"--env={name}={port}" for name, port in free_ports().items())])
        self.assertEqual(done.returncode, 1)
        self.assertIn("no service listens here", done.stderr)
