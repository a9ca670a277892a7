// The table of trials: names, numbers with intervals, differences to the reference.
import { make, ownKeys, button } from "../page/_dom.js";
import { shortNumber, signedNumber, intervalText } from "../page/_numbers.js";

export const COSTS = { tokens: "tokens", seconds: "time (s)", peak_mb: "memory (MB)" };

/** A name nobody has yet. */
export function freeName(names, wished) {
  let [free, number] = [wished || "recipe", 2];
  while (names.includes(free)) free = `${wished || "recipe"} ${number++}`;
  return free;
}

/** What is pinned after one was renamed; the same where the name is taken or empty. */
export function renamed(kept, from, to) {
  const bare = to.trim();
  if (!bare || kept.some(({ name }) => name === bare)) return kept;
  return kept.map((entry) => (entry.name === from ? { ...entry, name: bare } : entry));
}

/** A difference and how sure it is, for people. */
export function deltaText(trial) {
  if (trial.reference) return ["reference", ""];
  return trial.delta ? [signedNumber(trial.delta.value), intervalText(trial.delta, signedNumber)] : ["–", ""];
}

/** @returns {() => void} draws it again */
export function trialTable(parent, model, shared, choose, signal) {
  const box = make(parent, "div", { className: "vtk-trials" });
  const save = (values) => {
    for (const [name, value] of Object.entries(values)) model.set(name, value);
    model.save_changes();
  };
  const names = () => model.get("kept").map(({ name }) => name);

  function pin(trial) {
    const name = freeName(names(), trial.label);
    save({ kept: [...model.get("kept"), { name, recipe: { ...trial.recipe, name } }] });
  }
  function rename(trial, field) {
    const kept = renamed(model.get("kept"), trial.name, field.value);
    if (kept === model.get("kept")) {
      field.value = trial.name;
      return;
    }
    const to = field.value.trim();
    save({ kept, ...(trial.reference ? { reference: to } : {}) });
  }
  function remove(trial) {
    const kept = model.get("kept").filter(({ name }) => name !== trial.name);
    save({ kept, ...(trial.reference ? { reference: kept[0]?.name ?? "" } : {}) });
  }

  function numberCell(line, { value, low, high }, text = shortNumber(value), range = intervalText({ low, high })) {
    const cell = make(line, "td", { className: "vtk-number" });
    make(cell, "span", { text });
    if (range) make(cell, "small", { text: range });
  }

  function nameCell(line, trial, live) {
    const cell = make(line, "th", { scope: "row", className: "vtk-trial-name" });
    if (trial.pinned && live) {
      const field = ownKeys(make(cell, "input", { type: "text", value: trial.name, title: trial.name, label: `Name of ${trial.name}`, spellcheck: false }));
      field.addEventListener("change", () => rename(trial, field), { signal });
      field.addEventListener("keydown", ({ key }) => {
        if (key === "Escape") field.value = trial.name;
        if (key === "Enter" || key === "Escape") field.blur();
      }, { signal });
    } else make(cell, "span", { text: trial.name, title: trial.name });
    if (trial.label !== trial.name) make(cell, "small", { text: trial.label, title: trial.label });
    if (trial.here) make(cell, "small", { className: "vtk-now", text: "on the bench" });
    for (const text of trial.errors) make(cell, "small", { className: "vtk-bad", text });
  }

  function toolsCell(line, trial) {
    const cell = make(make(line, "td"), "div", { className: "vtk-trial-tools" });
    const add = (text, label, act) => {
      button(cell, label, "vtk-word", act, signal).textContent = text;
    };
    if (!trial.here) add("Edit", `Put ${trial.name} on the bench`, () => choose(trial));
    if (!trial.pinned) add("Pin", "Pin the recipe on the bench", () => pin(trial));
    else if (model.get("kept").length > 1) add("Remove", `Remove ${trial.name}`, () => remove(trial));
  }

  function row(body, trial, live) {
    const line = make(body, "tr", { className: trial.here ? "vtk-here" : "" });
    const first = make(line, "td");
    if (trial.pinned) {
      const radio = ownKeys(make(first, "input", { type: "radio", label: `Hold others against ${trial.name}`, title: "Reference of the differences", checked: trial.reference, disabled: !live }));
      radio.addEventListener("change", () => save({ reference: trial.name }), { signal });
    }
    nameCell(line, trial, live);
    numberCell(line, trial.quality);
    const [delta, range] = deltaText(trial);
    numberCell(line, { low: null, high: null }, delta, range);
    numberCell(line, { low: null, high: null }, shortNumber(trial.p));
    for (const cost of Object.keys(COSTS)) numberCell(line, trial[cost]);
    const when = make(line, "td", { className: "vtk-when" });
    if (trial.moment) {
      const { start_s: startS, end_s: endS } = trial.moment;
      const seek = button(when, `Go to ${startS.toFixed(2)} to ${endS.toFixed(2)} s`, "vtk-word", () => {
        shared.set({ moment: [startS, endS], time_s: startS });
      }, signal);
      seek.textContent = `${startS.toFixed(2)}–${endS.toFixed(2)} s`;
    }
    if (live) toolsCell(line, trial);
  }

  const typing = () => box.querySelector("input[type=text]:focus");
  return function redraw() {
    if (typing()) { // what a person is writing is not taken away
      typing().addEventListener("blur", () => queueMicrotask(redraw), { once: true, signal });
      return;
    }
    const [trials, live] = [model.get("trials"), model.get("live")];
    const focused = box.contains(document.activeElement) ? document.activeElement.getAttribute("aria-label") : "";
    box.replaceChildren();
    if (!trials.length) return;
    const table = make(box, "table");
    const head = make(make(table, "thead"), "tr");
    const titles = ["Ref.", "Recipe", model.get("quality"), "Difference", "p (Holm)", ...Object.values(COSTS), trials.some((t) => t.moment) ? "Best moment" : ""];
    for (const text of [...titles, ...(live ? [""] : [])]) make(head, "th", { scope: "col", text });
    const body = make(table, "tbody");
    for (const trial of trials) row(body, trial, live);
    if (focused) [...box.querySelectorAll("[aria-label]")].find((e) => e.getAttribute("aria-label") === focused)?.focus();
  };
}
