// A recipe as switches and values: what sees, what squeezes, what finds, what says it.
import { make, ownKeys, button } from "../page/_dom.js";
import { control } from "./_controls.js";
import { shortNumber } from "../page/_numbers.js";

const SECTIONS = [
  { field: "encoders", title: "See", kinds: ["encoder"], add: "Add an encoder…", open: 0 },
  { field: "stages", title: "Squeeze and mix", kinds: ["compressor", "mixer", "memory"], add: "Add a stage…", open: 2 },
  { field: "head", title: "Find", kinds: ["head"], open: 0 },
  { field: "timecodec", title: "Say when", kinds: ["timecodec"], open: 0 },
];
const NUMBERS = [
  { name: "frames", kind: "whole", meaning: "sampled from the film at the starts of equal parts" },
  { name: "seed", kind: "whole", meaning: "for whatever draws at random" },
  { name: "short_side", kind: "whole", meaning: "of a decoded frame, in pixels" },
];
const SAVE_MS = 220; // the last of a quick series of changes counts

/** The parts of one section with their places, in order. */
export function partsIn(draft, field) {
  const there = draft[field];
  if (Array.isArray(there)) return there.map((part, i) => [`${field}.${i}`, part]);
  return there ? [[field, there]] : [];
}

/** The draft with another part, or none, at a place; a place past the end of a list adds. */
export function withPart(draft, place, part) {
  const [field, index] = place.split(".");
  if (index === undefined) return { ...draft, [field]: part };
  const list = [...draft[field]];
  if (part === null) list.splice(Number(index), 1);
  else list[Number(index)] = part;
  return { ...draft, [field]: list };
}

/** The draft with a part of a list moved by so many places; itself where it cannot go there. */
export function moved(draft, place, by) {
  const [field, index] = place.split(".");
  const [from, to] = [Number(index), Number(index) + by];
  const list = [...draft[field]];
  if (to < 0 || to >= list.length) return draft;
  [list[from], list[to]] = [list[to], list[from]];
  return { ...draft, [field]: list };
}

/** A part's parameter at another value; a default that nobody wrote down stays unwritten. */
export function withValue(part, { name, default: usual }, value) {
  const same = JSON.stringify(value) === JSON.stringify(usual);
  return same && !(name in part.params) ? part : { ...part, params: { ...part.params, [name]: value } };
}

/** What the last trial did for a part, in words. */
export function tookText(took) {
  if (!took) return "";
  return took.computed ? `computed, ${shortNumber(took.seconds, 2)} s` : "reused";
}

/** What decides whether the form has to be built anew. */
const shapeOf = (draft, forms, live) => JSON.stringify([
  live, Object.keys(forms),
  SECTIONS.map(({ field }) => partsIn(draft, field).map(([place, part]) => [place, part.kind, part.name])),
]);

