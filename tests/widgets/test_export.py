"""One HTML file that needs no kernel, no server and no network."""

import json
import re
from base64 import b64decode, b64encode
from hashlib import sha256

import numpy as np
import pytest

from vtk_notebooks.errors import VtkError
from vtk_widgets import FramePlayer, MomentTimeline, Selection, TokenMap, page

HOSTILE = "</title></script><script>alert(1)</script>&\"'"


@pytest.fixture
def linked(run, merge):
    selection = Selection(time_s=1.5)
    return [
        FramePlayer.of(run.clip, selection),
        TokenMap.of(run, selection=selection, rerun=merge, keeps=(0.25,)),
        MomentTimeline.of(run, selection=selection),
    ]


@pytest.fixture
def written(linked, tmp_path):
    return page(linked, tmp_path / "new" / "folder" / "page.html", HOSTILE).read_text("utf-8")


def state_of(text):
    found = re.search(r'<script type="application/json" id="vtk-state">(.*?)</script>', text, re.S)
    assert found is not None
    return json.loads(found[1])


def test_nothing_in_it_asks_the_network_for_anything(written):
    for blob in state_of(written)["blobs"]:
        written = written.replace(blob, "")  # pictures may spell anything
    assert not re.search(r"https?:|//[a-z]|\burl\(|@import|<link|src=", written, re.IGNORECASE)


def test_the_policy_forbids_every_request_and_every_other_script(written):
    (policy,) = re.findall(r'Content-Security-Policy" content="([^"]+)"', written)
    (script,) = re.findall(r'<script type="module">(.*?)</script>', written, re.S)
    assert "default-src 'none'" in policy
    assert f"'sha256-{b64encode(sha256(script.encode()).digest()).decode()}' blob:" in policy
    assert "unsafe-eval" not in policy
    assert "connect-src" not in policy


def test_a_hostile_title_and_caption_stay_text(written):
    assert "<script>alert" not in written
    assert written.count("<script") == written.count("</script>") == 2
    assert "<b>bold" not in written
    timeline = next(
        m["state"] for m in state_of(written)["models"].values() if "tracks" in m["state"]
    )
    assert timeline["tracks"][0]["moments"][0]["text"] == "</script><b>bold</b>"


def test_every_trait_of_every_widget_is_in_it(written):
    states = [model["state"] for model in state_of(written)["models"].values()]
    for widget in [FramePlayer, TokenMap, MomentTimeline, Selection]:
        own = set(widget.class_own_traits())
        assert any(own <= set(state) for state in states)


def test_widgets_that_share_a_selection_share_it_in_the_page(written):
    models = state_of(written)["models"]
    links = {m["state"]["selection"] for m in models.values() if "selection" in m["state"]}
    assert len(links) == 1
    assert models[links.pop().removeprefix("anywidget:")]["state"]["time_s"] == 1.5


def test_bytes_come_back_as_they_went_in_and_each_is_stored_once(written, linked):
    state = state_of(written)
    blobs = [b64decode(blob) for blob in state["blobs"]]
    assert len(blobs) == len(set(blobs))
    player = next(m["state"] for m in state["models"].values() if "seen_s" in m["state"])
    assert [blobs[frame["$blob"]] for frame in player["frames"]] == linked[0].frames
    token_map = next(m["state"] for m in state["models"].values() if "panes" in m["state"])
    owner = blobs[token_map["levels"][0][0]["owner"]["$blob"]]
    assert np.frombuffer(owner, "<i4").size == 36


def test_without_a_kernel_no_other_budget_can_be_asked_for(written, linked):
    token_map = next(
        m["state"] for m in state_of(written)["models"].values() if "panes" in m["state"]
    )
    assert linked[1].live
    assert not token_map["live"]
    assert len(token_map["levels"][0]) == 2


def test_each_module_and_style_sheet_is_there_once(linked, tmp_path, run):
    text = page([*linked, FramePlayer.of(run.clip)], tmp_path / "p.html", "t").read_text("utf-8")
    assert len(state_of(text)["modules"]) == 4
    assert text.count(".vtk-frame-player .vtk-stage {") == 1


def test_places_follow_the_order_and_rows_stand_side_by_side(linked, tmp_path):
    player, token_map, timeline = linked
    parts = {"See <it>": [player, timeline], "Squeeze it": token_map}
    text = page(
        parts, tmp_path / "p.html", "t", layout="grid", intro_html="<p>Look.</p>"
    ).read_text()
    assert '<h2>See &lt;it&gt;</h2><div class="page-row">' in text
    assert text.index("Look.") < text.index("See &lt;it") < text.index("Squeeze it")
    assert 'class="page-grid"' in text


def test_an_unknown_layout_is_refused(linked, tmp_path):
    with pytest.raises(VtkError, match="stack"):
        page(linked, tmp_path / "p.html", "t", layout="spiral")


def test_the_same_widgets_give_the_same_page(linked, tmp_path):
    first, again = (page(linked, tmp_path / f"{i}.html", "t").read_bytes() for i in range(2))
    assert first == again


def test_one_widget_writes_itself(run, tmp_path):
    path = MomentTimeline.of(run).to_html(tmp_path / "one.html")
    assert "<title>MomentTimeline</title>" in path.read_text()
