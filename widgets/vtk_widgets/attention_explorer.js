// Attention explorer: all heads, the film as one word sees it, and the words that see one cell.
import { make, ownKeys, oncePerFrame, onLook, decoded, fitCanvas } from "./parts/_dom.js";
import { sharedSelection, keepTime, togglePlay } from "./parts/_link.js";
import { jobLine } from "./parts/_job.js";
import { int32, float32, sameCell, cellNumber } from "./parts/_owners.js";
import { walked } from "./parts/_sheet.js";
import { frameAt } from "./parts/_time.js";
import { lightness } from "./parts/_surface.js";
import { drawCurve } from "./parts/_curve.js";
import { readLook, lookRow, cellColumn, overFrames, brightest, lookText, partText, whoText } from "./parts/_attention.js";
import { asker } from "./parts/_ask.js";
import { headsLayout, headAt, walkedHead, paintHeads, ringHeads } from "./parts/_heads.js";
import { reel } from "./parts/_reel.js";
import { wordStrip } from "./parts/_wordstrip.js";
import { attentionBar, wayOfKey } from "./parts/_attentionbar.js";

const NOWHERE = [-1, -1, -1];

function parts(root) {
  const columns = make(root, "div", { className: "vtk-columns" });
  const left = make(columns, "div", { className: "vtk-left" });
  const title = make(left, "div", { className: "vtk-title" });
  make(title, "strong", { text: "Every head" });
  const note = make(title, "span");
  const heads = ownKeys(make(left, "canvas", { tabIndex: 0, className: "vtk-heads" }));
  heads.setAttribute("role", "application");
  heads.setAttribute("aria-roledescription", "picture of every head");
  const tip = make(left, "p", { className: "vtk-note" });
  const right = make(columns, "div", { className: "vtk-right" });
  const says = make(right, "p", { className: "vtk-says" });
  says.setAttribute("role", "status");
  const sheet = ownKeys(make(right, "canvas", { tabIndex: 0, className: "vtk-frames" }));
  sheet.setAttribute("role", "application");
  sheet.setAttribute("aria-roledescription", "frames");
  const curve = make(right, "canvas", { className: "vtk-curve" });
  const legend = make(right, "p", { className: "vtk-legend" });
  const scale = make(legend, "span", { className: "vtk-scale" });
  const sinkKey = make(legend, "span", { className: "vtk-key", text: "sink" });
  const meaning = make(legend, "span");
  const spoken = make(root, "p", { className: "vtk-hidden" });
  spoken.setAttribute("aria-live", "polite");
  return { heads, note, tip, says, sheet, curve, scale, sinkKey, meaning, spoken };
}

