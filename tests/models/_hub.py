"""A hub on this machine: the few answers that the hub's own client asks for, as slow as wanted."""

import hashlib
import json
import time
from contextlib import contextmanager, suppress
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from threading import enumerate as enumerate_threads

COMMIT = "1234567890abcdef1234567890abcdef12345678"
CHUNK = 1024


class Hub:
    """Serves one model's folder under "made/model".

    Args:
        folder: whose files are served.
        pause_s: between two kilobytes of a file.
        status: of every answer, with the client's name of the trouble.
    """

    def __init__(self, folder, pause_s=0.0, status=(200, "")):
        self.folder, self.pause_s, self.status = folder, pause_s, status
        self.asked, self.sent, self.closing = [], 0, Event()

    def answer(self, request):
        path = request.path.split("?")[0]
        self.asked.append(path)
        if self.status[0] != 200:
            return self.plain(request, b"{}", self.status[0], {"X-Error-Code": self.status[1]})
        if path.endswith(f"/tree/{COMMIT}"):
            files = [p for p in sorted(self.folder.iterdir()) if p.is_file()]
            rows = [
                {"type": "file", "path": p.name, "size": p.stat().st_size, "oid": _oid(p)}
                for p in files
            ]
            return self.plain(request, json.dumps(rows).encode())
        if path.startswith("/api/models/"):
            return self.plain(request, json.dumps({"id": "made/model", "sha": COMMIT}).encode())
        return self.file(request, self.folder / path.rpartition("/")[2])

    def plain(self, request, body, status=200, more=None):
        request.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **(more or {})}.items():
            request.send_header(name, value)
        request.end_headers()
        if request.command == "GET":
            request.wfile.write(body)

    def file(self, request, path):
        body = path.read_bytes()
        request.send_response(200)
        for name, value in {
            "Content-Length": str(len(body)),
            "ETag": f'"{_oid(path)}"',
            "X-Repo-Commit": COMMIT,
            "Accept-Ranges": "bytes",
        }.items():
            request.send_header(name, value)
        request.end_headers()
        for start in range(0, len(body) if request.command == "GET" else 0, CHUNK):
            if self.closing.is_set():
                return
            request.wfile.write(body[start : start + CHUNK])
            self.sent += len(body[start : start + CHUNK])
            time.sleep(self.pause_s)


@contextmanager
def hub(folder, monkeypatch, cache, **how):
    """A hub that runs, and a client that asks it and no other."""
    import huggingface_hub

    made = Hub(folder, **how)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            with suppress(BrokenPipeError, ConnectionResetError):  # the client has gone
                made.answer(self)

        do_HEAD = do_GET

        def log_message(self, format, *args):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    there = f"http://127.0.0.1:{server.server_port}"
    monkeypatch.setattr("huggingface_hub.constants.DOWNLOAD_CHUNK_SIZE", CHUNK)
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", False)
    asks = partial(huggingface_hub.snapshot_download, endpoint=there, cache_dir=cache, token=False)
    monkeypatch.setattr(huggingface_hub, "snapshot_download", asks)
    try:
        yield made
    finally:
        all_ended(20)  # a client whose server goes away under it would try again and again
        made.closing.set()
        server.shutdown()
        server.server_close()


def all_ended(seconds):
    """Whether every download of ours has ended, at the latest then."""
    threads = [t for t in enumerate_threads() if t.name == "vtk-fetch"]
    for thread in threads:
        thread.join(seconds)
    return not any(t.is_alive() for t in threads)


def _oid(path):
    return hashlib.sha1(path.read_bytes(), usedforsecurity=False).hexdigest()
