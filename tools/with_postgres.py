"""Run a command beside a PostgreSQL of its own, and throw it away afterwards.

    python tools/with_postgres.py -- python -m pytest -q tests/care

The command gets DATABASE_URL. The server is a real one with its real settings (fsync, synchronous_commit), in a new
folder, reached from this machine only. PostgreSQL refuses to run as root: then the user `postgres` runs it.
"""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import sys
import tempfile
from pathlib import Path


def binaries() -> Path:
    """Where initdb and pg_ctl lie: on the path, or where Debian puts them. The newest."""
    found = shutil.which("initdb")
    if found:
        return Path(found).resolve().parent
    places = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda one: int(one.parts[-3]))
    if not places:
        sys.exit("PostgreSQL 15 or newer is needed. Install it, for example with 'sudo apt-get install postgresql'.")
    return places[-1].parent


def as_owner() -> list[str]:
    """How to run a command as somebody PostgreSQL accepts."""
    if os.geteuid() != 0:
        return []
    return ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", "env", "HOME=/tmp"]


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


class Server:
    """A PostgreSQL in a folder of its own. `kill` is what a power cut of the process looks like."""

    def __init__(self, folder: Path) -> None:
        self.bin, self.folder, self.port = binaries(), folder, free_port()
        self.url = f"postgresql://postgres@127.0.0.1:{self.port}/postgres"

    def start(self) -> None:
        data = self.folder / "data"
        if not data.exists():
            self._run(
                "initdb", "-D", str(data), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "-k"
            )
        options = f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={self.folder}"
        self._run("pg_ctl", "-D", str(data), "-w", "-t", "60", "-l", str(self.folder / "log"), "-o", options, "start")

    def stop(self, mode: str = "fast") -> None:
        self._run("pg_ctl", "-D", str(self.folder / "data"), "-m", mode, "stop")

    def _run(self, name: str, *arguments: str) -> None:
        done = subprocess.run(
            [*as_owner(), str(self.bin / name), *arguments],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            check=False,
        )
        if done.returncode:
            sys.exit(f"{name} failed: {done.stderr.decode()[-500:]}")


def a_folder() -> Path:
    """A new folder that the server's user owns."""
    folder = Path(tempfile.mkdtemp(prefix="althea-pg-"))
    folder.chmod(0o755)
    if os.geteuid() == 0:
        owner = pwd.getpwnam("postgres")
        os.chown(folder, owner.pw_uid, owner.pw_gid)
    return folder


def main() -> int:
    command = sys.argv[sys.argv.index("--") + 1 :] if "--" in sys.argv else []
    if not command:
        sys.exit(__doc__)
    folder = a_folder()
    server = Server(folder)
    try:
        server.start()
        return subprocess.run(command, env=os.environ | {"DATABASE_URL": server.url}, check=False).returncode
    finally:
        if (folder / "data" / "postmaster.pid").exists():
            server.stop("immediate")
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
