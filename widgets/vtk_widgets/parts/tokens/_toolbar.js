// The controls above a token map: which view, which budget, and what stands beside it.
import { make, ownKeys, button, throttled } from "../page/_dom.js";
import { jobLine } from "../page/_job.js";
import { nearestLevel } from "./_owners.js";
import { percent } from "./_recipes.js";

export const MODES = {
  groups: "Groups", kept: "Kept", shares: "Shares", weights: "Weights", frames: "Frames",
};
export const RIVALS = { random: "Random", uniform: "Uniform" };
const FEWEST = 0.01; // the live slider's lower end and step

/** The view that a key stands for: its first letter. */
export const modeOfKey = (key) => Object.keys(MODES).find((mode) => mode[0] === key);
/** The baseline that a key stands for, likewise. */
export const rivalOfKey = (key) => Object.keys(RIVALS).find((rival) => rival[0] === key);

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

function rivalSwitch(bar, model, signal) {
  const group = make(bar, "div", { className: "vtk-beside", label: "Baseline beside it" });
  group.setAttribute("role", "group");
  make(group, "span", { text: "beside" });
  const segments = make(group, "div", { className: "vtk-segments" });
  const setRival = (rival) => {
    model.set("rival", model.get("rival") === rival ? "" : rival);
    model.save_changes();
  };
  const buttons = Object.entries(RIVALS).map(([rival, text]) => {
    const made = button(segments, `${text} (${rival[0]})`, "", () => setRival(rival), signal);
    made.textContent = text;
    made.setAttribute("aria-label", text);
    made.dataset.rival = rival;
    return made;
  });
  function draw() {
    group.hidden = !Object.keys(model.get("rivals")).length;
    for (const one of buttons) one.setAttribute("aria-pressed", one.dataset.rival === model.get("rival"));
  }
  return { draw, setRival };
}

function rowPicker(bar, model, signal) {
  const box = make(bar, "label", { className: "vtk-row" });
  make(box, "span", { text: "of" });
  const select = ownKeys(make(box, "select", { label: "Weights of" }));
  select.addEventListener("change", () => {
    model.set("row", select.selectedIndex);
    model.save_changes();
  }, { signal });
  let listed = null;
  return () => {
    const rows = model.get("weights");
    box.hidden = model.get("mode") !== "weights" || rows.length < 2;
    if (listed !== rows) {
      listed = rows;
      select.replaceChildren();
      for (const { text } of rows) make(select, "option", { text });
    }
    select.selectedIndex = Math.min(rows.length - 1, Math.max(0, model.get("row")));
  };
}

function keepSlider(bar, model, signal) {
  const box = make(bar, "label", { className: "vtk-keep" });
  make(box, "span", { text: "keep" });
  const track = make(box, "div", { className: "vtk-track" });
  const marks = make(track, "div", { className: "vtk-rail" });
  const range = { type: "range", label: "Keep", step: "any", min: 0, max: 1 };
  const slider = ownKeys(make(track, "input", range));
  const value = make(box, "output", { className: "vtk-value" });
  const save = throttled(() => model.save_changes(), 60, signal);
  function slide(keep) {
    model.set("keep", keep);
    save();
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
  function draw() {
    const [keeps, live, now] = [keepsOf(model), model.get("live"), model.get("keep")];
    const [least, most] = keepRange(keeps, live);
    box.hidden = !live && keeps.length < 2;
    Object.assign(slider, { min: least, max: most, value: now });
    slider.setAttribute("aria-valuetext", percent(now));
    value.textContent = percent(now);
    marks.replaceChildren();
    for (const k of keeps) {
      const at = (100 * (k - least)) / Math.max(most - least, 1e-9);
      make(marks, "i").style.left = `${at}%`;
    }
  }
  return { draw };
}

/** @returns {{ draw: () => void, press: (key: string) => boolean }} */
export function toolbar(root, model, signal) {
  const bar = make(root, "div", { className: "vtk-bar" });
  const setMode = (mode) => {
    model.set("mode", mode);
    model.save_changes();
  };
  const radios = modeSwitch(bar, setMode, signal);
  const drawRows = rowPicker(bar, model, signal);
  const keep = keepSlider(bar, model, signal);
  const rival = rivalSwitch(bar, model, signal);
  jobLine(bar, model, signal);

  const hasMode = (mode) => mode !== "weights" || model.get("weights").length > 0;
  function draw() {
    bar.hidden = !model.get("panes").length;
    for (const radio of radios) {
      const on = radio.dataset.mode === model.get("mode");
      radio.hidden = !hasMode(radio.dataset.mode);
      radio.setAttribute("aria-checked", on);
      radio.tabIndex = on ? 0 : -1;
    }
    drawRows();
    keep.draw();
    rival.draw();
  }

  /** Whether the key was one of the toolbar's. */
  function press(key) {
    const [mode, beside] = [modeOfKey(key), rivalOfKey(key)];
    if (mode && hasMode(mode)) setMode(mode);
    else if (beside && beside in model.get("rivals")) rival.setRival(beside);
    else return false;
    return true;
  }
  return { draw, press };
}
