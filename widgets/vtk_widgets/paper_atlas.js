// Paper atlas: a tile per system on top, cards below, one system in full beside them.
import { keepTyped } from "./parts/page/_typing.js";
import { make, button, ownKeys, oncePerFrame } from "./parts/page/_dom.js";
import { systemsOf, meant, groups, mapOf, yearText, steppedTile, shareText } from "./parts/atlas/_atlas.js";
import { detailPane } from "./parts/atlas/_atlas_detail.js";

const STATUSES = { "": "All", working: "Working", planned: "Planned" };
const ORDERS = { family: "by family", year: "newest first", name: "A to Z" };
const ARROWS = ["ArrowRight", "ArrowLeft", "ArrowUp", "ArrowDown", "Home", "End"];

/** What is on show, for people and screen readers. */
export function atlasText(systems, shown) {
  const all = `${shareText(systems)} systems work here`;
  return shown.length === systems.length ? all : `${shown.length} match, ${shareText(shown)} work · ${all}`;
}

function choice(bar, label, options, model, name, signal) {
  const box = ownKeys(make(bar, "select", { label }));
  for (const [value, text] of Object.entries(options)) make(box, "option", { value, text });
  box.addEventListener("change", () => {
    model.set(name, box.value);
    model.save_changes();
  }, { signal });
  return { draw: () => { box.value = model.get(name); } };
}

function segments(bar, label, options, model, name, signal) {
  const group = make(bar, "div", { className: "vtk-segments", label });
  group.setAttribute("role", "group");
  const made = Object.entries(options).map(([value, text]) => {
    const one = ownKeys(make(group, "button", { type: "button" }));
    if (value) make(one, "i", { className: `vtk-tile vtk-${value}` }).setAttribute("aria-hidden", "true");
    make(one, "span", { text });
    one.addEventListener("click", () => {
      model.set(name, value);
      model.save_changes();
    }, { signal });
    return [value, one];
  });
  return { draw: () => made.forEach(([v, one]) => one.setAttribute("aria-pressed", v === model.get(name))) };
}

