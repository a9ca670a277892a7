"""The walk: a newcomer asks a film, sees where the answer came from, squeezes, exports.

Only by what can be read on the page: labels, roles and words.
"""

import os
import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from playwright.sync_api import Locator, expect

NOTEBOOK = Path(__file__).parents[2] / "notebooks" / "explore" / "workbench.ipynb"
PATIENCE_MS = 120_000  # an answer encodes a film on whatever machine this is
HALF = re.compile("\u2212(49|50|51) %")  # each frame keeps a whole number of tokens
SPAN = re.compile(r"\d+\.\d\d\u2013\d+\.\d\d s")


@pytest.fixture
def walk(open_notebook, lab):
    """The notebook's cells up to the workbench, with few frames."""
    cells = nbformat.read(NOTEBOOK, as_version=4).cells
    code = [cell.source for cell in cells if cell.cell_type == "code"]
    where = {"VTK_FRAMES": "4", "VTK_OUT": str(lab.root / "walk")}
    return open_notebook([f"import os; os.environ.update({where!r})", *code[:2]])


def answered(bench: Locator) -> None:
    """Wait until there is an answer and nobody works on another one."""
    expect(bench.get_by_role("button", name="Export the figures")).to_be_enabled(
        timeout=PATIENCE_MS
    )
    answer = bench.get_by_role("region", name="Answer")
    expect(answer.get_by_role("status")).to_contain_text(SPAN)


@pytest.mark.weights
def test_a_newcomer_finds_the_frames_halves_the_tokens_and_exports(walk, screenshot):
    bench = walk.find(".vtk-workbench")
    answered(bench)

    # picks a film and asks a question
    bench.get_by_label("Film", exact=True).select_option("carphone")
    question = bench.get_by_label("Question", exact=True)
    expect(question).to_have_value("a man in a car")
    question.fill("a man's face")
    bench.get_by_role("button", name="Ask").click()
    walk.comes_to("[bench.busy, bench.run.query.text]", lambda now: now == [False, "a man's face"])
    answered(bench)

    # finds which frames the answer came from, and looks at one
    frame = bench.get_by_role("region", name="Answer").get_by_role("button", name="Frame").last
    [at] = re.findall(r"at (\d+\.\d\d) s", frame.get_attribute("aria-label") or "")
    frame.click()
    expect(bench.get_by_role("region", name="Player").get_by_text(f"{at} / ")).to_be_visible()

    # halves the tokens and sees what changed
    bench.get_by_role("button", name="Halve the tokens").click()
    changed = bench.get_by_role("table", name="What changed")
    expect(changed.get_by_role("row", name="tokens")).to_contain_text(HALF)
    expect(changed.get_by_role("row", name="moment")).to_contain_text(SPAN)
    recipes = bench.get_by_role("tabpanel", name="Compare recipes").get_by_role("row")
    expect(recipes.filter(has_text="on the bench")).to_contain_text("keep=0.125")
    screenshot(walk.page, "walk")

    # exports the figure, whose file says what made it
    bench.get_by_role("button", name="Export the figures").click()
    files = bench.get_by_role("status").filter(has_text="Exported 5 files")
    expect(files).to_be_visible(timeout=PATIENCE_MS)
    [figure] = [line for line in files.inner_text().splitlines() if line.endswith("_tokens.pdf")]
    command = [sys.executable, "-m", "vtk_notebooks", "figure", "--explain", figure]
    said = subprocess.run(command, check=True, capture_output=True, text=True, env=os.environ)
    assert "a man's face" in said.stdout
    assert '"keep": 0.125' in said.stdout
