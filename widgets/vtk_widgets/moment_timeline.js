// Moment timeline: real buttons for the moments, a canvas for each curve, one axis for all.
import { steppedTime, fraction, movedView, zoomedView, viewWith, secondsText, spanText } from "./parts/page/_time.js";
import { make, ownKeys, oncePerFrame, onLook } from "./parts/page/_dom.js";
import { sharedSelection, keepTime, togglePlay } from "./parts/page/_link.js";
import { numbers32, numbers64, valueRange } from "./parts/timeline/_tracks.js";
import { drawCurve, drawHeat, drawCrowd, heatHeight, CURVE_HEIGHT } from "./parts/timeline/_curve.js";
import { kindOf, timeText, row, drawBars, drawLeft, drawAxis, lay } from "./parts/timeline/_rows.js";
import { timelineBar, spanLine } from "./parts/timeline/_timeline_bar.js";
import { ownTrack } from "./parts/timeline/_own_track.js";
import { download, written, FILES } from "./parts/timeline/_annotation_files.js";

const CLICK_PX = 4; // a drag that is shorter is a click

/** Values of a curve or a map, and the times they belong to. */
export function seriesOf(track, timesS) {
  const times = track.times.byteLength ? [...numbers64(track.times)] : timesS;
  return { timesS: times, values: numbers32(track.values), rows: track.rows };
}

/** A stretch of time out of two ends in any order, inside the film; empty where it is too short. */
export function windowOf(aS, bS, endS, leastS = 0) {
  const [from, to] = [Math.min(aS, bS), Math.max(aS, bS)].map((t) => Math.min(endS, Math.max(0, t)));
  return to - from > leastS ? [from, to] : [];
}

