// Quality against cost as SVG: one mark per recipe, whiskers for intervals, steps for the front.
import { make, ownKeys } from "../page/_dom.js";
import { shortNumber, intervalText } from "../page/_numbers.js";

const SVG = "http://www.w3.org/2000/svg";
const [LEFT, RIGHT, TOP, BOTTOM] = [46, 16, 24, 40];
export const PLOT_HEIGHT = 320;
const WIDE = 4; // from this ratio of costs on, equal steps double

/** Round numbers from low to high, about so many. */
export function roundTicks(low, high, count) {
  const raw = (high - low) / Math.max(1, count);
  if (!(raw > 0)) return [low];
  const size = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 2.5, 5, 10].map((by) => by * size).find((by) => by >= raw * 0.999);
  const found = [];
  for (let k = Math.ceil(low / step - 1e-9); k * step <= high + step * 1e-9; k++) found.push(Number((k * step).toPrecision(12)));
  return found;
}

/** Powers of two in between, thinned to at most so many. */
export function doublings(low, high, most) {
  const found = [];
  for (let at = 2 ** Math.ceil(Math.log2(low) - 1e-9); at <= high * (1 + 1e-9); at *= 2) found.push(at);
  const every = Math.ceil(found.length / Math.max(1, most));
  return found.filter((_, i) => i % every === 0);
}

/** An axis: where a value lies between 0 and 1, and its ticks. */
export function axisOf(values, count, { log = false, room = 0.08 } = {}) {
  let [low, high] = [Math.min(...values), Math.max(...values)];
  if (log) {
    const pad = Math.max((high / low) ** room, 1.05);
    [low, high] = [low / pad, high * pad];
    const at = (value) => Math.log(value / low) / Math.log(high / low);
    return { at, ticks: doublings(low, high, count) };
  }
  const pad = room * (high - low) || 0.1 * Math.abs(high) || 1;
  [low, high] = [low >= 0 ? Math.max(0, low - pad) : low - pad, high + pad];
  return { at: (value) => (value - low) / (high - low), ticks: roundTicks(low, high, count) };
}

/** Recipes that can be drawn: both numbers are there. */
export const drawable = (trials, cost) =>
  trials.filter((t) => Number.isFinite(t[cost]?.value) && Number.isFinite(t.quality?.value));

/** Whether the cost axis counts doublings. */
export const countsDoublings = (values) => Math.min(...values) > 0 && Math.max(...values) / Math.min(...values) >= WIDE;

/** The steps of the front, cheapest first, as SVG path data. */
export function frontPath(points, width) {
  const sorted = [...points].sort((a, b) => a.x - b.x);
  const steps = sorted.map(({ x, y }, i) => (i ? `H${x.toFixed(1)}V${y.toFixed(1)}` : `M${x.toFixed(1)},${y.toFixed(1)}`));
  return sorted.length ? `${steps.join("")}H${width}` : "";
}

/** Where names can stand beside their points, the important ones first; one that would lie on
 * another name or point is left out, and the pointer finds it. */
export function placedNames(points, width, letter = 6.4, high = 14) {
  const taken = points.map(({ x, y }) => [x - 6, y - 6, x + 6, y + 6]);
  const hits = ([l, t, r, b]) => taken.some(([left, top, right, bottom]) => l < right && r > left && t < bottom && b > top);
  const placed = [];
  for (const point of points) {
    const wide = letter * point.text.length;
    for (const [anchor, dy] of [["start", -8], ["start", 17], ["end", -8], ["end", 17]]) {
      const x = point.x + (anchor === "start" ? 9 : -9);
      const left = anchor === "start" ? x : x - wide;
      const box = [left, point.y + dy - high + 3, left + wide, point.y + dy + 3];
      if (left < 0 || left + wide > width || hits(box)) continue;
      taken.push(box);
      placed.push({ ...point, x, y: point.y + dy, anchor });
      break;
    }
  }
  return placed;
}

/** A recipe and its numbers, for people. */
export function trialText(trial, cost, costName, quality) {
  const range = intervalText(trial.quality);
  return [
    trial.name === trial.label ? trial.name : `${trial.name}: ${trial.label}`,
    `${quality} ${shortNumber(trial.quality.value)}${range && ` ${range}`}`,
    `${costName} ${shortNumber(trial[cost].value)}`,
  ];
}

function draw(parent, tag, attributes, text = "") {
  const made = parent.appendChild(document.createElementNS(SVG, tag));
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  if (text) made.textContent = text;
  return made;
}

