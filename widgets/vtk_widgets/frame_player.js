// Frame player. Frames come as JPEG bytes, a few are decoded ahead, one canvas shows them.
import { frameAt, steppedTime, neighbourTime, secondsText, fraction } from "./parts/_time.js";
import { make, ownKeys, button, oncePerFrame, decoded } from "./parts/_dom.js";
import { sharedSelection, keepTime, togglePlay } from "./parts/_link.js";

const AHEAD = 12; // frames decoded before they are needed
const MOST_DECODED = 96; // then the longest unused one goes

/** Decoded frames, made when asked for; forgets the longest unused. */
export function frameCache(count, decode, most = MOST_DECODED) {
  const ready = new Map(); // index -> promise; a Map keeps the order of use
  const get = (index) => {
    const found = ready.get(index) ?? decode(index);
    ready.delete(index);
    ready.set(index, found);
    if (ready.size > most) ready.delete(ready.keys().next().value);
    return found;
  };
  const ahead = (index, by) => {
    for (let i = index + 1; i <= Math.min(count - 1, index + by); i++) get(i);
  };
  return { count, get, ahead, size: () => ready.size };
}

/** Whether the model saw this frame: one of its times falls on it. */
export const wasSeen = (seenS, timesS, index) => seenS.some((s) => frameAt(timesS, s) === index);

/** What a key does to the time; null where the player does not take it. */
export function keyedTime(event, timesS, seenS, timeS) {
  const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (event.ctrlKey || event.metaKey || event.altKey) return null;
  if (by) return event.shiftKey ? neighbourTime(seenS, timeS, by) : steppedTime(timesS, timeS, by);
  if (event.key === "Home") return timesS[0];
  if (event.key === "End") return timesS[timesS.length - 1];
  return null;
}

function controls(root, actions, signal) {
  const bar = make(root, "div", { className: "vtk-bar" });
  const back = button(bar, "Previous frame", "vtk-icon vtk-back", () => actions.step(-1), signal);
  const play = button(bar, "Play", "vtk-icon vtk-play", actions.toggle, signal);
  const on = button(bar, "Next frame", "vtk-icon vtk-on", () => actions.step(1), signal);
  const track = make(bar, "div", { className: "vtk-track" });
  const rail = make(track, "div", { className: "vtk-rail" });
  const within = make(rail, "div", { className: "vtk-window" });
  const moment = make(rail, "div", { className: "vtk-chosen" });
  const marks = make(rail, "div");
  const range = { type: "range", min: 0, step: "any", label: "Time" };
  const scrubber = ownKeys(make(track, "input", range));
  scrubber.addEventListener("input", () => actions.seek(scrubber.valueAsNumber), { signal });
  const clock = make(bar, "output", { className: "vtk-clock" });
  clock.setAttribute("role", "status");
  const speed = ownKeys(make(bar, "select", { label: "Speed", title: "Speed" }));
  for (const s of [0.25, 0.5, 1, 2, 4]) make(speed, "option", { value: s, text: `${s}×` });
  speed.addEventListener("change", () => actions.speed(Number(speed.value)), { signal });
  return { back, play, on, within, moment, marks, scrubber, clock, speed };
}

