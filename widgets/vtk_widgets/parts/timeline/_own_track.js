// A person's own track: spans that are dragged, typed and undone, kept in the trait `edits`.
import { done, history, redone, replaced, undone, without } from "./_edits.js";
import { dragged, keyedEdge, nudged, reshaped, spanAt } from "./_edits.js";
import { spanText } from "../page/_time.js";
import { gripOf, placeBar } from "./_rows.js";

const HOLD_PX = 3; // a pointer that moved less has clicked

/** @param host what the timeline lends: its model, `tell`, `seek`, `say`, `view`, `endS`, the
 * `line` of fields, the `shared` selection, and `changed` to be called after every change. */
export function ownTrack({ model, tell, seek, say, view, endS, line, shared, changed }) {
  let steps = history(model.get("edits"));
  let [picked, place, bars, hold] = [-1, null, new Map(), null];
  const spans = () => model.get("edits");
  const timesS = () => model.get("times_s");
  const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);

  function take(next) { // a step back or forth
    steps = next;
    picked = Math.min(picked, steps.present.length - 1);
    tell({ edits: steps.present });
    changed();
  }
  function change(next, words) {
    take(done(steps, next));
    say(words);
  }
  const told = (i, { start_s: startS, end_s: stopS }) => `span ${i + 1}: ${spanText(startS, stopS)}`;

  function add(timeS) {
    const span = spanAt(timeS, view(), timesS(), endS());
    picked = spans().length;
    change([...spans(), span], `added ${told(picked, span)}`);
  }
  function put(i, span, seekS) {
    change(replaced(spans(), i, span), told(i, span));
    if (seekS !== undefined) seek(seekS);
  }
  function pick(i) {
    picked = i;
    const span = spans()[i];
    if (span) shared.set({ moment: [span.start_s, span.end_s], time_s: span.start_s });
    draw();
  }
  function remove(i = picked) {
    if (!spans()[i]) return;
    const words = `deleted ${told(i, spans()[i])}`;
    picked = -1;
    shared.set({ moment: [] });
    change(without(spans(), i), words);
  }
  function step(to, words) {
    if (to === steps) return say("nothing more to take back");
    take(to);
    say(words);
  }
  const undo = () => step(undone(steps), "undone");
  const redo = () => step(redone(steps), "redone");

  /** Which span a key is pressed on: the bar in focus. */
  const focused = () => [...bars].find(([, bar]) => bar === document.activeElement)?.[0] ?? -1;

  function press(event) {
    const { key, ctrlKey, metaKey, shiftKey } = event;
    if (!model.get("editing")) return false;
    if (ctrlKey || metaKey) {
      const back = key.toLowerCase() === "z";
      if (!back && key.toLowerCase() !== "y") return false;
      if (back && !shiftKey) undo();
      else redo();
      return true;
    }
    const [at, edge] = [focused(), keyedEdge(event)];
    if (at >= 0 && edge) {
      const span = nudged(spans()[at], edge.part, edge.by, timesS(), endS());
      picked = at;
      put(at, span, edge.part === "end" ? span.end_s : span.start_s);
    } else if (at >= 0 && ["Delete", "Backspace"].includes(key)) remove(at);
    else if (at >= 0 && key === "F2") {
      pick(at);
      line.text.focus();
    } else if (key === "n" || key === "N") add(shared.get("time_s"));
    else return false;
    return true;
  }

  function drawn(lanes, there, built) {
    [place, bars] = [lanes, there];
    if (!model.get("editing")) return;
    place.classList.add("vtk-own");
    for (const [i, bar] of bars) handles(bar, i, built);
  }

  /** Twice on a span: its text; twice beside one: a new span. */
  function doubled({ clientX, clientY, target }) {
    if (!model.get("editing") || !place) return;
    const { left, width, top, bottom } = place.getBoundingClientRect();
    if (clientY < top || clientY > bottom || clientX < left) return;
    if (target.closest(".vtk-moment")) return line.text.focus();
    const [from, to] = view();
    add(from + ((clientX - left) / width) * (to - from));
  }

  function handles(bar, i, built) {
    const at = (event) => event.clientX - bar.getBoundingClientRect().left;
    bar.addEventListener("pointerdown", (event) => {
      if (event.button || event.shiftKey || bar.closest(".vtk-brushing")) return;
      hold = { i, x: event.clientX, part: gripOf(at(event), bar.clientWidth), span: spans()[i] };
      bar.setPointerCapture(event.pointerId);
    }, { signal: built });
    bar.addEventListener("pointermove", (event) => {
      if (!hold) bar.style.cursor = { all: "grab" }[gripOf(at(event), bar.clientWidth)] ?? "ew-resize";
      else if (hold.moved || Math.abs(event.clientX - hold.x) > HOLD_PX) {
        const [from, to] = view();
        const byS = ((event.clientX - hold.x) / place.clientWidth) * (to - from);
        const start = spans()[hold.i];
        hold.moved = true;
        hold.span = event.altKey ? reshaped(start, hold.part, byS, endS())
          : dragged(start, hold.part, byS, timesS(), endS());
        placeBar(bar, hold.span, view());
        seek(hold.part === "end" ? hold.span.end_s : hold.span.start_s);
      }
    }, { signal: built });
    bar.addEventListener("pointerup", () => {
      const held = hold;
      hold = null;
      if (!held?.moved) return;
      picked = held.i;
      bar.focus({ preventScroll: true });
      put(held.i, held.span);
      shared.set({ moment: [held.span.start_s, held.span.end_s] });
      bar.addEventListener("click", (event) => event.stopImmediatePropagation(), { capture: true, once: true });
    }, { signal: built });
    bar.addEventListener("pointercancel", () => { hold = null; changed(); }, { signal: built });
  }

  function draw() {
    for (const [i, bar] of bars) bar.classList.toggle("vtk-picked", i === picked);
    line.draw(picked, model.get("editing") ? spans()[picked] : undefined);
  }

  model.on("change:edits", () => { // Python, or another view of this widget
    if (!same(spans(), steps.present)) steps = done(steps, spans());
    picked = Math.min(picked, spans().length - 1);
    changed();
  });

  return {
    add, pick, remove, undo, redo, press, drawn, doubled, draw,
    copy: (moment) => {
      if (!moment) return;
      picked = spans().length;
      change([...spans(), { ...moment, score: 1 }], `copied as ${told(picked, moment)}`);
    },
    set: (part, timeS) => {
      const span = spans()[picked];
      put(picked, reshaped(span, part, timeS - (part === "end" ? span.end_s : span.start_s), endS()), timeS);
    },
    name: (text) => put(picked, { ...spans()[picked], text }),
    steps: () => steps,
    picked: () => picked,
  };
}
