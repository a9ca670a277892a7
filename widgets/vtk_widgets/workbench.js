// Workbench: ask about a film, see where the answer came from, change the recipe, see what changed.
import { make, button, ownKeys, oncePerFrame } from "./parts/page/_dom.js";
import { sharedSelection } from "./parts/page/_link.js";
import { jobLine } from "./parts/page/_job.js";
import { nested } from "./parts/page/_nested.js";
import { answerPanel } from "./parts/recipe/_answer.js";

const OTHER = "\u0000"; // no film is called that

/** What is asked next: another film brings its own question, unless a person wrote one. */
export function askedOf(films, film, question) {
  const usual = films.map((entry) => entry.question);
  const its = films.find(({ name }) => name === film)?.question;
  return its && (!question.trim() || usual.includes(question)) ? its : question;
}

/** A path with what tells it apart at its end, short enough for a line. */
export const shortPath = (path, most = 46) => (path.length > most ? `…${path.slice(1 - most)}` : path);

/** The tab a key leads to; the same where it leads nowhere. */
export function tabOfKey(keys, now, key) {
  const by = { ArrowRight: 1, ArrowLeft: -1 }[key];
  if (key === "Home") return keys[0];
  if (key === "End") return keys.at(-1);
  return by ? keys[(keys.indexOf(now) + by + keys.length) % keys.length] : now;
}

function picker(root, model, ask, signal) {
  const form = make(root, "form", { className: "vtk-ask", label: "Film and question" });
  form.setAttribute("role", "search");
  const film = make(form, "label", { className: "vtk-ask-film" });
  make(film, "span", { text: "Film" });
  const select = ownKeys(make(film, "select", { label: "Film" }));
  const path = ownKeys(make(film, "input", { type: "text", label: "Path of a film", placeholder: "path of a film", spellcheck: false, hidden: true }));
  const about = make(form, "label", { className: "vtk-ask-question" });
  make(about, "span", { text: "Question" });
  const question = ownKeys(make(about, "input", { type: "text", label: "Question", placeholder: "what to look for" }));
  const go = ownKeys(make(form, "button", { type: "submit", text: "Ask", className: "vtk-word vtk-go" }));
  const chosen = () => (path.hidden ? select.value : path.value.trim());
  select.addEventListener("change", () => {
    path.hidden = select.value !== OTHER;
    if (!path.hidden) return path.focus();
    question.value = askedOf(model.get("films"), select.value, question.value);
    ask(chosen(), question.value);
  }, { signal });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (chosen()) ask(chosen(), question.value);
  }, { signal });
  return {
    form,
    draw() {
      const [now, live] = [model.get("film"), model.get("live")];
      const names = model.get("films").map(({ name }) => name);
      select.replaceChildren();
      for (const name of names.includes(now) || !now ? names : [...names, now]) make(select, "option", { value: name, text: shortPath(name), title: name });
      if (live) make(select, "option", { value: OTHER, text: "another file…" });
      select.value = now;
      path.hidden = true;
      if (document.activeElement !== question) question.value = model.get("question");
      for (const control of [select, question]) control.disabled = !live;
      go.hidden = !live;
    },
  };
}

