"""The table of ports, probes and edges, held against the specs and the program."""

import unittest
from urllib.parse import urlsplit

import yaml

import cases
import chart

# The component of each API; `serve` has the same names as the folders.
components = {"gateway": "gateway", "auth": "auth-service", "runtime": "agent-runtime", "llm-proxy": "llm-proxy", "website": "website"}
handlers = {"gateway": "Gateway", "auth": "Auth", "runtime": "Runtime", "llm-proxy": "LLMProxy", "website": "Website"}
apis = {"GatewayAPI": "gateway", "AuthAPI": "auth", "RuntimeAPI": "runtime", "LLMProxyAPI": "llm-proxy"}


def spec(service):
    return yaml.load((chart.root / f"specs/{service}/openapi.yaml").read_text(), chart.Loader)


class Topology(unittest.TestCase):
    def setUp(self):
        self.table = chart.defaults()["topology"]

    def test_ports(self):
        """ports are those of the specs' `servers`"""
        for service, component in components.items():
            with self.subTest(service):
                self.assertEqual(self.table[component]["serve"], service)
                self.assertEqual({self.table[component]["port"]}, {urlsplit(server["url"]).port for server in spec(service)["servers"]})
        every = {self.table[component]["port"] for component in components.values()}
        self.assertEqual(every, {urlsplit(server["url"]).port for server in spec("operations")["servers"]})
        channels = yaml.load((chart.root / "specs/gateway/asyncapi.yaml").read_text(), chart.Loader)
        hosts = {server["host"] for server in channels["servers"].values()}
        self.assertEqual({int(host.rpartition(":")[2]) for host in hosts}, {self.table["gateway"]["port"]})

    def test_edges(self):
        """edges are the `x-upstreams` of the specs, which name every API whose client a service's code imports"""
        for service, component in components.items():
            with self.subTest(service):
                upstreams = spec(service)["x-upstreams"]
                self.assertEqual(set(self.table[component]["calls"]), {components.get(upstream, upstream) for upstream in upstreams})
                imported = chart.source(r"(?m)^(?:public |internal )?import (\w+API)$", f"Sources/Handlers/{handlers[service]}")
                others = {apis[module] for module in imported if module in apis} - {service}
                self.assertLessEqual(others, set(upstreams), "a client of an API that x-upstreams does not name")

    def test_probes(self):
        """probes of every service ask specs/operations: liveness what asks nothing, readiness what may say no; neither needs a token"""
        document = spec("operations")
        for service, component in components.items():
            for kind, name in (("liveness", "getLiveness"), ("readiness", "getReadiness")):
                with self.subTest(service, kind=kind):
                    operation = document["paths"][self.table[component][kind]]["get"]
                    self.assertEqual(operation["operationId"], name)
                    self.assertEqual(operation.get("security", document.get("security")), [], "a probe has no token")
                    self.assertEqual("503" in operation["responses"], kind == "readiness")

    def test_routes(self):
        """paths from outside are those of the specs"""
        expected = {"auth-service": {"/oauth", "/.well-known"}, "gateway": {"/api/v1"}}
        files = ("values-prod.yaml",)
        self.assertEqual(self.routes(files, {}), expected)
        self.assertEqual(self.routes(*cases.matrix["a website in production"]), {**expected, "website": {"/", "/specs"}})
        self.assertTrue(all(path.startswith("/api/v1/") for path in spec("gateway")["paths"]), "a path of the gateway is not reached")

    def routes(self, files, values):
        """The paths of the Ingress, which have to be those of an HTTPRoute too, by component; the specs know them all, and specs/operations none."""
        objects = chart.render(files, values)
        found = {}
        for path in next(item for item in objects if item["kind"] == "Ingress")["spec"]["rules"][0]["http"]["paths"]:
            found.setdefault(path["backend"]["service"]["name"].removeprefix("codelab-"), set()).add(path["path"])
            self.assertEqual(path["pathType"] == "Exact", path["path"] == "/", "all below / would be health, too")
        for item in objects:
            if item["kind"] == "HTTPRoute":
                others = {}
                for rule in item["spec"]["rules"]:
                    component = rule["backendRefs"][0]["name"].removeprefix("codelab-")
                    others.setdefault(component, set()).update(match["path"]["value"] for match in rule["matches"])
                    for match in rule["matches"]:
                        self.assertEqual(match["path"]["type"] == "Exact", match["path"]["value"] == "/")
                self.assertEqual(others, found)
        for component, paths in found.items():
            service = next(name for name, of in components.items() if of == component)
            for path in paths:
                self.assertTrue(any(known == path or known.startswith(path + "/") for known in spec(service)["paths"]), path)
                self.assertFalse(any(known == path or known.startswith(path + "/") for known in spec("operations")["paths"]), path)
        return found

    def test_website(self):
        """the website's Service has port 80, its process one above 1024; it has no secret, and may call nobody"""
        objects = chart.render(*cases.matrix["a website in production"])
        named = {(item["kind"], item["metadata"]["name"]): item for item in objects}
        [port] = named["Service", "codelab-website"]["spec"]["ports"]
        self.assertEqual((port["port"], port["targetPort"]), (80, "http"))
        pod = named["Deployment", "codelab-website"]["spec"]["template"]["spec"]
        [container] = pod["containers"]
        self.assertEqual(container["args"], ["serve", "website"])
        self.assertEqual([entry["containerPort"] for entry in container["ports"]], [self.table["website"]["port"]])
        self.assertEqual([volume["name"] for volume in pod["volumes"]], ["tmp"])
        rules = named["NetworkPolicy", "codelab-website"]["spec"]
        self.assertEqual(rules["egress"], [])
        # The ingress controller, and Prometheus.
        self.assertEqual([rule["ports"] for rule in rules["ingress"]], [[{"port": self.table["website"]["port"], "protocol": "TCP"}]] * 2)
        self.assertNotIn(("Deployment", "codelab-website"), {(item["kind"], item["metadata"]["name"]) for item in chart.render(("values-prod.yaml",))})

    def test_every_setting_is_read(self):
        """the program knows every setting and command that the chart uses, and its tables of settings have them"""
        known = chart.source(r'"(CODELAB_[A-Z_]+)"')
        pages = [chart.root / "README.md", chart.root / "docs/guides/settings.md"]
        listed = "".join(page.read_text() for page in pages if page.exists())
        commands = chart.source(r'commandName: "([a-z-]+)"')
        used = set()
        for files, values in cases.matrix.values():
            for _, _, pod in chart.pods(chart.render(files, values)):
                for container in chart.containers(pod):
                    if not container["image"].partition(":")[0].partition("@")[0].endswith("codelab"):
                        continue
                    used.update(variable["name"] for variable in container.get("env", []) if variable["name"].startswith("CODELAB_"))
                    self.assertIn(container["args"][0], commands)
                    if container["args"][0] == "serve":
                        self.assertIn(container["args"][1], components)
                    if container["args"][0] in ("backup", "restore"):
                        self.assertIn(container["args"][1], components)
                    if container["args"][0] == "migrate":
                        self.assertIn(container["args"][1], commands)
        for setting in sorted(used):
            with self.subTest(setting):
                own = setting if setting in known else setting.removesuffix("_FILE")
                self.assertIn(own, known, "nothing reads it")
                self.assertTrue(f"`{own}`" in listed, "neither README.md nor docs/guides/settings.md lists it")
