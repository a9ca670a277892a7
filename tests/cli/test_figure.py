import json

from vtk_notebooks.figures import figure, save
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
