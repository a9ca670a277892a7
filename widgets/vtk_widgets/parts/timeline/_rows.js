// Rows of a timeline: bars that can be pressed, and places for canvases. One axis for all.
import { frameAt, secondsText, share, spanText, ticks, tickText } from "../page/_time.js";
import { make, ownKeys } from "../page/_dom.js";
import { lanes, momentAt, opacities, shortened, within } from "./_tracks.js";

const LANE_HEIGHT = 24;
const EDGE_PX = 7; // this near to an end, a drag moves that end
const percentOf = (part) => `${100 * Math.min(1, Math.max(0, part))}%`;

/** How a track's moments are called. */
export function kindOf({ role, name }, predictions = 1) {
  if (role === "truth") return "truth";
  if (role === "prediction") return predictions > 1 ? `${name} prediction` : "prediction";
  return name;
}

/** A moment in words, text last since it may be long. */
export function momentText(kind, i, { start_s: startS, end_s: endS, score, text }) {
  const sure = kind.endsWith("prediction") ? `, score ${score.toFixed(2)}` : "";
  return `${kind} ${i + 1}: ${spanText(startS, endS)}${sure}${text ? `, ${shortened(text)}` : ""}`;
}

const MOST_SAID = 4; // tracks in one line of status
const isPrediction = ({ role }) => role === "prediction";

/** What is on show, for people and screen readers. */
export function timeText(timeS, timesS, tracks, endS = 0) {
  if (!timesS.length && !endS) return "No frames.";
  const parts = [secondsText(timeS)];
  if (timesS.length) parts.push(`frame ${frameAt(timesS, timeS) + 1} of ${timesS.length}`);
  const said = tracks.filter(({ moments }) => moments);
  const lists = [...said.filter(isPrediction), ...said.filter((track) => !isPrediction(track))];
  const predictions = lists.filter(isPrediction).length;
  for (const track of lists) {
    const at = momentAt(track.moments, timeS);
    if (at < 0) continue;
    const { text } = track.moments[at];
    const spoken = ["speech", "text"].includes(track.role) && text;
    const kind = track.role === "truth" ? "true moment" : kindOf(track, predictions);
    parts.push(spoken ? `${track.name}: ${shortened(text, 60)}` : `in ${kind} ${at + 1}`);
  }
  return parts.slice(0, 2 + MOST_SAID).join(" · ");
}

/** Which part of a bar a pointer took hold of. */
export function gripOf(x, width) {
  const edge = Math.min(EDGE_PX, width / 3);
  return x < edge ? "start" : x > width - edge ? "end" : "all";
}

/** Name and place of the next row. */
export function row(grid, number, name, lines = 1) {
  const label = make(grid, "div", { className: "vtk-name" });
  if (name) make(label, "span", { text: shortened(name, 60), title: shortened(name, 300) });
  const track = make(grid, "div", { className: "vtk-lanes" });
  for (const [column, cell] of [label, track].entries()) {
    Object.assign(cell.style, { gridRow: number, gridColumn: column + 1 });
  }
  track.style.height = `${LANE_HEIGHT * lines}px`;
  return { label, track };
}

/** Put a bar where its moment lies. */
export function placeBar(bar, { start_s: startS, end_s: endS }, view) {
  const [from, to] = [share(startS, view), share(endS, view)].map((x) => Math.min(1, Math.max(0, x)));
  bar.style.left = percentOf(from);
  bar.style.width = percentOf(to - from);
}

/** Bars for the moments on show; `press(i, event)` hears of every one that is clicked.
 * @returns {{ bars: Map<number, Element>, left: object[] }} the moments that found no bar too */
export function drawBars(track, kind, role, moments, view, press, signal) {
  const { shown } = within(moments, view);
  const there = shown.map((i) => moments[i]);
  const [lane, opacity] = [lanes(there), opacities(there)];
  const bars = new Map();
  track.style.height = `${LANE_HEIGHT * Math.max(1, ...lane.map((at) => at + 1))}px`;
  there.forEach((moment, k) => {
    if (lane[k] < 0) return;
    const i = shown[k];
    const label = momentText(kind, i, moment);
    const bar = ownKeys(make(track, "button", { type: "button", label, title: label }));
    bar.className = `vtk-moment vtk-role-${role}`;
    bar.dataset.key = `${kind} ${i}`;
    placeBar(bar, moment, view);
    bar.style.top = `${LANE_HEIGHT * lane[k] + 2}px`;
    bar.style.setProperty("--vtk-sure", `${Math.round(100 * opacity[k])}%`);
    const score = role === "prediction" ? `${moment.score.toFixed(2)} ` : "";
    make(bar, "span", { text: `${score}${shortened(moment.text)}`, title: label });
    bar.addEventListener("click", (event) => press(i, event), { signal });
    bars.set(i, bar);
  });
  const left = moments.filter((m, i) => !bars.has(i) && m.start_s < view[1] && m.end_s > view[0]);
  if (!moments.length) make(track, "span", { className: "vtk-none", text: "none" });
  else if (!there.length) make(track, "span", { className: "vtk-none", text: "none in this part" });
  return { bars, left };
}

/** Say how many moments have no bar, and make a canvas that shows where they lie. */
export function drawLeft(track, count) {
  const height = parseFloat(track.style.height);
  track.style.height = `${height + 18}px`;
  const canvas = make(track, "canvas", { className: "vtk-crowd" });
  canvas.setAttribute("aria-hidden", "true");
  make(track, "span", { className: "vtk-more", text: `+ ${count} more` });
  return canvas;
}

/** Numbers below all rows. */
export function drawAxis(axis, view, width) {
  axis.replaceChildren();
  if (view[1] <= view[0]) return;
  const { stepS, atS } = ticks(view[1], Math.max(2, Math.floor(width / 70)), view[0]);
  for (const at of atS) {
    const tick = make(axis, "span", { text: tickText(at, stepS) });
    const part = share(at, view);
    tick.style.left = percentOf(part);
    tick.className = part > 0.97 ? "vtk-last" : part < 0.02 ? "vtk-first" : "";
  }
}

/** Lay something from one time to another; hidden where none of it is on show. */
export function lay(element, span, view) {
  const [from, to] = span.length ? span.map((t) => share(t, view)) : [1, 0];
  element.hidden = !span.length || to <= 0 || from >= 1;
  element.style.left = percentOf(from);
  element.style.right = percentOf(1 - to);
}
