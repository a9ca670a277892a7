"""One JupyterLab server on loopback, with nothing of the user's own in it."""

import json
import os
import secrets
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError

import psutil
import pytest

SETTINGS = {
    # Cells below the fold are otherwise not in the DOM.
    "notebook-extension/tracker": {"windowingMode": "none"},
    "apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False},
    "docmanager-extension/plugin": {"autosave": False},
}
# It logs an error when a kernel ends while it is still asking; nothing here debugs.
DISABLED = ["@jupyterlab/debugger-extension"]
OPTIONS = [
    "--no-browser",
    "--allow-root",
    "--ip=127.0.0.1",
    "--ServerApp.port_retries=0",
    "--LabApp.expose_app_in_browser=True",  # the tests open and run notebooks by command
    "--LabApp.extension_manager=readonly",  # the other one asks PyPI
    "--LabApp.news_url=",
    "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
    # Should pytest be killed, the server still ends by itself.
    "--MappingKernelManager.cull_idle_timeout=180",
    "--MappingKernelManager.cull_connected=True",
    "--ServerApp.shutdown_no_activity_timeout=240",
]
PATIENCE_S = 60.0


@dataclass(frozen=True)
class Lab:
    """A running server: where it listens, its secret, and where its notebooks lie."""

    port: int
    token: str
    root: Path

    def url(self, path: str) -> str:
        """An address on this server that opens without asking for the token."""
        return f"http://127.0.0.1:{self.port}/{path}?token={self.token}"


@contextmanager
def running(home: Path) -> Iterator[Lab]:
    """Start a server that keeps everything under `home`; stop it and all it started."""
    lab = Lab(_free_port(), secrets.token_hex(16), home / "notebooks")
    lab.root.mkdir(parents=True)
    _write_settings(home)
    log = home / "lab.log"
    with log.open("wb") as out:
        server = subprocess.Popen(
            [sys.executable, "-m", "jupyterlab", *OPTIONS, *_where(lab)],
            stdout=out,
            stderr=subprocess.STDOUT,
            env=_environment(home),
            cwd=lab.root,
        )
    try:
        _wait(lab, server, log)
        yield lab
    finally:
        _stop(server)


def _where(lab: Lab) -> list[str]:
    return [
        f"--port={lab.port}",
        f"--IdentityProvider.token={lab.token}",
        f"--ServerApp.root_dir={lab.root}",
    ]


def _environment(home: Path) -> dict[str, str]:
    """This process's environment with every Jupyter folder under `home`."""
    own = {
        "JUPYTER_CONFIG_DIR": "config",
        "JUPYTER_DATA_DIR": "data",
        "JUPYTER_RUNTIME_DIR": "runtime",
        "JUPYTERLAB_SETTINGS_DIR": "settings",
        "JUPYTERLAB_WORKSPACES_DIR": "workspaces",
        "IPYTHONDIR": "ipython",
    }
    threads = {"OMP_NUM_THREADS": "1", "OMP_WAIT_POLICY": "PASSIVE"}
    return os.environ | {name: str(home / folder) for name, folder in own.items()} | threads


def _write_settings(home: Path) -> None:
    files = {f"settings/@jupyterlab/{name}.jupyterlab-settings": v for name, v in SETTINGS.items()}
    disabled = {"disabledExtensions": dict.fromkeys(DISABLED, True)}
    files["config/labconfig/page_config.json"] = disabled
    for name, values in files.items():
        (home / name).parent.mkdir(parents=True, exist_ok=True)
        (home / name).write_text(json.dumps(values))


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _wait(lab: Lab, server: subprocess.Popen[bytes], log: Path) -> None:
    last = time.monotonic() + PATIENCE_S
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    while time.monotonic() < last and server.poll() is None:
        try:
            direct.open(lab.url("api"), timeout=1).close()
        except (URLError, OSError):
            time.sleep(0.1)
        else:
            return
    tail = log.read_text(errors="replace")[-2000:]
    pytest.fail(f"JupyterLab did not start on port {lab.port}:\n{tail}", pytrace=False)


def _stop(server: subprocess.Popen[bytes]) -> None:
    """Ask the server to end, which ends its kernels; then end whatever is left, by its id."""
    family = _family(server.pid)
    server.terminate()
    _, alive = psutil.wait_procs(family, timeout=10)
    for process in alive:
        process.kill()
    psutil.wait_procs(alive, timeout=5)
    server.wait()


def _family(pid: int) -> list[psutil.Process]:
    try:
        head = psutil.Process(pid)
        return [head, *head.children(recursive=True)]
    except psutil.NoSuchProcess:
        return []
