"""The package as it is shipped: light to import, one list of names, one list of dependencies."""

import ast
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml

import vtk_notebooks

ROOT = Path(__file__).parents[2]
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())


def imported(code: str) -> set[str]:
    command = f"{code}; import sys; print(*sys.modules)"
    out = subprocess.run(
        [sys.executable, "-c", command], capture_output=True, text=True, check=True
    )
    return set(out.stdout.split())


def test_importing_the_package_imports_nothing_heavy():
    heavy = {"torch", "numpy", "transformers", "av", "decord", "matplotlib", "PIL", "ipywidgets"}
    assert not imported("import vtk_notebooks") & heavy


def test_the_core_never_needs_the_widgets():
    code = "import vtk_notebooks as v; [getattr(v, n) for n in v.__all__]"
    assert not imported(code) & {"vtk_widgets", "ipywidgets", "anywidget"}


@pytest.mark.parametrize("name", vtk_notebooks.__all__)
def test_every_name_in_the_shop_window_is_there(name):
    assert getattr(vtk_notebooks, name).__module__.startswith("vtk_notebooks")


def test_checkers_see_the_same_names_as_users():
    tree = ast.parse((ROOT / "vtk_notebooks/__init__.py").read_text())
    [guard] = [n for n in tree.body if isinstance(n, ast.If)]
    seen = {a.asname for n in guard.body if isinstance(n, ast.ImportFrom) for a in n.names}
    assert seen == set(vtk_notebooks.__all__)


def test_conda_and_pip_users_get_the_same_packages():
    conda = yaml.safe_load((ROOT / "environment.yml").read_text())["dependencies"]
    [pip] = [d["pip"] for d in conda if isinstance(d, dict)]
    assert f"python{PYPROJECT['project']['requires-python']}" in conda
    assert pip == ["-e .[lab,offline,lm,speech,ocr,cluster,docs,dev]"]
    assert pip[0].split()[1] in (ROOT / ".ci/setup").read_text()


def test_every_dependency_is_pinned_in_the_tested_set():
    import re

    pins = {
        re.split(r"==", line)[0].lower().replace("_", "-")
        for line in (ROOT / "constraints.txt").read_text().splitlines()
        if "==" in line
    }
    project = PYPROJECT["project"]
    extras = project["optional-dependencies"]
    wanted = list(project["dependencies"])
    for name in ("lab", "offline", "lm", "speech", "ocr", "dev"):
        wanted += extras[name]
    bare = {re.match(r"[\w-]+", w)[0].lower().replace("_", "-") for w in wanted}  # type: ignore
    assert bare <= pins, bare - pins


def test_the_version_is_said_once():
    cff = yaml.safe_load((ROOT / "CITATION.cff").read_text())
    assert vtk_notebooks.__version__ == PYPROJECT["project"]["version"] == cff["version"]


def test_no_file_outgrows_its_idea():
    files = [p for d in ("vtk_notebooks", "widgets", "tests") for p in (ROOT / d).rglob("*.py")]
    files += (ROOT / "widgets").rglob("*.js")
    long = {
        str(p.relative_to(ROOT)): n for p in files if (n := len(p.read_text().splitlines())) > 300
    }
    assert not long
    crowded = {d: n for d in {p.parent for p in files} if (n := len(list(d.glob("*.py")))) > 25}
    assert not crowded


def test_what_is_private_to_a_folder_is_imported_in_it_alone():
    homes, found = {"vtk_notebooks": ROOT, "vtk_widgets": ROOT / "widgets"}, []
    for file in (f for name, home in homes.items() for f in (home / name).rglob("*.py")):
        for module in re.findall(r"^ *from (vtk_[\w.]+\._\w+) import", file.read_text(), re.M):
            folder = homes[module.split(".")[0]].joinpath(*module.split(".")[:-1])
            found += [] if file.is_relative_to(folder) else [f"{file.name}: {module}"]
    assert found == []
