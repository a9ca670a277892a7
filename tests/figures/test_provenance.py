import contextlib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.figure import Figure

from vtk_notebooks.errors import StoreError
from vtk_notebooks.figures import figure, keep_map, paper_style, read_provenance, save, timeline
from vtk_notebooks.figures.plain import plain

HOSTILE = "a(b)) \\ $x$ \"'é漢🎬 </dc:description> /Keywords (x) >> endobj %%EOF \r\n\x00 <!-- ]]>"
FORMATS = ("pdf", "svg", "png")


def drawing(text="words"):
    fig = figure(30.0, 20.0)
    with paper_style():
        fig.text(0.1, 0.5, plain(text))
    return fig


def names(folder):
    return sorted(p.name for p in folder.iterdir())


@pytest.mark.parametrize("kind", FORMATS)
def test_a_file_says_what_made_it(make_run, merged, tmp_path, kind):
    run = make_run(merged, film=HOSTILE, text=HOSTILE, name=HOSTILE)
    path = save(timeline(run), tmp_path / f"fig.{kind}", runs=run, command=f"draw '{HOSTILE}'")
    said = read_provenance(path)
    assert said["made_by"].startswith("vtk-notebooks ")
    assert said["command"] == f"draw '{HOSTILE}'"
    (one,) = said["runs"]
    film = {"name": HOSTILE, "sha256": "5a", "clip": run.clip.address, "place": ""}
    assert one["film"] == film
    assert one["query"] == HOSTILE
    assert one["recipe"] == run.recipe.as_dict()
    assert one["address"] == run.address
    assert one["seed"] == run.recipe.seed
    assert one["weights"] == ["made 1.0 sha256=00"]
    assert one["versions"] == {"python": "3.11"}


@given(text=st.text(), kind=st.sampled_from(FORMATS))
@settings(max_examples=25, deadline=None)
def test_any_text_survives_the_round_trip(tmp_path_factory, text, kind):
    path = tmp_path_factory.mktemp("fig") / f"fig.{kind}"
    assert read_provenance(save(drawing(text), path, command=text))["command"] == text


@pytest.mark.parametrize("kind", FORMATS)
def test_the_same_runs_give_the_same_bytes(make_run, merged, tmp_path, kind, monkeypatch):
    run = make_run(merged)
    first = save(keep_map(run), tmp_path / f"a.{kind}", runs=run).read_bytes()
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1")  # another time
    assert save(keep_map(run), tmp_path / f"b.{kind}", runs=run).read_bytes() == first


def test_letters_that_look_like_a_record_do_not_fool_the_reader(tmp_path):
    def info(command):
        return '/Keywords ({"made_by": "vtk-notebooks 0", "command": "' + command + '"})'

    parts = ["%PDF-1.4", f"1 0 obj\n<< >>\nstream\n{info('false')}\nendstream\nendobj"]
    parts.append(f"2 0 obj\n<< {info('true')} >>\nendobj\n")
    head = "\n".join(parts)
    at = [head.index(f"{n} 0 obj") for n in (1, 2)]
    table = "xref\n0 3\n0000000000 65535 f \n" + "".join(f"{a:010} 00000 n \n" for a in at)
    tail = f"trailer\n<< /Size 3 /Info 2 0 R >>\nstartxref\n{len(head)}\n%%EOF\n"
    path = tmp_path / "a.pdf"
    path.write_text(head + table + tail)
    assert read_provenance(path)["command"] == "true"


def test_a_pdf_is_vector_with_embedded_fonts_at_the_exact_size(make_run, merged, tmp_path):
    fig = timeline(make_run(merged), width_mm=83.3)
    data = save(fig, tmp_path / "a.pdf").read_bytes()
    assert b"/Type3" not in data
    assert b"/FontFile2" in data
    box = data.split(b"/MediaBox [")[1].split(b"]")[0].split()
    assert float(box[2]) == pytest.approx(83.3 / 25.4 * 72, abs=1e-3)
    assert float(box[3]) == pytest.approx(fig.height_mm / 25.4 * 72, abs=1e-3)


