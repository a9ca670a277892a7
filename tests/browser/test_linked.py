"""Widgets that hold one `Selection` move together, in JupyterLab and on a page without a kernel."""

import pytest

from .harness.shown import pixels, says, status

SCRUB_AND_READ = """(scrubber, timeline) => {
    scrubber.value = 3;
    scrubber.dispatchEvent(new Event("input", { bubbles: true }));
    return timeline.querySelector("[role=status]").textContent;
}"""
FILM_SECONDS_PER_SECOND = """(scrubber) => new Promise((tell) => {
    const [from, start] = [scrubber.valueAsNumber, performance.now()];
    setTimeout(() => tell(
        1000 * (scrubber.valueAsNumber - from) / (performance.now() - start)), 700);
})"""


def test_every_widget_paints(shown, screenshot, request):
    for canvas in shown.root.locator(".vtk canvas").all():
        assert pixels(canvas).std() > 5
    screenshot(shown.page, f"linked_{request.node.callspec.id}")


def test_scrubbing_the_player_moves_the_playhead_in_the_same_tick(shown):
    said = shown.scrubber.evaluate(SCRUB_AND_READ, shown.timeline.element_handle())
    assert said.startswith("3.00 s · frame 7 of 12")


def test_scrubbing_shows_the_frame_of_that_time(shown):
    before = pixels(shown.player.locator("canvas"))
    shown.scrubber.fill("3.2")
    says(shown.player, "3.20 / 6.00 s")
    shown.player.and_(shown.root.locator("[data-frame='6']")).wait_for()
    assert (pixels(shown.player.locator("canvas")) != before).any()


def test_clicking_a_moment_seeks_the_player_to_its_start(shown):
    shown.timeline.get_by_role("button", name="prediction 1").click()
    says(shown.player, "2.50 / 6.00 s")
    says(shown.timeline, "in prediction 1 · in true moment 1")


def test_clicking_the_curve_seeks_to_that_time(shown):
    curve = shown.timeline.locator("canvas")
    box = curve.bounding_box()
    curve.click(position={"x": box["width"] * 0.75, "y": 20})
    assert float(status(shown.player).split(" / ")[0]) == pytest.approx(4.5, abs=0.05)


def test_dragging_over_the_timeline_scrubs(shown):
    shown.timeline.scroll_into_view_if_needed()
    box = shown.timeline.locator("canvas").bounding_box()
    shown.page.mouse.move(box["x"] + 5, box["y"] + 30)
    shown.page.mouse.down()
    shown.page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 30, steps=4)
    shown.page.mouse.up()
    shown.page.mouse.move(box["x"] + 5, box["y"] + 30)
    assert float(status(shown.player).split(" / ")[0]) == pytest.approx(3.0, abs=0.05)


def test_clicking_a_cell_of_the_token_map_seeks_to_its_frame(shown):
    place, frame = shown.find_cell()
    shown.sheet.click(position=place)
    says(shown.timeline, f"frame {frame} of 12")
    says(shown.player, f"{(frame - 1) * 0.5:.2f} / 6.00 s")


def test_playing_runs_at_the_speed_of_the_film_however_many_widgets_listen(shown):
    shown.player.get_by_label("Play", exact=True).click()
    rate = shown.scrubber.evaluate(FILM_SECONDS_PER_SECOND)
    shown.player.get_by_label("Pause", exact=True).click()
    assert 0.3 < rate < 1.5  # a second clock would give 2


def test_playing_stops_at_the_end_and_starts_again_from_there(shown):
    shown.player.get_by_label("Speed").select_option("4")
    shown.scrubber.fill("5.5")
    shown.player.get_by_label("Play", exact=True).click()
    says(shown.player, "6.00 / 6.00 s")
    shown.player.get_by_label("Play", exact=True).click()
    shown.player.get_by_label("Pause", exact=True).click()
    assert float(status(shown.player).split(" / ")[0]) < 5