/** @returns {(trials, cost, costName, quality, width) => void} draws all of it again */
export function paretoPlot(parent, choose, signal) {
  const box = make(parent, "div", { className: "vtk-pareto" });
  const tip = make(box, "div", { className: "vtk-pareto-tip", hidden: true });

  function point(svg, trial, x, y, lines) {
    const kind = `vtk-dot${trial.here ? " vtk-here" : ""}${trial.reference ? " vtk-reference" : ""}`;
    const dot = ownKeys(draw(svg, "g", { class: kind, tabindex: 0, role: "button", "aria-label": `${lines.join(", ")}. Put it on the bench.` }));
    draw(dot, "circle", { cx: x, cy: y, r: 14, class: "vtk-reach" });
    if (trial.reference) draw(dot, "rect", { x: x - 5, y: y - 5, width: 10, height: 10, rx: 2 });
    else draw(dot, "circle", { cx: x, cy: y, r: trial.here ? 6.5 : 5.5 });
    const show = () => {
      tip.replaceChildren();
      for (const text of lines) make(tip, "div", { text });
      tip.hidden = false;
      const room = box.clientWidth - tip.offsetWidth - 4;
      tip.style.left = `${Math.max(0, Math.min(x + 14, room))}px`;
      tip.style.top = `${y > 80 ? y - tip.offsetHeight - 10 : y + 14}px`;
    };
    const hide = () => { tip.hidden = true; };
    for (const name of ["pointerenter", "focus"]) dot.addEventListener(name, show, { signal });
    for (const name of ["pointerleave", "blur"]) dot.addEventListener(name, hide, { signal });
    dot.addEventListener("click", () => choose(trial), { signal });
    dot.addEventListener("keydown", (event) => {
      if (event.key === "Enter" || event.key === " ") { choose(trial); event.preventDefault(); }
      if (event.key === "Escape") hide();
    }, { signal });
  }

  return (trials, cost, costName, quality, width) => {
    box.querySelector("svg")?.remove();
    tip.hidden = true;
    const shown = drawable(trials, cost);
    box.classList.toggle("vtk-none-yet", !shown.length);
    const svg = box.insertBefore(document.createElementNS(SVG, "svg"), tip);
    svg.setAttribute("width", width);
    svg.setAttribute("height", PLOT_HEIGHT);
    svg.setAttribute("role", "group");
    svg.setAttribute("aria-label", `${quality} against ${costName}, ${shown.length} recipes`);
    if (!shown.length) {
      draw(svg, "text", { x: width / 2, y: PLOT_HEIGHT / 2, class: "vtk-plot-word", "text-anchor": "middle" }, "nothing to draw yet");
      return;
    }
    const costs = shown.map((t) => t[cost].value);
    const ends = shown.flatMap((t) => [t.quality.value, t.quality.low ?? t.quality.value, t.quality.high ?? t.quality.value]);
    const across = axisOf(costs, Math.max(2, Math.floor(width / 90)), { log: countsDoublings(costs), room: 0.12 });
    const up = axisOf(ends, 4, { room: 0.15 });
    const [wide, high] = [width - LEFT - RIGHT, PLOT_HEIGHT - TOP - BOTTOM];
    const toX = (value) => LEFT + wide * across.at(value);
    const toY = (value) => TOP + high * (1 - up.at(value));
    for (const tick of up.ticks) {
      draw(svg, "line", { x1: LEFT, x2: LEFT + wide, y1: toY(tick), y2: toY(tick), class: "vtk-rule" });
      draw(svg, "text", { x: LEFT - 8, y: toY(tick) + 4, class: "vtk-plot-word", "text-anchor": "end" }, shortNumber(tick));
    }
    for (const tick of across.ticks) {
      draw(svg, "line", { x1: toX(tick), x2: toX(tick), y1: TOP + high, y2: TOP + high + 4, class: "vtk-rule" });
      draw(svg, "text", { x: toX(tick), y: TOP + high + 17, class: "vtk-plot-word", "text-anchor": "middle" }, shortNumber(tick));
    }
    draw(svg, "line", { x1: LEFT, x2: LEFT + wide, y1: TOP + high, y2: TOP + high, class: "vtk-rule vtk-base" });
    draw(svg, "text", { x: 0, y: 13, class: "vtk-plot-name" }, `${quality}, more is better ↑`);
    draw(svg, "text", { x: LEFT + wide, y: PLOT_HEIGHT - 4, class: "vtk-plot-name", "text-anchor": "end" }, `← fewer is better, ${costName}`);
    const at = new Map(shown.map((t) => [t, { x: toX(t[cost].value), y: toY(t.quality.value) }]));
    const front = shown.filter((t) => t.front).map((t) => at.get(t));
    if (cost === "tokens") draw(svg, "path", { d: frontPath(front, LEFT + wide), class: "vtk-front" });
    for (const t of shown) {
      const { x } = at.get(t);
      if (t.quality.low === null || t.quality.high === null) continue;
      draw(svg, "line", { x1: x, x2: x, y1: toY(t.quality.low), y2: toY(t.quality.high), class: "vtk-whisker" });
    }
    const important = [...shown].sort((a, b) => 2 * (b.here - a.here) + b.reference - a.reference);
    const named = important.map((t) => ({ ...at.get(t), text: t.name.length > 26 ? `${t.name.slice(0, 25)}…` : t.name, here: t.here }));
    for (const { text, here, x, y, anchor } of placedNames(named, LEFT + wide)) {
      draw(svg, "text", { x, y, class: `vtk-dot-name${here ? " vtk-here" : ""}`, "text-anchor": anchor }, text);
    }
    for (const t of shown) point(svg, t, at.get(t).x, at.get(t).y, trialText(t, cost, costName, quality));
  };
}
