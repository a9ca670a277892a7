import json

import pytest

from vtk_notebooks import cli
from vtk_notebooks.cli.run import find_film, find_recipe
from vtk_notebooks.errors import UnknownNameError, VtkError
from vtk_notebooks.starters import default_recipe, starter_recipes


def test_without_a_command_it_says_what_there_is(say):
    out, _, code = say()
    assert code == 0
    for command in ("demo", "lab", "run", "sweep", "score", "figure", "store", "atlas", "doctor"):
        assert command in out


def every_command(app=None, before=()):
    """Each command of the application, groups with a callback of their own included."""
    from typer.main import get_command

    command = app or get_command(cli.app)
    for name, child in getattr(command, "commands", {}).items():
        yield (*before, name)
        yield from every_command(child, (*before, name))


def test_commands_are_found_by_themselves():
    assert {("demo",), ("sweep",), ("doctor",), ("store", "gc"), ("atlas", "run")} <= set(
        every_command()
    )


@pytest.mark.parametrize("command", list(every_command()), ids=" ".join)
def test_every_command_has_help_with_an_example_and_json(say, command):
    out, _, code = say(*command, "--help")
    assert code == 0
    assert f"Example: vtk-notebooks {command[0]}" in out
    assert "--json" in out or "COMMAND" in out  # a group leaves it to its commands


@pytest.mark.parametrize(
    ("arguments", "code", "hint"),
    [
        (["rum"], 2, "run"),
        (["run", "--nope"], 2, "--nope"),
        (["run", "default"], 2, "film"),
        (["run", "defualt", "bikes", "-q", "x"], 1, "'default'"),
        (["run", "default", "bike", "-q", "x"], 1, "'bikes'"),
        (["run", "default", "no/such.mp4", "-q", "x"], 1, "no/such.mp4"),
        (["run", "default", "bikes", "-q", " "], 1, "question"),
        (["atlas", "run", "timesuit"], 1, "'timesuite'"),
        (["score", "charades", "pred", "truth"], 1, "'charades-sta'"),
        (["score", "charades-sta", "pred.jsonl"], 1, "second file"),
        (["sweep", "no/such.toml"], 1, "no/such.toml"),
        (["figure"], 2, "a PDF, SVG or PNG"),
        (["figure", "--explain", "no/such.pdf"], 1, "no/such.pdf"),
        (["store", "ls", "--store", "no/such"], 1, "--store"),
        (["score", "charades-sta", "no/such.jsonl", "no/such.txt"], 1, "no/such.txt"),
    ],
)
def test_an_error_is_one_line_that_says_what_to_do(say, arguments, code, hint):
    out, err, got = say(*arguments)
    assert got == code
    assert out == ""
    [line] = [line for line in err.splitlines() if "%|" not in line]
    assert line.startswith("error: ")
    assert hint in line


def test_debug_shows_the_traceback_wherever_it_stands(say):
    _, err, code = say("run", "defualt", "bikes", "-q", "x", "--debug")
    assert code == 1
    assert "Traceback" in err


def test_a_recipe_file_is_a_recipe(tmp_path):
    path = tmp_path / "mine.json"
    path.write_text(default_recipe().with_("stages.0.keep", 0.5).to_json())
    assert find_recipe(str(path)) == default_recipe().with_("stages.0.keep", 0.5)
    assert find_recipe("uniform") == starter_recipes()["uniform"]
    with pytest.raises(UnknownNameError):
        find_recipe("unifrom")
    path.write_text("{not json")
    with pytest.raises(VtkError, match="line 1"):
        find_recipe(str(path))


def test_a_file_goes_before_a_gallery_film(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert find_film("bikes").name == "bikes.mp4"
    (tmp_path / "bikes").write_bytes(b"")
    assert find_film("bikes") == find_film("./bikes")


def test_the_doctor_says_what_is_there_and_what_to_type(say):
    out, _, code = say("doctor")
    assert code == ("faults" in out.splitlines()[-1])
    assert "decoder pyav" in out
    assert "torch 2" in out


def test_the_lab_would_open_the_start_notebook(say):
    out, _, code = say("lab", "--json")
    assert code == 0
    assert json.loads(out)["notebook"].endswith("00_start_here.ipynb")


@pytest.mark.weights
@pytest.mark.parametrize(
    ("film", "query", "other"),
    [("bikes", "a person riding a bicycle", "bigbuckbunny"), ("bigbuckbunny", "a rabbit", "bikes")],
)
def test_a_question_is_answered_best_by_the_right_film(say, film, query, other, tmp_path):
    right, wrong = (
        json.loads(say("run", "default", f, "--query", query, "--json", "--out", str(tmp_path))[0])
        for f in (film, other)
    )
    assert right["moments"][0]["score"] > wrong["moments"][0]["score"]
    assert right["tokens_after"] * 4 == pytest.approx(right["tokens_before"], rel=0.02)
    assert right["seconds"] > 0
    for name in ("run.json", "keep_map.pdf", "timeline.pdf"):
        assert (tmp_path / name).stat().st_size > 0
    for moment in (*right["moments"], *wrong["moments"]):
        assert 0 <= moment["start_s"] < moment["end_s"]


@pytest.mark.weights
def test_the_cyclist_is_found_in_the_shot_where_he_is(say, tmp_path):
    asked = ("run", "default", "bikes", "--query", "a person riding a bicycle", "--json")
    best = json.loads(say(*asked)[0])["moments"][0]
    # By eye: he is in view from 4.3 s until the cut at 5.44 s.
    assert min(best["end_s"], 5.44) - max(best["start_s"], 4.3) > 0.5
    assert best["start_s"] >= 3.0  # not before his shot begins
