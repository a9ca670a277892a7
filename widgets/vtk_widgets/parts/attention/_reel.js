// Frames with attention on them: dark where nobody looks, warm where somebody does.
import { fitCanvas } from "../page/_dom.js";
import { hatching } from "../tokens/_paint.js";
import { layout, hitTest, cellBorders } from "../tokens/_sheet.js";
import { secondsText } from "../page/_time.js";
import { partText } from "./_attention.js";

const RAMP = [[0, 40, 12, 60], [0.25, 133, 33, 107], [0.5, 213, 72, 66], [0.75, 248, 149, 64], [1, 252, 231, 130]];

/** Colour of a part of the brightest, dark to light. @returns {number[]} red, green, blue, alpha */
export function warmth(part) {
  const at = Math.min(1, Math.max(0, part));
  const i = Math.min(RAMP.length - 2, RAMP.findIndex(([, ], k) => at <= (RAMP[k + 1]?.[0] ?? 1)));
  const [[from, ...a], [to, ...b]] = [RAMP[i], RAMP[i + 1]];
  const mix = (at - from) / (to - from);
  return [...a.map((value, k) => Math.round(value + mix * (b[k] - value))), Math.round(255 * (0.1 + 0.68 * at))];
}

/** All cells' colours as one picture, frames below each other. */
export function heatPixels(cells, most) {
  const rgba = new Uint8ClampedArray(4 * cells.length);
  cells.forEach((value, cell) => rgba.set(warmth(most > 0 ? Math.sqrt(value / most) : 0), 4 * cell));
  return rgba;
}

export function reel(canvas) {
  const base = new OffscreenCanvas(1, 1);
  let [sheet, pane, scale, colours, hatch] = [null, null, 1, null, null];

  /** The frames alone; those of the page that one of them is on, where there are many. */
  function lay(shown, bitmaps, width, look, now) {
    [pane, colours, scale] = [shown, look, globalThis.devicePixelRatio || 1];
    const first = bitmaps[pane.frame_of[0]];
    const room = { width, counts: [pane.grid[0]], aspect: first.width / first.height, scale };
    sheet = layout(room);
    if (!sheet.panes[0].boxes[now]) sheet = layout({ ...room, page: Math.floor(now / sheet.size) });
    fitCanvas(canvas, width, sheet.height);
    [base.width, base.height] = [canvas.width, canvas.height];
    hatch = hatching("rgb(255 255 255 / 0.85)", scale);
    const pen = base.getContext("2d");
    pen.imageSmoothingQuality = "high";
    sheet.panes[0].boxes.forEach((box, frame) => {
      if (!box) return;
      pen.drawImage(bitmaps[pane.frame_of[frame]], box.x, box.y, box.w, box.h);
      pen.fillStyle = "rgb(12 12 18 / 0.42)";
      pen.fillRect(box.x, box.y, box.w, box.h);
    });
  }

  function paintCaption(pen, frame, box, part, now) {
    pen.font = `${now ? 600 : 400} ${Math.round(11 * scale)}px system-ui, sans-serif`;
    pen.textBaseline = "middle";
    pen.fillStyle = now ? colours.text : colours.muted;
    const y = box.y + box.h + sheet.caption / 2 + scale;
    pen.textAlign = "left";
    pen.fillText(secondsText(pane.times_s[frame]), box.x, y);
    if (part === undefined || box.w < 84 * scale) return;
    pen.textAlign = "right";
    pen.fillText(partText(part), box.x + box.w, y);
  }

  function paintSinks(pen, frame, edges, sinkCell) {
    const [, h, w] = pane.grid;
    pen.fillStyle = hatch;
    for (let cell = 0; cell < h * w; cell++) {
      if (!sinkCell[frame * h * w + cell]) continue;
      const [row, column] = [Math.floor(cell / w), cell % w];
      const [x, y] = [edges.xs[column], edges.ys[row]];
      pen.fillRect(x, y, edges.xs[column + 1] - x, edges.ys[row + 1] - y);
    }
  }

  function ring(pen, { x, y, w, h }, colour, wide, inset) {
    pen.strokeStyle = colour;
    pen.lineWidth = wide * scale;
    pen.strokeRect(x + inset * scale, y + inset * scale, w - 2 * inset * scale, h - 2 * inset * scale);
  }

  /** @param {{ cells, most, sinkCell, sums, adds, frame, cell, shows }} shown
   *   shows: whether a frame lies in the window of time */
  function draw({ cells, most, sinkCell, sums, frame: now, cell, shows }) {
    const pen = canvas.getContext("2d");
    pen.clearRect(0, 0, canvas.width, canvas.height);
    pen.drawImage(base, 0, 0);
    const [, h, w] = pane.grid;
    const heat = cells && new OffscreenCanvas(w, h * pane.grid[0]);
    heat?.getContext("2d").putImageData(new ImageData(heatPixels(cells, most), w), 0, 0);
    sheet.panes[0].boxes.forEach((box, frame) => {
      if (!box) return;
      const edges = cellBorders(box, pane.view, pane.grid);
      const [left, top] = [edges.xs[0], edges.ys[0]];
      pen.imageSmoothingEnabled = false;
      if (heat) pen.drawImage(heat, 0, frame * h, w, h, left, top, edges.xs[w] - left, edges.ys[h] - top);
      if (heat) paintSinks(pen, frame, edges, sinkCell);
      if (!shows(frame)) {
        pen.fillStyle = colours.veil;
        pen.fillRect(box.x, box.y, box.w, box.h);
      }
      if (frame === now) ring(pen, box, colours.accent, 2, 1);
      if (cell && cell[0] === frame) {
        const [x, y] = [edges.xs[cell[2]], edges.ys[cell[1]]];
        const place = { x, y, w: edges.xs[cell[2] + 1] - x, h: edges.ys[cell[1] + 1] - y };
        ring(pen, place, "rgb(0 0 0 / 0.85)", 4, 0);
        ring(pen, place, "#fff", 2, 0);
      }
      paintCaption(pen, frame, box, sums?.[frame], frame === now);
    });
  }

  /** What lies under the pointer. */
  function under(event) {
    if (!sheet) return null;
    const bounds = canvas.getBoundingClientRect();
    const by = canvas.width / bounds.width;
    const [x, y] = [(event.clientX - bounds.left) * by, (event.clientY - bounds.top) * by];
    return hitTest(sheet, [pane], x, y)?.cell ?? null;
  }

  /** Whether a frame is on the page that is laid out, and which frames are, where not all. */
  const has = (frame) => Boolean(sheet?.panes[0].boxes[frame]);
  function pageText() {
    if (!sheet || sheet.pages < 2) return "";
    const { from, to } = sheet.panes[0];
    return `frames ${from + 1}–${to} of ${pane.grid[0]}; the curve leads to the others`;
  }
  return { lay, draw, under, has, pageText, ready: () => sheet !== null };
}
