// Token map: all frames of all recipes on one canvas, one highlight across them.
import { make, ownKeys, button, oncePerFrame, onLook, decoded } from "./parts/page/_dom.js";
import { sharedSelection, keepTime, togglePlay } from "./parts/page/_link.js";
import { nearestLevel, sameCell } from "./parts/tokens/_owners.js";
import { walked } from "./parts/tokens/_sheet.js";
import { readRecipe, readWeights, countText, tokenAt, tokenText, focusOn, legendOf } from "./parts/tokens/_recipes.js";
import { surface } from "./parts/tokens/_surface.js";
import { toolbar, RIVALS } from "./parts/tokens/_toolbar.js";

const NOWHERE = [-1, -1, -1];

/** Every recipe at the budget nearest to `keep`; one that did not change stays the same object. */
export function recipesAt(panes, levels, fresh, keep, before = []) {
  return panes.map((pane, i) => {
    const there = [...levels[i], ...(fresh[i]?.owner ? [fresh[i]] : [])];
    const level = nearestLevel(there, keep);
    return again(before, pane, level) ?? readRecipe(pane, level);
  });
}

const again = (before, pane, level) =>
  before.find((recipe) => recipe.level === level && recipe.label === pane.label);

/** The recipes, and the baseline beside them at the first one's budget, where there is one. */
export function besides(recipes, pane, rival, levels, before = []) {
  if (!recipes.length || !levels?.length) return recipes;
  const level = nearestLevel(levels, recipes[0].count / pane.before);
  const named = { ...pane, label: `${RIVALS[rival]} tokens` };
  return [...recipes, again(before, named, level) ?? readRecipe(named, level)];
}

/** @returns {string} which frames are on show, "" where all are */
export function pageText({ pages, panes: [{ from, to, boxes }] }) {
  return pages > 1 ? `showing frames ${from + 1}–${to} of ${boxes.length}` : "";
}

function parts(root) {
  const sheet = make(root, "div", { className: "vtk-sheet" });
  const canvas = ownKeys(make(sheet, "canvas", { tabIndex: 0 }));
  canvas.setAttribute("role", "application");
  canvas.setAttribute("aria-roledescription", "token map");
  const headings = make(sheet, "div");
  const tips = make(sheet, "div");
  const pager = make(root, "div", { className: "vtk-pager" });
  const legend = make(root, "p", { className: "vtk-legend" });
  const status = make(root, "p", { className: "vtk-hidden" });
  status.setAttribute("role", "status");
  const spoken = make(root, "p", { className: "vtk-hidden" });
  spoken.setAttribute("aria-live", "polite");
  return { sheet, canvas, headings, tips, pager, legend, status, spoken };
}

