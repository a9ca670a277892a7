// One system of the atlas, in full: its idea, what differs here, how to cite it, its code, its demo.
import { make, button, ownKeys } from "../page/_dom.js";
import { jobLine } from "../page/_job.js";
import { arxivAddress } from "./_atlas.js";
import { copyButton } from "../page/_clipboard.js";

const STATUS = { working: "works here", planned: "planned" };

function term(list, name) {
  make(list, "dt", { text: name });
  return make(list, "dd");
}

function header(box, system, close, signal) {
  const head = make(box, "div", { className: "vtk-detail-head" });
  make(head, "h3", { text: system.name, title: system.name });
  make(head, "span", { className: `vtk-mark vtk-${system.status}`, text: STATUS[system.status] });
  button(head, "Close", "vtk-icon vtk-close", close, signal);
  make(box, "p", { className: "vtk-title", text: system.title, title: system.title });
  const where = [system.authors, system.venue || "arXiv", system.year].join(" · ");
  make(box, "p", { className: "vtk-muted", text: where });
  make(box, "p", { className: "vtk-idea", text: system.idea });
}

function facts(box, system, signal) {
  const list = make(box, "dl");
  const chips = term(list, "Mechanisms");
  for (const name of system.mechanisms) make(chips, "code", { text: name });
  if (system.differs) term(list, "Differs").textContent = system.differs;
  const cite = term(list, "Cite");
  make(cite, "span", { text: system.arxiv ? `arXiv:${system.arxiv} ` : "no arXiv id known " });
  const address = arxivAddress(system.arxiv);
  if (address) {
    const link = make(cite, "a", { text: "Read it", href: address, target: "_blank" });
    link.rel = "noopener noreferrer";
  }
  copyButton(cite, "Copy BibTeX", () => system.bibtex, signal);
  if (system.file) make(term(list, "Code"), "code", { text: system.file });
  return list;
}

function field(form, name, label, model, signal) {
  const box = make(form, "label");
  make(box, "span", { text: label });
  const input = ownKeys(make(box, "input", { type: "text", value: model.get(name) }));
  input.addEventListener("input", () => model.set(name, input.value), { signal });
  model.on(`change:${name}`, () => {
    if (input.value !== model.get(name)) input.value = model.get(name);
  });
}

/** A number's name for people: its unit, which stands last, in brackets. */
export function numberName(name) {
  const [, what, unit] = name.match(/^(.+)_(s|percent|mb)$/) ?? [null, name, ""];
  return what.replaceAll("_", " ") + (unit ? ` (${{ s: "s", percent: "%", mb: "MB" }[unit]})` : "");
}

function table(parent, rows) {
  const made = make(parent, "table");
  for (const [name, value] of rows) {
    const row = make(made, "tr");
    make(row, "th", { text: numberName(name), scope: "row" });
    make(row, "td", { text: value });
  }
}

/** Draws the open system into `pane`; `draw` again when another one is open. */
export function detailPane(pane, model, close, signal) {
  let [life, address, fillCode] = [new AbortController(), "", () => {}];
  signal.addEventListener("abort", () => life.abort());
  const sheet = make(pane, "div");
  const demo = make(pane, "form", { className: "vtk-demo" });
  make(demo, "h4", { text: "Its demo, on your film" });
  field(demo, "film", "film", model, signal);
  field(demo, "question", "question", model, signal);
  const go = ownKeys(make(demo, "button", { type: "submit", text: "Run", className: "vtk-go" }));
  jobLine(pane, model, signal);
  const shown = make(pane, "div", { className: "vtk-outcome" });
  const note = make(pane, "p", { className: "vtk-muted" });

  const ask = (name) => {
    model.set(name, model.get(name) + 1);
    model.save_changes();
  };
  demo.addEventListener("submit", (event) => {
    event.preventDefault();
    ask("runs");
  }, { signal });

  function drawCode(list, system) {
    const place = list.lastElementChild;
    if (!system.file || !model.get("live")) return;
    const show = button(place, "Show code", "vtk-outlined", () => ask("reads"), life.signal);
    show.textContent = "Show code";
    const text = make(place, "pre", { tabIndex: 0, label: `Code of ${system.name}` });
    ownKeys(text);
    fillCode = () => {
      const { key, text: source } = model.get("code");
      text.hidden = key !== system.key;
      show.hidden = !text.hidden;
      text.textContent = text.hidden ? "" : source;
    };
    fillCode();
  }

  function drawOutcome(system) {
    shown.replaceChildren();
    if (address) URL.revokeObjectURL(address);
    address = "";
    const { key, film, question, seconds, numbers } = model.get("outcome");
    if (!system || key !== system.key) return;
    make(shown, "p", { className: "vtk-muted", text: `“${question}” in ${film}, ${seconds.toFixed(1)} s` });
    table(shown, numbers);
    const bytes = model.get("picture");
    if (!bytes || !bytes.byteLength) return;
    address = URL.createObjectURL(new Blob([bytes], { type: "image/png" }));
    make(shown, "img", { src: address, alt: `Tokens that ${system.name} keeps, frame by frame` });
  }

  function draw(system) {
    life.abort();
    life = new AbortController();
    sheet.replaceChildren();
    fillCode = () => {};
    pane.hidden = !system;
    if (!system) return;
    header(sheet, system, close, life.signal);
    drawCode(facts(sheet, system, life.signal), system);
    const runs = system.demo && model.get("live");
    demo.hidden = !runs;
    go.textContent = `Run ${system.name}`;
    const why = system.demo ? "Its demo and its code need a running kernel." : "It has no code yet.";
    note.textContent = runs ? "" : why;
    note.hidden = runs;
    drawOutcome(system);
  }

  const busy = () => {
    go.disabled = model.get("busy");
    if (pane.contains(document.activeElement)) pane.scrollTop = demo.offsetTop - pane.offsetTop;
  };
  model.on("change:busy", busy);
  model.on("change:code", () => fillCode());
  busy();
  signal.addEventListener("abort", () => { if (address) URL.revokeObjectURL(address); });
  return { draw, drawOutcome };
}
