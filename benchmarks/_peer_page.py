"""One peer's view of made attention as an HTML file; run by the interpreter that has the peers.

python benchmarks/_peer_page.py bertviz LAYERS HEADS POSITIONS FILE
"""

import sys
from pathlib import Path

import torch


def main(kind: str, layers: int, heads: int, n: int, path: Path) -> None:
    later = torch.ones(n, n).triu(1).bool()
    logits = torch.randn(layers, heads, n, n, generator=torch.Generator().manual_seed(0))
    attention = logits.masked_fill(later, -torch.inf).softmax(-1)
    words = [f"w{i}" for i in range(n)]
    if kind == "bertviz":
        from bertviz import head_view  # pyright: ignore[reportMissingImports]

        html = head_view([each[None] for each in attention], words, html_action="return").data
    else:
        from circuitsvis.attention import (  # pyright: ignore[reportMissingImports]
            attention_heads,
        )

        html = attention_heads(attention=attention[0], tokens=words).local_src
    path.write_text(f"<!doctype html><html><body>{html}</body></html>", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1], *map(int, sys.argv[2:5]), Path(sys.argv[5]))  # pyright: ignore
