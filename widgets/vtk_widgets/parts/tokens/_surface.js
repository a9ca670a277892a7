// The one canvas of a token map. The film is drawn once per size and page, the base layer out of it
// once per view; pointing redraws only the frames that light up or go dark, out of that layer.
import { fitCanvas } from "../page/_dom.js";
import { layout, hitTest, framesOn } from "./_sheet.js";
import { paintFrame, paintFocus, hatching } from "./_paint.js";
import { touched } from "./_recipes.js";

/** Lightness of a computed colour, in [0, 1]. */
export function lightness(colour) {
  const numbers = colour.match(/[\d.]+/g).map(Number);
  const most = colour.startsWith("color(") ? 1 : 255;
  return numbers.slice(0, 3).reduce((sum, n) => sum + n, 0) / (3 * most);
}

function lookOf({ text, muted, accent }, scale, how) {
  const dark = lightness(text) > 0.5; // light text stands on a dark page
  const veil = dark ? [24, 24, 27] : [250, 250, 250];
  const hatch = hatching(dark ? "rgb(255 255 255 / 0.3)" : "rgb(0 0 0 / 0.32)", scale);
  return { scale, ...how, text, muted, accent, veil, hatch };
}

export function surface(canvas) {
  const base = new OffscreenCanvas(1, 1);
  const film = new OffscreenCanvas(1, 1);
  const tile = new OffscreenCanvas(1, 1);
  let drawn = ""; // what the film's layer holds
  let pictures = null;
  let recipes = [];
  let sheet = null;
  let look = null;
  let lit = []; // frames of each recipe that differ from the base layer

  function eachFrame(paint) {
    recipes.forEach((recipe, i) => {
      const { from, to } = sheet.panes[i];
      for (let frame = from; frame < to; frame++) paint(recipe, frame, i);
    });
  }

  function drawFilm(bitmaps) {
    const laid = JSON.stringify([sheet.panes, recipes.map((recipe) => recipe.frame_of)]);
    if (drawn === laid && pictures === bitmaps) return;
    [drawn, pictures] = [laid, bitmaps];
    [film.width, film.height] = [canvas.width, canvas.height];
    const pen = film.getContext("2d");
    pen.imageSmoothingQuality = "high";
    eachFrame((recipe, frame, i) => {
      const { x, y, w, h } = sheet.panes[i].boxes[frame];
      pen.drawImage(bitmaps[recipe.frame_of[frame]], x, y, w, h);
    });
  }

  /** Draw everything anew. `how`: mode, window, endS and page. */
  function draw(shown, bitmaps, width, colours, how) {
    recipes = shown;
    const first = bitmaps[recipes[0].frame_of[0]];
    const counts = recipes.map((recipe) => recipe.grid[0]);
    const aspect = first.width / first.height;
    const scale = globalThis.devicePixelRatio || 1;
    sheet = layout({ width, counts, aspect, scale, page: how.page });
    look = lookOf(colours, fitCanvas(canvas, width, sheet.height), { ...how, tile });
    drawFilm(bitmaps);
    [base.width, base.height] = [canvas.width, canvas.height];
    const pen = base.getContext("2d");
    pen.drawImage(film, 0, 0);
    eachFrame((recipe, frame, i) => paintFrame(pen, recipe, frame, sheet, i, look));
    canvas.getContext("2d").drawImage(base, 0, 0);
    lit = recipes.map(() => new Set());
  }

  function restore(pen, i, frame) {
    const { x, y, w, h } = sheet.panes[i].boxes[frame];
    const m = sheet.margin; // outlines reach a little beyond their cells
    const [left, top] = [Math.max(0, x - m), Math.max(0, y - m)];
    const right = Math.min(x + w + m, base.width);
    const bottom = Math.min(y + h + sheet.caption, base.height);
    const area = [left, top, right - left, bottom - top];
    pen.clearRect(...area);
    pen.drawImage(base, ...area, ...area);
  }

  /** Light up what the focus says, and nothing else. */
  function point(focus) {
    if (!sheet) return;
    const pen = canvas.getContext("2d");
    const here = ({ boxes }, frames) => new Set([...frames].filter((frame) => boxes[frame]));
    const now = touched(recipes, focus).map((frames, i) => here(sheet.panes[i], frames));
    recipes.forEach((recipe, i) => {
      for (const frame of new Set([...lit[i], ...now[i]])) restore(pen, i, frame);
      for (const frame of now[i]) paintFocus(pen, recipe, frame, sheet, i, focus, look);
    });
    lit = now;
  }

  /** What lies under the pointer. */
  function under(event) {
    if (!sheet) return null;
    const bounds = canvas.getBoundingClientRect();
    const scale = canvas.width / bounds.width;
    const [x, y] = [event.clientX - bounds.left, event.clientY - bounds.top];
    return hitTest(sheet, recipes, x * scale, y * scale);
  }

  /** Where a recipe lies, in CSS pixels, and which of its frames are on the page. */
  const place = (i) => sheet.panes[i];

  /** The page that a frame of a recipe is on, when that is not the one on show; else -1. */
  function pageFor(i, frame) {
    const { boxes } = sheet.panes[i];
    if (sheet.pages < 2 || boxes[frame] || !(frame < boxes.length)) return -1;
    const { pages, size, most } = sheet;
    const on = (page) => framesOn(page, size, boxes.length, most);
    return Array.from({ length: pages }, (_, page) => page).find((page) => frame < on(page)[1]);
  }

  return { draw, point, under, place, pageFor, pages: () => sheet, ready: () => sheet !== null };
}
