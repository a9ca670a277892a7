"""The atlas as data and as text."""

import json

import pytest

from vtk_notebooks.errors import UnknownNameError
from vtk_notebooks.papers import atlas, atlas_table, families, papers, status_of


def test_the_atlas_is_plain_data_with_what_the_check_reads():
    rows = json.loads(json.dumps(atlas()))
    assert [row["key"] for row in rows] == list(papers())
    wanted = {"key", "name", "title", "family", "status", "mechanisms", "demo", "tests"}
    for row in rows:
        assert wanted | {"year", "arxiv", "idea"} <= row.keys()
        assert row["status"] == status_of(row["key"])


def test_a_working_row_has_a_demo_tests_and_mechanisms():
    rows = atlas(status="working")
    assert rows
    for row in rows:
        assert row["demo"]
        assert row["tests"]
        assert row["mechanisms"]
        assert row["differs"]


def test_a_planned_row_still_says_what_it_needs():
    (row,) = [row for row in atlas() if row["key"] == "phenaki"]
    assert row["mechanisms"] == ["encoder:causal_tubelets", "schedule:masked_decoding"]
    assert (row["demo"], row["tests"], row["status"]) == (False, [], "planned")


@pytest.mark.parametrize("family", families())
def test_families_partition_the_atlas(family: str):
    assert {row["family"] for row in atlas(family)} == {family}


def test_all_families_together_are_all_systems():
    assert sum(len(atlas(family)) for family in families()) == len(atlas()) == 115


def test_an_unknown_family_is_answered_with_the_nearest_one():
    with pytest.raises(UnknownNameError, match="Did you mean 'heads'"):
        atlas("head")


def test_the_table_has_a_line_for_each_system_and_stars_those_that_work():
    lines = atlas_table("timecodecs").splitlines()
    for row in atlas("timecodecs"):
        (line,) = [line for line in lines if line[2:].startswith(row["key"] + " ")]
        assert line.startswith("* " if row["status"] == "working" else "  ")
        assert str(row["year"]) in line
    assert lines[0].startswith("timecodecs (")
    assert lines[-1].endswith("of 5 working; * works here")


@pytest.mark.parametrize("width", [60, 100, 300])
def test_no_line_is_wider_than_asked(width: int):
    assert max(map(len, atlas_table(width=width).splitlines())) <= width


def test_a_wide_table_cuts_no_idea():
    assert "…" not in atlas_table(width=400)
    assert "…" in atlas_table(width=80)


def test_the_table_can_be_kept_to_one_status():
    text = atlas_table(status="working")
    assert "phenaki" not in text
    assert "timesuite" in text
