// Attention explorer: all heads, the film as one word sees it, and the words that see one cell.
import { make, ownKeys, oncePerFrame, onLook, decoded } from "./parts/page/_dom.js";
import { sharedSelection, keepTime, togglePlay } from "./parts/page/_link.js";
import { jobLine } from "./parts/page/_job.js";
import { int32, sameCell } from "./parts/tokens/_owners.js";
import { walked } from "./parts/tokens/_sheet.js";
import { frameAt } from "./parts/page/_time.js";
import { lightness } from "./parts/tokens/_surface.js";
import { readAnswer, readLook, lookRow, overFrames, brightest, partText } from "./parts/attention/_attention.js";
import { patient } from "./parts/attention/_patient.js";
import { asker } from "./parts/attention/_ask.js";
import { walkedHead } from "./parts/attention/_heads.js";
import { headsPane } from "./parts/attention/_headspane.js";
import { mapPane } from "./parts/attention/_mappane.js";
import { reel } from "./parts/attention/_reel.js";
import { wordStrip } from "./parts/attention/_wordstrip.js";
import { attentionBar, wayOfKey } from "./parts/attention/_attentionbar.js";
import { attentionTime } from "./parts/attention/_attentiontime.js";
import { sayingOf, tintMeaning, tintOf } from "./parts/attention/_saying.js";

const NOWHERE = [-1, -1, -1];
const MOST_FOR_TIMES = 1e9; // weights of all heads that may be asked which frames look at a cell
const isAcross = (how) => how === "rollout" || how === "relevance";

function framesPane(parent) {
  const says = make(parent, "p", { className: "vtk-says" });
  says.setAttribute("role", "status");
  const sheet = ownKeys(make(parent, "canvas", { tabIndex: 0, className: "vtk-frames" }));
  sheet.setAttribute("role", "application");
  sheet.setAttribute("aria-roledescription", "frames");
  sheet.setAttribute("aria-label", "Frames with attention on them. Arrow keys walk the cells.");
  return { says, sheet };
}