async function render({ model, el, signal, host }) {
  const get = (name) => model.get(name);
  const tell = (values) => {
    for (const [name, value] of Object.entries(values)) model.set(name, value);
    model.save_changes();
  };
  const root = make(el, "div", { className: "vtk vtk-moment-timeline" });
  const shared = await sharedSelection(model, host, signal);
  if (signal.aborted) return;
  const question = make(root, "p", { className: "vtk-question" });
  let [plot, brushing, drag] = [null, false, null];
  let built = new AbortController(); // ends with the elements of one build
  signal.addEventListener("abort", () => built.abort());

  const endS = () => get("duration_s");
  const view = () => get("view").length ? get("view") : [0, endS()];
  const seek = (timeS) => shared.set({ time_s: Math.min(endS(), Math.max(0, timeS)) });
  const timeUnder = ({ clientX }) => {
    const { left, width } = plot.axis.getBoundingClientRect();
    const [from, to] = view();
    return from + ((clientX - left) / width) * (to - from);
  };
  function choose({ start_s: startS, end_s: stopS }) {
    const same = String(shared.get("moment")) === String([startS, stopS]);
    shared.set(same ? { moment: [] } : { moment: [startS, stopS], time_s: startS });
  }
  const look = (wanted) => {
    const whole = wanted[1] - wanted[0] >= endS() - 1e-6;
    tell({ view: whole ? [] : wanted });
  };
  const setWindow = (window) => {
    shared.set({ window });
    say(window.length ? `Selected ${spanText(...window)}` : "The whole film is selected");
  };
  const clear = () => setWindow([]);

  const bar = timelineBar(root, {
    brush: () => { brushing = !brushing; drawBar(); },
    clear,
    zoom: () => look(shared.get("window")),
    all: () => look([0, endS()]),
    edit: () => tell({ editing: !get("editing") }),
    add: () => own.add(shared.get("time_s")),
    copy: () => own.copy(chosen()),
    undo: () => own.undo(),
    redo: () => own.redo(),
    save(format) {
      const about = { film: get("film"), question: get("question"), durationS: endS() };
      const { ending, type } = FILES[format];
      download(written(format, get("edits"), about), `${get("film") || "spans"}${ending}`, type);
    },
  }, signal);
  const scroller = make(root, "div", { className: "vtk-scroller" });
  const grid = make(scroller, "div", { className: "vtk-grid" });
  const line = spanLine(root, {
    set: (part, timeS) => own.set(part, timeS),
    name: (text) => own.name(text),
    remove: () => own.remove(),
  }, signal);
  const status = make(root, "p", { className: "vtk-status" });
  status.setAttribute("role", "status");
  const spoken = make(root, "p", { className: "vtk-hidden" });
  spoken.setAttribute("aria-live", "polite");
  const say = (text) => { spoken.textContent = text; };
  const own = ownTrack({ model, tell, seek, say, view, endS, line, shared,
    changed: () => { rebuild(); drawBar(); } });

  /** The chosen moment, as it lies in some track. */
  function chosen() {
    const span = String(shared.get("moment"));
    const all = get("tracks").flatMap(({ moments }) => moments ?? []);
    return all.find((m) => String([m.start_s, m.end_s]) === span) ?? null;
  }
  const tracks = () => get("editing") || get("edits").length
    ? [{ name: "yours", role: "own", moments: get("edits") }, ...get("tracks")] : get("tracks");

  function drawMoments(number, track, predictions) {
    const { track: place } = row(grid, number, track.name);
    const kind = kindOf(track, predictions);
    const mine = track.role === "own";
    const press = (i, event) => {
      event.stopPropagation();
      if (mine) own.pick(i);
      else choose(track.moments[i]);
    };
    const { bars, left } = drawBars(place, kind, track.role, track.moments, view(), press, built.signal);
    if (mine) own.drawn(place, bars, built.signal);
    if (!left.length) return [];
    const canvas = drawLeft(place, left.length);
    return [(colours) => drawCrowd(canvas, left, view(), colours)];
  }

  function drawSeries(number, track) {
    const { label, track: place } = row(grid, number, track.name);
    const { timesS, values, rows } = seriesOf(track, get("times_s"));
    const canvas = make(place, "canvas");
    canvas.setAttribute("aria-hidden", "true");
    place.style.height = `${track.kind === "heat" ? heatHeight(rows) : CURVE_HEIGHT}px`;
    const limits = valueRange(values);
    const range = make(label, "div", { className: "vtk-range" });
    const [low, high] = track.kind === "heat" && rows > 1 ? [`1`, `${rows}`] : (limits ?? []).map((v) => v.toFixed(2));
    if (limits) for (const text of [high, low]) make(range, "span", { text });
    else make(place, "span", { className: "vtk-none", text: "none" });
    if (!limits) return [];
    return [(colours) => track.kind === "heat"
      ? drawHeat(canvas, timesS, values, rows, view(), colours)
      : drawCurve(canvas, timesS, values, endS(), colours, view())];
  }

  function build() {
    const focused = root.contains(document.activeElement) ? document.activeElement.dataset.key : null;
    built.abort();
    built = new AbortController();
    grid.replaceChildren();
    question.textContent = get("question");
    question.hidden = !get("question");
    const shown = tracks();
    const predictions = shown.filter(({ role }) => role === "prediction").length;
    const paints = shown.flatMap((track, i) => track.moments
      ? drawMoments(i + 1, track, predictions) : drawSeries(i + 1, track));
    const { label: unit, track: axis } = row(grid, shown.length + 1, "time (s)");
    unit.classList.add("vtk-unit");
    unit.setAttribute("aria-hidden", "true");
    axis.className = "vtk-axis";
    axis.style.height = "";
    const over = ownKeys(make(grid, "div", { className: "vtk-over", tabIndex: 0, label: "Time" }));
    Object.assign(over.style, { gridRow: `1 / ${shown.length + 1}`, gridColumn: 2 });
    over.dataset.key = "time";
    over.setAttribute("role", "slider");
    over.setAttribute("aria-valuemin", 0);
    over.setAttribute("aria-valuemax", endS());
    const [before, after] = [0, 1].map(() => make(over, "div", { className: "vtk-veil" }));
    const shade = make(over, "div", { className: "vtk-shade" });
    const head = make(over, "div", { className: "vtk-head" });
    const ink = make(over, "i", { className: "vtk-ink" });
    plot = { paints, axis, over, shade, head, before, after, ink };
    if (focused) [...root.querySelectorAll("[data-key]")].find((e) => e.dataset.key === focused)?.focus({ preventScroll: true });
    own.draw();
    fit();
    follow();
    drawBar();
  }

  function fit() {
    if (!plot.axis.clientWidth) return; // hidden: its size will be news later
    const style = getComputedStyle(plot.ink); // there the colours are resolved
    const colours = { colour: style.accentColor, gap: style.borderTopColor };
    for (const paint of plot.paints) paint(colours);
    drawAxis(plot.axis, view(), plot.axis.clientWidth);
    scroller.classList.toggle("vtk-scrolls", scroller.scrollHeight > scroller.clientHeight + 1);
    root.dataset.ready = "true";
  }

  function follow() {
    const timeS = shared.get("time_s");
    if (shared.get("playing") && get("view").length) {
      const moved = viewWith(view(), timeS, endS());
      if (moved !== get("view")) return tell({ view: moved });
    }
    const words = timeText(timeS, get("times_s"), tracks(), endS());
    const [fromS, toS] = view();
    plot.head.hidden = timeS < fromS - 1e-6 || timeS > toS + 1e-6;
    plot.head.style.left = `${100 * fraction(timeS - fromS, toS - fromS)}%`;
    plot.over.setAttribute("aria-valuenow", timeS.toFixed(2));
    plot.over.setAttribute("aria-valuetext", words);
    status.textContent = status.title = words;
    lay(plot.shade, shared.get("moment"), view());
    const window = shared.get("window");
    lay(plot.before, window.length ? [fromS, window[0]] : [], view());
    lay(plot.after, window.length ? [window[1], toS] : [], view());
  }

  function drawBar() {
    grid.classList.toggle("vtk-brushing", brushing);
    bar.draw({
      brushing,
      window: shared.get("window").length > 0,
      zoomed: get("view").length > 0,
      editing: get("editing"),
      spans: get("edits").length,
      chosen: chosen(),
      steps: own.steps(),
    });
  }

  grid.addEventListener("pointerdown", (event) => {
    const { left, right } = plot.axis.getBoundingClientRect();
    if (event.button || event.clientX < left || event.clientX > right + 1) return;
    const brush = brushing || event.shiftKey;
    if (!brush && event.target.closest(".vtk-moment")) return; // a click on it chooses it
    drag = { brush, fromS: timeUnder(event), x: event.clientX };
    grid.setPointerCapture(event.pointerId);
    plot.over.focus({ preventScroll: true });
    if (!brush) seek(drag.fromS);
    event.preventDefault();
  }, { signal });
  grid.addEventListener("pointermove", (event) => {
    if (!drag) return;
    if (!drag.brush) seek(timeUnder(event));
    else if (Math.abs(event.clientX - drag.x) > CLICK_PX) {
      drag.window = windowOf(drag.fromS, timeUnder(event), endS());
      shared.set({ window: drag.window });
    }
  }, { signal });
  for (const name of ["pointerup", "pointercancel"]) {
    grid.addEventListener(name, () => {
      if (drag?.brush) setWindow(drag.window ?? []);
      drag = null;
    }, { signal });
  }
  grid.addEventListener("dblclick", (event) => own.doubled(event), { signal });
  grid.addEventListener("wheel", (event) => {
    if (!event.ctrlKey && !event.metaKey) return; // plain scrolling belongs to the page
    look(zoomedView(view(), Math.exp(-event.deltaY / 300), timeUnder(event), endS()));
    event.preventDefault();
  }, { signal, passive: false });

  function escape() {
    if (shared.get("moment").length || own.picked() >= 0) {
      shared.set({ moment: [] });
      own.pick(-1);
    } else if (shared.get("window").length) clear();
  }
  function markWindow(edge) {
    const [fromS, toS] = shared.get("window").length ? shared.get("window") : [0, endS()];
    const now = shared.get("time_s");
    setWindow(edge === "start" ? windowOf(now, Math.max(toS, now), endS()) : windowOf(Math.min(fromS, now), now, endS()));
  }
  const zoomBy = (factor) => look(zoomedView(view(), factor, shared.get("time_s"), endS()));
  const KEYS = {
    Home: () => seek(0),
    End: () => seek(get("times_s").at(-1) ?? endS()),
    Escape: escape,
    "[": () => markWindow("start"),
    "]": () => markWindow("end"),
    z: () => { if (shared.get("window").length) look(shared.get("window")); },
    c: () => { if (get("editing")) own.copy(chosen()); },
    "+": () => zoomBy(2),
    "=": () => zoomBy(2),
    "-": () => zoomBy(1 / 2),
    0: () => look([0, endS()]),
    PageUp: () => look(movedView(view(), (view()[0] - view()[1]) * 0.8, endS())),
    PageDown: () => look(movedView(view(), (view()[1] - view()[0]) * 0.8, endS())),
  };
  function press(event) {
    const { key, target } = event;
    if (own.press(event)) return true;
    if (event.ctrlKey || event.metaKey || event.altKey) return false;
    const by = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1 }[key];
    if (by && get("times_s").length) seek(steppedTime(get("times_s"), shared.get("time_s"), by));
    else if (by) seek(shared.get("time_s") + by / 10);
    else if (key === " " && target.tagName !== "BUTTON") togglePlay(shared, endS());
    else if (KEYS[key]) KEYS[key]();
    else return false;
    return true;
  }
  root.addEventListener("keydown", (event) => {
    if (["INPUT", "SELECT"].includes(event.target.tagName)) return;
    if (press(event)) event.preventDefault();
  }, { signal });

  const rebuild = oncePerFrame(build, signal);
  for (const name of ["question", "tracks", "times_s", "duration_s", "view", "editing"]) {
    model.on(`change:${name}`, rebuild);
  }
  shared.on(["time_s"], follow);
  shared.on(["moment", "window"], () => { follow(); drawBar(); });
  keepTime(shared, endS, signal);
  build();
  onLook(grid, oncePerFrame(fit, signal), signal);
}

export default { render };
