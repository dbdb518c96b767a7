"""The Containerfile and what the image made of it holds."""

import json
import os
import re
import stat
import subprocess
import tempfile
import unittest
from pathlib import Path

import chart
from container import containerfile, image, inspect, podman, run, version

# Everything that may be in the image; nothing else is, so no shell, no package manager, no cache and no secret.
expected = re.compile(
    r"usr/bin/codelab"
    r"|lib/[a-z0-9_]+-linux-gnu/[\w+.-]+\.so(\.\d+)*|lib(64)?/ld-linux-[\w-]+\.so\.\d"
    r"|etc/(passwd|group|os-release|ssl/certs/ca-certificates\.crt)"
    r"|usr/share/codelab/specs/[a-z-]+(/[a-z-]+)*\.yaml"
    r"|usr/share/doc/[a-z0-9.+-]+/copyright|var/lib/dpkg/status\.d/[a-z0-9.+-]+"
)


class Source(unittest.TestCase):
    def test_lint(self):
        """hadolint finds nothing in the Containerfile"""
        done = subprocess.run([os.environ["CODELAB_HADOLINT"], containerfile], capture_output=True, text=True)
        self.assertEqual((done.returncode, done.stdout + done.stderr), (0, ""))

    def test_context(self):
        """what the build gets are the sources, whole, and nothing else"""
        name = "localhost/codelab-context"
        podman("build", "--isolation=chroot", "--tag", name, "--file=-", str(chart.root), input="FROM scratch\nCOPY . /\n")
        self.addCleanup(podman, "rmi", "--force", name)
        place = Path(podman("image", "mount", name).stdout.strip())
        self.addCleanup(podman, "image", "unmount", name)
        top = {path.name for path in place.iterdir()} - {"dev", "proc", "sys"}
        self.assertEqual(top - {"Package.resolved"}, {"Package.swift", "Plugins", "Sources", "Tests", "deploy", "scripts", "specs"})
        paths = list(place.rglob("*"))
        self.assertEqual([path for path in paths if path.name.startswith(".") or path.name == "__pycache__"], [])
        self.assertEqual([path for path in paths if path.is_symlink() and not path.exists()], [], "links to what is left out")
        self.assertLess(sum(path.stat().st_size for path in paths if path.is_file()), 20_000_000)
        with tempfile.TemporaryDirectory() as scratch:
            done = subprocess.run(
                ["swift", "package", "--package-path", place, "--scratch-path", scratch, "describe"], capture_output=True, text=True, timeout=300
            )
        self.assertEqual(done.returncode, 0, done.stderr[-2000:])


