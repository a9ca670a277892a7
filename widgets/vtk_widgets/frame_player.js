// Frame player: JPEG frames, decoded when they are near, on one canvas that zooms; sound beside it.
import { neighbourTime, secondsText, fraction } from "./parts/page/_time.js";
import { make, ownKeys, oncePerFrame, onLook } from "./parts/page/_dom.js";
import { sharedSelection, keepTime, togglePlay } from "./parts/page/_link.js";
import { nearFrames, farFrames } from "./parts/film/_frames.js";
import { drawView, fitted, isFitted, panned, zoomedAbout } from "./parts/film/_zoom.js";
import { soundTrack } from "./parts/film/_sound.js";
import { playerBar, seenRow } from "./parts/film/_player_bar.js";

const LEAST_WIDTH = 420; // of a player: its controls need that
const DRAG_PX = 4; // a shorter drag is a click
const PAN_PX = 40; // by one key
const ZOOM = 1.5; // by one key

/** The time of the seen frame that is on show at a time, undefined where the model saw none. */
export function seenAt(seenS, fromS, untilS) {
  return seenS.find((s) => s >= fromS - 1e-6 && s < untilS - 1e-6);
}

/** What a key does to the time; null where the player does not take it. */
export function keyedTime(event, { step, firstS, lastS }, seenS, timeS) {
  const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (event.ctrlKey || event.metaKey || event.altKey) return null;
  if (by) return event.shiftKey ? neighbourTime(seenS, timeS, by) : step(timeS, by);
  if (event.key === "Home") return firstS;
  if (event.key === "End") return lastS;
  return null;
}