function tabBar(root, model, host, signal) {
  const box = make(root, "section", { className: "vtk-tabs", label: "More views" });
  const list = make(box, "div", { className: "vtk-tablist" });
  list.setAttribute("role", "tablist");
  const places = new Map(); // key -> its panel and what is drawn there
  const open = (key) => {
    model.set("tab", key);
    model.save_changes();
  };
  list.addEventListener("keydown", (event) => {
    const next = tabOfKey(model.get("tabs").map(({ key }) => key), model.get("tab"), event.key);
    if (next === model.get("tab")) return;
    open(next);
    list.querySelector("[aria-selected=true]")?.focus();
    event.preventDefault();
  }, { signal });
  return () => {
    const now = model.get("tab");
    const focused = list.contains(document.activeElement);
    list.replaceChildren();
    for (const { key, title, widget, why } of model.get("tabs")) {
      const on = key === now;
      const tab = ownKeys(make(list, "button", { type: "button", text: title, tabIndex: on ? 0 : -1 }));
      tab.setAttribute("role", "tab");
      tab.setAttribute("aria-selected", on);
      tab.addEventListener("click", () => open(key), { signal });
      if (on && focused) tab.focus();
      if (!places.has(key)) {
        const panel = make(box, "div", { className: "vtk-tabpanel", label: title });
        panel.setAttribute("role", "tabpanel");
        places.set(key, { panel, view: nested(panel, host, signal), none: make(panel, "p", { className: "vtk-hint" }) });
      }
      const { panel, view, none } = places.get(key);
      panel.hidden = !on;
      none.textContent = widget ? "" : why || "Here as soon as there is an answer.";
      if (on) view.show(widget);
    }
  };
}

async function render({ model, el, signal, host }) {
  const get = (name) => model.get(name);
  const root = make(el, "div", { className: "vtk vtk-workbench" });
  const shared = await sharedSelection(model, host, signal);
  if (signal.aborted) return;
  const wish = (what) => model.send(what);
  const top = make(root, "div", { className: "vtk-top" });
  const ask = picker(top, model, (film, question) => {
    model.set("film", film);
    model.set("question", question);
    model.save_changes();
  }, signal);
  const out = button(top, "Export the figures and the table (e)", "vtk-word vtk-export", () => wish({ do: "export" }), signal);
  out.textContent = "Export";
  const job = make(root, "div", { className: "vtk-jobs" });
  jobLine(job, model, signal);
  const files = make(root, "div", { className: "vtk-files", hidden: true });
  files.setAttribute("role", "status");
  const main = make(root, "div", { className: "vtk-main" });
  const film = make(main, "section", { className: "vtk-film", label: "Player" });
  const said = make(main, "div", { className: "vtk-said" });
  const answer = answerPanel(said, model, shared, wish, signal);
  const places = {
    player: nested(film, host, signal),
    timeline: nested(make(root, "section", { className: "vtk-when-panel", label: "When" }), host, signal),
    tokens: nested(make(root, "section", { className: "vtk-token-panel", label: "Tokens" }), host, signal),
  };
  const tabs = tabBar(root, model, host, signal);

  function drawFiles() {
    const paths = get("exported");
    files.replaceChildren();
    files.hidden = !paths.length;
    if (!paths.length) return;
    make(files, "strong", { text: `Exported ${paths.length} files` });
    for (const path of paths) make(files, "code", { text: path });
  }
  function draw() {
    answer.draw();
    out.hidden = !get("live");
    out.disabled = get("busy") || !get("answer").text;
    root.classList.toggle("vtk-waiting", get("busy"));
    job.hidden = !get("live");
    root.dataset.ready = "true";
  }

  root.addEventListener("keydown", (event) => {
    const typing = event.target.closest("input:not([type=range]), textarea, select");
    if (event.key !== "e" || typing || event.ctrlKey || event.metaKey || event.altKey || out.disabled || out.hidden) return;
    wish({ do: "export" });
    event.preventDefault();
  }, { signal });

  const redraw = oncePerFrame(draw, signal);
  for (const name of ["answer", "frames", "change", "busy", "live"]) model.on(`change:${name}`, redraw);
  for (const name of ["film", "question", "films", "live"]) model.on(`change:${name}`, ask.draw);
  for (const name of ["tabs", "tab"]) model.on(`change:${name}`, tabs);
  model.on("change:exported", drawFiles);
  for (const [name, place] of Object.entries(places)) {
    model.on(`change:${name}`, () => place.show(get(name)));
    place.show(get(name));
  }
  ask.draw();
  tabs();
  drawFiles();
  draw();
}

export default { render };
