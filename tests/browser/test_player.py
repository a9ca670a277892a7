"""The player: zoom, sound, seen frames, films of any length, and no picture that is not freed."""

import re

import av
import numpy as np
import pytest
from playwright.sync_api import expect

from vtk_notebooks.video import open_clip
from vtk_widgets import FramePlayer, page

from .harness.chromium import until
from .harness.made import film
from .harness.shown import pixels, says, status

PLAYER = ".vtk-frame-player"
LENGTH_S, RATE_HZ = 20 * 60, 1
COUNT_BITMAPS = """() => {
window.open_bitmaps = 0;
const ours = new WeakSet();
const real = window.createImageBitmap.bind(window);
window.createImageBitmap = async (...args) => {
    const bitmap = await real(...args);
    ours.add(bitmap);
    window.open_bitmaps += 1;
    return bitmap;
};
const close = ImageBitmap.prototype.close;
ImageBitmap.prototype.close = function () {
    if (ours.delete(this)) window.open_bitmaps -= 1;
    close.call(this);
};
}"""


@pytest.fixture(scope="module")
def long_film(tmp_path_factory):
    """Twenty minutes that get brighter, with a tone."""
    return toned(tmp_path_factory.mktemp("film") / "long.mp4", LENGTH_S)


@pytest.fixture(scope="module")
def short_film(tmp_path_factory):
    """A minute of it."""
    return toned(tmp_path_factory.mktemp("film") / "short.mp4", 60)


