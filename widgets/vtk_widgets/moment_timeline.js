// Moment timeline: real buttons for the moments, one canvas for the curve, one axis for all.
import { frameAt, steppedTime, ticks, tickText, secondsText, spanText, fraction } from "./parts/_time.js";
import { make, ownKeys, oncePerFrame, onLook } from "./parts/_dom.js";
import { sharedSelection, keepTime, togglePlay } from "./parts/_link.js";
import { float32 } from "./parts/_owners.js";
import { lanes, opacities, valueRange, momentAt } from "./parts/_tracks.js";
import { drawCurve } from "./parts/_curve.js";

/** What is on show, for people and screen readers. */
export function timeText(timeS, timesS, moments, truth) {
  if (!timesS.length) return "No frames.";
  const parts = [secondsText(timeS), `frame ${frameAt(timesS, timeS) + 1} of ${timesS.length}`];
  const [predicted, real] = [momentAt(moments, timeS), momentAt(truth, timeS)];
  if (predicted >= 0) parts.push(`in prediction ${predicted + 1}`);
  if (real >= 0) parts.push(`in true moment ${real + 1}`);
  return parts.join(" · ");
}

/** A moment in words, text last since it may be long. */
export function momentText(kind, i, { start_s: startS, end_s: endS, score, text }) {
  const sure = kind === "prediction" ? `, score ${score.toFixed(2)}` : "";
  return `${kind} ${i + 1}: ${spanText(startS, endS)}${sure}${text ? `, ${text}` : ""}`;
}

function row(grid, name) {
  const label = make(grid, "div", { className: "vtk-name", text: name });
  return { label, track: make(grid, "div", { className: "vtk-lanes" }) };
}

function drawTrack(track, kind, moments, endS, choose, signal) {
  const [lane, opacity] = [lanes(moments), opacities(moments)];
  track.style.height = `${24 * Math.max(1, ...lane.map((at) => at + 1))}px`;
  moments.forEach((moment, i) => {
    if (lane[i] < 0) return;
    const label = momentText(kind, i, moment);
    const bar = ownKeys(make(track, "button", { type: "button", label, title: label }));
    bar.className = `vtk-moment vtk-${kind}`;
    bar.style.left = `${100 * fraction(moment.start_s, endS)}%`;
    bar.style.width = `${100 * (fraction(moment.end_s, endS) - fraction(moment.start_s, endS))}%`;
    bar.style.top = `${24 * lane[i] + 2}px`;
    bar.style.setProperty("--vtk-sure", `${Math.round(100 * opacity[i])}%`);
    const score = kind === "prediction" ? `${moment.score.toFixed(2)} ` : "";
    make(bar, "span", { text: `${score}${moment.text}` });
    bar.addEventListener("click", (event) => {
      event.stopPropagation();
      choose(moment);
    }, { signal });
  });
  const hidden = lane.filter((at) => at < 0).length;
  if (!moments.length) make(track, "span", { className: "vtk-none", text: "none" });
  if (hidden) make(track, "span", { className: "vtk-more", text: `+ ${hidden} more` });
}

function drawAxis(axis, endS, width) {
  axis.replaceChildren();
  if (endS <= 0) return;
  const { stepS, atS } = ticks(endS, Math.max(2, Math.floor(width / 70)));
  for (const at of atS) {
    const tick = make(axis, "span", { text: tickText(at, stepS) });
    tick.style.left = `${100 * fraction(at, endS)}%`;
    if (fraction(at, endS) > 0.97) tick.className = "vtk-last";
  }
}