async function render({ model, el, signal, host }) {
  const get = (name) => model.get(name);
  const root = make(el, "div", { className: "vtk vtk-attention" });
  const shared = await sharedSelection(model, host, signal);
  if (signal.aborted) return;
  const set = (name, value) => {
    model.set(name, value);
    model.save_changes();
  };
  const bar = attentionBar(root, model, {
    setWay, all: () => shared.set({ layer: -1, head: -1 }), setSinks: (on) => set("sinks_in_scale", on),
  }, signal);
  const places = [...int32(get("places"))];
  const strip = wordStrip(root, model, places, (place) => shared.set({ word: place }), signal);
  const ui = parts(root);
  jobLine(root, model, signal);
  const film = reel(ui.sheet);
  const asks = asker(model, signal, (content, buffers) => content.kind === "times"
    ? { value: float32(buffers[0]), bytes: buffers[0].byteLength }
    : { value: readLook(content, buffers), bytes: 4 * buffers[1].byteLength }, redrawSoon);
  let bitmaps = [];
  let place = null; // of the heads
  let peek = null; // the head under the pointer
  let look = null; // what is on show

  const grid = () => get("pane").grid;
  const word = () => places.includes(shared.get("word")) ? shared.get("word") : places.at(-1);
  const cell = () => sameCell(shared.get("cell"), shared.get("grid"), grid());
  function setWay(how) {
    if (!get("ways").includes(how)) return;
    if (how === "rollout" || how === "relevance") shared.set({ layer: -1, head: -1 });
    set("how", how);
  }
  /** Whose attention is wanted: the head under the pointer before the chosen one. */
  function wanted() {
    const [layer, head] = peek ?? [shared.get("layer"), shared.get("head")];
    const across = !peek && (get("how") === "rollout" || get("how") === "relevance");
    const how = peek && !["mean", "max"].includes(get("how")) ? "mean" : get("how");
    return { how, layer: across ? -1 : layer, head: across || layer < 0 ? -1 : head };
  }
  /** The best there is of what is wanted; asks for what is missing. */
  function current() {
    const want = wanted();
    const [whole, row] = [{ ...want, kind: "view" }, { ...want, kind: "row", word: word() }];
    const found = asks.get(whole);
    if (lookRow(found, word())) return found;
    if (!found && !peek) asks.ask(whole);
    if (peek || found || places.indexOf(word()) < get("asked")) {
      if (asks.get(row)) return asks.get(row);
      asks.ask(row);
    }
    return null;
  }

  function colours() {
    const { color: text } = getComputedStyle(root);
    const { color: muted, accentColor: accent, borderTopColor: faint } = getComputedStyle(ui.tip);
    const { accentColor: bars } = getComputedStyle(ui.curve);
    const dark = lightness(text) > 0.5;
    const rgb = dark ? [122, 190, 240] : [0, 92, 150];
    return { text, muted, accent, faint, colour: bars, rgb, veil: dark ? "rgb(24 24 27 / 0.72)" : "rgb(250 250 250 / 0.72)" };
  }

  function drawHeads() {
    const width = ui.heads.clientWidth;
    if (!width || !get("layers").length) return;
    place = headsLayout(width, get("layers").length, get("heads"));
    const scale = fitCanvas(ui.heads, width, place.height);
    const pen = ui.heads.getContext("2d");
    pen.scale(scale, scale);
    const paints = colours();
    const row = places.indexOf(word()) - get("asked");
    const atlas = get("atlas");
    const bytes = atlas.byteLength ? new Uint8Array(atlas.buffer, atlas.byteOffset, atlas.byteLength) : [];
    paintHeads(pen, place, bytes, get("atlas_shape"), Math.max(-1, row), paints);
    if (peek) ringHeads(pen, place, ...peek, paints.muted, 1.5);
    ringHeads(pen, place, shared.get("layer"), shared.get("head"), paints.accent, 2.5);
    ui.note.textContent = row < 0 ? "all words over time" : `“${strip.wordAt(word())}” over time`;
  }

  function tinted() {
    const [frame] = cell();
    if (frame >= 0 && look) {
      const column = cellColumn(look, cellNumber(cell(), grid()));
      const most = Math.max(...column, 1e-12);
      return (i) => {
        const row = look.rows.indexOf(places[i]);
        return row < 0 ? { part: 0, text: "" } : { part: column[row] / most, text: partText(column[row]) };
      };
    }
    const onWords = lookRow(look, word(), "onWords");
    const most = onWords ? Math.max(...onWords, 1e-12) : 1;
    return (i) => ({ part: onWords ? onWords[i] / most : 0, text: "" });
  }

  function says() {
    const [frame, row, column] = cell();
    const text = look ? lookText(strip.wordAt(word()), look, word(), grid()) : "…";
    if (frame < 0 || !look) return text;
    const values = cellColumn(look, cellNumber(cell(), grid()));
    const best = [...values.keys()].sort((a, b) => values[b] - values[a]).slice(0, 3).filter((i) => values[i] > 0);
    const who = best.map((i) => `“${strip.wordAt(look.rows[i])}” ${partText(values[i])}`).join(", ");
    return `frame ${frame + 1}, cell (${row}, ${column}) in ${whoText(look.how, look.layer, look.head)} is looked at by ${who || "no word"}`;
  }

  function times() { // which frames look at the pinned cell
    if (!shared.get("pinned") || cell()[0] < 0) return null;
    const request = { ...wanted(), kind: "times", cell: cell() };
    if (asks.get(request)) return asks.get(request);
    const cheap = request.head >= 0 || get("layers").length * get("heads") * get("positions") ** 2 < 1e9;
    if (cheap) asks.ask(request);
    return null;
  }

  function drawLook() {
    if (!film.ready()) return;
    look = current() ?? (peek ? null : look);
    const cells = lookRow(look, word());
    const pane = get("pane");
    const most = cells ? brightest(cells, look.sinkCell, get("sinks_in_scale")) : 0;
    const sums = cells ? overFrames(cells, pane.grid) : null;
    const [fromS, toS] = shared.get("window");
    const ends = [...pane.times_s.slice(1), get("duration_s")];
    const shows = (frame) => toS === undefined || (pane.times_s[frame] < toS && ends[frame] > fromS);
    const frame = frameAt(pane.times_s, shared.get("time_s"));
    const pointed = cell()[0] >= 0 ? cell() : null;
    film.draw({ cells, most, sinkCell: look?.sinkCell, sums, frame, cell: pointed, shows });
    drawTime(sums, times());
    strip.draw(word(), tinted(), look?.sinkWord);
    ui.says.textContent = says();
    ui.scale.dataset.most = cells ? partText(most) : "";
    ui.sinkKey.hidden = !look?.sinkCell.some((on) => on);
    bar.draw({ layer: wanted().layer, head: wanted().head, peeked: Boolean(peek) });
    root.dataset.shows = look ? `${look.how}/${look.layer}/${look.head}/${word()}` : "";
  }

  function drawTime(sums, looking) {
    const paints = colours();
    const values = looking ?? sums ?? new Float32Array(grid()[0]).fill(NaN);
    drawCurve(ui.curve, get("pane").times_s, [...values], get("duration_s"), { colour: paints.colour, gap: paints.faint });
    const what = looking ? "frames that look at this cell" : "attention to each frame";
    ui.curve.setAttribute("aria-label", what);
    ui.curve.dataset.what = what;
    const pen = ui.curve.getContext("2d");
    const x = (shared.get("time_s") / Math.max(get("duration_s"), 1e-9)) * ui.curve.clientWidth;
    pen.fillStyle = paints.text;
    pen.fillRect(x - 0.75, 0, 1.5, 64);
    pen.font = "11px system-ui, sans-serif";
    pen.fillStyle = paints.muted;
    pen.fillText(`${what}, up to ${partText(Math.max(...[...values].filter(Number.isFinite), 0))}`, 6, 14);
  }

  function draw() {
    const width = ui.sheet.clientWidth;
    if (!width || !bitmaps.length) return;
    film.lay(get("pane"), bitmaps, width, colours());
    ui.meaning.textContent = get("meaning");
    drawHeads();
    drawLook();
    root.dataset.ready = "true";
  }
  const redraw = oncePerFrame(draw, signal);
  const redrawLook = oncePerFrame(drawLook, signal);
  const redrawHeads = oncePerFrame(drawHeads, signal);
  function redrawSoon() { redrawLook?.(); }

  function point(to, more = {}) {
    if (String(to) === String(cell()) && !("pinned" in more)) return;
    shared.set({ grid: grid(), token: -1, ...more, cell: to });
  }
  const release = () => { if (shared.get("cell")[0] >= 0) shared.set({ pinned: false, cell: NOWHERE }); };
  const seek = (frame) => shared.set({ time_s: get("pane").times_s[frame] });
  ui.sheet.addEventListener("pointermove", (event) => {
    if (shared.get("pinned")) return;
    const hit = film.under(event);
    if (hit) point(hit);
    else release();
  }, { signal });
  ui.sheet.addEventListener("pointerleave", () => { if (!shared.get("pinned")) release(); }, { signal });
  ui.sheet.addEventListener("click", (event) => {
    const hit = film.under(event);
    if (!hit || (shared.get("pinned") && String(hit) === String(cell()))) return release();
    point(hit, { pinned: true });
    seek(hit[0]);
  }, { signal });
  ui.curve.addEventListener("click", ({ offsetX }) => {
    shared.set({ time_s: (offsetX / ui.curve.clientWidth) * get("duration_s") });
  }, { signal });

  function peekAt(next) {
    if (String(next) === String(peek)) return;
    peek = next;
    ui.tip.textContent = next ? `layer ${next[0]}, head ${next[1]} — ${get("layers")[next[0]]}` : "";
    redrawHeads();
    redrawLook();
  }
  const under = (event) => place && headAt(place, event.offsetX, event.offsetY);
  ui.heads.addEventListener("pointermove", (event) => peekAt(under(event)), { signal });
  ui.heads.addEventListener("pointerleave", () => peekAt(null), { signal });
  ui.heads.addEventListener("click", (event) => { const hit = under(event); if (hit) choose(...hit); }, { signal });
  function choose(layer, head) {
    if (get("how") === "rollout" || get("how") === "relevance") set("how", "mean");
    const again = layer === shared.get("layer") && head === shared.get("head");
    shared.set(again ? { layer: -1, head: -1 } : { layer, head });
  }

  function press({ key, target }) {
    if (wayOfKey(key)) setWay(wayOfKey(key));
    else if (key === "s") set("sinks_in_scale", !get("sinks_in_scale"));
    else if (key === "Escape" && target === ui.heads) shared.set({ layer: -1, head: -1 });
    else if (key === "Escape") release();
    else if (target === ui.heads) {
      const next = walkedHead([shared.get("layer"), shared.get("head")], key, get("layers").length, get("heads"));
      if (!next) return false;
      if (get("how") !== "max") set("how", "mean");
      shared.set({ layer: next[0], head: next[1] });
    } else if (target === ui.sheet && key === " ") togglePlay(shared, get("duration_s"));
    else if (target === ui.sheet && key === "Enter" && cell()[0] >= 0) shared.set({ pinned: !shared.get("pinned") });
    else if (target === ui.sheet) {
      const next = walked(cell(), key, grid());
      if (!next) return false;
      point(next);
      seek(next[0]);
    } else return false;
    ui.spoken.textContent = says();
    return true;
  }
  root.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (press(event)) event.preventDefault();
  }, { signal });

  async function load() {
    bitmaps = await Promise.all(get("frames").map(decoded));
    if (!signal.aborted) redraw();
  }
  for (const { how, layer, head, parts: bytes } of get("stored")) {
    asks.put({ kind: "view", how, layer, head }, readLook({ how, layer, head }, bytes));
  }
  model.on("change:frames", load);
  for (const name of ["atlas", "atlas_shape"]) model.on(`change:${name}`, redrawHeads);
  for (const name of ["how", "ways", "sinks_in_scale"]) model.on(`change:${name}`, redrawLook);
  shared.on(["word", "layer", "head"], () => { redrawHeads(); redrawLook(); });
  shared.on(["cell", "time_s", "window", "pinned"], redrawLook);
  keepTime(shared, () => get("duration_s"), signal);
  onLook(root, redraw, signal);
  await load();
}

export default { render };
