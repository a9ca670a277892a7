"""What axe-core finds that keeps people out: its serious and critical violations of WCAG."""

from pathlib import Path

import axe_playwright_python
from playwright.sync_api import Locator

_AXE = Path(axe_playwright_python.__file__).with_name("axe.min.js")
_SCAN = """async (root) => {
    const { violations } = await axe.run(root, { resultTypes: ["violations"] });
    return violations.filter(({ impact }) => ["serious", "critical"].includes(impact))
        .map(({ id, nodes }) => [id, nodes.map(({ html }) => html)]);
}"""


def barriers(widget: Locator) -> dict[str, list[str]]:
    """Rules that a widget breaks, with the elements that do."""
    page = widget.page
    if not page.evaluate("'axe' in window"):
        page.evaluate(_AXE.read_text(encoding="utf-8"))
    return dict(widget.evaluate(_SCAN))
