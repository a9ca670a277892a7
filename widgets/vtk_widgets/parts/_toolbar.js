// The controls above a token map: which view, and which budget.
import { make, ownKeys } from "./_dom.js";
import { nearestLevel } from "./_owners.js";
import { percent } from "./_recipes.js";

export const MODES = { groups: "Groups", kept: "Kept", frames: "Frames" };
const FEWEST = 0.01; // the live slider's lower end and step

/** The view that a key stands for: its first letter. */
export const modeOfKey = (key) => Object.keys(MODES).find((mode) => mode[0] === key);

/** Where the slider may stand: anywhere while a kernel listens, else at the budgets there are. */
export function keepRange(keeps, live) {
  return live ? [Math.min(FEWEST, ...keeps), 1] : [Math.min(...keeps), Math.max(...keeps)];
}

/** The budget one step away. */
export function steppedKeep(keeps, live, keep, by) {
  if (live) return Math.min(1, Math.max(FEWEST, Math.round(100 * keep + by) / 100));
  const here = nearestLevel(keeps.map((k) => ({ keep: k })), keep).keep;
  return keeps[Math.min(keeps.length - 1, Math.max(0, keeps.indexOf(here) + by))];
}

const keepsOf = (model) => (model.get("levels")[0] ?? []).map((level) => level.keep);

function modeSwitch(bar, setMode, signal) {
  const group = make(bar, "div", { className: "vtk-segments", label: "View" });
  group.setAttribute("role", "radiogroup");
  return Object.entries(MODES).map(([mode, text]) => {
    const title = `${text} (${mode[0]})`;
    const radio = ownKeys(make(group, "button", { type: "button", text, title }));
    radio.setAttribute("role", "radio");
    radio.dataset.mode = mode;
    radio.addEventListener("click", () => setMode(mode), { signal });
    return radio;
  });
}

function keepSlider(bar, model, signal) {
  const box = make(bar, "label", { className: "vtk-keep" });
  make(box, "span", { text: "keep" });
  const track = make(box, "div", { className: "vtk-track" });
  const marks = make(track, "div", { className: "vtk-rail" });
  const range = { type: "range", label: "Keep", step: "any", min: 0, max: 1 };
  const slider = ownKeys(make(track, "input", range));
  const value = make(box, "output", { className: "vtk-value" });
  let timer = 0;
  function slide(keep) {
    model.set("keep", keep);
    clearTimeout(timer); // the last of a quick series counts
    timer = setTimeout(() => model.save_changes(), 60);
  }
  slider.addEventListener("input", () => {
    const there = keepsOf(model).map((keep) => ({ keep }));
    const wished = slider.valueAsNumber;
    slide(model.get("live") ? wished : nearestLevel(there, wished).keep);
  }, { signal });
  slider.addEventListener("keydown", (event) => {
    const by = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1 }[event.key];
    if (!by) return;
    slide(steppedKeep(keepsOf(model), model.get("live"), model.get("keep"), by));
    event.preventDefault();
    event.stopPropagation();
  }, { signal });
  signal.addEventListener("abort", () => clearTimeout(timer));
  return { box, marks, slider, value };
}

/** @returns {{ draw: () => void, accentOf: Element }} */
export function toolbar(root, model, signal) {
  const bar = make(root, "div", { className: "vtk-bar" });
  const setMode = (mode) => {
    model.set("mode", mode);
    model.save_changes();
  };
  const radios = modeSwitch(bar, setMode, signal);
  const keep = keepSlider(bar, model, signal);
  const busy = make(bar, "span", { className: "vtk-busy", text: "running…" });
  const error = make(root, "p", { className: "vtk-error" });
  error.setAttribute("role", "alert");

  function drawKeep() {
    const [keeps, live, now] = [keepsOf(model), model.get("live"), model.get("keep")];
    const [least, most] = keepRange(keeps, live);
    keep.box.hidden = !live && keeps.length < 2;
    Object.assign(keep.slider, { min: least, max: most, value: now });
    keep.slider.setAttribute("aria-valuetext", percent(now));
    keep.value.textContent = percent(now);
    keep.marks.replaceChildren();
    for (const k of keeps) {
      const at = (100 * (k - least)) / Math.max(most - least, 1e-9);
      make(keep.marks, "i").style.left = `${at}%`;
    }
  }

  function draw() {
    bar.hidden = !model.get("panes").length;
    for (const radio of radios) {
      const on = radio.dataset.mode === model.get("mode");
      radio.setAttribute("aria-checked", on);
      radio.tabIndex = on ? 0 : -1;
    }
    drawKeep();
    busy.hidden = !model.get("busy");
    error.textContent = model.get("message") && `Rerun failed: ${model.get("message")}`;
  }
  return { draw, setMode };
}
