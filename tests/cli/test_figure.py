import json

from vtk_notebooks.figures import figure, provenance, save, timelines
from vtk_notebooks.moment import Moment
from vtk_notebooks.recipe import Recipe
from vtk_notebooks.sweep import Row, Sweep


def test_a_figure_explains_itself(say, tmp_path):
    path = save(figure(30.0, 20.0), tmp_path / "f.pdf", command="draw\x1b[2J this")
    out, _, code = say("figure", "--explain", str(path))
    assert code == 0
    assert "made by   vtk-notebooks" in out
    assert "command   draw[2J this" in out  # nothing in a file moves the cursor
    assert json.loads(say("figure", "--explain", str(path), "--json")[0])["runs"] == []


def test_a_file_that_is_no_figure_of_ours_is_refused(say, tmp_path):
    (tmp_path / "other.pdf").write_bytes(b"%PDF-1.4")
    _, err, code = say("figure", "--explain", str(tmp_path / "other.pdf"))
    assert code == 1
    assert "says what made it" in err


def test_a_figure_of_a_sweep_names_its_recipes_and_films(say, tmp_path):
    rows = (Row("a\nb", "film", "what?", {"iou": 0.5}), Row("c", "film", "what?", error="no"))
    sweep = Sweep({"a\nb": Recipe(), "c": Recipe(seed=1)}, rows, "c", 2)
    path = save(figure(30.0, 20.0), tmp_path / "f.png", sweep=sweep)
    lines = say("figure", "--explain", str(path))[0].splitlines()
    assert any(line.startswith("sweep     2 rows, 1 errors (") for line in lines)
    assert "  film    film" in lines
    assert "  query   what?" in lines
    assert any(line.startswith("  recipe  a b: {") for line in lines)


def moments(folder):
    fig = timelines({"ours": [Moment(1.0, 2.0)]}, [Moment(1.0, 2.5)], 4.0)
    return save(fig, folder / "f.pdf", command="mine")


def test_a_figure_says_how_it_was_drawn_and_is_drawn_again(say, tmp_path):
    path = moments(tmp_path)
    out, _, code = say("figure", str(path))
    assert code == 0
    assert "figure    timelines(answers=map, truth=[Moment], duration_s=4.0); --remake OUT" in out
    out, _, code = say("figure", str(path), "--remake", str(tmp_path / "again.pdf"))
    assert code == 0
    assert "byte for byte" in out
    assert (tmp_path / "again.pdf").read_bytes() == path.read_bytes()


def test_what_has_changed_is_said_and_another_picture_is_an_error(say, tmp_path, monkeypatch):
    path, again = moments(tmp_path), str(tmp_path / "again.pdf")
    monkeypatch.setattr(provenance, "__version__", "9.9")
    out, _, code = say("figure", str(path), "--remake", again)
    assert code == 0
    assert "the same picture" in out
    assert "  made_by: was vtk-notebooks" in out
    monkeypatch.setattr("vtk_notebooks.figures.answers.timelines.ROW_MM", 5.0)
    out, _, code = say("figure", str(path), "--remake", again, "--json")
    assert code == 1
    told = json.loads(out)
    assert (told["same"], told["same_picture"], len(told["changes"])) == (False, False, 1)


def test_no_figure_or_two_are_refused(say, tmp_path):
    path = str(moments(tmp_path))
    for arguments in ([], [path, "--explain", path]):
        _, err, code = say("figure", *arguments)
        assert code == 2
        assert "name one figure" in err
