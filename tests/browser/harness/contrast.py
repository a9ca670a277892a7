"""How well text can be read: contrast ratios as WCAG 2 defines them."""

from playwright.sync_api import Locator

_RATIOS = """(root) => {
    const pen = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
    const parsed = (colour) => { // whatever syntax the browser computes, as [r, g, b, alpha]
        pen.clearRect(0, 0, 1, 1);
        pen.fillStyle = colour;
        pen.fillRect(0, 0, 1, 1);
        const [r, g, b, a] = pen.getImageData(0, 0, 1, 1).data;
        return [r, g, b, a / 255];
    };
    const over = ([r, g, b, a], under) => [r, g, b].map((c, i) => a * c + (1 - a) * under[i]);
    const family = (element) => {
        const all = [];
        for (let e = element; e; e = e.parentElement ?? e.getRootNode().host) all.unshift(e);
        return all;
    };
    const ground = (element) => family(element).reduce(
        (under, e) => over(parsed(getComputedStyle(e).backgroundColor), under), [255, 255, 255]);
    const luminance = (rgb) => rgb
        .map((c) => c / 255)
        .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4))
        .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
    const ratio = (element) => {
        const under = ground(element);
        const opacity = family(element).reduce((o, e) => o * getComputedStyle(e).opacity, 1);
        const [r, g, b, a] = parsed(getComputedStyle(element).color);
        const [low, high] = [luminance(under), luminance(over([r, g, b, a * opacity], under))]
            .sort((x, y) => x - y);
        return (high + 0.05) / (low + 0.05);
    };
    const texts = [...root.querySelectorAll("*")].filter((e) => e.checkVisibility()
        && [...e.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim()));
    const name = (e) => `${e.className || e.tagName}: ${e.textContent.slice(0, 40)}`;
    return texts.map((e) => [name(e), ratio(e)]);
}"""
ENOUGH = 4.5  # WCAG 2, level AA, for text of ordinary size


def too_faint(widget: Locator) -> dict[str, float]:
    """Texts inside a widget that contrast too little with what lies behind them."""
    ratios = widget.evaluate(_RATIOS)
    assert ratios, "a widget without text"
    return {text: round(ratio, 2) for text, ratio in ratios if ratio < ENOUGH}
