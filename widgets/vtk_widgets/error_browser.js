// Error browser: charts that filter, a table of any length, and the film at the place.
import { keepTyped } from "./parts/page/_typing.js";
import { make, button, ownKeys, oncePerFrame } from "./parts/page/_dom.js";
import { spanText } from "./parts/page/_time.js";
import { sharedSelection } from "./parts/page/_link.js";
import { jobLine } from "./parts/page/_job.js";
import { copyButton } from "./parts/page/_clipboard.js";
import {
  errorsOf, errorsText, meantQuestions, sortedQuestions, resorted, iouOf, spanOf, tableOf, csvText, markdownText,
} from "./parts/errors/_errors.js";
import { drawCharts, mostInTenth } from "./parts/errors/_error_charts.js";
import { longTable } from "./parts/errors/_long_table.js";
import { questionPane } from "./parts/errors/_error_detail.js";

const FILTERS = ["end", "length", "tenth"];

/** The filters that are on, in words. */
export function filterTexts({ end, length, tenth }, endNames, lengthNames) {
  const said = [];
  if (end >= 0) said.push(endNames[end]);
  if (tenth >= 0) said.push(`IoU ${tenth / 10} to ${(tenth + 1) / 10}`);
  if (length >= 0) said.push(`true moments ${lengthNames[length]}`);
  return said;
}

function columnsOf(models) {
  const several = models.length > 1;
  const ious = models.map(({ name }, k) => ({
    name: several ? `iou:${k}` : "iou", text: several ? `IoU ${name}` : "IoU", width: several ? "86px" : "60px", className: "vtk-number",
  }));
  return [
    { name: "text", text: "Query", width: "minmax(140px, 3fr)" },
    { name: "film", text: "Film", width: "minmax(70px, 1fr)" },
    { name: "end", text: "End", width: "104px" },
    ...ious,
    { name: "answer", text: "Answer (s)", width: "112px", className: "vtk-number" },
    { name: "truth", text: "Truth (s)", width: "112px", className: "vtk-number" },
  ];
}