function legendOfColours(parent) {
  const legend = make(parent, "p", { className: "vtk-legend" });
  const scale = make(legend, "span", { className: "vtk-scale" });
  const sinks = make(legend, "span", { className: "vtk-key", text: "sink: nearly everything looks at it" });
  return { scale, sinks, meaning: make(legend, "span") };
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
  const redraw = oncePerFrame(draw, signal);
  const redrawLook = oncePerFrame(drawLook, signal);
  const redrawHeads = oncePerFrame(drawHeads, signal);
  const drawing = patient(redrawLook, signal);
  const bar = attentionBar(root, model, {
    setWay, all: () => shared.set({ layer: -1, head: -1 }), setSinks: (on) => set("sinks_in_scale", on),
  }, signal);
  const places = [...int32(get("places"))];
  const strip = wordStrip(root, model, places, (place) => shared.set({ word: place }), signal);
  const columns = make(root, "div", { className: "vtk-columns" });
  const left = make(columns, "div", { className: "vtk-left" });
  const right = make(columns, "div", { className: "vtk-right" });
  const heads = headsPane(left, model, { peek: peekAt, choose }, signal);
  const { says, sheet } = framesPane(right);
  const time = attentionTime(right, model, (timeS) => shared.set({ time_s: timeS }), signal);
  const legend = legendOfColours(right);
  jobLine(root, model, signal);
  const spoken = make(root, "p", { className: "vtk-hidden" });
  spoken.setAttribute("aria-live", "polite");
  const film = reel(sheet);
  const asks = asker(model, signal, readAnswer, (request) => request.kind === "tile" ? redrawHeads() : drawing.now());
  const map = mapPane(left, model, (request) => asks.get(request) ?? asks.ask(request), nameOf, signal);
  let bitmaps = [];
  let peek = null; // the head under the pointer
  let look = null; // what is on show

  const grid = () => get("pane").grid;
  const chosen = () => [shared.get("layer"), shared.get("head")];
  const word = () => places.includes(shared.get("word")) ? shared.get("word") : places.at(-1);
  const cell = () => sameCell(shared.get("cell"), shared.get("grid"), grid());
  const now = () => frameAt(get("pane").times_s, shared.get("time_s")); // the frame on show
  const pointed = () => cell()[0] >= 0 ? cell() : null;

  function nameOf(first, last) { // positions of the prompt, for people
    if (last > first) return `${first}–${last}`;
    return places.includes(first) ? `${first} “${strip.wordAt(first)}”` : `${first} (film)`;
  }
  function setWay(how) {
    if (!get("ways").includes(how)) return;
    if (isAcross(how)) shared.set({ layer: -1, head: -1 });
    set("how", how);
  }
  /** Whose attention is wanted: the head under the pointer before the chosen one. */
  function wanted() {
    const [layer, head] = peek ?? chosen();
    const how = peek && isAcross(get("how")) ? "mean" : get("how");
    return isAcross(how) || layer < 0 ? { how, layer: -1, head: -1 } : { how, layer, head };
  }
  /** The best there is of what is wanted; asks for what is missing. One row comes sooner. */
  function current() {
    const want = wanted();
    const [whole, row] = [{ ...want, kind: "view" }, { ...want, kind: "row", word: word() }];
    const found = asks.get(whole);
    if (lookRow(found, word())) return found;
    const one = asks.get(row);
    if (!one && !isAcross(want.how)) asks.ask(row);
    if (!found && !peek) asks.ask(whole);
    else if (found && !one) asks.ask(row);
    return one ?? null;
  }
  function times() { // which frames look at the pinned cell
    if (!shared.get("pinned") || !pointed()) return null;
    const request = { ...wanted(), kind: "times", cell: cell() };
    const weights = get("layers").length * get("heads") * get("positions") ** 2;
    if (request.head >= 0 || weights < MOST_FOR_TIMES) asks.get(request) ?? asks.ask(request);
    return asks.get(request) ?? null;
  }

  function colours() {
    const { color: text } = getComputedStyle(root);
    const { color: muted, accentColor: accent, borderTopColor: faint } = getComputedStyle(heads.tip);
    const { accentColor: colour } = getComputedStyle(time.canvas);
    const dark = lightness(text) > 0.5;
    const veil = dark ? "rgb(24 24 27 / 0.72)" : "rgb(250 250 250 / 0.72)";
    return { text, muted, accent, faint, colour, veil, rgb: dark ? [122, 190, 240] : [0, 92, 150] };
  }
  function drawHeads() {
    const row = Math.max(-1, places.indexOf(word()) - get("asked"));
    root.dataset.heads = heads.draw(row, strip.wordAt(word()), chosen(), colours());
    map.draw(...chosen(), colours());
  }
  function drawLook() {
    if (!film.ready()) return;
    look = current() ?? (peek ? null : look);
    const cells = lookRow(look, word());
    const { times_s: timesS } = get("pane");
    const most = cells ? brightest(cells, look.sinkCell, get("sinks_in_scale")) : 0;
    const sums = cells ? overFrames(cells, grid()) : null;
    const [fromS, toS] = shared.get("window");
    const endS = (frame) => timesS[frame + 1] ?? get("duration_s");
    const shows = (frame) => toS === undefined || (timesS[frame] < toS && endS(frame) > fromS);
    const frame = now();
    if (!film.has(frame)) lay();
    film.draw({ cells, most, sinkCell: look?.sinkCell, sums, frame, cell: pointed(), shows });
    time.draw(sums, times(), shared.get("time_s"), colours());
    strip.draw(word(), tintOf(look, word(), places, pointed(), grid()), look?.sinkWord, tintMeaning(strip.wordAt(word()), pointed()));
    says.textContent = sayingOf(look, word(), pointed(), grid(), strip.wordAt);
    legend.scale.dataset.most = cells ? partText(most) : "";
    legend.sinks.hidden = !look?.sinkCell.some((on) => on) && !look?.sinkWord.some((on) => on);
    bar.draw({ layer: wanted().layer, head: wanted().head, peeked: Boolean(peek) });
    root.dataset.shows = cells ? `${look.how}/${look.layer}/${look.head}/${word()}` : "";
  }
  function lay() {
    film.lay(get("pane"), bitmaps, sheet.clientWidth, colours(), now());
    legend.meaning.textContent = [get("meaning"), film.pageText()].filter(Boolean).join(" · ");
  }
  function draw() {
    if (!sheet.clientWidth || !bitmaps.length) return;
    lay();
    drawHeads();
    drawLook();
    root.dataset.ready = "true";
  }

  function point(to, more = {}) {
    if (String(to) === String(cell()) && !("pinned" in more)) return;
    shared.set({ grid: grid(), token: -1, ...more, cell: to });
  }
  const release = () => { if (shared.get("cell")[0] >= 0) shared.set({ pinned: false, cell: NOWHERE }); };
  const seek = (frame) => shared.set({ time_s: get("pane").times_s[frame] });
  sheet.addEventListener("pointermove", (event) => {
    if (shared.get("pinned")) return;
    const hit = film.under(event);
    if (hit) point(hit);
    else release();
  }, { signal });
  sheet.addEventListener("pointerleave", () => { if (!shared.get("pinned")) release(); }, { signal });
  sheet.addEventListener("click", (event) => {
    const hit = film.under(event);
    if (!hit || (shared.get("pinned") && String(hit) === String(cell()))) return release();
    point(hit, { pinned: true });
    seek(hit[0]);
  }, { signal });

  function peekAt(next) {
    peek = next;
    const there = current(); // asks at once; the screen follows
    redrawHeads();
    if (there || !peek) drawing.now();
    else drawing.soon();
  }
  function choose(layer, head) {
    if (isAcross(get("how"))) set("how", "mean");
    const again = String([layer, head]) === String(chosen());
    shared.set(again ? { layer: -1, head: -1 } : { layer, head });
  }

  function walk(key) {
    const next = walked(cell(), key, grid());
    if (!next) return false;
    point(next);
    seek(next[0]);
    return true;
  }
  function walkHeads(key) {
    const next = walkedHead(chosen(), key, get("layers").length, get("heads"));
    if (!next) return false;
    if (isAcross(get("how"))) set("how", "mean");
    shared.set({ layer: next[0], head: next[1] });
    return true;
  }
  function press({ key, target }) {
    if (wayOfKey(key)) setWay(wayOfKey(key));
    else if (key === "s") set("sinks_in_scale", !get("sinks_in_scale"));
    else if (key === "Escape") target === heads.canvas ? shared.set({ layer: -1, head: -1 }) : release();
    else if (target === heads.canvas) return walkHeads(key);
    else if (target !== sheet) return false;
    else if (key === " ") togglePlay(shared, get("duration_s"));
    else if (key === "Enter" && pointed()) shared.set({ pinned: !shared.get("pinned") });
    else return walk(key);
    return true;
  }
  let speaks = 0;
  root.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !press(event)) return;
    event.preventDefault();
    clearTimeout(speaks); // once what was asked for is there
    speaks = setTimeout(() => { spoken.textContent = says.textContent; }, 150);
  }, { signal });
  signal.addEventListener("abort", () => clearTimeout(speaks));

  async function load() {
    bitmaps = await Promise.all(get("frames").map(decoded));
    if (!signal.aborted) redraw();
  }
  for (const { how, layer, head, parts } of get("stored")) {
    asks.put({ kind: "view", how, layer, head }, readLook({ how, layer, head }, parts));
  }
  current(); // the kernel may begin while pictures are decoded
  model.on("change:frames", load);
  for (const name of ["atlas", "atlas_shape"]) model.on(`change:${name}`, redrawHeads);
  for (const name of ["how", "ways", "sinks_in_scale"]) model.on(`change:${name}`, redrawLook);
  shared.on(["word", "layer", "head"], () => {
    redrawHeads();
    redrawLook();
  });
  shared.on(["cell", "time_s", "window", "pinned"], redrawLook);
  keepTime(shared, () => get("duration_s"), signal);
  onLook(root, redraw, signal);
  await load();
}

export default { render };