def toned(path, length_s):
    """A film that gets brighter, with a tone."""
    with av.open(path, "w") as container:
        pictures = container.add_stream("mpeg4", rate=RATE_HZ)
        pictures.width, pictures.height, pictures.pix_fmt = 64, 36, "yuv420p"
        tone = container.add_stream("aac", rate=8000, layout="mono")
        for i in range(length_s * RATE_HZ):
            grey = np.full((36, 64, 3), 20 + 200 * i // (length_s * RATE_HZ), np.uint8)
            container.mux(pictures.encode(av.VideoFrame.from_ndarray(grey, format="rgb24")))
        wave = 0.3 * np.sin(2 * np.pi * 440 * np.arange(8000 * 60) / 8000)
        for minute in range(length_s // 60):
            samples = wave.astype(np.float32)[None]
            frame = av.AudioFrame.from_ndarray(samples, format="flt", layout="mono")
            frame.sample_rate, frame.pts = 8000, minute * 60 * 8000
            container.mux(tone.encode(frame))
        container.mux(pictures.encode(None))
        container.mux(tone.encode(None))
    return path


def grey(time_s):
    return 20 + 200 * time_s / LENGTH_S


def shows(player, time_s):
    """Wait until the frame of that time is on show, not its coarse stand-in."""
    page = player.page
    until(page, lambda: abs(pixels(player.locator("canvas")).mean() - grey(time_s)) < 3)
    expect(player).to_have_attribute("data-exact", "true")


@pytest.fixture
def far(scratch, long_film):
    """A player of the long film in JupyterLab, and the notebook it is in."""
    notebook = scratch(
        [
            "from vtk_widgets import FramePlayer",
            f"player = FramePlayer.of({str(long_film)!r}, seen=[0.0, 300.0, 600.0])",
            "player",
        ]
    )
    player = notebook.find(PLAYER)
    player.and_(notebook.find("[data-ready=true]")).wait_for()
    return player, notebook


def test_a_long_film_shows_any_place_without_being_sent(far):
    player, notebook = far
    assert notebook.value("len(player.frames)") == 0
    for time_s in (900.0, 100.2, 1199.9):
        player.get_by_label("Time", exact=True).fill(str(time_s))
        shows(player, time_s)
    player.get_by_label("Time", exact=True).fill("600.2")
    shows(player, 600.2)
    expect(player.locator("[aria-current]")).to_have_text("600.00")  # the model saw this one
    player.locator("canvas").press("ArrowRight")
    says(player, "601.00 / 1200.00 s")
    player.locator("canvas").press("Shift+ArrowLeft")
    says(player, "600.00 / 1200.00 s")


def test_a_long_film_shows_a_coarse_picture_until_the_frame_is_there(far):
    player, notebook = far
    notebook.comes_to("len(player._film._strip)", lambda count: count == 48)
    notebook.do("held, ask = [], player._film.ask; player._film.ask = held.append")
    player.get_by_label("Time", exact=True).fill("810")
    expect(player).to_have_attribute("data-exact", "false")
    until(player.page, lambda: abs(pixels(player.locator("canvas")).mean() - grey(800)) < 6)
    expect(player.get_by_text("loading")).to_be_visible()
    notebook.comes_to("len(held)", lambda count: count > 0)
    notebook.do("player._film.ask = ask; [ask(wish) for wish in held]")
    shows(player, 810.0)
    expect(player.get_by_text("loading")).to_be_hidden()


def test_a_long_film_plays_with_sound_and_is_silenced(far):
    player, _ = far
    player.get_by_label("Sound (m)").click()
    player.get_by_label("Play", exact=True).click()
    expect(player).to_have_attribute("data-sound", "playing")
    player.get_by_label("Mute (m)").click()
    expect(player).to_have_attribute("data-sound", "muted")
    player.get_by_label("Pause", exact=True).click()
    assert float(status(player).split(" / ")[0]) > 0.1


def test_a_page_has_the_sound_of_a_clip_and_says_when_there_is_none(
    open_file, tmp_path, short_film
):
    opened_film = open_clip(short_film)
    clip = opened_film.sample(times_s=[float(t) for t in range(30)])
    heard = FramePlayer.of(clip, sound=opened_film)
    opened = open_file(page([heard, FramePlayer.of(film())], tmp_path / "page.html", "Sound"))
    loud, silent = opened.locator(PLAYER).all()
    loud.get_by_label("Sound (m)").click()
    expect(loud).to_have_attribute("data-sound", "ready")
    loud.get_by_label("Play", exact=True).click()
    expect(loud).to_have_attribute("data-sound", "playing")
    loud.locator("canvas").press("m")
    expect(loud).to_have_attribute("data-sound", "muted")
    expect(silent.get_by_label("No sound: the film has none")).to_be_disabled()
    expect(silent).to_have_attribute("data-sound", "none")


def test_a_page_has_a_coarse_strip_of_a_long_film_and_says_so(open_file, tmp_path, long_film):
    opened = open_file(FramePlayer.of(long_film).to_html(tmp_path / "page.html"))
    player = opened.locator(PLAYER)
    player.and_(opened.locator("[data-ready=true]")).wait_for()
    expect(player.get_by_text("coarse")).to_be_visible()
    player.get_by_label("Time", exact=True).fill("900")
    until(opened, lambda: abs(pixels(player.locator("canvas")).mean() - grey(900)) < 8)


def test_the_picture_zooms_by_keys_buttons_and_wheel_and_moves(on_page):
    canvas = on_page.player.locator("canvas")
    fit = float(on_page.player.get_attribute("data-zoom"))
    canvas.press("+")
    assert float(on_page.player.get_attribute("data-zoom")) == pytest.approx(1.5 * fit, rel=0.01)
    expect(on_page.player.get_by_text(re.compile(r"^\d+ %$"))).to_be_visible()
    before = pixels(canvas)
    canvas.press("Alt+ArrowRight")
    assert (pixels(canvas) != before).any()
    on_page.player.get_by_role("button", name="1:1").click()
    expect(on_page.player).to_have_attribute("data-zoom", "1.000")
    canvas.press("0")
    expect(on_page.player).to_have_attribute("data-zoom", f"{fit:.3f}")
    canvas.hover(position={"x": 60, "y": 60})
    on_page.page.keyboard.down("Control")
    on_page.page.mouse.wheel(0, -400)
    on_page.page.keyboard.up("Control")
    until(on_page.page, lambda: float(on_page.player.get_attribute("data-zoom")) > 2 * fit)
    zoomed = pixels(canvas)
    on_page.page.mouse.down()
    on_page.page.mouse.move(160, 160, steps=4)
    on_page.page.mouse.up()
    assert (pixels(canvas) != zoomed).any()
    says(on_page.player, "0.00 / 6.00 s")
    expect(on_page.player.get_by_label("Play", exact=True)).to_be_visible()  # a drag is no click


def test_the_frames_the_model_saw_are_listed_and_lead_there(open_file, tmp_path):
    player = FramePlayer.of(film(), seen=[0.5, 2.5, 4.0])
    opened = open_file(player.to_html(tmp_path / "page.html"))
    shown = opened.locator(PLAYER)
    shown.get_by_role("button", name="2.50").click()
    says(shown, "2.50 / 6.00 s")
    expect(shown.get_by_text("seen by the model", exact=True)).to_be_visible()
    shown.locator("canvas").press("ArrowRight")
    expect(shown.get_by_text("seen by the model", exact=True)).to_be_hidden()
    opened.keyboard.press("Shift+ArrowRight")
    says(shown, "4.00 / 6.00 s")
    expect(shown.locator("[aria-current]")).to_have_text("4.00")


def test_a_player_that_goes_away_frees_every_picture_it_decoded(scratch, lab_page):
    lab_page.evaluate(COUNT_BITMAPS)
    notebook = scratch(["from made import *; it = linked()", "it.player"])
    notebook.find(f"{PLAYER}[data-ready=true]").wait_for()
    notebook.do(
        "p = it.player; p.frames = p.frames[:8] * 20; p.times_s = [i / 10 for i in range(160)]"
    )
    player = notebook.find(PLAYER)
    for time_s in range(0, 16, 2):
        player.get_by_label("Time", exact=True).fill(str(min(time_s, 5.9)))
        notebook.page.wait_for_timeout(30)
    open_now = "window.open_bitmaps"
    assert 8 < notebook.page.evaluate(open_now) <= 97
    notebook.ask("clearOutput", 1)
    player.wait_for(state="detached")
    until(notebook.page, lambda: notebook.page.evaluate(open_now) == 0)
