"""A notebook that is run beforehand shows its widgets as pages of their own."""

import re

from vtk_widgets import FramePlayer


def shown(widget):
    bundle = widget._repr_mimebundle_()
    assert bundle is not None
    return bundle[0]


def test_without_the_variable_there_is_no_frame(clip, monkeypatch):
    monkeypatch.delenv("VTK_PAGES", raising=False)
    assert "text/html" not in shown(FramePlayer.of(clip))


def test_with_it_the_output_shows_a_page_that_is_there(clip, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("VTK_PAGES", "pages")
    frame = shown(FramePlayer.of(clip))["text/html"]
    source = re.search(r'src="(pages/FramePlayer_\w+\.html)"', frame)
    assert source
    assert "vtk-state" in (tmp_path / source[1]).read_text("utf-8")
    assert [path.name for path in (tmp_path / "pages").iterdir()] == [source[1].split("/")[1]]


def test_a_folder_that_cannot_be_written_costs_the_frame_only(clip, tmp_path, monkeypatch):
    (tmp_path / "pages").write_text("a file")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("VTK_PAGES", "pages")
    bundle = shown(FramePlayer.of(clip))
    assert "text/html" not in bundle
    assert {"application/vnd.jupyter.widget-view+json", "image/png"} <= bundle.keys()
