"""Run by .ci/wheel with the Python of an environment that has only the wheel, outside the tree."""

import importlib.util
import sys
from importlib.resources import files
from pathlib import Path

import vtk_notebooks
import vtk_widgets

here = Path(vtk_notebooks.__file__)
assert "site-packages" in here.parts, f"not the installed package: {here}"
for stray in ("widgets", "tests", "notebooks", "benchmarks"):
    assert importlib.util.find_spec(stray) is None, f"{stray} is in site-packages"
for package in ("vtk_notebooks", "vtk_widgets"):
    assert files(package).joinpath("py.typed").is_file(), package
widgets = Path(vtk_widgets.__file__).parent
for esm in widgets.glob("*.py"):
    if not esm.name.startswith("_"):
        for suffix in (".js", ".css"):
            assert esm.with_suffix(suffix).is_file(), f"{esm.stem}{suffix} is not in the wheel"
assert (here.parent / "notebooks" / "00_start_here.ipynb").is_file()
cards = list((here.parent / "papers" / "cards").glob("*.toml"))
assert cards, "no cards in the wheel"
print(
    f"installed wheel is whole: {len(vtk_notebooks.__all__)} names, {len(cards)} card files",
    sys.version,
)
