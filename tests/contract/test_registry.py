"""What being registered means: one file, one entry, a card, a test and a gallery cell."""

import dataclasses
import json
import re
import sys
from importlib import import_module
from pathlib import Path

import pytest

from vtk_notebooks.registry import FAMILIES, card, live, maker, names, parameters

ROOT = Path(__file__).parents[2]
LIVE = {kind: family for kind, family in FAMILIES.items() if live(kind)}
MEMBERS = [(kind, name) for kind in LIVE for name in names(kind)]
EVERY = pytest.mark.parametrize(("kind", "name"), MEMBERS)


def gallery() -> set[tuple[str, str]]:
    cells = json.loads((ROOT / "notebooks/gallery.ipynb").read_text())["cells"]
    source = "\n".join("".join(c["source"]) for c in cells if c["cell_type"] == "code")
    return set(re.findall(r"""show\(\s*["'](\w+)["'],\s*["'](\w+)["']""", source))


@pytest.mark.parametrize("kind", LIVE)
def test_one_file_is_one_entry(kind):
    package = import_module(f"vtk_notebooks.{LIVE[kind]}")
    files = [p.stem for p in Path(str(package.__file__)).parent.rglob("[!_]*.py")]
    assert sorted(files) == names(kind)


@EVERY
def test_its_card_says_whose_it_is(kind, name):
    about = card(kind, name)
    assert about.title
    assert about.paper == "baseline" or about.year > 1900
    assert re.fullmatch(r"(\d{4}\.\d{4,5})?", about.arxiv)


@EVERY
def test_its_docstring_names_the_paper_and_its_number(kind, name):
    about, module = card(kind, name), sys.modules[maker(kind, name).__module__]
    text = " ".join((module.__doc__ or "").split())
    assert len(text) > 40
    assert about.arxiv in text
    assert about.paper == "baseline" or about.paper in text


@EVERY
def test_its_parameters_have_defaults_that_a_recipe_can_write_down(kind, name):
    for value in parameters(kind, name).values():
        assert value is not dataclasses.MISSING
        json.dumps(value, allow_nan=False)


@EVERY
def test_it_has_a_test_file_of_its_own(kind, name):
    *rooms, file = maker(kind, name).__module__.split(".")[1:]
    assert (ROOT / "tests" / "/".join(rooms) / f"test_{file}.py").is_file()


@EVERY
def test_it_has_a_gallery_cell(kind, name):
    assert (kind, name) in gallery()


def test_the_gallery_shows_nothing_that_is_gone():
    assert gallery() <= set(MEMBERS)