async function render({ model, el, signal, host }) {
  const get = (name) => model.get(name);
  const root = make(el, "div", { className: "vtk vtk-moment-timeline" });
  const shared = await sharedSelection(model, host, signal);
  if (signal.aborted) return;
  const question = make(root, "p", { className: "vtk-question" });
  const grid = make(root, "div", { className: "vtk-grid" });
  const status = make(root, "p", { className: "vtk-status" });
  status.setAttribute("role", "status");
  let plot = null; // the elements that change after building

  const seek = (timeS) => shared.set({ time_s: Math.min(get("duration_s"), Math.max(0, timeS)) });
  function choose({ start_s: startS, end_s: endS }) {
    const same = String(shared.get("moment")) === String([startS, endS]);
    shared.set(same ? { moment: [] } : { moment: [startS, endS], time_s: startS });
  }

  function build() {
    const endS = get("duration_s");
    grid.replaceChildren();
    question.textContent = get("question");
    question.hidden = !get("question");
    if (get("truth").length) drawTrack(row(grid, "truth").track, "truth", get("truth"), endS, choose, signal);
    drawTrack(row(grid, "predicted").track, "prediction", get("moments"), endS, choose, signal);
    const { label, track } = row(grid, "saliency");
    const canvas = make(track, "canvas");
    canvas.setAttribute("aria-hidden", "true");
    const range = make(label, "div", { className: "vtk-range" });
    const none = make(track, "span", { className: "vtk-none", text: "none" });
    const axisName = make(grid, "div", { className: "vtk-name vtk-unit", text: "time (s)" });
    axisName.setAttribute("aria-hidden", "true");
    const axis = make(grid, "div", { className: "vtk-axis" });
    const over = ownKeys(make(grid, "div", { className: "vtk-over", tabIndex: 0, label: "Time" }));
    over.setAttribute("role", "slider");
    over.setAttribute("aria-valuemin", 0);
    over.setAttribute("aria-valuemax", endS);
    const shade = make(over, "div", { className: "vtk-shade" });
    const head = make(over, "div", { className: "vtk-head" });
    plot = { canvas, axis, over, shade, head, range, none };
    fit();
    follow();
  }

  function fit() {
    if (!plot.axis.clientWidth) return; // hidden: its size will be news later
    const [timesS, values] = [get("times_s"), [...float32(get("saliency"))]];
    const style = getComputedStyle(plot.range);
    const colours = { colour: style.accentColor, gap: style.borderTopColor };
    drawCurve(plot.canvas, timesS, values, get("duration_s"), colours);
    drawAxis(plot.axis, get("duration_s"), plot.axis.clientWidth);
    const range = valueRange(values);
    plot.range.replaceChildren();
    plot.none.hidden = range !== null;
    for (const value of range ? [range[1], range[0]] : []) {
      make(plot.range, "span", { text: value.toFixed(2) });
    }
    root.dataset.ready = "true";
  }

  function follow() {
    const [timeS, endS] = [shared.get("time_s"), get("duration_s")];
    const words = timeText(timeS, get("times_s"), get("moments"), get("truth"));
    plot.head.style.left = `${100 * fraction(timeS, endS)}%`;
    plot.over.setAttribute("aria-valuenow", timeS.toFixed(2));
    plot.over.setAttribute("aria-valuetext", words);
    status.textContent = words;
    const [fromS, toS] = shared.get("moment");
    plot.shade.hidden = toS === undefined;
    plot.shade.style.left = `${100 * fraction(fromS ?? 0, endS)}%`;
    plot.shade.style.right = `${100 - 100 * fraction(toS ?? 0, endS)}%`;
  }

  const timeUnder = ({ clientX }) => {
    const { left, width } = plot.axis.getBoundingClientRect();
    return ((clientX - left) / width) * get("duration_s");
  };
  let dragging = false;
  grid.addEventListener("pointerdown", (event) => {
    const { left, right } = plot.axis.getBoundingClientRect();
    if (event.button || event.clientX < left || event.clientX > right + 1) return;
    if (event.target.closest(".vtk-moment")) return; // a click on it chooses it
    dragging = true;
    grid.setPointerCapture(event.pointerId);
    plot.over.focus({ preventScroll: true });
    seek(timeUnder(event));
    event.preventDefault();
  }, { signal });
  grid.addEventListener("pointermove", (event) => { if (dragging) seek(timeUnder(event)); }, { signal });
  for (const name of ["pointerup", "pointercancel"]) {
    grid.addEventListener(name, () => { dragging = false; }, { signal });
  }

  function press({ key, target }) {
    const timesS = get("times_s");
    const by = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1 }[key];
    if (by && timesS.length) seek(steppedTime(timesS, shared.get("time_s"), by));
    else if (key === "Home") seek(0);
    else if (key === "End") seek(timesS.at(-1) ?? 0);
    else if (key === "Escape") shared.set({ moment: [] });
    else if (key === " " && target.tagName !== "BUTTON") togglePlay(shared, get("duration_s"));
    else return false;
    return true;
  }
  root.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (press(event)) event.preventDefault();
  }, { signal });

  const rebuild = oncePerFrame(build, signal);
  for (const name of ["question", "truth", "moments", "saliency", "times_s", "duration_s"]) {
    model.on(`change:${name}`, rebuild);
  }
  shared.on(["time_s", "moment"], follow);
  keepTime(shared, () => get("duration_s"), signal);
  build();
  onLook(grid, oncePerFrame(fit, signal), signal);
}

export default { render };
