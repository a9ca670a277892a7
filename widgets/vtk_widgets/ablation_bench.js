// Ablation bench: a recipe to edit, its trials as a plot and as a table.
import { make, button, ownKeys, oncePerFrame, onLook } from "./parts/page/_dom.js";
import { sharedSelection } from "./parts/page/_link.js";
import { jobLine } from "./parts/page/_job.js";
import { recipeForm } from "./parts/recipe/_recipe_form.js";
import { paretoPlot } from "./parts/recipe/_pareto.js";
import { trialTable, COSTS } from "./parts/recipe/_trial_table.js";
import { copyBar } from "./parts/recipe/_copy.js";

/** The recipe of a table's line as a draft with everything on. */
export function draftFrom(recipe) {
  const on = (part) => (part ? { ...part, on: true } : part);
  return {
    ...recipe,
    encoders: recipe.encoders.map(on),
    stages: recipe.stages.map(on),
    head: on(recipe.head),
    timecodec: on(recipe.timecodec),
  };
}

async function render({ model, el, signal, host }) {
  const get = (name) => model.get(name);
  const root = make(el, "div", { className: "vtk vtk-ablation-bench" });
  const shared = await sharedSelection(model, host, signal);
  if (signal.aborted) return;
  const save = (values) => {
    for (const [name, value] of Object.entries(values)) model.set(name, value);
    model.save_changes();
  };
  const choose = (trial) => {
    if (get("live")) save({ draft: draftFrom(trial.recipe) });
  };
  const columns = make(root, "div", { className: "vtk-columns" });
  const form = recipeForm(columns, model, signal);
  const results = make(columns, "section", { className: "vtk-results", label: "Results" });
  const bar = make(results, "div", { className: "vtk-bar" });
  make(bar, "span", { className: "vtk-against", text: "Quality against" });
  const group = make(bar, "div", { className: "vtk-segments", label: "Quality against" });
  group.setAttribute("role", "radiogroup");
  const radios = Object.entries(COSTS).map(([cost, text]) => {
    const radio = ownKeys(make(group, "button", { type: "button", text }));
    radio.setAttribute("role", "radio");
    radio.dataset.cost = cost;
    radio.addEventListener("click", () => save({ cost }), { signal });
    return radio;
  });
  const plot = paretoPlot(results, choose, signal);
  const said = make(results, "p", { className: "vtk-summary" });
  said.setAttribute("role", "status");
  const again = button(results, "Go on", "vtk-word", () => save({ again: get("again") + 1 }), signal);
  again.textContent = "Go on";
  jobLine(results, model, signal);
  const table = trialTable(root, model, shared, choose, signal);
  copyBar(root, model, signal);

  function drawResults() {
    for (const radio of radios) {
      const on = radio.dataset.cost === get("cost");
      radio.setAttribute("aria-checked", on);
      radio.tabIndex = on ? 0 : -1;
    }
    const width = results.clientWidth;
    if (width) plot(get("trials"), get("cost"), COSTS[get("cost")], get("quality"), width);
    said.textContent = get("summary");
    const bad = get("trials").some((trial) => trial.errors.length);
    again.hidden = !get("live") || get("busy") || (get("finished") && !bad);
    root.dataset.ready = "true";
  }
  group.addEventListener("keydown", (event) => {
    const by = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (!by) return;
    const names = Object.keys(COSTS);
    const next = names[(names.indexOf(get("cost")) + by + names.length) % names.length];
    save({ cost: next });
    radios.find((radio) => radio.dataset.cost === next).focus();
    event.preventDefault();
  }, { signal });

  const redrawForm = oncePerFrame(form.draw, signal);
  const redrawResults = oncePerFrame(drawResults, signal);
  for (const name of ["draft", "forms", "faults", "work", "catalog", "live"]) model.on(`change:${name}`, redrawForm);
  for (const name of ["trials", "cost", "quality", "summary", "finished", "busy", "live"]) model.on(`change:${name}`, redrawResults);
  for (const name of ["trials", "live"]) model.on(`change:${name}`, table);
  onLook(results, redrawResults, signal);
  form.draw();
  table();
  drawResults();
}

export default { render };
