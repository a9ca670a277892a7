"""The table and the plot of `widgets.py`, for people and for docs/benchmarks.md."""

import os
import platform
from datetime import UTC, datetime
from pathlib import Path

from _measured import Measured

COLUMNS = (
    "tool", "layers x heads x positions", "sent", "painted", "pointer", "switch", "DOM nodes",
    "JS heap", "browser memory", "",
)  # fmt: skip
BEGIN, END = "<!-- widgets -->", "<!-- /widgets -->"
NAMES = {"bertviz": "BertViz head view", "circuitsvis": "CircuitsVis heads"}
LOOKS = {
    "vtk-notebooks": ("#0072B2", "o"), "bertviz": ("#D55E00", "s"),
    "circuitsvis": ("#CC79A7", "^"), "interact + matplotlib": ("#009E73", "D"),
}  # fmt: skip


def printed(rows: list[Measured]) -> list[str]:
    """Lines of a Markdown table."""
    lines = ["| " + " | ".join(COLUMNS) + " |", "|---|---|" + "---:|" * 7 + "---|"]
    return lines + ["| " + " | ".join(_cells(row)) + " |" for row in rows]


def write(rows: list[Measured], docs: Path, limit_s: float, note: str) -> None:
    """Put the table and the plot where readers find them; what else is in the file stays."""
    picture = docs / "images" / "benchmark_widgets.svg"
    plot(rows, picture)
    path = docs / "benchmarks.md"
    text = path.read_text(encoding="utf-8") if path.exists() else "# Benchmarks\n"
    before, _, rest = text.partition(BEGIN)
    after = rest.partition(END)[2]
    day = datetime.now(UTC).date().isoformat()
    machine = f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}"
    about = f"{day}, {machine}{f', {note}' if note else ''}"
    section = [
        BEGIN, "## Attention in a browser", "",
        "`python benchmarks/widgets.py --write` (how the peers are installed is in its first"
        f" lines); {about}. One Chromium without a GPU. Ours and interact run in JupyterLab with a"
        " kernel, from the start of the cell to the picture; the peers are pages from disk with"
        " whole maps in them, and their libraries beside. *sent*: ours with the picture of all"
        " heads and every word of the question, which come after the first picture. *pointer*:"
        " pointing at a head (ours, the kernel computes it) or a word (BertViz) to the picture."
        " *switch*: picking another word (ours, in the page), layer (BertViz, interact) or head"
        " (CircuitsVis)."
        f" Whoever did not paint in {limit_s:.0f} s was stopped.", "",
        *printed(rows), "", f"![Time to the first picture and bytes sent](images/{picture.name})",
        "", END,
    ]  # fmt: skip
    path.write_text(before.rstrip() + "\n\n" + "\n".join(section) + after.rstrip() + "\n")


def plot(rows: list[Measured], path: Path) -> None:
    """Time to the first picture and bytes, over the length of the prompt."""
    import matplotlib as mpl

    mpl.use("Agg")
    import matplotlib.pyplot as plt

    fig, axes = plt.subplots(1, 2, figsize=(7.2, 2.7), layout="constrained")
    for who, (colour, marker) in LOOKS.items():
        ours = [r for r in rows if r.who == who and r.layers != 24]
        large = [r for r in rows if r.who == who and r.layers == 24]
        look = {"color": colour, "marker": marker, "markersize": 4, "linewidth": 1.4}
        there = [r for r in ours if r.paint_s is not None]
        label = NAMES.get(who, who)
        axes[0].plot([r.positions for r in there], [r.paint_s for r in there], label=label, **look)
        axes[1].plot([r.positions for r in ours], [r.sent / 1e6 for r in ours], **look)
        for r in ours:
            if r.paint_s is None and r.sent:
                axes[1].annotate("never painted", (r.positions, r.sent / 1e6), fontsize=7,
                                 xytext=(5, -3), textcoords="offset points")  # fmt: skip
        for r in large:
            axes[0].plot([r.positions], [r.paint_s], **look, markerfacecolor="none", linestyle="",
                         label=f"{label}, 24 x 16")  # fmt: skip
            axes[1].plot([r.positions], [r.sent / 1e6], **look, markerfacecolor="none")
    for ax, name in zip(axes, ("first picture (s)", "sent (MB)"), strict=True):
        ax.set(xscale="log", yscale="log", xlabel="positions of the prompt", ylabel=name)
        ax.set_xticks([64, 128, 256, 1024, 4096], ["64", "128", "256", "1,024", "4,096"])
        ax.minorticks_off()
        ax.grid(alpha=0.25, linewidth=0.6)
        ax.spines[["top", "right"]].set_visible(False)
    axes[0].legend(fontsize=7, frameon=False)
    path.parent.mkdir(parents=True, exist_ok=True)
    with mpl.rc_context({"svg.hashsalt": "vtk", "svg.fonttype": "path"}):
        fig.savefig(path, metadata={"Date": None})
    plt.close(fig)


def _cells(row: Measured) -> list[str]:
    def told(value: float | None, unit: str, scale: float = 1.0, digits: int = 0) -> str:
        return "-" if value is None else f"{value * scale:,.{digits}f} {unit}".rstrip()

    return [
        NAMES.get(row.who, row.who),
        f"{row.layers} x {row.heads} x {row.positions:,}",
        told(row.sent or None, "MB", 1e-6, 2),
        told(row.paint_s, "s", 1, 2),
        told(row.hover_ms, "ms"),
        told(row.switch_ms, "ms"),
        told(row.nodes, ""),
        told(row.heap, "MB", 1e-6, 1),
        told(row.memory, "MB", 1e-6),
        row.note,
    ]
