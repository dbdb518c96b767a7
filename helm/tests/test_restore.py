"""The rehearsal: the scripts that the chart renders, on a PostgreSQL of our own, with the program: back up, wipe, restore, go on."""

import json
import os
import shutil
import subprocess
import tempfile
import unittest
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

import cases
import chart
import servers


class Restore(unittest.TestCase):
    def setUp(self):
        self.assertTrue(servers.program.exists(), f"{servers.program} is not built: scripts/build")
        self.place = Path(tempfile.mkdtemp(prefix="codelab-restore."))
        self.addCleanup(shutil.rmtree, self.place)
        self.secrets, self.backups = self.place / "secrets", self.place / "backups"
        objects = chart.render(*cases.matrix["backup and restore"])
        self.scripts = servers.scripts(objects)
        self.jobs = {metadata["labels"]["app.kubernetes.io/component"]: spec["containers"][0] for _, metadata, spec in chart.pods(objects)}
        self.postgres = servers.Postgres(self)
        for folder in (self.secrets, self.backups):
            folder.mkdir()
        for name in ("auth_db", "agent_runtime"):
            (self.secrets / f"{name}-password").write_text(f"of-{name}")
            (self.secrets / f"{name}-url").write_text(f"postgres://{name}:of-{name}@127.0.0.1:{self.postgres.port}/{name}?sslmode=disable")

    def script(self, name, **environment):
        """Runs a script of the chart as its container does, at other places."""
        path = self.place / name
        path.write_text(self.scripts[name])
        component = name.removesuffix(".sh")
        given = {}
        if component in self.jobs:
            self.assertEqual(self.jobs[component]["command"], ["bash", f"/scripts/{name}"])
            given = {variable["name"]: variable["value"] for variable in self.jobs[component]["env"]}
        given.update(environment, SECRETS=str(self.secrets), BACKUPS=str(self.backups))
        administrator = self.postgres.environment if name == "databases.sh" else {}
        return subprocess.run(["bash", path], env={"PATH": os.environ["PATH"], **given, **administrator}, capture_output=True, text=True, timeout=120)

    def as_owner(self, statement):
        """Something that the service's own user does in auth_db."""
        url = (self.secrets / "auth_db-url").read_text()
        done = subprocess.run(["psql", "--no-psqlrc", "--quiet", f"--dbname={url}", f"--command={statement}"], capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, done.stderr)

    def serve(self):
        """All services, on the two databases."""
        ports = self.place / "ports.json"
        ports.unlink(missing_ok=True)
        environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(self.place),
            "CODELAB_AUTH_DATABASE_URL_FILE": str(self.secrets / "auth_db-url"),
            "CODELAB_RUNTIME_DATABASE_URL_FILE": str(self.secrets / "agent_runtime-url"),
            "CODELAB_ADMIN_PASSWORD": "of-the-administrator",
            "CODELAB_AUTH_ISSUER": "https://codelab.example.com",
            "CODELAB_AUTH_SCRYPT_LOG_N": "10",
            "CODELAB_AUTH_PASSWORD_GRANT_CLIENTS": "codelab-cli",
            "CODELAB_AUTH_INTERNAL_SECRET": "internal secret of the test",
        }
        log = open(self.place / "log", "a")
        self.addCleanup(log.close)
        process = subprocess.Popen(
            [servers.program, "serve", "all", "--port", "0", "--ports-file", ports, "--data-dir", self.place / "files"],
            env=environment,
            stdout=log,
            stderr=log,
        )
        try:
            servers.until(lambda: ports.exists() or process.poll() is not None, "the services listen", 120)
            self.assertIsNone(process.poll(), (self.place / "log").read_text()[-2000:])
        except BaseException:
            process.kill()
            raise
        return process, json.loads(ports.read_text())

    def ask(self, url, form=None, token=None):
        request = urllib.request.Request(
            url, data=form and urllib.parse.urlencode(form).encode(), headers={"Authorization": f"Bearer {token}"} if token else {}
        )
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()

    def test_rehearsal(self):
        """back up, wipe, restore: an old refresh token and an old access token are still good"""
        made = self.script("databases.sh")
        self.assertEqual(made.returncode, 0, made.stderr)
        process, ports = self.serve()
        try:
            form = {
                "grant_type": "password",
                "client_id": "codelab-cli",
                "username": "admin",
                "password": "of-the-administrator",
                "scope": "api:read openid",
            }
            status, tokens = self.ask(f"http://127.0.0.1:{ports['auth']}/oauth/token", form)
            self.assertEqual(status, 200, tokens)
            status, session = self.ask(f"http://127.0.0.1:{ports['gateway']}/api/v1/sessions", token=tokens["access_token"])
            self.assertEqual(status, 200, session)
            dumped = self.script("backup.sh")
            self.assertEqual(dumped.returncode, 0, dumped.stderr)

            # While the services are connected nothing is restored.
            busy = self.script("restore.sh", PATIENCE="1")
            self.assertNotEqual(busy.returncode, 0)
            self.assertIn("still in use", busy.stderr)
        finally:
            servers.stop(process)
        [folder] = self.backups.iterdir()
        self.assertEqual({path.name for path in folder.iterdir()}, {"auth_db.dump", "agent_runtime.dump"})
        keys = "SELECT string_agg(kid, ',' ORDER BY kid) FROM auth_signing_keys"
        before = self.postgres.sql(keys, "auth_db")
        self.assertNotEqual(before, "")

        for name in ("auth_db", "agent_runtime"):
            self.postgres.sql(f"DROP DATABASE {name}")
            self.postgres.sql(f"DROP ROLE {name}")
        self.assertEqual(self.script("databases.sh").returncode, 0)
        self.assertEqual(self.postgres.sql("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'", "auth_db"), "0")
        restored = self.script("restore.sh")
        self.assertEqual(restored.returncode, 0, restored.stderr)
        self.assertEqual(self.postgres.sql(keys, "auth_db"), before)

        # A second time, over tables that are there, and one of a newer program.
        self.as_owner("CREATE TABLE of_a_newer_step (id int)")
        again = self.script("restore.sh", FROM=folder.name)
        self.assertEqual(again.returncode, 0, again.stderr)
        self.assertEqual(self.postgres.sql("SELECT to_regclass('of_a_newer_step')", "auth_db"), "")
        self.assertEqual(self.postgres.sql(keys, "auth_db"), before)

        process, ports = self.serve()
        try:
            status, answer = self.ask(f"http://127.0.0.1:{ports['auth']}/oauth/userinfo", token=tokens["access_token"])
            self.assertEqual(status, 200, answer)
            form = {"grant_type": "refresh_token", "client_id": "codelab-cli", "refresh_token": tokens["refresh_token"]}
            status, answer = self.ask(f"http://127.0.0.1:{ports['auth']}/oauth/token", form)
            self.assertEqual(status, 200, answer)
        finally:
            servers.stop(process)

    def test_dumps_are_whole_or_not_there(self):
        """a dump that fails leaves nothing, old dumps go, the newest stays; a restore that fails changes nothing"""
        self.assertEqual(self.script("databases.sh").returncode, 0)
        url = self.secrets / "agent_runtime-url"
        good = url.read_text()
        url.write_text(good.replace("of-agent_runtime", "wrong"))
        self.assertNotEqual(self.script("backup.sh").returncode, 0)
        self.assertEqual(list(self.backups.iterdir()), [])
        url.write_text(good)

        old = self.backups / "2020-01-01T000000Z"
        old.mkdir()
        os.utime(old, (0, 0))
        self.assertEqual(self.script("backup.sh").returncode, 0)
        [kept] = self.backups.iterdir()
        self.assertNotEqual(kept, old)

        self.as_owner("CREATE TABLE kept AS SELECT n, md5(n::text) AS text FROM generate_series(1, 20000) AS n")
        shutil.rmtree(kept)
        self.assertEqual(self.script("backup.sh").returncode, 0)
        [kept] = self.backups.iterdir()
        whole = kept / "auth_db.dump"
        self.as_owner("INSERT INTO kept VALUES (0, '')")
        for length in (200, whole.stat().st_size // 2, whole.stat().st_size - 100):
            content = whole.read_bytes()
            whole.write_bytes(content[:length])
            broken = self.script("restore.sh")
            self.assertNotEqual(broken.returncode, 0, length)
            self.assertEqual(self.postgres.sql("SELECT count(*) FROM kept", "auth_db"), "20001")
            whole.write_bytes(content)
        self.assertEqual(self.script("restore.sh").returncode, 0)
        self.assertEqual(self.postgres.sql("SELECT count(*) FROM kept", "auth_db"), "20000")
        missing = self.script("restore.sh", FROM="2021-01-01T000000Z")
        self.assertIn("has no dump of auth_db", missing.stderr)
