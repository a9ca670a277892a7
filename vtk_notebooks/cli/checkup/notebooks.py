"""Notebooks: whether the two halves of a widget fit, Python's and the browser's; and a browser."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, distribution
from importlib.util import find_spec
from pathlib import Path

from vtk_notebooks.cli.checkup.finding import Finding
from vtk_notebooks.cli.checkup.packages import unmet

EXTENSIONS = {"anywidget": "anywidget", "jupyterlab_widgets": "@jupyter-widgets/jupyterlab-manager"}
"""Package -> its extension of JupyterLab."""
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")
_WAIT_S = 30


def widgets() -> Iterator[Finding]:
    """What JupyterLab would load beside what Python has."""
    if find_spec("anywidget") is None or find_spec("jupyterlab") is None:
        yield Finding("widgets", "absent", "no JupyterLab", "pip install 'vtk-notebooks[lab]'")
        return
    for package in ("anywidget", "ipywidgets"):
        for said in unmet(package):
            todo = f"pip install --upgrade --force-reinstall {package}"
            yield Finding("widgets", "broken", f"for {package}: {said}", todo)
    for package, extension in EXTENSIONS.items():
        yield _halves(package, extension)


def _halves(package: str, extension: str) -> Finding:
    from jupyter_core.paths import jupyter_path

    about, todo = f"widgets {package}", f"pip install --force-reinstall --no-deps {package}"
    places = [Path(p) / extension / "package.json" for p in jupyter_path("labextensions")]
    loaded = next((p for p in places if p.is_file()), None)
    if loaded is None:
        return Finding(about, "broken", "its half for JupyterLab is missing", todo)
    there, own = _version(loaded), _own(package, extension)
    if own is not None and own != there:
        said = f"JupyterLab loads {there} from {loaded.parent}, Python has {own}"
        return Finding(about, "broken", said, f"rm -r {loaded.parent} && {todo}")
    return Finding(about, "ok", f"both halves are of version {own or there}")


def _own(package: str, extension: str) -> str | None:
    """Of the extension that the installed package brought, by its list of files."""
    try:
        files = distribution(package).files or ()
    except PackageNotFoundError:
        return None
    wanted = f"labextensions/{extension}/package.json"
    paths = (Path(str(f.locate())) for f in files if f.as_posix().endswith(wanted))
    return next((_version(path) for path in paths if path.is_file()), None)


def _version(path: Path) -> str:
    return str(json.loads(path.read_text(encoding="utf-8"))["version"])


def browser() -> Iterator[Finding]:
    """A Chromium that starts; for tests and pictures, JupyterLab works in any browser."""
    path = next(filter(None, map(shutil.which, BROWSERS)), None) or _playwrights()
    if path is None:
        todo = "apt-get install chromium, or: python -m playwright install chromium"
        yield Finding("browser", "absent", "no Chromium (for browser tests and pictures)", todo)
        return
    asked = subprocess.run(
        [path, "--version"], capture_output=True, text=True, timeout=_WAIT_S, check=False
    )
    if asked.returncode:
        said = f"{path} does not start: {' '.join(asked.stderr.split())[:200]}"
        yield Finding("browser", "broken", said, "Install it anew: apt-get install chromium")
        return
    yield Finding("browser", "ok", asked.stdout.strip())


def _playwrights() -> str | None:
    """The Chromium that Playwright has fetched, where it puts it by itself."""
    cache = Path.home() / ("Library/Caches" if sys.platform == "darwin" else ".cache")
    folder = Path(os.environ.get("PLAYWRIGHT_BROWSERS_PATH") or cache / "ms-playwright")
    return next(map(str, sorted(folder.glob("chromium-*/chrome-*/chrome"), reverse=True)), None)


def node() -> Iterator[Finding]:
    """Nobody needs it to use widgets; only their JavaScript tests run in it."""
    path = shutil.which("node")
    said = path or "none, and none is needed (only the tests of JavaScript run in it)"
    yield Finding("node", "ok", said)
