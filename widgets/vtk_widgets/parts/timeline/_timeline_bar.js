// The controls above a timeline: which time, which part of the axis, and a person's own spans.
import { make, button, ownKeys } from "../page/_dom.js";
import { FILES } from "./_annotation_files.js";

/** @param does what each control does, by name. @returns {{ draw: (state) => void }} */
export function timelineBar(root, does, signal) {
  const bar = make(root, "div", { className: "vtk-bar vtk-timeline-bar" });
  const add = (text, title, act) => {
    const made = button(bar, text, "vtk-act", act, signal);
    made.textContent = text;
    made.removeAttribute("aria-label"); // its text is its name
    made.title = title;
    return made;
  };
  const brush = add("Select time", "Drag over the tracks to select a stretch (or hold shift)", does.brush);
  const clear = add("Clear", "Let go of the selected stretch (Escape)", does.clear);
  const zoom = add("Zoom", "Show only the selected stretch (z)", does.zoom);
  const all = add("Whole film", "Show the whole film (0)", does.all);
  make(bar, "span", { className: "vtk-gap" });
  const edit = add("Edit", "Mark spans of your own on a track of their own", does.edit);
  const more = add("Add", "Add a span at the playhead (n), or double click on your track", does.add);
  const copy = add("Copy", "Copy the chosen moment to your track (c)", does.copy);
  const undo = add("Undo", "Undo (Ctrl+Z)", does.undo);
  const redo = add("Redo", "Redo (Shift+Ctrl+Z)", does.redo);
  const format = ownKeys(make(bar, "select", { label: "File format", title: "File format" }));
  for (const [value, { title }] of Object.entries(FILES)) make(format, "option", { value, text: title });
  const save = add("Download", "Save your spans as a file", () => does.save(format.value));

  function draw({ brushing, window, zoomed, editing, spans, chosen, steps }) {
    brush.setAttribute("aria-pressed", brushing);
    edit.setAttribute("aria-pressed", editing);
    clear.hidden = zoom.hidden = !window;
    all.hidden = !zoomed;
    for (const control of [more, copy, undo, redo]) control.hidden = !editing;
    for (const control of [format, save]) control.hidden = !editing && !spans;
    copy.disabled = !chosen;
    undo.disabled = !steps.past.length;
    redo.disabled = !steps.future.length;
    save.disabled = !spans;
  }
  return { draw };
}

/** A line for the span that is picked: its edges as numbers, its text, and how to be rid of it. */
export function spanLine(root, does, signal) {
  const line = make(root, "div", { className: "vtk-bar vtk-span-line" });
  const title = make(line, "strong");
  const field = (text, type, name, act) => {
    const label = make(line, "label", { text });
    const input = ownKeys(make(label, "input", { type }));
    input.dataset.key = `field ${name}`;
    const commit = () => {
      if (input.value === input.dataset.shown) return; // a rounded number that nobody touched
      input.dataset.shown = input.value;
      act(input);
    };
    input.addEventListener("change", commit, { signal });
    input.addEventListener("keydown", ({ key }) => { if (key === "Enter") commit(); }, { signal });
    return input;
  };
  const number = (text, part) => Object.assign(field(text, "number", part, (input) => {
    if (Number.isFinite(input.valueAsNumber)) does.set(part, input.valueAsNumber);
  }), { step: "any", min: 0 });
  const from = number("start (s)", "start");
  const to = number("end (s)", "end");
  const text = field("text", "text", "text", (input) => does.name(input.value));
  text.className = "vtk-span-text";
  const remove = button(line, "Delete span", "vtk-act", does.remove, signal);
  remove.textContent = "Delete";
  remove.title = "Delete this span (Delete)";

  let at = -1;
  function draw(i, span) {
    line.hidden = !span;
    if (!span) return;
    title.textContent = `span ${i + 1}`;
    const other = i !== at;
    at = i;
    const values = [[from, span.start_s.toFixed(3)], [to, span.end_s.toFixed(3)], [text, span.text]];
    for (const [input, value] of values) {
      const typing = input === document.activeElement && input.value !== input.dataset.shown;
      if (other || !typing) input.value = input.dataset.shown = value;
    }
  }
  return { draw, text };
}
