// Model picker: a list of what is here, how it is to be held, what that needs, and one button.
import { keepTyped } from "./parts/page/_typing.js";
import { make, ownKeys, button, oncePerFrame } from "./parts/page/_dom.js";
import { jobLine } from "./parts/page/_job.js";
import { ORIGINS, offersOf, meantOffers, typedId, bytesText } from "./parts/models/_offers.js";
import { drawMemory } from "./parts/models/_memory_bar.js";

const PROMPTS = [1024, 4096, 16384, 65536];

/** What is on show, for people and screen readers. */
export function pickerText(offers, shown, record) {
  const some = shown.length < offers.length ? `${shown.length} of ` : "";
  const held = record.id ? `${record.id} is loaded` : "nothing is loaded";
  return `${some}${offers.length} models here · ${held}`;
}

/** What was loaded, in words. */
export function recordText({ id, dtype, device, weights_bytes: bytes, revision, licence }) {
  const how = [dtype, device, bytesText(bytes), `revision ${revision.slice(0, 12)}`, licence || "licence not stated"];
  return `${id}: ${how.filter(Boolean).join(" · ")}`;
}

function field(parent, label) {
  const box = make(parent, "label");
  make(box, "span", { text: label });
  return box;
}

function select(parent, label, options, model, name, signal) {
  const box = ownKeys(make(field(parent, label), "select"));
  for (const { value, text, why } of options) {
    Object.assign(make(box, "option", { value, text }), { disabled: Boolean(why), title: why ?? "" });
  }
  box.addEventListener("change", () => {
    model.set(name, name === "positions" ? Number(box.value) : box.value);
    model.save_changes();
  }, { signal });
  return { box, draw: () => { box.value = String(model.get(name)); } };
}