async function render({ model, el, signal }) {
  const get = (name) => model.get(name);
  const root = make(el, "div", { className: "vtk vtk-paper-atlas" });
  const systems = systemsOf(get("systems"));
  const byKey = new Map(systems.map((system) => [system.key, system]));
  const chart = mapOf(systems);
  if (!systems.length) make(root, "p", { className: "vtk-empty", text: "No systems." });

  const bar = make(root, "div", { className: "vtk-bar" });
  const search = ownKeys(make(bar, "input", { type: "search", label: "Search" }));
  search.placeholder = "Search name, idea, arXiv, year  ( / )";
  const families = Object.fromEntries(chart.rows.map(({ family }) => [family, family]));
  const controls = [
    segments(bar, "Status", STATUSES, model, "status", signal),
    choice(bar, "Family", { "": "all families", ...families }, model, "family", signal),
    choice(bar, "Order", ORDERS, model, "order", signal),
  ];
  const map = ownKeys(make(root, "div", { className: "vtk-map", label: "Map of the systems" }));
  map.setAttribute("role", "group");
  const status = make(root, "p", { className: "vtk-status" });
  status.setAttribute("role", "status");
  const body = make(root, "div", { className: "vtk-body" });
  const list = ownKeys(make(body, "div", { className: "vtk-list", tabIndex: 0, label: "Systems" }));
  list.setAttribute("role", "region");
  const pane = make(body, "section", { className: "vtk-detail", label: "One system" });
  const tiles = new Map();
  const cards = new Map();
  let focused = get("key") || chart.rows[0]?.cells.flat()[0]?.key || "";
  let shown = systems;

  const open = (key) => {
    model.set("key", get("key") === key ? "" : key);
    model.save_changes();
  };
  const detail = detailPane(pane, model, () => { open(get("key")); tiles.get(focused)?.focus(); }, signal);

  function buildMap() {
    const widths = chart.widest.map((many) => `${Math.max(2, many)}fr`).join(" ");
    map.style.gridTemplateColumns = `max-content ${widths} max-content`;
    make(map, "span");
    for (const year of chart.years) make(map, "span", { className: "vtk-year", text: yearText(year) });
    make(map, "span");
    for (const { family, cells } of chart.rows) {
      const name = button(map, `Only ${family}`, "vtk-family", () => {
        model.set("family", get("family") === family ? "" : family);
        model.save_changes();
      }, signal);
      name.textContent = family;
      name.dataset.family = family;
      cells.forEach((cell, i) => {
        const place = make(map, "div", { className: "vtk-cell" });
        place.style.setProperty("--vtk-many", Math.max(2, chart.widest[i]));
        for (const system of cell) tiles.set(system.key, tile(place, system));
      });
      make(map, "span", { className: "vtk-count", text: shareText(cells.flat()) });
    }
  }

  function tile(place, system) {
    const done = system.status === "working" ? "works here" : "planned";
    const made = ownKeys(make(place, "button", { type: "button", className: `vtk-tile vtk-${system.status}` }));
    made.setAttribute("aria-label", `${system.name}, ${system.family}, ${system.year}, ${done}`);
    made.title = `${system.name} (${system.year}), ${done}`;
    made.dataset.key = system.key;
    made.tabIndex = system.key === focused ? 0 : -1;
    const say = () => { if (!signal.aborted) status.textContent = `${system.name} (${system.year}): ${system.idea}`; };
    made.addEventListener("pointerenter", say, { signal });
    made.addEventListener("pointerleave", drawStatus, { signal });
    made.addEventListener("blur", drawStatus, { signal });
    made.addEventListener("focus", () => { moveTo(system.key); say(); }, { signal });
    made.addEventListener("click", () => open(system.key), { signal });
    return made;
  }

  function moveTo(key) {
    if (tiles.has(focused)) tiles.get(focused).tabIndex = -1;
    focused = key;
    tiles.get(key).tabIndex = 0;
  }

  function drawStatus() { status.textContent = atlasText(systems, shown); }

  function drawList() {
    const by = { family: get("family"), status: get("status"), search: get("search") };
    shown = systems.filter((system) => meant(system, by));
    const there = new Set(shown.map((system) => system.key));
    for (const [key, made] of tiles) made.classList.toggle("vtk-out", !there.has(key));
    list.replaceChildren();
    cards.clear();
    for (const { heading, members } of groups(shown, get("order"))) {
      if (heading) {
        const head = make(list, "h3", { text: heading, title: heading });
        make(head, "span", { text: shareText(members) });
      }
      for (const system of members) cards.set(system.key, card(system));
    }
    if (!shown.length) make(list, "p", { className: "vtk-empty", text: "Nothing matches. Try fewer words." });
    for (const control of controls) control.draw();
    for (const name of map.querySelectorAll(".vtk-family")) {
      name.setAttribute("aria-pressed", name.dataset.family === get("family"));
    }
    if (search.value !== get("search")) search.value = get("search");
    drawStatus();
    drawOpen();
  }

  function card(system) {
    const made = ownKeys(make(list, "button", { type: "button", className: "vtk-card" }));
    const head = make(made, "span", { className: "vtk-card-head" });
    make(head, "i", { className: `vtk-tile vtk-${system.status}` }).setAttribute("aria-hidden", "true");
    make(head, "strong", { text: system.name });
    make(head, "span", { className: "vtk-muted", text: system.year });
    if (system.status === "planned") make(head, "span", { className: "vtk-muted", text: "planned" });
    make(made, "span", { className: "vtk-card-idea", text: system.idea });
    made.title = `${system.name}: ${system.idea}`;
    made.addEventListener("click", () => open(system.key), { signal });
    return made;
  }

  function drawOpen() {
    const key = get("key");
    for (const [k, made] of tiles) made.setAttribute("aria-pressed", k === key);
    for (const [k, made] of cards) made.setAttribute("aria-pressed", k === key);
    body.classList.toggle("vtk-opened", byKey.has(key));
    const made = cards.get(key);
    if (made) list.scrollTop = made.offsetTop - list.offsetTop - 60;
  }

  const drawDetail = () => {
    detail.draw(byKey.get(get("key")) ?? null);
    pane.scrollTop = 0;
  };
  const redrawList = oncePerFrame(drawList, signal);
  for (const name of ["family", "status", "search", "order"]) model.on(`change:${name}`, redrawList);
  model.on("change:key", () => { drawOpen(); drawDetail(); });
  model.on("change:outcome", () => detail.drawOutcome(byKey.get(get("key"))));

  keepTyped(search, model, "search", signal);
  map.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !ARROWS.includes(event.key)) return;
    if (!event.target.classList.contains("vtk-tile")) return;
    tiles.get(steppedTile(chart, focused, event.key))?.focus();
    event.preventDefault();
  }, { signal });
  root.addEventListener("keydown", (event) => {
    const typing = /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName);
    if (event.key === "/" && !typing) search.focus();
    else if (event.key === "Escape" && event.target === search && search.value) {
      model.set("search", "");
      model.save_changes();
    } else if (event.key === "Escape" && get("key")) open(get("key"));
    else return;
    event.preventDefault();
    event.stopPropagation();
  }, { signal });

  buildMap();
  drawList();
  drawDetail();
  root.dataset.ready = "true";
}

export default { render };