async function render({ model, el, signal, host }) {
  const get = (name) => model.get(name);
  const root = make(el, "div", { className: "vtk vtk-frame-player" });
  const shared = await sharedSelection(model, host, signal);
  if (signal.aborted) return;
  if (!get("frames").length) {
    make(root, "p", { className: "vtk-empty", text: "No frames." }).setAttribute("role", "status");
    root.dataset.ready = "true";
    return;
  }
  const stage = make(root, "div", { className: "vtk-stage" });
  const canvas = ownKeys(make(stage, "canvas", { tabIndex: 0 }));
  canvas.setAttribute("role", "img");
  const seenBadge = make(stage, "span", { className: "vtk-badge", text: "seen by the model" });
  const seek = (timeS) => shared.set({ time_s: timeS });
  const toggle = () => togglePlay(shared, get("duration_s"));
  const ui = controls(root, {
    seek,
    toggle,
    step: (by) => seek(steppedTime(get("times_s"), shared.get("time_s"), by)),
    speed: (speed) => shared.set({ speed }),
  }, signal);
  let cache;
  let shown = -1;

  function load() {
    const [frames, width] = [get("frames"), get("width")];
    cache = frameCache(frames.length, (index) => decoded(frames[index]));
    shown = -1;
    Object.assign(canvas, { width, height: get("height") });
    root.style.maxWidth = `${Math.max(width, 320)}px`;
    canvas.style.aspectRatio = `${width} / ${get("height")}`;
    ui.scrubber.max = get("duration_s");
    for (const control of [ui.back, ui.play, ui.on]) control.disabled = frames.length < 2;
    ui.marks.replaceChildren();
    const most = Math.ceil(get("seen_s").length / 400); // more marks than pixels tell nothing
    get("seen_s").filter((_, i) => i % most === 0).forEach((s) => {
      make(ui.marks, "i").style.left = `${100 * fraction(s, get("duration_s"))}%`;
    });
    draw();
  }

  async function show(index) {
    shown = index;
    const bitmap = await cache.get(index);
    if (shown !== index || signal.aborted) return; // a later frame was asked for meanwhile
    canvas.getContext("2d").drawImage(bitmap, 0, 0, canvas.width, canvas.height);
    root.dataset.frame = index;
    root.dataset.ready = "true";
    cache.ahead(index, AHEAD);
  }

  function draw() {
    const [timeS, timesS] = [shared.get("time_s"), get("times_s")];
    const index = Math.min(frameAt(timesS, timeS), cache.count - 1); // traits change one by one
    const seen = wasSeen(get("seen_s"), timesS, index);
    if (index !== shown) show(index);
    const at = `frame ${index + 1} of ${timesS.length}`;
    ui.scrubber.value = timeS;
    ui.scrubber.setAttribute("aria-valuetext", `${secondsText(timeS)}, ${at}`);
    ui.clock.textContent = `${timeS.toFixed(2)} / ${secondsText(get("duration_s"))}`;
    ui.clock.title = at;
    canvas.setAttribute("aria-label", `${at}, shown at ${secondsText(timesS[index])}`);
    seenBadge.hidden = !seen || get("seen_s").length === timesS.length; // all seen: no news
  }

  function drawState() {
    const playing = shared.get("playing");
    ui.play.setAttribute("aria-label", playing ? "Pause" : "Play");
    ui.play.title = playing ? "Pause (space)" : "Play (space)";
    ui.play.classList.toggle("vtk-pause", playing);
    ui.speed.value = shared.get("speed");
    for (const [element, [startS, endS]] of [[ui.moment, shared.get("moment")], [ui.within, shared.get("window")]]) {
      element.hidden = endS === undefined;
      element.style.left = `${100 * fraction(startS ?? 0, get("duration_s"))}%`;
      element.style.right = `${100 - 100 * fraction(endS ?? 0, get("duration_s"))}%`;
    }
  }

  root.addEventListener("keydown", (event) => {
    if (event.target === ui.speed) return;
    const timeS = keyedTime(event, get("times_s"), get("seen_s"), shared.get("time_s"));
    if (timeS !== null) seek(timeS);
    else if (event.key === " " && event.target.tagName !== "BUTTON") toggle();
    else return;
    event.preventDefault();
  }, { signal });
  canvas.addEventListener("click", toggle, { signal });

  const reload = oncePerFrame(load, signal); // several traits change together
  for (const name of ["frames", "times_s", "seen_s"]) model.on(`change:${name}`, reload);
  shared.on(["time_s"], draw);
  shared.on(["playing", "speed", "moment", "window"], drawState);
  keepTime(shared, () => get("duration_s"), signal);
  load();
  drawState();
}

export default { render };
