"""What every card says, and that the 115 of them are the atlas."""

import csv
import os
import re
import tomllib
from collections import Counter
from dataclasses import replace
from importlib.resources import files
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vtk_notebooks.errors import UnknownNameError
from vtk_notebooks.papers import Paper, paper, papers
from vtk_notebooks.registry import FAMILIES

HERE = Path(__file__).resolve().parents[2]
ATLAS = Path(os.environ.get("VTK_SHARED") or HERE.parent / "shared") / "atlas" / "systems.csv"


def written_keys() -> list[str]:
    cards = files("vtk_notebooks.papers").joinpath("cards")
    return [key for file in cards.iterdir() for key in tomllib.loads(file.read_text("utf-8"))]


def atlas_rows() -> dict[str, dict[str, str]]:
    if not ATLAS.is_file():
        pytest.skip(f"the list of systems is not at {ATLAS}; set VTK_SHARED to its folder")
    with ATLAS.open(encoding="utf-8", newline="") as file:
        return {row["key"]: row for row in csv.DictReader(file)}


def test_there_are_115_cards_and_no_key_is_written_twice():
    assert len(papers()) == 115
    assert [key for key, n in Counter(written_keys()).items() if n > 1] == []


def test_names_titles_and_families_are_those_of_the_atlas():
    rows = atlas_rows()
    said = {p.key: (p.name, p.title, p.family) for p in papers().values()}
    assert said == {k: (r["name"], r["title"], r["family"]) for k, r in rows.items()}


def test_no_idea_repeats_the_words_of_the_list():
    for key, row in atlas_rows().items():
        assert papers()[key].idea.lower().rstrip(".") != row["mechanism"].lower().rstrip(".")


def test_no_two_papers_have_the_same_title_idea_or_number():
    for field in ("title", "idea", "arxiv"):
        values = [getattr(p, field) for p in papers().values() if getattr(p, field)]
        assert [v for v, n in Counter(values).items() if n > 1] == []


@pytest.mark.parametrize("p", papers().values(), ids=papers().keys())
def test_a_card_is_complete(p: Paper):
    assert re.fullmatch(r"[a-z0-9]+(_[a-z0-9]+)*", p.key)
    assert p.name
    assert p.title
    assert re.fullmatch(r"\S+ .+ (et al\.|and \S+ .+)", p.authors) or " and " in p.authors
    assert p.evidence in ("verified", "id verified", "secondary", "memory")


@pytest.mark.parametrize("p", papers().values(), ids=papers().keys())
def test_an_idea_is_one_sentence(p: Paper):
    assert 40 <= len(p.idea) <= 240
    assert p.idea.endswith(".")
    assert not re.search(r"[.!?]\s", p.idea)


@pytest.mark.parametrize("p", papers().values(), ids=papers().keys())
def test_an_arxiv_id_is_well_formed_and_fits_the_year(p: Paper):
    if p.evidence == "memory":
        assert not p.arxiv
        return
    found = re.fullmatch(r"(\d\d)(0[1-9]|1[0-2])\.(\d{4}|\d{5})", p.arxiv)
    assert found
    posted = 2000 + int(found[1])
    assert posted == p.year or (p.venue and posted < p.year <= posted + 2)
    assert len(found[3]) == (5 if posted >= 2015 else 4)


@pytest.mark.parametrize("p", papers().values(), ids=papers().keys())
def test_a_card_names_mechanisms_of_known_kinds(p: Paper):
    assert p.mechanisms
    for name in p.mechanisms:
        kind, _, stem = name.partition(":")
        assert kind in FAMILIES
        assert re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", stem)


def test_cards_are_read_once():
    assert papers() is papers()


def test_an_unknown_key_is_answered_with_the_nearest_one():
    with pytest.raises(UnknownNameError, match="Did you mean 'timesuite'"):
        paper("timesiute")


def test_bibtex_has_what_a_bibliography_needs():
    assert paper("timesuite").bibtex().splitlines() == [
        "@inproceedings{timesuite,",
        "  title = {{TimeSuite: Improving MLLMs for Long Video Understanding via Grounded "
        "Tuning}},",
        "  author = {Xiangyu Zeng and others},",
        "  year = {2025},",
        "  booktitle = {ICLR},",
        "  eprint = {2410.19702},",
        "  archiveprefix = {arXiv},",
        "}",
    ]


def test_bibtex_kinds_follow_the_venue():
    assert paper("llm4vg").bibtex().startswith("@misc{")
    assert "journal = {IEEE Access}" in paper("ig_vlm").bibtex()
    without = replace(paper("llm4vg"), arxiv="")
    assert "eprint" not in without.bibtex()
    assert "arXiv:" not in without.citation


def test_bibtex_escapes_special_characters():
    odd = replace(paper("timesuite"), title=r"R^2 & 50% of $x_1 {a}~\b #3", venue="A & B")
    assert (
        r"{{R\textasciicircum{}2 \& 50\% of \$x\_1 \{a\}\textasciitilde{}"
        r"\textbackslash{}b \#3}}"
    ) in odd.bibtex()
    assert r"booktitle = {A \& B}" in odd.bibtex()


@given(title=st.text(max_size=40))
def test_braces_of_an_entry_balance_whatever_the_title(title: str):
    text = replace(paper("timesuite"), title=title).bibtex()
    bare = re.sub(r"\\[{}]", "", text)
    assert bare.count("{") == bare.count("}")
    assert not re.search(r"(?<!\\)[%#&$_^~]", bare.split("title = ")[1].split("\n  author")[0])


def test_a_citation_is_one_line_with_its_number():
    assert paper("timesuite").citation == (
        "Xiangyu Zeng et al. TimeSuite: Improving MLLMs for Long Video Understanding via "
        "Grounded Tuning. ICLR 2025. arXiv:2410.19702."
    )
