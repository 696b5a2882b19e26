"""A bucket as S3 has them, on loopback: objects put at once or in parts, and read in ranges.

It asks nobody who he is.
"""

import threading
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

HEAD = '<?xml version="1.0" encoding="UTF-8"?>'


class Bucket(ThreadingHTTPServer):
    """The objects by their paths, and what was asked of them."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Asked)
        self.objects: dict[str, bytes] = {}
        self.parts: dict[str, dict[int, bytes]] = defaultdict(dict)
        self.read: list[int] = []
        """How many bytes were read at once."""

    @property
    def env(self) -> dict[str, str]:
        """The variables by which a client finds it."""
        return {
            "AWS_ENDPOINT_URL": f"http://127.0.0.1:{self.server_port}",
            "AWS_ALLOW_HTTP": "true",
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
            "AWS_REGION": "us-east-1",
            "AWS_EC2_METADATA_DISABLED": "true",
        }


@contextmanager
def bucket() -> Iterator[Bucket]:
    """An empty bucket."""
    server = Bucket()
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Asked(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Bucket

    def log_message(self, format: str, *args: object) -> None:
        pass

    def do_PUT(self) -> None:  # http.server calls it so
        path, query = self._asked()
        body = self._body()
        if "uploadId" in query:
            self.server.parts[query["uploadId"][0]][int(query["partNumber"][0])] = body
        else:
            self.server.objects[path] = body
        self._answer(200, {"ETag": '"1"'})

    def do_POST(self) -> None:
        path, query = self._asked()
        self._body()
        if "uploads" in query:
            kind = "InitiateMultipartUploadResult"
            said = f"<{kind}><UploadId>{uuid4().hex}</UploadId></{kind}>"
        else:
            parts = self.server.parts.pop(query["uploadId"][0])
            self.server.objects[path] = b"".join(parts[number] for number in sorted(parts))
            said = '<CompleteMultipartUploadResult><ETag>"1"</ETag></CompleteMultipartUploadResult>'
        self._answer(200, {"Content-Type": "application/xml"}, f"{HEAD}{said}".encode())

    def do_HEAD(self) -> None:
        self._get(only_head=True)

    def do_GET(self) -> None:
        self._get()

    def _get(self, *, only_head: bool = False) -> None:
        path, _ = self._asked()
        whole = self.server.objects.get(path)
        more = {"ETag": '"1"', "Last-Modified": "Tue, 16 Jun 2026 12:00:00 GMT", "Accept-Ranges": "bytes"}
        if whole is None:
            said = f"{HEAD}<Error><Code>NoSuchKey</Code></Error>".encode()
            self._answer(404, {}, b"" if only_head else said)
            return
        if only_head:
            self._answer(200, {**more, "Content-Length": str(len(whole))})
            return
        wanted = self.headers.get("Range")
        if not wanted:
            self.server.read.append(len(whole))
            self._answer(200, more, whole)
            return
        first, _, last = wanted.removeprefix("bytes=").partition("-")
        begin = int(first) if first else max(0, len(whole) - int(last))
        end = min(int(last), len(whole) - 1) if first and last else len(whole) - 1
        self.server.read.append(end + 1 - begin)
        self._answer(
            206, {**more, "Content-Range": f"bytes {begin}-{end}/{len(whole)}"}, whole[begin : end + 1]
        )

    def _asked(self) -> tuple[str, dict[str, list[str]]]:
        asked = urlsplit(self.path)
        return asked.path, parse_qs(asked.query, keep_blank_values=True)

    def _body(self) -> bytes:
        if "chunked" not in self.headers.get("Transfer-Encoding", ""):
            return self.rfile.read(int(self.headers.get("Content-Length", 0)))
        found = b""
        while size := int(self.rfile.readline().split(b";")[0], 16):
            found += self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()
        return found

    def _answer(self, status: int, headers: dict[str, str], body: bytes = b"") -> None:
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)
