import csv
import html
import io
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vtk_notebooks.errors import VtkError
from vtk_notebooks.figures import table
from vtk_notebooks.text import markup

HOSTILE = "a|b & 50% $x$ #_{}~^\\ <script> `c` [d](e) *f*\nsecond"
TITLES = ["Recipe", "Tokens"]


def parsed(text):
    return list(csv.reader(io.StringIO(text)))


def test_a_row_says_what_a_run_kept_cost_and_found(make_run, merged):
    head, row = parsed(table(make_run(merged, name="mine")).csv())
    found = dict(zip(head, row, strict=True))
    assert found["Recipe"] == "mine"
    assert found["Tokens"] == "16"
    assert float(found["Kept (%)"]) == 25.0
    assert float(found["Features (MB)"]) == 16 * 6 * 4 / 1e6
    assert float(found["Encode (s)"]) == 1.5
    assert float(found["Compress (s)"]) == 0.25
    assert float(found["Total (s)"]) == 1.75
    assert float(found["Peak (MB)"]) == 8.0
    assert [float(found[c]) for c in ("Start (s)", "End (s)", "Score")] == [1.0, 2.5, 0.75]


def test_film_and_question_are_told_where_they_differ(make_run, merged):
    same = table([make_run(merged), make_run(merged)]).columns
    assert [c.title for c in same][:2] == ["Recipe", "Tokens"]
    runs = [make_run(merged), make_run(merged, text="a shoe", film="other.mp4")]
    assert [c.title for c in table(runs).columns][:3] == ["Film", "Query", "Recipe"]


def test_a_run_without_a_moment_leaves_its_cells_open(make_run, merged):
    found = table(make_run(merged, moments=()))
    assert parsed(found.csv())[1][-3:] == ["", "", ""]
    assert found.text().splitlines()[1].split()[-3:] == ["-", "-", "-"]


def test_columns_line_up_also_under_wide_letters(make_run, merged):
    runs = [make_run(merged, name="自行车"), make_run(merged, name="long name of a recipe")]
    lines = table(runs).text().splitlines()
    assert lines[1].startswith("自行车" + " " * (len("long name of a recipe") - 6 + 2))
    assert len(lines[0]) == len(lines[2]) == len(lines[1]) + 3  # its letters take two columns


def test_markdown_keeps_hostile_text_in_its_cell(make_run, merged):
    lines = table(make_run(merged, name=HOSTILE)).markdown().splitlines()
    assert len(lines) == 3
    bars = [line.replace("\\|", "").count("|") for line in lines]
    assert len(set(bars)) == 1
    assert "<" not in lines[2]
    assert ">" not in lines[2]
    assert "[d](" not in lines[2]


def test_latex_escapes_every_special_letter(make_run, merged):
    body = table(make_run(merged, name=HOSTILE)).latex().splitlines()[4]
    for letter in "&%$#_{}":
        assert f"\\{letter}" in body
    assert "\\textbackslash{} \\textless{}script\\textgreater{}" in body
    assert body.count(" & ") == len(table(make_run(merged)).columns) - 1
    assert body.endswith(r" \\")


def test_a_latex_row_never_reads_as_an_option_of_the_line_break():
    for start in ("[5mm] a", "* a"):
        row = markup.latex(TITLES, [[start, markup.Number("1")]]).splitlines()[4]
        assert row.startswith("{")


def test_html_shows_text_and_runs_none(make_run, merged):
    shown = table(make_run(merged, name=HOSTILE))._repr_html_()
    assert "<script>" not in shown
    assert html.escape("a|b & 50%") in shown
    assert shown.count("<td>") == len(table(make_run(merged)).columns)


@given(cell=st.text(st.characters(exclude_characters="\0\r", exclude_categories=["Cs"])))
@settings(deadline=None)
def test_csv_gives_text_back_but_for_what_disarms_a_formula(cell):
    _, (back, number) = parsed(markup.csv_text(TITLES, [[cell, 0.1]]))
    assert back in (cell, "'" + cell)
    assert not back.startswith(("=", "+", "-", "@", "\t"))
    assert number == "0.1"


@given(cell=st.text())
@settings(deadline=None)
def test_html_holds_any_text(cell):
    tags = []
    reader = HTMLParser()
    reader.handle_starttag = lambda tag, attrs: tags.append(tag)
    reader.feed(markup.html(TITLES, [[cell, cell]]))
    assert sorted(set(tags)) == ["table", "tbody", "td", "th", "thead", "tr"]
    assert tags.count("td") == 2


def test_a_spreadsheet_is_given_no_formula():
    for formula in ("=1+1", "+1", "-1", "@SUM(A1)"):
        assert parsed(markup.csv_text(TITLES, [[formula, -1]]))[1] == ["'" + formula, "-1"]


def test_no_runs_make_no_table():
    with pytest.raises(VtkError, match="at least one run"):
        table([])