async function render({ model, el, signal, host }) {
  const get = (name) => model.get(name);
  const root = make(el, "div", { className: "vtk vtk-token-map" });
  const shared = await sharedSelection(model, host, signal);
  if (signal.aborted) return;
  const bar = toolbar(root, model, signal);
  const ui = parts(root);
  const picture = surface(ui.canvas);
  let bitmaps = [];
  let recipes = [];
  let pointed = 0; // the recipe under the pointer or the keyboard
  let picked = null; // what was selected here, until somebody selects something else
  let page = 0; // of the sheet, where it has several
  const turn = (by) => () => {
    page = picture.pages().page + by;
    redraw();
  };
  const back = button(ui.pager, "Earlier frames", "vtk-turn", turn(-1), signal);
  const where = make(ui.pager, "span");
  const on = button(ui.pager, "Later frames", "vtk-turn", turn(1), signal);
  [back.textContent, on.textContent] = ["‹", "›"];

  function drawWords() {
    const lines = recipes.map((recipe) => `${recipe.label}: ${countText(recipe)}`);
    ui.status.textContent = lines.join("; ") || "No tokens.";
    ui.status.classList.toggle("vtk-hidden", recipes.length > 0); // the sheet says it as well
    ui.canvas.setAttribute("aria-label", `${lines.join("; ")}. Arrow keys walk the cells.`);
    ui.headings.replaceChildren();
    ui.legend.replaceChildren();
    for (const recipe of recipes) {
      const heading = make(ui.headings, "div", { className: "vtk-heading" });
      make(heading, "strong", { text: recipe.label, title: recipe.label });
      make(heading, "span", { text: countText(recipe) });
    }
    for (const [kind, text] of legendOf(recipes, get("mode"))) {
      make(ui.legend, "span", { className: `vtk-key vtk-key-${kind}`, text });
    }
  }

  function draw() {
    const width = root.clientWidth;
    if (!width || bitmaps.length !== get("frames").length) return false;
    const before = recipes;
    const [panes, rival] = [get("panes"), get("rival")];
    recipes = recipesAt(panes, get("levels"), get("fresh"), get("keep"), before);
    recipes = besides(recipes, panes[0], rival, get("rivals")[rival], before);
    const row = get("weights")[Math.min(get("row"), get("weights").length - 1)];
    recipes.forEach((recipe, i) => { recipe.weights = row && !i ? readWeights(row) : null; });
    renewToken();
    bar.draw();
    drawWords();
    ui.sheet.hidden = !recipes.length;
    if (recipes.length) {
      const text = getComputedStyle(root).color;
      const { color: muted, accentColor: accent } = getComputedStyle(ui.legend);
      const how = { mode: get("mode"), window: shared.get("window"), endS: get("duration_s"), page };
      picture.draw(recipes, bitmaps, width, { text, muted, accent }, how);
      drawPager();
      recipes.forEach((_, i) => {
        const { left, top, width: wide } = picture.place(i);
        const place = { left: `${left}px`, top: `${top}px`, width: `${wide}px` };
        Object.assign(ui.headings.children[i].style, place);
      });
      drawFocus();
    }
    root.dataset.ready = "true";
    return true;
  }

  function drawPager() {
    const sheet = picture.pages();
    page = sheet.page;
    where.textContent = pageText(sheet);
    ui.pager.hidden = sheet.pages < 2;
    [back.disabled, on.disabled] = [page < 1, page > sheet.pages - 2];
  }

  const focusNow = () =>
    focusOn(recipes, shared.get("cell"), shared.get("grid"), shared.get("time_s"));

  const follow = () => turnTo(0, picture.ready() && recipes.length ? focusNow().frames[0] : -1);
  function turnTo(i, frame) {
    const wanted = frame < 0 ? -1 : picture.pageFor(i, frame);
    if (wanted < 0) return;
    page = wanted;
    redraw();
  }

  function drawFocus() {
    if (!picture.ready()) return;
    const focus = focusNow();
    picture.point(focus);
    drawTips(focus.cells);
  }

  function drawTips(cells) { // in the headings' right halves: there they hide no cell
    ui.tips.replaceChildren();
    recipes.forEach((recipe, i) => {
      const lines = tokenText(recipe, cells[i]);
      if (!lines.length) return;
      const tip = make(ui.tips, "div", { className: "vtk-tip" });
      make(tip, "em", { className: "vtk-hidden", text: recipe.label });
      for (const text of lines) make(tip, "div", { text });
      const { left, top, width } = picture.place(i);
      tip.style.transform = `translate(${left + width}px, ${top}px) translateX(-100%)`;
    });
  }

  function point(i, cell, more = {}) {
    const [{ grid }, token] = [recipes[i], tokenAt(recipes[i], cell)];
    [pointed, picked] = [i, { cell, token }];
    shared.set({ grid, token, ...more, cell });
  }
  function renewToken() { // another budget, another token for the cell that was picked here
    const ours = picked && String(picked.cell) === String(shared.get("cell"));
    if (!ours || picked.token !== shared.get("token") || !recipes[pointed]) return;
    picked.token = tokenAt(recipes[pointed], picked.cell);
    shared.set({ token: picked.token });
  }
  const seek = (i, frame) => shared.set({ time_s: recipes[i].times_s[frame] });
  function release() {
    picked = null;
    if (shared.get("cell")[0] >= 0) shared.set({ token: -1, pinned: false, cell: NOWHERE });
  }

  ui.canvas.addEventListener("pointermove", (event) => {
    if (shared.get("pinned")) return;
    const hit = picture.under(event);
    if (hit) point(hit.pane, hit.cell);
    else release();
  }, { signal });
  ui.canvas.addEventListener("pointerleave", () => {
    if (!shared.get("pinned")) release();
  }, { signal });
  ui.canvas.addEventListener("click", (event) => {
    const hit = picture.under(event);
    const again = shared.get("pinned") && String(hit?.cell) === String(shared.get("cell"));
    if (!hit || again) return release();
    point(hit.pane, hit.cell, { pinned: true });
    seek(hit.pane, hit.cell[0]);
  }, { signal });

  function walk(key) {
    const { grid } = recipes[pointed];
    const next = walked(sameCell(shared.get("cell"), shared.get("grid"), grid), key, grid);
    if (!next) return false;
    point(pointed, next);
    seek(pointed, next[0]);
    turnTo(pointed, next[0]);
    ui.spoken.textContent = `cell ${next.join(", ")}: ${tokenText(recipes[pointed], next).join(", ")}`;
    return true;
  }
  function press({ key, target }) {
    if (target.tagName !== "SELECT" && bar.press(key)) return true;
    if (target !== ui.canvas || !recipes.length) return false;
    else if (key === "Escape") release();
    else if (key === " ") togglePlay(shared, get("duration_s"));
    else if (key === "Enter" && shared.get("cell")[0] >= 0) {
      shared.set({ pinned: !shared.get("pinned") });
    }
    else return walk(key);
    return true;
  }
  root.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (press(event)) event.preventDefault();
  }, { signal });

  const redraw = oncePerFrame(draw, signal, root);
  const close = () => bitmaps.forEach((bitmap) => bitmap.close());
  async function load() {
    const fresh = await Promise.all(get("frames").map(decoded));
    close();
    bitmaps = fresh;
    if (signal.aborted) close();
    else redraw();
  }
  signal.addEventListener("abort", close);
  model.on("change:frames", load);
  const drawn = ["panes", "levels", "fresh", "keep", "mode", "live", "rival", "rivals", "weights", "row"];
  for (const name of drawn) model.on(`change:${name}`, redraw);
  shared.on(["cell", "time_s"], oncePerFrame(drawFocus, signal));
  shared.on(["time_s"], oncePerFrame(follow, signal));
  shared.on(["window"], redraw);
  keepTime(shared, () => get("duration_s"), signal);
  onLook(root, redraw, signal);
  await load();
}

export default { render };