async function render({ model, el, signal }) {
  const get = (name) => model.get(name);
  const root = make(el, "div", { className: "vtk vtk-model-picker" });
  const offers = offersOf(get("offers"));
  const byId = new Map(offers.map((offer) => [offer.id, offer]));
  const left = make(root, "div", { className: "vtk-left" });
  const search = ownKeys(make(left, "input", { type: "search", label: "Search" }));
  search.placeholder = "Search, or type owner/name or a folder";
  const list = ownKeys(make(left, "div", { className: "vtk-list", label: "Models", tabIndex: 0 }));
  list.setAttribute("role", "listbox");
  const status = make(left, "p", { className: "vtk-status" });
  status.setAttribute("role", "status");
  const pane = make(root, "section", { className: "vtk-pane", label: "The picked model" });
  const none = make(pane, "p", { className: "vtk-empty", text: "Pick a model, or type the id of one on the hub." });
  const sheet = make(pane, "div");
  const head = make(sheet, "h3");
  const facts = make(sheet, "p", { className: "vtk-facts vtk-muted" });
  const trouble = ownKeys(make(sheet, "p", { className: "vtk-error", tabIndex: 0 }));
  const form = make(sheet, "div", { className: "vtk-form" });
  const revision = ownKeys(make(field(form, "revision"), "input", { type: "text" }));
  revision.placeholder = "default branch";
  const plain = (values) => values.map((value) => ({ value, text: value }));
  const why = get("quantization_trouble");
  const chosen = [
    select(form, "dtype", plain(get("dtypes")), model, "dtype", signal),
    select(form, "device", [
      { value: "auto", text: "auto" },
      ...Object.entries(get("devices")).map(([value, free]) => ({ value, text: `${value}, ${bytesText(free)} free` })),
    ], model, "device", signal),
    select(form, "quantisation", [
      { value: "", text: "none" }, ...get("quantizations").map((value) => ({ value, text: value, why })),
    ], model, "quantization", signal),
    select(form, "longest prompt", PROMPTS.map((n) => ({ value: n, text: `${n.toLocaleString("en")} tokens` })), model, "positions", signal),
  ];
  const note = make(sheet, "p", { className: "vtk-note" });
  const memory = make(sheet, "div", { className: "vtk-memory" });
  const actions = make(sheet, "div", { className: "vtk-bar" });
  const ask = (name) => {
    model.set(name, get(name) + 1);
    model.save_changes();
  };
  const load = button(actions, "Load", "vtk-go", () => ask("loads"), signal);
  const look = button(actions, "Ask the hub for its size", "vtk-outlined", () => ask("looks"), signal);
  load.textContent = "Load";
  look.textContent = "Ask the hub for its size";
  jobLine(sheet, model, signal);
  const held = make(pane, "div", { className: "vtk-held" });
  const heldText = make(held, "p");
  const release = button(held, "Let it go", "vtk-outlined", () => ask("releases"), signal);
  release.textContent = "Let it go";
  let [shown, rows, cursor] = [[], [], 0];

  const pickId = (id) => {
    model.set("id", id);
    model.set("revision", "");
    model.save_changes();
  };

  function row(id, parts, offer) {
    const made = make(list, "div", { className: "vtk-offer" });
    made.setAttribute("role", "option");
    made.id = `${list.dataset.id}-${rows.length}`;
    const about = parts.filter(Boolean).join(" · ");
    make(made, "strong", { text: id, title: id });
    make(made, "span", { className: "vtk-muted", text: about, title: about });
    made.classList.toggle("vtk-out", Boolean(offer?.trouble));
    made.addEventListener("click", () => {
      cursor = rows.findIndex((one) => one.made === made);
      pickId(id);
    }, { signal });
    rows.push({ made, id });
  }

  function drawList() {
    list.replaceChildren();
    rows = [];
    shown = meantOffers(offers, get("search"));
    const typed = typedId(offers, get("search"));
    if (typed) {
      make(list, "div", { className: "vtk-origin", text: "As typed" }).setAttribute("role", "presentation");
      row(typed, [/^[\w.-]+\/[\w.-]+$/.test(typed) && !typed.startsWith(".") ? "from the hub" : "a folder"]);
    }
    for (const [origin, title] of Object.entries(ORIGINS)) {
      const mine = shown.filter((offer) => offer.origin === origin);
      if (!mine.length) continue;
      make(list, "div", { className: "vtk-origin", text: title }).setAttribute("role", "presentation");
      for (const offer of mine) {
        const size = offer.bytes ? bytesText(offer.bytes) : "";
        row(offer.id, [size, offer.kind, offer.licence || "licence not stated", offer.trouble ? "cannot be loaded" : ""], offer);
      }
    }
    if (!rows.length) {
      make(list, "p", { className: "vtk-empty", text: "None here has these words. An id of the hub is owner/name." });
    }
    cursor = Math.max(0, rows.findIndex((one) => one.id === get("id")));
    if (search.value !== get("search")) search.value = get("search");
    drawPicked();
  }

  function drawPicked() {
    rows.forEach(({ made, id }, i) => {
      made.setAttribute("aria-selected", id === get("id"));
      made.classList.toggle("vtk-cursor", i === cursor);
    });
    if (rows.length) list.setAttribute("aria-activedescendant", rows[cursor].made.id);
    else list.removeAttribute("aria-activedescendant");
    status.textContent = pickerText(offers, shown, get("record"));
    drawPane();
  }

  function drawPane() {
    const [id, busy, live] = [get("id"), get("busy"), get("live")];
    const offer = byId.get(id);
    const estimate = get("estimate");
    const sized = estimate.id === id && estimate.id !== undefined;
    none.hidden = Boolean(id);
    sheet.hidden = !id;
    head.textContent = id;
    const licence = offer?.licence || (sized ? estimate.licence : "");
    const known = offer || sized;
    facts.textContent = [
      known ? `licence: ${licence || "not stated"}` : "licence: not known before its files are asked for",
      offer?.kind, offer?.bytes ? `${bytesText(offer.bytes)} of files` : "",
      (sized ? estimate.revision : offer?.revision ?? "").slice(0, 12),
    ].filter(Boolean).join(" · ");
    for (const one of [head, facts]) one.title = one.textContent;
    trouble.textContent = offer?.trouble ?? "";
    trouble.hidden = !trouble.textContent;
    const only = Boolean(offer?.plain);
    revision.parentElement.hidden = Boolean(offer) && offer.origin !== "cache";
    if (revision.value !== get("revision")) revision.value = get("revision");
    for (const { box, draw } of chosen) {
      draw();
      box.disabled = busy || !live || (only && box !== chosen[1].box);
    }
    revision.disabled = busy || !live;
    note.textContent = !live && !offer?.trouble ? "Loading it needs a running kernel." : only ? "It is none of transformers: only a device may be said."
      : why ? `No quantisation here: ${why}.` : "";
    note.hidden = !note.textContent;
    memory.hidden = !sized;
    if (sized) drawMemory(memory, estimate);
    load.disabled = busy || !live || Boolean(offer?.trouble);
    look.hidden = Boolean(offer) || sized || !live || !id.includes("/");
    look.disabled = busy;
    const record = get("record");
    held.hidden = !record.id;
    heldText.title = heldText.textContent = record.id ? recordText(record) : "";
    release.disabled = busy;
  }

  list.dataset.id = `vtk-offer-${Math.random().toString(36).slice(2)}`;
  list.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !rows.length) return;
    const to = { ArrowDown: cursor + 1, ArrowUp: cursor - 1, Home: 0, End: rows.length - 1 }[event.key];
    if (to !== undefined) {
      cursor = Math.min(rows.length - 1, Math.max(0, to));
      rows[cursor].made.scrollIntoView({ block: "nearest" });
      drawPicked();
    } else if (event.key === "Enter") pickId(rows[cursor].id);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }, { signal });
  keepTyped(search, model, "search", signal);
  search.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown") list.focus();
    else if (event.key === "Enter" && rows.length) pickId(rows[0].id);
    else return;
    event.preventDefault();
  }, { signal });
  revision.addEventListener("change", () => {
    model.set("revision", revision.value.trim());
    model.save_changes();
  }, { signal });

  const redrawList = oncePerFrame(drawList, signal);
  const redraw = oncePerFrame(drawPicked, signal);
  model.on("change:search", redrawList);
  for (const name of ["id", "revision", "dtype", "device", "quantization", "positions", "estimate", "record", "busy", "live"]) {
    model.on(`change:${name}`, redraw);
  }
  drawList();
  root.dataset.ready = "true";
}

export default { render };