/** @returns {{ draw: () => void }} */
export function recipeForm(parent, model, signal) {
  const form = make(parent, "section", { className: "vtk-recipe", label: "Recipe" });
  let [shape, rows, timer] = ["", [], 0];
  signal.addEventListener("abort", () => clearTimeout(timer));

  function edit(draft) {
    model.set("draft", draft);
    clearTimeout(timer);
    timer = setTimeout(() => model.save_changes(), SAVE_MS);
  }
  const draftNow = () => model.get("draft");
  const partAt = (place) => Object.fromEntries(SECTIONS.flatMap(({ field }) => partsIn(draftNow(), field)))[place];

  function chooser(where, label, kinds, first, pick) {
    const select = ownKeys(make(where, "select", { label, className: "vtk-choose" }));
    make(select, "option", { value: "", text: first });
    for (const kind of kinds) {
      const several = `${kind[0].toUpperCase()}${kind.slice(1).replace(/y$/, "ie")}s`;
      const group = kinds.length > 1 ? make(select, "optgroup", { label: several }) : select;
      if (group !== select) group.setAttribute("label", several);
      for (const { name, title } of model.get("catalog").filter((card) => card.kind === kind)) {
        make(group, "option", { value: `${kind}:${name}`, text: title });
      }
    }
    select.addEventListener("change", () => {
      const [kind, name] = select.value.split(":");
      select.value = "";
      if (name) pick({ name, kind, params: {}, on: true });
    }, { signal });
    return select;
  }

  function numbers() {
    const line = make(form, "div", { className: "vtk-recipe-numbers" });
    for (const parameter of NUMBERS) {
      const made = control(line, { ...parameter, choices: [], low: null, high: null, optional: false }, (value) => {
        edit({ ...draftNow(), [parameter.name]: value });
      }, signal);
      const fault = make(line, "p", { className: "vtk-fault" });
      rows.push(() => {
        made.show(draftNow()[parameter.name]);
        made.enable(model.get("live"));
        faultAt(fault, parameter.name);
      });
    }
  }

  function faultAt(element, place, whole = false) {
    const found = model.get("faults").find((f) => f.place === place || (whole && f.place === ""));
    element.textContent = found?.text ?? "";
    element.setAttribute("role", "alert");
  }

  function card(list, place, open, several) {
    const { kind, name } = partAt(place);
    const { title, paper, parameters } = model.get("forms")[`${kind}:${name}`] ?? { title: name, paper: "", parameters: [] };
    const item = make(list, "li", { className: "vtk-part" });
    const head = make(item, "div", { className: "vtk-part-head" });
    const on = ownKeys(make(head, "input", { type: "checkbox", label: `${title} on`, title: "Switch it off or on", className: "vtk-switch" }));
    on.setAttribute("role", "switch");
    on.addEventListener("change", () => edit(withPart(draftNow(), place, { ...partAt(place), on: on.checked })), { signal });
    make(head, "strong", { text: title, title: paper === "baseline" ? title : `${title}: ${paper}` });
    const took = make(head, "span", { className: "vtk-took" });
    const tools = [];
    if (several) {
      const mend = (label, icon, act) => {
        const made = button(head, `${label} ${title}`, `vtk-tool ${icon}`, act, signal);
        tools.push(made);
      };
      if (place.startsWith("stages")) {
        mend("Move up", "vtk-up", () => edit(moved(draftNow(), place, -1)));
        mend("Move down", "vtk-down", () => edit(moved(draftNow(), place, 1)));
      }
      mend("Remove", "vtk-remove", () => edit(withPart(draftNow(), place, null)));
    }
    const fields = make(item, "div", { className: "vtk-fields" });
    const rest = parameters.length > open ? make(item, "details", {}) : null;
    if (rest) make(rest, "summary", { text: open ? `${parameters.length - open} more` : `${parameters.length} values` });
    const more = rest && make(rest, "div", { className: "vtk-fields" });
    parameters.forEach((parameter, i) => {
      const where = i < open ? fields : more;
      const made = control(where, parameter, (value) => {
        edit(withPart(draftNow(), place, withValue(partAt(place), parameter, value)));
      }, signal);
      const fault = make(where, "p", { className: "vtk-fault" });
      rows.push(() => {
        const part = partAt(place);
        if (!part) return;
        made.show(parameter.name in part.params ? part.params[parameter.name] : parameter.default);
        made.enable(model.get("live") && part.on);
        faultAt(fault, `${place}.${parameter.name}`);
        if (fault.textContent && where === more) rest.open = true;
      });
    });
    const fault = make(item, "p", { className: "vtk-fault" });
    rows.push(() => {
      const part = partAt(place);
      if (!part) return;
      on.checked = part.on;
      on.disabled = !model.get("live");
      for (const tool of tools) tool.disabled = !model.get("live");
      item.classList.toggle("vtk-off", !part.on);
      took.textContent = part.on ? tookText(model.get("work")[place]) : "off";
      took.classList.toggle("vtk-new", part.on && model.get("work")[place]?.computed > 0);
      faultAt(fault, place);
    });
  }

  function build() {
    const [live, draft] = [model.get("live"), draftNow()];
    const opened = [...form.querySelectorAll("details")].map((d) => d.open);
    form.replaceChildren();
    rows = [];
    numbers();
    for (const { field, title, kinds, add, open } of SECTIONS) {
      const head = make(form, "div", { className: "vtk-section" });
      make(head, "h4", { text: title });
      const several = Array.isArray(draft[field]);
      if (live && several) chooser(head, add, kinds, add, (part) => edit(withPart(draftNow(), `${field}.${draftNow()[field].length}`, part)));
      if (live && !several) chooser(head, `${title} with another`, kinds, "Choose another…", (part) => edit(withPart(draftNow(), field, part)));
      const list = make(form, "ul", { className: "vtk-parts" });
      for (const [place] of partsIn(draft, field)) card(list, place, open, several);
      if (!list.children.length) make(list, "li", { className: "vtk-part vtk-off", text: "none" });
      const fault = make(form, "p", { className: "vtk-fault" });
      if (several) rows.push(() => faultAt(fault, field, field === "encoders"));
    }
    form.querySelectorAll("details").forEach((d, i) => { d.open = opened[i] ?? false; });
  }

  function draw() {
    const now = shapeOf(draftNow(), model.get("forms"), model.get("live"));
    if (now !== shape && draftNow().encoders) {
      shape = now;
      build();
    }
    for (const show of rows) show();
  }
  return { draw };
}
