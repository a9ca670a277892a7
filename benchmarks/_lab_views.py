"""Our explorer and `ipywidgets.interact` with matplotlib, in a real JupyterLab with a kernel."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from _measured import Measured, browsers_bytes, heap, middle
from playwright.sync_api import BrowserContext, Page

from tests.browser.harness.lab import Lab
from tests.browser.harness.notebook import IN_PAGE, Notebook, opening

MADE = """
import torch
from vtk_notebooks.models.attention.tiles import AttentionTiles, _Layer
layers, heads, n, words = {layers}, {heads}, {positions}, 24
g = torch.Generator().manual_seed(0)
def made():
    return torch.randn(heads, n, 64, generator=g).half()
kept = [_Layer(made(), made(), 0.125, True, None) for _ in range(layers)]
tiles = AttentionTiles({{f"layers.{{i}}": layer for i, layer in enumerate(kept)}})
"""
OURS = """
from vtk_notebooks.models.adapters import Prompt
from vtk_notebooks.tokens import Tokens
from vtk_widgets import AttentionExplorer
side = 8 if n > 512 else 2
t = (n - words) // side**2
tokens = Tokens.from_grid(torch.zeros(t, side, side, 1), torch.arange(t) * 0.5)
token = torch.full((n,), -1)
token[1:1 + len(tokens)] = torch.arange(len(tokens))
names = tuple("" if i >= 0 else f"w{place}" for place, i in enumerate(token.tolist()))
prompt = Prompt(torch.zeros(1, n, 1), token >= 0, token, names, None, n, {})
"""
SHOW_OURS = "explorer = AttentionExplorer.of(tiles, tokens, prompt); explorer"
INTERACT = """
%matplotlib inline
import ipywidgets, matplotlib.pyplot as plt
def show(layer=0):
    q, k = tiles.layers[f"layers.{layer}"][:2]
    later = torch.ones(n, n).triu(1).bool()
    plt.figure(figsize=(4, 4), dpi=100)
    plt.imshow((q[0].float() @ k[0].float().T * 0.125).masked_fill(later, -torch.inf).softmax(-1))
    plt.show()
show(0)  # the first picture of a session loads fonts
"""
SHOW_INTERACT = "ipywidgets.interact(show, layer=(0, layers - 1));"

POLLED = """(start, right) => new Promise((done, fail) => {
    const look = () => {
        if (right()) requestAnimationFrame(() => done(performance.now() - start));
        else if (performance.now() - start > 60000) fail(new Error("it never came"));
        else setTimeout(look, 1);
    };
    look();
})"""
RUN = """async ([id, code, ready]) => {
    const until = eval(POLLED);
    const right = new Function("return " + ready);
    const start = performance.now();
    const ran = window.vtkTests.ask("run", id, []);
    const spent = await until(start, right);
    const failed = await ran;
    if (failed.length) throw new Error(failed.join());
    return spent;
}""".replace("POLLED", f"`{POLLED}`")
HOVER = """async ([layers, heads]) => {
    const until = eval(POLLED);
    const widget = document.querySelector(".vtk-attention");
    const canvas = widget.querySelector(".vtk-heads");
    const { left, top, width, height } = canvas.getBoundingClientRect();
    const spent = [];
    for (let i = 0; i < 15; i++) {
        const [head, layer] = [(3 + 5 * i) % heads, (1 + 7 * i) % layers];
        const at = {
            clientX: left + 24 + ((width - 24) * (head + 0.5)) / heads,
            clientY: top + 18 + ((height - 18) * (layer + 0.5)) / layers, bubbles: true,
        };
        const start = performance.now();
        canvas.dispatchEvent(new PointerEvent("pointermove", at));
        const wanted = `mean/${layer}/${head}/`;
        spent.push(await until(start, () => widget.dataset.shows.startsWith(wanted)));
    }
    canvas.dispatchEvent(new PointerEvent("pointerleave", { bubbles: false }));
    return spent;
}""".replace("POLLED", f"`{POLLED}`")
WORD = """async () => {
    const until = eval(POLLED);
    const widget = document.querySelector(".vtk-attention");
    const chips = [...widget.querySelectorAll(".vtk-chip")].filter((chip) => !chip.hidden);
    const spent = [];
    for (let i = 0; i < 11; i++) {
        const before = widget.dataset.shows;
        const start = performance.now();
        chips[i].click();
        spent.push(await until(start, () => widget.dataset.shows !== before));
    }
    return spent;
}""".replace("POLLED", f"`{POLLED}`")
SLIDER = """async ([steps]) => {
    const until = eval(POLLED);
    const picture = () => document.querySelector(".widget-interact img")?.src ?? "";
    const slider = document.querySelector(".widget-interact .noUi-handle");
    const spent = [];
    for (let i = 0; i < steps; i++) {
        const before = picture();
        const start = performance.now();
        const right = { key: "ArrowRight", code: "ArrowRight", keyCode: 39, bubbles: true };
        slider.dispatchEvent(new KeyboardEvent("keydown", right));
        spent.push(await until(start, () => picture() && picture() !== before));
    }
    return spent;
}""".replace("POLLED", f"`{POLLED}`")


@dataclass
class Wire:
    """Bytes that came over the page's sockets."""

    bytes: int = field(default=0)

    def over(self, page: Page) -> "Wire":
        """Count from now on."""
        page.on("websocket", lambda socket: socket.on("framereceived", self._add))
        return self

    def _add(self, payload: Any) -> None:
        self.bytes += len(payload.encode() if isinstance(payload, str) else payload)


