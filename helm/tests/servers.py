"""Servers of the tests' own, on loopback: PostgreSQL as Debian has it, and the program."""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path

import chart

program = Path(os.environ.get("CODELAB_PROGRAM", chart.root / ".build/debug/codelab"))


def free_port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def until(is_so, what, seconds=60):
    """Waits for what is asked again and again; there is no event to wait for."""
    deadline = time.monotonic() + seconds
    while not is_so():
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {seconds} s: {what}")
        time.sleep(0.05)


def stop(process, with_signal=signal.SIGTERM):
    if process.poll() is None:
        process.send_signal(with_signal)
    try:
        process.wait(timeout=60)
    finally:
        if process.poll() is None:
            process.kill()


class Postgres:
    """A new server on a free port, with the superuser `postgres` and a password."""

    password = "of the superuser"

    def __init__(self, test):
        self.port = free_port()
        place = Path(tempfile.mkdtemp(prefix="codelab-postgres."))
        test.addCleanup(shutil.rmtree, place)
        data = place / "data"
        data.mkdir()
        binaries = max(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: float(path.parent.name))
        account = {}
        if os.getuid() == 0:
            # PostgreSQL does not run as root.
            user = pwd.getpwnam("postgres")
            os.chmod(place, 0o755)
            os.chown(data, user.pw_uid, user.pw_gid)
            account = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
        password = place / "password"
        password.write_text(self.password)
        password.chmod(0o644)
        environment = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"}
        subprocess.run(
            [
                binaries / "initdb",
                "--pgdata",
                data,
                "--username=postgres",
                "--auth=scram-sha-256",
                f"--pwfile={password}",
                "--no-sync",
                "--encoding=UTF8",
            ],
            check=True,
            capture_output=True,
            env=environment,
            cwd="/",
            **account,
        )
        self.process = subprocess.Popen(
            [
                binaries / "postgres",
                "-D",
                data,
                "-p",
                str(self.port),
                "-c",
                "listen_addresses=127.0.0.1",
                "-c",
                f"unix_socket_directories={data}",
                "-c",
                "fsync=off",
            ],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=environment,
            cwd="/",
            **account,
        )
        test.addCleanup(stop, self.process, signal.SIGINT)
        until(lambda: subprocess.run(["pg_isready", "--quiet", "--host=127.0.0.1", f"--port={self.port}"]).returncode == 0, "PostgreSQL is ready")

    @property
    def environment(self):
        """How the image's own user reaches it."""
        return {"PGHOST": "127.0.0.1", "PGPORT": str(self.port), "PGPASSWORD": self.password}

    def sql(self, statement, database="postgres"):
        done = subprocess.run(
            [
                "psql",
                "--no-psqlrc",
                "--username=postgres",
                f"--dbname={database}",
                "--tuples-only",
                "--no-align",
                "--set=ON_ERROR_STOP=1",
                "--command",
                statement,
            ],
            env={"PATH": os.environ["PATH"], **self.environment},
            capture_output=True,
            text=True,
            timeout=60,
        )
        if done.returncode != 0:
            raise AssertionError(done.stderr)
        return done.stdout.strip()


def scripts(objects):
    """The scripts of a rendering, by name."""
    return {name: text for item in objects if item["kind"] == "ConfigMap" for name, text in item["data"].items() if name.endswith(".sh")}