class Image(unittest.TestCase):
    def setUp(self):
        self.root = Path(podman("image", "mount", image).stdout.strip())
        self.addCleanup(podman, "image", "unmount", image)

    def files(self):
        for path in self.root.rglob("*"):
            if not path.is_dir():
                yield str(path.relative_to(self.root)), path.lstat()

    def test_size(self):
        """below 120 MB, as a registry keeps it"""
        with tempfile.TemporaryDirectory() as place:
            podman("push", "--quiet", image, f"oci:{place}:codelab", timeout=300)
            blobs = Path(place) / "blobs/sha256"
            index = json.loads((Path(place) / "index.json").read_text())
            manifest = json.loads((blobs / index["manifests"][0]["digest"].partition(":")[2]).read_text())
            compressed = sum(layer["size"] for layer in [manifest["config"], *manifest["layers"]])
        program = (self.root / "usr/bin/codelab").stat().st_size
        unpacked = sum(status.st_size for _, status in self.files())
        print(f"    compressed {compressed / 1e6:.1f} MB, unpacked {unpacked / 1e6:.1f} MB, of it the program {program / 1e6:.1f} MB", flush=True)
        self.assertLess(compressed, 120e6)

    def test_contents(self):
        """the program, its libraries, certificates, and where they are from: nothing else, nothing that changes who one is"""
        files = dict(self.files())
        self.assertEqual([name for name in files if not expected.fullmatch(name)], [])
        self.assertIn("etc/ssl/certs/ca-certificates.crt", files)
        self.assertEqual([name for name, status in files.items() if not stat.S_ISREG(status.st_mode)], [], "not a plain file")
        self.assertEqual([name for name, status in files.items() if stat.S_IMODE(status.st_mode) & 0o7022], [], "set-id, or writable by others")
        self.assertEqual([name for name, status in files.items() if (status.st_uid, status.st_gid) != (0, 0)], [])
        self.assertEqual([name for name in files if re.search(r"lib(swift|Foundation|_Foundation|dispatch)", name)], [], "Swift's runtime is in the program")
        own = [path for path in self.root.rglob("*") if path.is_dir() and path.stat().st_uid != 0]
        self.assertEqual(own, [self.root / "var/lib/codelab"])
        self.assertEqual((own[0].stat().st_uid, own[0].stat().st_gid), (1000, 1000))

    def test_packages(self):
        """scanners of images find the packages and their versions"""
        records = {path.name: path.read_text() for path in (self.root / "var/lib/dpkg/status.d").iterdir()}
        self.assertLessEqual({"ca-certificates", "libc6", "libhiredis0.14", "libpq5", "libsqlite3-0", "libssl3", "libstdc++6"}, set(records))
        for package, record in records.items():
            self.assertTrue(re.search(rf"^Package: {re.escape(package)}$", record, re.M) and re.search(r"^Version: \d", record, re.M), package)

    def test_stripped(self):
        """the program has no symbols and no debug information"""
        sections = subprocess.run(["readelf", "--sections", "--wide", self.root / "usr/bin/codelab"], capture_output=True, text=True, check=True).stdout
        self.assertNotRegex(sections, r"\.symtab|\.debug_")

    def test_configuration(self):
        """user 1000 by number, one program, labels, ports, a volume, a health check; no variable but the documented"""
        facts = inspect(image)
        settings = facts["Config"]
        self.assertEqual(settings["User"], "1000:1000")
        self.assertEqual((settings["Entrypoint"], settings["Cmd"]), (["/usr/bin/codelab"], ["serve", "all"]))
        variables = dict(entry.split("=", 1) for entry in settings["Env"])
        self.assertEqual({name for name in variables if name != "PATH"}, {"CODELAB_DATA_DIR", "CODELAB_HOST"})
        self.assertEqual(list(settings["Volumes"]), [variables["CODELAB_DATA_DIR"]])
        table = chart.defaults()["topology"]
        self.assertEqual(set(settings["ExposedPorts"]), {f"{entry['port']}/tcp" for entry in table.values() if "serve" in entry})
        self.assertEqual(settings["StopSignal"], "SIGTERM")
        self.assertEqual(facts["HealthCheck" if "HealthCheck" in facts else "Healthcheck"]["Test"], ["CMD", "/usr/bin/codelab", "health", "--live"])
        labels = {name.removeprefix("org.opencontainers.image."): text for name, text in settings["Labels"].items()}
        for label in ("title", "description", "source", "licenses", "version", "revision"):
            self.assertTrue(labels.get(label), label)
        self.assertEqual(labels["version"], version)

    def test_data_folder(self):
        """the chart's pods keep their data where the image does"""
        for _, _, spec in chart.pods(chart.render()):
            for container in spec["containers"]:
                for variable in container.get("env", []):
                    if variable["name"] == "CODELAB_DATA_DIR":
                        self.assertIn(variable["value"], inspect(image)["Config"]["Volumes"])

    def test_commands(self):
        """--version is the image's, --help tells the commands, and a wrong argument is an error"""
        done = run("--version")
        self.assertEqual((done.returncode, done.stdout.strip()), (0, version))
        done = run("--help")
        self.assertEqual(done.returncode, 0, done.stderr)
        for command in ("serve", "migrate", "health"):
            self.assertIn(f"\n  {command} ", done.stdout)
        self.assertNotEqual(run("no-such-command").returncode, 0)