async function render({ model, el, signal, host }) {
  const get = (name) => model.get(name);
  const root = make(el, "div", { className: "vtk vtk-error-browser" });
  const shared = await sharedSelection(model, host, signal);
  if (signal.aborted) return;
  const data = errorsOf(get);
  const names = { ends: get("end_names"), lengths: get("length_names") };
  if (!data.count) {
    make(root, "p", { className: "vtk-empty", text: "No questions." });
    root.dataset.ready = "true";
    return;
  }
  const panels = make(root, "div", { className: "vtk-panels" });
  const bar = make(root, "div", { className: "vtk-bar" });
  const search = ownKeys(make(bar, "input", { type: "search", label: "Search" }));
  search.placeholder = "Search query, film, id";
  const chips = make(bar, "div", { className: "vtk-chips" });
  const copies = make(bar, "div", { className: "vtk-copies" });
  const status = make(root, "p", { className: "vtk-status" });
  status.setAttribute("role", "status");
  let shown = [];
  let life = new AbortController();
  signal.addEventListener("abort", () => life.abort());

  const current = () => Math.min(get("model_index"), data.models.length - 1);
  const by = () => ({ ...Object.fromEntries(FILTERS.map((name) => [name, get(name)])), search: get("search") });
  const tell = (values) => {
    for (const [name, value] of Object.entries(values)) model.set(name, value);
    model.save_changes();
  };
  const pick = (k, dimension, value) => {
    const same = k === current() && get(dimension) === value;
    tell({ model_index: k, [dimension]: same ? -1 : value });
  };
  function open(q) {
    const [startS, endS] = spanOf(data.models[current()], q, "trueS");
    shared.set({ moment: [startS, endS], time_s: startS });
    tell({ chosen: q });
  }

  const table = longTable(root, {
    columns: columnsOf(data.models), fill, open, sort: (column) => tell({ sort: resorted(get("sort"), column) }),
  }, signal);
  const none = make(root, "p", { className: "vtk-empty", text: "No question is left. Let go of a filter." });
  jobLine(root, model, signal);
  const pane = make(root, "section", { className: "vtk-question", label: "One question" });
  const drawQuestion = questionPane(pane, data, model, names.ends);
  const copied = () => tableOf(data, data.models[current()], shown, names.ends);
  copyButton(copies, "Copy CSV", () => csvText(copied()), signal);
  copyButton(copies, "Copy Markdown", () => markdownText(copied()), signal);

  function cell(row, text, className = "") {
    const made = make(row, "div", { className, text });
    made.setAttribute("role", "gridcell");
    return made;
  }
  function fill(row, q) {
    const mine = data.models[current()];
    const query = data.texts[q] || `question ${data.ids[q]}`;
    cell(row, query).title = query;
    cell(row, data.films[q], "vtk-muted").title = data.films[q];
    const end = cell(row, "", "vtk-cell-end");
    make(end, "i", { className: `vtk-end vtk-end-${mine.ends[q]}` });
    make(end, "span", { text: names.ends[mine.ends[q]] });
    for (const m of data.models) cell(row, iouOf(m, q).toFixed(2), "vtk-number");
    for (const which of ["answerS", "trueS"]) {
      const span = spanOf(mine, q, which);
      cell(row, span ? spanText(...span).replace(" s", "") : "–", "vtk-number vtk-muted");
    }
  }

  function drawPanels() {
    const held = panels.contains(document.activeElement) ? document.activeElement.getAttribute("data-at") : null;
    life.abort();
    life = new AbortController();
    panels.replaceChildren();
    const most = mostInTenth(data, current(), by());
    data.models.forEach((mine, k) => {
      const panel = make(panels, "div", { className: "vtk-model-charts" });
      if (data.models.length > 1) {
        const name = ownKeys(make(panel, "button", { type: "button", className: "vtk-model", text: mine.name, title: mine.name }));
        name.setAttribute("aria-pressed", k === current());
        name.addEventListener("click", () => tell({ model_index: k }), { signal: life.signal });
      }
      const charts = make(panel, "div", { className: "vtk-charts" });
      drawCharts(charts, { data, k, current: current(), by: by(), names, most }, pick, life.signal);
    });
    panels.querySelectorAll("button").forEach((one, i) => one.setAttribute("data-at", i));
    if (held !== null) panels.querySelector(`[data-at="${held}"]`)?.focus();
  }

  function draw() {
    const mine = data.models[current()];
    shown = sortedQuestions(data, mine, meantQuestions(data, mine, by()), get("sort"));
    drawPanels();
    chips.replaceChildren();
    for (const text of filterTexts(by(), names.ends, names.lengths)) make(chips, "span", { className: "vtk-chip", text });
    if (chips.children.length) {
      const all = button(chips, "Show all", "vtk-outlined", () => tell({ end: -1, length: -1, tenth: -1 }), life.signal);
      all.textContent = "Show all";
    }
    if (search.value !== get("search")) search.value = get("search");
    none.hidden = shown.length > 0;
    status.title = status.textContent = (data.models.length > 1 ? `${mine.name} · ` : "") + errorsText(data, mine, shown);
    table.draw(shown, get("chosen"), get("sort"));
  }

  const redraw = oncePerFrame(draw, signal);
  for (const name of [...FILTERS, "search", "sort", "model_index"]) model.on(`change:${name}`, redraw);
  for (const name of ["sort", "search", ...FILTERS]) model.on(`change:${name}`, table.toTop);
  const redrawQuestion = () => drawQuestion(get("chosen"), current());
  model.on("change:chosen", () => { table.draw(shown, get("chosen"), get("sort")); redrawQuestion(); });
  for (const name of ["strip_of", "model_index"]) model.on(`change:${name}`, redrawQuestion);
  keepTyped(search, model, "search", signal);
  root.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    if (get("chosen") >= 0) tell({ chosen: -1 });
    else tell({ end: -1, length: -1, tenth: -1, search: "" });
    event.preventDefault();
    event.stopPropagation();
  }, { signal });

  draw();
  redrawQuestion();
  root.dataset.ready = "true";
}

export default { render };
