// The whole map of one head, who looks down and who is seen across, a window of it at a time.
import { make, ownKeys, button, fitCanvas } from "../page/_dom.js";
import { partText } from "./_attention.js";

const SMALLEST_WINDOW = 16; // positions in a window
const MAP_TALLEST = 340;

/** A window around a point, so many times as large; inside the prompt.
 * @param {number[]} span first and one past the last; @param {number} at in [0, 1] of it */
export function zoomedSpan([from, to], at, by, count) {
  const size = Math.min(count, Math.max(Math.min(SMALLEST_WINDOW, count), Math.round((to - from) * by)));
  const start = Math.round(from + at * (to - from) - at * size);
  const first = Math.min(count - size, Math.max(0, start));
  return [first, first + size];
}

/** A window moved by a part of itself. */
export function movedSpan([from, to], by, count) {
  const size = to - from;
  const first = Math.min(count - size, Math.max(0, from + Math.round(by * size)));
  return [first, first + size];
}

/** What a pixel of a tile stands for. @returns {[number, number]} first and last position */
export function spanOfPixel([from, to], pixels, i) {
  const size = to - from; // as AttentionTiles pools: position p falls into floor(p * pixels / size)
  return [from + Math.ceil((i * size) / pixels), from + Math.ceil(((i + 1) * size) / pixels) - 1];
}

/** @param {(request: object) => { values: Float32Array, shape: number[] } | undefined} asked */
export function mapPane(parent, model, asked, nameOf, signal) {
  const pane = make(parent, "div", { className: "vtk-map" });
  const title = make(pane, "div", { className: "vtk-title" });
  make(title, "strong", { text: "Its map" });
  const note = make(title, "span");
  const whole = button(title, "Whole map", "vtk-whole", () => show([0, count()], [0, count()]), signal);
  whole.textContent = "whole map";
  const canvas = ownKeys(make(pane, "canvas", { tabIndex: 0 }));
  canvas.setAttribute("role", "application");
  canvas.setAttribute("aria-roledescription", "attention map");
  const tip = make(pane, "p", { className: "vtk-note" });
  const count = () => model.get("positions");
  let [rows, keys] = [[0, count()], [0, count()]];
  let tile = null;
  let drawn = null; // what draw was called with

  function show(down, across) {
    [rows, keys] = [down, across];
    if (drawn) draw(...drawn);
  }
  function paint(colours) {
    const side = Math.min(canvas.clientWidth, MAP_TALLEST);
    const scale = fitCanvas(canvas, canvas.clientWidth, side);
    const pen = canvas.getContext("2d");
    const [high, wide] = tile.shape;
    const most = tile.values.reduce((a, v) => Math.max(a, v), 1e-12);
    const image = new ImageData(wide, high);
    tile.values.forEach((v, i) => image.data.set([...colours.rgb, 255 * Math.sqrt(v / most)], 4 * i));
    const small = new OffscreenCanvas(wide, high);
    small.getContext("2d").putImageData(image, 0, 0);
    pen.scale(scale, scale);
    pen.fillStyle = colours.faint;
    pen.fillRect(0, 0, canvas.clientWidth, side);
    pen.imageSmoothingEnabled = false;
    pen.drawImage(small, 0, 0, canvas.clientWidth, side);
    note.textContent = `who looks ↓, who is seen → · up to ${partText(most)}`;
    const span = ([from, to]) => `${from} to ${to - 1}`;
    const label = `Rows ${span(rows)}, keys ${span(keys)}. Plus and minus zoom, arrows move.`;
    canvas.setAttribute("aria-label", label);
  }
  function draw(layer, head, colours) {
    drawn = [layer, head, colours];
    pane.hidden = layer < 0 || !model.get("live");
    if (pane.hidden) return;
    whole.hidden = rows[1] - rows[0] === count() && keys[1] - keys[0] === count();
    const found = asked({ kind: "tile", how: "mean", layer, head, rows, keys, size: 256 });
    if (!found || !canvas.clientWidth) return;
    tile = { ...found, rows, keys };
    paint(colours);
    pane.dataset.shows = [layer, head, rows, keys].join("/");
  }

  const at = ({ offsetX, offsetY }) => [offsetX / canvas.clientWidth, offsetY / canvas.clientHeight];
  canvas.addEventListener("dblclick", (event) => {
    const [x, y] = at(event);
    show(zoomedSpan(rows, y, 0.5, count()), zoomedSpan(keys, x, 0.5, count()));
  }, { signal });
  canvas.addEventListener("wheel", (event) => {
    if (!event.ctrlKey && !event.metaKey && document.activeElement !== canvas) return; // the page scrolls
    event.preventDefault();
    const [[x, y], by] = [at(event), event.deltaY > 0 ? 1.3 : 1 / 1.3];
    show(zoomedSpan(rows, y, by, count()), zoomedSpan(keys, x, by, count()));
  }, { signal, passive: false });
  canvas.addEventListener("pointermove", (event) => {
    if (!tile) return;
    const [x, y] = at(event);
    const [high, wide] = tile.shape;
    const [row, key] = [Math.min(high - 1, Math.floor(y * high)), Math.min(wide - 1, Math.floor(x * wide))];
    const [down, across] = [spanOfPixel(tile.rows, high, row), spanOfPixel(tile.keys, wide, key)];
    tip.textContent = `${nameOf(...down)} looks ${partText(tile.values[row * wide + key])} at ${nameOf(...across)}`;
  }, { signal });
  canvas.addEventListener("pointerleave", () => { tip.textContent = ""; }, { signal });
  canvas.addEventListener("keydown", (event) => {
    const zoom = { "+": 0.5, "=": 0.5, "-": 2 }[event.key];
    const move = { ArrowLeft: [0, -0.25], ArrowRight: [0, 0.25], ArrowUp: [-0.25, 0], ArrowDown: [0.25, 0] }[event.key];
    if (zoom) show(zoomedSpan(rows, 0.5, zoom, count()), zoomedSpan(keys, 0.5, zoom, count()));
    else if (move) show(movedSpan(rows, move[0], count()), movedSpan(keys, move[1], count()));
    else if (event.key === "Escape") show([0, count()], [0, count()]);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }, { signal });
  return { draw };
}
