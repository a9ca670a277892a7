// One control for one parameter of a mechanism, by its kind and range (vtk_notebooks/sweep/parameters.py).
import { make, ownKeys } from "../page/_dom.js";

/** What a person typed, as the field wants it; the text itself where it is nothing of the kind,
 * so that Python can say so by the name of the field. */
export function typedValue({ kind, optional }, text) {
  const bare = text.trim();
  if (optional && bare === "") return null;
  if (kind === "whole" || kind === "number") {
    return bare !== "" && Number.isFinite(Number(bare)) ? Number(bare) : text;
  }
  if (kind !== "list") return text;
  try {
    return JSON.parse(`[${bare}]`);
  } catch {
    return text;
  }
}

/** A value as it is shown in a text field. */
export function fieldText({ kind }, value) {
  if (value === null || value === undefined) return "";
  if (kind === "list" && Array.isArray(value)) return JSON.stringify(value).slice(1, -1).replaceAll(",", ", ");
  return typeof value === "number" ? String(Number(value.toPrecision(6))) : String(value);
}

/** Whether a slider makes sense: both ends are known, and close. */
export const slides = ({ kind, low, high }) =>
  kind === "number" && low !== null && high !== null && high - low <= 10;

/** Where a slider's thumb may rest: hundredths of its range, never beyond an end. */
export function slidValue({ low, high }, wished) {
  const step = (high - low) / 100;
  const at = Math.min(high, Math.max(low, low + step * Math.round((wished - low) / step)));
  return Number(at.toPrecision(4));
}

/** The control beside its label. `tell(value)` hears every change.
 * @returns {{ element: Element, show: (value) => void, enable: (on: boolean) => void }} */
export function control(parent, parameter, tell, signal) {
  const { name, kind, choices, meaning, optional } = parameter;
  const row = make(parent, "label", { className: "vtk-field", title: meaning });
  make(row, "span", { className: "vtk-field-name", text: name.replaceAll("_", " ") });
  const inputs = [];
  const add = (tag, props) => {
    inputs.push(ownKeys(make(row, tag, { label: name.replaceAll("_", " "), ...props })));
    return inputs.at(-1);
  };
  let shows;
  if (kind === "switch") {
    const box = add("input", { type: "checkbox" });
    box.addEventListener("change", () => tell(box.checked), { signal });
    shows = (value) => { box.checked = value === true; };
  } else if (kind === "choice") {
    const select = add("select", {});
    for (const choice of choices) make(select, "option", { value: choice, text: choice });
    select.addEventListener("change", () => tell(select.value), { signal });
    shows = (value) => { select.value = value; };
  } else {
    const slider = slides(parameter) ? sliderIn(row, parameter, inputs) : null;
    const mode = kind === "whole" || kind === "number" ? "decimal" : "text";
    const field = add("input", { type: "text", inputMode: mode, placeholder: optional ? "none" : "", spellcheck: false });
    field.className = `vtk-typed vtk-typed-${kind}`;
    field.addEventListener("input", () => tell(typedValue(parameter, field.value)), { signal });
    slider?.addEventListener("input", () => {
      const value = slidValue(parameter, slider.valueAsNumber);
      field.value = fieldText(parameter, value);
      tell(value);
    }, { signal });
    shows = (value) => {
      if (document.activeElement !== field && field.getRootNode().activeElement !== field) field.value = fieldText(parameter, value);
      if (slider && document.activeElement !== slider && typeof value === "number") slider.value = value;
    };
  }
  return {
    element: row,
    show: shows,
    enable(on) { for (const input of inputs) input.disabled = !on; },
  };
}

function sliderIn(row, { name, low, high }, inputs) {
  const track = make(row, "div", { className: "vtk-track" });
  const slider = ownKeys(make(track, "input", { type: "range", min: low, max: high, step: "any", label: `${name} slider` }));
  slider.addEventListener("keydown", ({ key }) => { // "any" has no step of its own
    const by = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1 }[key];
    if (by) slider.step = (high - low) / 100;
  });
  slider.addEventListener("keyup", () => { slider.step = "any"; });
  inputs.push(slider);
  return slider;
}
