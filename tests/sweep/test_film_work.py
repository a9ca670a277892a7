from vtk_notebooks.sweep import ablate
from vtk_notebooks.sweep.film_work import film_bytes
from vtk_notebooks.video import make_film, open_clip, write_film


def test_a_film_is_known_by_its_bytes_wherever_they_are(tmp_path):
    path = write_film(make_film(0, duration_s=2, size=(48, 64)), tmp_path / "a.mp4")
    other = tmp_path / "b.mp4"
    other.write_bytes(path.read_bytes())
    with open_clip(path) as film:
        names = {film_bytes(s) for s in (path, str(other), path.read_bytes(), film)}
    assert len(names) == 1
    other.write_bytes(path.read_bytes() + b"\0")
    assert film_bytes(other) not in names


def test_an_open_file_has_no_bytes_of_its_own(tmp_path):
    path = write_film(make_film(0, duration_s=2, size=(48, 64)), tmp_path / "a.mp4")
    with path.open("rb") as file, open_clip(file) as film:
        assert film_bytes(film) == ""


def test_a_file_is_decoded_once_for_all_recipes_and_not_at_all_for_known_rows(
    recipe, store, tmp_path, monkeypatch
):
    from vtk_notebooks.video import Film

    path = write_film(make_film(1, duration_s=2, size=(48, 64)), tmp_path / "a.mp4")
    decoded, real = [], Film.sample
    monkeypatch.setattr(Film, "sample", lambda *a, **k: decoded.append(1) or real(*a, **k))
    small = recipe.with_("frames", 4).with_("short_side", 12)
    grid = small.with_("stages", ["uniform"]).vary({"stages.0.keep": [1.0, 0.5]})
    first = ablate(grid, path, "red", store=store)
    assert not first.errors
    assert len(decoded) == 1
    again = ablate(grid, path, "red", store=store)
    assert len(decoded) == 1
    assert [r.moments for r in again.rows] == [r.moments for r in first.rows]
