// The one canvas of a token map. A base layer is drawn once per view; pointing redraws only the
// frames that light up or go dark, out of that layer.
import { fitCanvas } from "./_dom.js";
import { layout, hitTest } from "./_sheet.js";
import { paintFrame, paintFocus, hatching } from "./_paint.js";
import { touched } from "./_recipes.js";

/** Lightness of a computed colour, in [0, 1]. */
export function lightness(colour) {
  const numbers = colour.match(/[\d.]+/g).map(Number);
  const most = colour.startsWith("color(") ? 1 : 255;
  return numbers.slice(0, 3).reduce((sum, n) => sum + n, 0) / (3 * most);
}

function lookOf({ text, muted, accent }, scale, mode) {
  const dark = lightness(text) > 0.5; // light text stands on a dark page
  const veil = dark ? [24, 24, 27] : [250, 250, 250];
  const hatch = hatching(dark ? "rgb(255 255 255 / 0.3)" : "rgb(0 0 0 / 0.32)", scale);
  return { scale, mode, text, muted, accent, veil, hatch };
}

export function surface(canvas) {
  const base = new OffscreenCanvas(1, 1);
  let recipes = [];
  let sheet = null;
  let look = null;
  let lit = []; // frames of each recipe that differ from the base layer

  /** Draw everything anew. */
  function draw(shown, bitmaps, width, colours, mode) {
    recipes = shown;
    const first = bitmaps[recipes[0].frame_of[0]];
    const counts = recipes.map((recipe) => recipe.grid[0]);
    const aspect = first.width / first.height;
    sheet = layout({ width, counts, aspect, scale: globalThis.devicePixelRatio || 1 });
    look = lookOf(colours, fitCanvas(canvas, width, sheet.height), mode);
    [base.width, base.height] = [canvas.width, canvas.height];
    const pen = base.getContext("2d");
    recipes.forEach((recipe, i) => {
      for (let frame = 0; frame < counts[i]; frame++) {
        paintFrame(pen, recipe, frame, sheet, i, bitmaps[recipe.frame_of[frame]], look);
      }
    });
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
    const now = touched(recipes, focus);
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

  /** Where a recipe lies, in CSS pixels. */
  const place = (i) => sheet.panes[i];

  return { draw, point, under, place, ready: () => sheet !== null };
}