def opened(context: BrowserContext, lab: Lab) -> tuple[Page, Wire]:
    """JupyterLab, loaded, with a count of what it is sent."""
    page = context.new_page()
    page.add_init_script(path=IN_PAGE)
    wire = Wire().over(page)
    page.goto(lab.url("lab"))
    page.wait_for_function("window.jupyterapp?.restored.then(() => true)", timeout=90_000)
    page.evaluate("window.jupyterapp.commands.execute('application:toggle-left-area')")
    return page, wire


def ours(page: Page, wire: Wire, root: Path, shape: tuple[int, int, int]) -> Measured:
    """The explorer on made queries and keys: everything from the cell's start to the picture."""
    layers, heads, _ = shape
    ready = "document.querySelector('.vtk-attention')?.dataset.shows?.startsWith('mean/-1/-1')"
    with opening(page, root) as open_:
        notebook, before = open_([_made(shape), OURS]), wire.bytes
        found = _shown(page, wire, notebook, SHOW_OURS, ready, shape)
        page.wait_for_function("document.querySelector('.vtk-attention').dataset.heads === 'true'")
        page.wait_for_timeout(500)
        found["sent"] = wire.bytes - before  # all heads and all words of the question too
        hover = page.evaluate(HOVER, [layers, heads])
        word = page.evaluate(WORD)
        notebook.do("explorer.close()")
        return Measured(
            "vtk-notebooks", *shape, **found, hover_ms=middle(hover), switch_ms=middle(word)
        )


def interact(page: Page, wire: Wire, root: Path, shape: tuple[int, int, int]) -> Measured:
    """A slider over layers and matplotlib's picture of head 0: one map, not all heads."""
    ready = "document.querySelector('.widget-interact img')?.complete"
    with opening(page, root) as open_:
        notebook = open_([_made(shape), INTERACT])
        found = _shown(page, wire, notebook, SHOW_INTERACT, ready, shape)
        slid = page.evaluate(SLIDER, [5])
        note = "one map at a time"
        return Measured("interact + matplotlib", *shape, **found, switch_ms=middle(slid), note=note)


def _made(shape: tuple[int, int, int]) -> str:
    layers, heads, positions = shape
    return MADE.format(layers=layers, heads=heads, positions=positions)


def _shown(
    page: Page, wire: Wire, notebook: Notebook, code: str, ready: str, shape: Any
) -> dict[str, Any]:
    """Run the cell that shows it, in the kernel that has made the data."""
    before_heap, before, sent = heap(page), browsers_bytes(), wire.bytes
    notebook.ask("rewrite", [code])
    paint_ms = page.evaluate(RUN, [notebook.id, code, ready])
    page.wait_for_timeout(50)  # Playwright hears of the sockets a little later
    count = "document.querySelectorAll('.vtk-attention *, .widget-interact *').length"
    return {
        "paint_s": paint_ms / 1000,
        "sent": wire.bytes - sent,
        "nodes": page.evaluate(count),
        "memory": max(0, browsers_bytes() - before),
        "heap": max(0, heap(page) - before_heap),
    }
