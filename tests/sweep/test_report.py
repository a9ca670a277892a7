import csv
import io
from html.parser import HTMLParser

import pytest

from vtk_notebooks.errors import StoreError
from vtk_notebooks.sweep import Question, ablate

HOSTILE = '<script>alert(1)</script> & \\input{x} =1+1, "q"\n%'


@pytest.fixture
def sweep(recipe, film, store):
    recipes = {HOSTILE: recipe, "half": recipe.with_("stages", ["uniform"])}
    films = {HOSTILE: film("one"), "two": film("two"), "three": film("bad")}
    return ablate(recipes, films, Question(f"red {HOSTILE}"), store=store)


class Tags(HTMLParser):
    def __init__(self):
        super().__init__()
        self.tags, self.text = [], ""

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)

    def handle_data(self, data):
        self.text += data


def test_a_page_a_table_and_every_digit_are_written_whole(sweep, tmp_path):
    paths = sweep.report(tmp_path / "deep" / "out", command="vtk-notebooks sweep <spec>")
    names = ["report.html", "rows.csv", "recipes.csv", "recipes.tex"]
    assert [p.name for p in paths] == names
    assert sorted(p.name for p in paths[0].parent.iterdir()) == sorted(names)


def test_names_from_outside_stay_text_on_the_page(sweep, tmp_path):
    page = Tags()
    page.feed(sweep.report(tmp_path)[0].read_text())
    assert "script" not in page.tags
    assert "alert(1)" in page.text
    assert "a film <that> cannot be read" in page.text
    assert "sign-flip permutation over 2 clusters" in page.text
    assert "script" not in sweep._repr_html_().replace("&lt;script", "").replace("&lt;/script", "")


def test_rows_come_back_from_csv_with_every_digit(sweep, tmp_path):
    rows = list(csv.DictReader(io.StringIO(sweep.report(tmp_path)[1].read_text())))
    assert len(rows) == len(sweep.rows) == 6
    assert [r["error"] for r in rows if r["film"] == "three"] == [r.error for r in sweep.errors]
    for row, known in zip(rows, sweep.rows, strict=True):
        if not known.error:
            assert float(row["score"]) == known.numbers["score"]
            assert row["iou"] == ""
            assert float(row["start_s"]) == known.moments[0].start_s


def test_recipes_stand_beside_the_reference_with_the_name_of_the_test(sweep, tmp_path):
    paths = sweep.report(tmp_path)
    a, b = csv.DictReader(io.StringIO(paths[2].read_text()))
    assert a["difference"] == ""
    assert float(b["difference"]) == sweep.against()[0].comparison.difference
    assert "permutation" in b["test"]
    latex = paths[3].read_text()
    assert r"\toprule" in latex
    assert r"\input" not in latex
    assert r"\textbackslash{}input\{x\}" in latex


def test_a_place_that_cannot_be_written_is_refused(sweep, tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(StoreError, match="another folder"):
        sweep.report(tmp_path / "file")
    with pytest.raises(StoreError):
        sweep.report(tmp_path / "file" / "below")


def test_the_terminal_has_the_same_table(sweep):
    told = str(sweep)
    assert "6 of 6 rows over 3 films" in told
    assert "reference" in told
    assert "half" in told