/** What a key does to the view of the picture. @returns {{ zoom?: number, pan?: number[] } | null} */
export function keyedView({ key, altKey, ctrlKey, metaKey }) {
  if (ctrlKey || metaKey) return null;
  const pan = { ArrowLeft: [1, 0], ArrowRight: [-1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[key];
  if (altKey) return pan ? { pan: pan.map((d) => d * PAN_PX) } : null;
  return { "+": { zoom: ZOOM }, "=": { zoom: ZOOM }, "-": { zoom: 1 / ZOOM }, 0: { to: "fit" }, 1: { to: "pixels" } }[key] ?? null;
}

async function render({ model, el, signal, host }) {
  const get = (name) => model.get(name);
  const root = make(el, "div", { className: "vtk vtk-frame-player" });
  const shared = await sharedSelection(model, host, signal);
  if (signal.aborted) return;
  if (!get("frames").length && !get("far")) {
    make(root, "p", { className: "vtk-empty", text: "No frames." }).setAttribute("role", "status");
    root.dataset.ready = "true";
    return;
  }
  const stage = make(root, "div", { className: "vtk-stage" });
  const canvas = ownKeys(make(stage, "canvas", { tabIndex: 0 }));
  canvas.setAttribute("role", "img");
  canvas.title = "Click to play; Ctrl and the wheel zoom";
  const badges = make(stage, "div", { className: "vtk-badges" });
  const coarseBadge = make(badges, "span", { className: "vtk-badge" });
  const seenBadge = make(badges, "span", { className: "vtk-badge", text: "seen by the model" });
  const zoomBadge = make(badges, "span", { className: "vtk-badge" });
  const seek = (timeS) => shared.set({ time_s: Math.min(get("duration_s"), Math.max(0, timeS)) });
  const toggle = () => togglePlay(shared, get("duration_s"));
  const step = (by) => seek(source.step(shared.get("time_s"), by));
  const ui = playerBar(root, {
    seek, toggle, step,
    speed: (speed) => shared.set({ speed }),
    mute() {
      sound.set(!sound.on());
      followSound();
    },
    view: (to) => look({ to }),
  }, signal);
  const seen = seenRow(root, seek, signal);
  const alert = make(root, "p", { className: "vtk-error" });
  alert.setAttribute("role", "alert");
  let [source, shown, onShow, view, box] = [null, null, null, null, [1, 1]];
  const picture = () => [get("width"), get("height")];

  // What the kernel answers, for a far film.
  const pieces = new Map(); // number -> [resolve, reject] of a piece of sound on its way
  model.on("msg:custom", (content, buffers) => {
    if (signal.aborted) return;
    if (content.kind === "sound") pieces.get(content.piece)?.[0](asBuffer(buffers[0]));
    else if (content.kind === "trouble" && content.of === "sound") for (const [, no] of pieces.values()) no(content.text);
    else source?.hear?.(content, buffers);
  });
  const asBuffer = (view) => view.buffer.slice(view.byteOffset, view.byteOffset + view.byteLength);
  const sound = soundTrack({
    pieceS: get("piece_s"),
    piece: (number) => {
      if (get("sound")[number]) return asBuffer(get("sound")[number]);
      if (!get("far")) return Promise.reject(new Error("it ends here"));
      return new Promise((yes, no) => {
        pieces.set(number, [yes, no]);
        model.send({ kind: "sound", piece: number });
      });
    },
    told(state) {
      root.dataset.sound = state;
      drawSound();
      if (state.startsWith("no sound")) alert.textContent = state;
    },
  });

  function load() {
    const [width, height] = picture();
    source?.close();
    const changed = oncePerFrame(draw, signal);
    source = get("far")
      ? farFrames({ send: (wish) => model.send(wish), endS: get("duration_s"), periodS: get("period_s"), width, height, changed,
        trouble: (text) => { alert.textContent = text; } })
      : nearFrames(get("frames"), get("times_s"), width, height);
    [shown, onShow] = [null, null];
    root.style.maxWidth = `${Math.max(width, LEAST_WIDTH)}px`;
    canvas.style.aspectRatio = `${width} / ${height}`;
    ui.scrubber.max = get("duration_s");
    for (const control of [ui.back, ui.play, ui.on]) control.disabled = !get("far") && get("frames").length < 2;
    ui.marks.replaceChildren();
    const seenS = get("seen_s");
    const most = Math.ceil(seenS.length / 400); // more marks than pixels tell nothing
    seenS.filter((_, i) => i % most === 0).forEach((s) => {
      make(ui.marks, "i").style.left = `${100 * fraction(s, get("duration_s"))}%`;
    });
    seen.fill(seenS, !seenS.length || allSeen());
    source.start?.();
    size();
    draw();
    drawSound();
  }
  const allSeen = () => !get("far") && !get("coarse") && get("seen_s").length === get("times_s").length;

  function size() { // of the canvas, in device pixels; a hidden one waits in the frame's size
    const was = view && isFitted(view, box, picture());
    const [width, height] = picture();
    box = canvas.clientWidth ? [canvas.clientWidth, (canvas.clientWidth * height) / width] : [width, height];
    const k = globalThis.devicePixelRatio || 1;
    Object.assign(canvas, { width: Math.round(box[0] * k), height: Math.round(box[1] * k) });
    look(!view || was ? { to: "fit" } : { pan: [0, 0] });
  }

  function look({ to, zoom, pan, about = [box[0] / 2, box[1] / 2] }) {
    if (to === "fit") view = fitted(box, picture());
    if (to === "pixels") view = zoomedAbout(view, 1 / view.scale, about, box, picture());
    if (zoom) view = zoomedAbout(view, zoom, about, box, picture());
    if (pan) view = panned(view, pan, box, picture());
    const fits = isFitted(view, box, picture());
    zoomBadge.hidden = fits;
    zoomBadge.textContent = `${Math.round(100 * view.scale)} %`;
    ui.fit.setAttribute("aria-pressed", fits);
    ui.pixels.setAttribute("aria-pressed", Math.abs(view.scale - 1) < 1e-3);
    canvas.classList.toggle("vtk-pans", !fits);
    root.dataset.zoom = view.scale.toFixed(3);
    paint();
  }

  const paint = () => { if (onShow) drawView(canvas, onShow, view, box, picture()); };

  async function show(frame) {
    shown = frame.key;
    const bitmap = await source.bitmap(frame);
    if (shown !== frame.key || signal.aborted) return; // a later frame was asked for meanwhile
    onShow = bitmap;
    paint();
    root.dataset.frame = frame.index;
    root.dataset.exact = frame.exact;
    root.dataset.ready = "true";
  }

  function draw() {
    const [timeS, far] = [shared.get("time_s"), get("far")];
    const frame = source.at(timeS);
    if (frame && frame.key !== shown) show(frame);
    source.want(frame, timeS, shared.get("playing"));
    const count = get("times_s").length;
    const at = far ? `about frame ${Math.round(timeS / get("period_s")) + 1}`
      : get("coarse") ? `picture ${frame.index + 1} of ${count}` : `frame ${frame.index + 1} of ${count}`;
    ui.scrubber.value = timeS;
    ui.scrubber.setAttribute("aria-valuetext", `${secondsText(timeS)}, ${at}`);
    ui.clock.textContent = `${timeS.toFixed(2)} / ${secondsText(get("duration_s"))}`;
    ui.clock.title = at;
    canvas.setAttribute("aria-label", frame ? `${at}, shown at ${secondsText(frame.timeS)}` : "loading");
    const nextS = frame ? (far ? frame.timeS + get("period_s") : get("times_s")[frame.index + 1] ?? Infinity) : 0;
    const seenS = frame && !get("coarse") ? seenAt(get("seen_s"), frame.timeS, Math.max(nextS, frame.timeS + 1e-3)) : undefined;
    seen.mark(seenS);
    seenBadge.hidden = seenS === undefined || allSeen(); // all seen: no news
    coarseBadge.hidden = get("coarse") ? false : frame?.exact ?? false;
    coarseBadge.textContent = get("coarse") || source.silent?.() ? "coarse: the kernel has the rest" : "loading…";
    followSound();
  }

  const followSound = () => sound.follow(shared.get("time_s"), shared.get("playing"), shared.get("speed"));

  function drawSound() {
    const silence = get("silence");
    const label = silence ? `No sound: ${silence}` : sound.on() ? "Mute (m)" : "Sound (m)";
    ui.mute.setAttribute("aria-label", label);
    ui.mute.title = label;
    ui.mute.disabled = silence !== "";
    ui.mute.classList.toggle("vtk-muted", !sound.on());
    root.dataset.sound ??= silence ? "none" : "muted";
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
    followSound();
  }

  root.addEventListener("keydown", (event) => {
    if (event.target === ui.speed) return;
    const film = { step: source.step, firstS: get("times_s")[0] ?? 0, lastS: get("times_s").at(-1) ?? get("duration_s") };
    const timeS = keyedTime(event, film, get("seen_s"), shared.get("time_s"));
    const seeing = keyedView(event);
    if (timeS !== null) seek(timeS);
    else if (seeing) look(seeing);
    else if (event.key === "m" && !ui.mute.disabled) ui.mute.click();
    else if (event.key === " " && event.target.tagName !== "BUTTON") toggle();
    else return;
    event.preventDefault();
  }, { signal });

  let drag = null;
  canvas.addEventListener("pointerdown", (event) => {
    if (event.button) return;
    drag = { x: event.clientX, y: event.clientY, moved: false };
    canvas.setPointerCapture(event.pointerId);
  }, { signal });
  canvas.addEventListener("pointermove", (event) => {
    if (!drag || isFitted(view, box, picture())) return;
    const by = [event.clientX - drag.x, event.clientY - drag.y];
    if (!drag.moved && Math.hypot(...by) < DRAG_PX) return;
    look({ pan: by });
    drag = { x: event.clientX, y: event.clientY, moved: true };
  }, { signal });
  canvas.addEventListener("pointercancel", () => { drag = null; }, { signal });
  canvas.addEventListener("click", () => {
    if (!drag?.moved) toggle();
    drag = null;
  }, { signal });
  canvas.addEventListener("wheel", (event) => {
    if (!event.ctrlKey && !event.metaKey) return; // plain scrolling belongs to the page
    look({ zoom: Math.exp(-event.deltaY / 300), about: [event.offsetX, event.offsetY] });
    event.preventDefault();
  }, { signal, passive: false });

  const reload = oncePerFrame(load, signal); // several traits change together
  for (const name of ["frames", "times_s", "seen_s"]) model.on(`change:${name}`, reload);
  shared.on(["time_s"], draw);
  shared.on(["playing", "speed", "moment", "window"], drawState);
  keepTime(shared, () => get("duration_s"), signal);
  signal.addEventListener("abort", () => {
    source.close();
    sound.close();
  });
  load();
  drawState();
  onLook(stage, oncePerFrame(size, signal), signal);
}

export default { render };