def test_an_svg_keeps_words_as_words(make_run, merged, tmp_path):
    data = save(timeline(make_run(merged)), tmp_path / "a.svg").read_text()
    assert ">Time (s)</text>" in data


def test_a_png_has_300_dots_per_inch(tmp_path):
    from PIL import Image

    with Image.open(save(drawing(), tmp_path / "a.png")) as image:
        assert image.size == (round(30 / 25.4 * 300), round(20 / 25.4 * 300))


def test_folders_are_made_and_nothing_else_is_left(tmp_path):
    path = save(drawing(), tmp_path / "new" / "folder" / "a.pdf")
    assert names(path.parent) == ["a.pdf"]


def test_a_drawing_that_fails_leaves_the_old_file(tmp_path, monkeypatch):
    path = save(drawing(), tmp_path / "a.pdf")
    old = path.read_bytes()
    fig = drawing()
    monkeypatch.setattr(fig, "draw", lambda renderer: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        save(fig, path)
    assert path.read_bytes() == old
    assert names(tmp_path) == ["a.pdf"]


def test_a_write_that_fails_leaves_the_old_file(tmp_path, monkeypatch):
    path = save(drawing(), tmp_path / "a.pdf", command="old")

    def full(self, data):
        self.touch()
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("pathlib.Path.write_bytes", full)
    with pytest.raises(StoreError, match="No space left"):
        save(drawing(), path)
    assert read_provenance(path)["command"] == "old"
    assert names(tmp_path) == ["a.pdf"]


def test_only_a_whole_file_gets_the_name(tmp_path, monkeypatch):
    path, write = tmp_path / "a.pdf", Path.write_bytes

    def elsewhere(self, data):
        assert self != path
        return write(self, data)

    monkeypatch.setattr(Path, "write_bytes", elsewhere)
    assert save(drawing(), path).is_file()


def test_a_place_that_cannot_be_written_is_an_error_of_ours(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(StoreError, match="Choose another folder"):
        save(drawing(), tmp_path / "file" / "a.pdf")


@pytest.mark.parametrize("name", ["a.jpg", "a", "a.pdf.gz"])
def test_other_formats_are_refused(tmp_path, name):
    with pytest.raises(StoreError, match=r"\.pdf, \.svg or \.png"):
        save(drawing(), tmp_path / name)
    assert names(tmp_path) == []


@pytest.mark.parametrize("kind", FORMATS)
def test_files_of_others_say_nothing(tmp_path, kind):
    path = tmp_path / f"a.{kind}"
    drawing().savefig(path)
    with pytest.raises(StoreError, match="what made it"):
        read_provenance(path)


def test_a_record_of_others_is_not_taken_for_ours(tmp_path):
    drawing().savefig(tmp_path / "a.svg", metadata={"Description": '{"made_by": "somebody"}'})
    with pytest.raises(StoreError, match="what made it"):
        read_provenance(tmp_path / "a.svg")


def test_any_matplotlib_figure_is_saved_in_the_style(tmp_path):
    fig = Figure()
    fig.text(0.1, 0.5, "words")
    data = save(fig, tmp_path / "a.pdf", command="mine").read_bytes()
    assert b"/Type3" not in data
    assert b"/FontFile2" in data


@pytest.mark.parametrize(
    "data", [b"", b"%PDF", b"\x89PNG\r\n", b"startxref 9 %%EOF", b"%PDF-1.4\ntrailer"]
)
def test_broken_files_say_so(tmp_path, data):
    path = tmp_path / "a.pdf"
    path.write_bytes(data)
    with pytest.raises(StoreError, match="what made it"):
        read_provenance(path)
    with pytest.raises(StoreError, match="readable file"):
        read_provenance(tmp_path / "absent.pdf")


@pytest.mark.parametrize("kind", FORMATS)
def test_any_cut_through_a_file_is_an_error_of_ours(tmp_path, kind):
    data = save(drawing(), tmp_path / f"a.{kind}").read_bytes()
    part = tmp_path / "part"
    for stop in range(0, len(data) - 200, max(1, len(data) // 40)):
        part.write_bytes(data[:stop])
        with contextlib.suppress(StoreError):  # the record may already be there
            read_provenance(part)
