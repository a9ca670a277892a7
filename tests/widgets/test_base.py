"""What every widget promises."""

import base64
import io
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from anywidget import WidgetTrait
from PIL import Image

import vtk_widgets
from vtk_widgets import FramePlayer, MomentTimeline, Selection, TokenMap
from vtk_widgets._base import Widget

WIDGETS = [w for w in vars(vtk_widgets).values() if isinstance(w, type) and issubclass(w, Widget)]
HERE = Path(vtk_widgets.__file__).parent
SVG = "http://www.w3.org/2000/svg"
IMPORT = re.compile(r"^import |^\s*from ['\"]|import\(", re.MULTILINE)


@pytest.mark.parametrize("widget", WIDGETS)
def test_a_misspelt_trait_is_refused_with_the_nearest_one(widget):
    name = next(n for n in widget.class_own_traits() if len(n) > 4)
    with pytest.raises(TypeError, match=f"{widget.__name__} has no trait .* Did you mean '{name}'"):
        widget(**{f"{name}x": 1})


@pytest.mark.parametrize("widget", WIDGETS)
def test_every_trait_says_what_it_is(widget):
    traits = widget.class_own_traits().values()
    assert all(trait.help for trait in traits if not isinstance(trait, WidgetTrait))  # takes none


@pytest.mark.parametrize("widget", WIDGETS)
def test_a_widget_is_three_files_of_one_name(widget):
    module = HERE / f"{widget.__module__.rpartition('.')[2]}.py"
    assert [module.with_suffix(s).is_file() for s in (".py", ".js", ".css")] == [True] * 3


@pytest.mark.parametrize("widget", WIDGETS)
def test_its_module_stands_alone(widget):
    assert not IMPORT.search(widget._esm)
    assert widget._esm.count("export default") == 1
    elsewhere = re.findall(r"https?:[^\s\"'`$]*", widget._esm + widget._css)
    assert set(elsewhere) <= {SVG, "https://arxiv.org/abs/"}  # a name, and a link to follow


@pytest.mark.parametrize("widget", WIDGETS)
def test_its_module_is_javascript_without_a_name_given_twice(widget, tmp_path):
    node = shutil.which("node")
    if node is None:
        pytest.skip("node is not installed")
    module = tmp_path / "widget.mjs"
    module.write_text(widget._esm, encoding="utf-8")
    checked = subprocess.run([node, "--check", module], capture_output=True, text=True)
    assert checked.returncode == 0, checked.stderr


@pytest.mark.parametrize("path", sorted(HERE.rglob("*.js")), ids=lambda path: path.name)
def test_text_is_never_taken_for_markup(path):
    source = path.read_text(encoding="utf-8")
    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(", source)


def made(run):
    selection = Selection()
    return [
        FramePlayer.of(run.clip, selection),
        TokenMap.of(run, selection=selection),
        MomentTimeline.of(run, selection=selection),
    ]


def shown(widget):
    bundle = widget._repr_mimebundle_()
    assert bundle is not None
    return bundle[0]


def test_a_display_holds_the_live_widget_and_a_picture(run):
    for widget in made(run):
        data = shown(widget)
        view = data["application/vnd.jupyter.widget-view+json"]
        assert view["model_id"] == widget.model_id
        assert data["text/plain"] == repr(widget)
        image = Image.open(io.BytesIO(base64.b64decode(data["image/png"])))
        assert image.width > 100
        assert len(data["image/png"]) < 200_000


@pytest.mark.parametrize("widget", WIDGETS)
def test_an_empty_widget_can_be_shown(widget):
    data = shown(widget())
    assert "application/vnd.jupyter.widget-view+json" in data
    assert "image/png" not in data


def test_a_display_never_raises(run):
    player = FramePlayer.of(run.clip)
    player.frames = [b"no picture"]
    data = shown(player)
    assert "application/vnd.jupyter.widget-view+json" in data


def test_reprs_are_short_and_say_the_main_thing(run):
    assert [repr(widget) for widget in made(run)] == [
        "FramePlayer(6 frames, 4.00 s)",
        "TokenMap(merge keep=0.5, keep=0.5)",
        "MomentTimeline('when?', 2 moments, best 1.00 to 3.00 s)",
    ]
