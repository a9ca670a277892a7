// Pictures of owners. The base layer is drawn once per view; pointing only redraws the frames
// that light up or go dark, from that layer.
import { tokenRgb } from "../page/_palette.js";
import { frameOwners, borders, outline } from "./_owners.js";
import { cellBorders } from "./_sheet.js";

// Two coats of the same colours. The first takes the picture's hue and leaves its light, so that
// the film stays readable; the second is thin paint. A token of its own stays clear.
const COATS = [
  { blend: "color", group: 130, dropped: 255 }, // alpha of 255
  { blend: "source-over", group: 85, dropped: 190 },
];

const HEAT = [[13, 8, 60], [104, 20, 120], [190, 55, 84], [248, 142, 20], [252, 250, 160]];
const HEAT_ALPHA = [168, 140]; // what counts little is veiled more

/** A colour for a part in [0, 1]: dark to bright. @returns {number[]} red, green, blue, alpha */
export function heat(part) {
  const at = Math.min(1, Math.max(0, part)) * (HEAT.length - 1);
  const below = Math.min(HEAT.length - 2, Math.floor(at));
  const mix = (a, b, by) => Math.round(a + (b - a) * by);
  const rgb = HEAT[below].map((c, i) => mix(c, HEAT[below + 1][i], at - below));
  return [...rgb, mix(...HEAT_ALPHA, at / (HEAT.length - 1))];
}
const HEAT_STEPS = Array.from({ length: 256 }, (_, i) => heat(i / 255));

/** What a view shades the cells of a recipe by, in [0, 1]; null where it shades none. The eye
 * tells small shares apart by their root. */
export function shadeOf(pane, mode) {
  if (mode === "shares") return (cell) => Math.sqrt(pane.shareOf(cell));
  if (mode === "weights" && pane.weights) return (cell) => pane.weights.steps[cell] / 255;
  return null;
}

/** One frame's overlay, a pixel per cell. @returns {Uint8ClampedArray} RGBA */
export function cellColours(owners, mode, massOf, veil, { group, dropped }) {
  const rgba = new Uint8ClampedArray(4 * owners.length);
  owners.forEach((token, cell) => {
    if (token < 0) rgba.set([...veil, dropped], 4 * cell);
    else if (mode === "groups" && massOf(token) > 1) rgba.set([...tokenRgb(token), group], 4 * cell);
  });
  return rgba;
}

/** One frame's cells as shades, a pixel per cell; dropped ones are veiled. */
export function shades(owners, shade, first, [...veil]) {
  const rgba = new Uint8ClampedArray(4 * owners.length);
  owners.forEach((token, cell) => {
    const colour = token < 0 ? veil : HEAT_STEPS[Math.round(255 * shade(first + cell))];
    rgba.set(colour, 4 * cell);
  });
  return rgba;
}

function paintOwners(pen, owners, frame, pane, { xs, ys }, look) {
  const [, h, w] = pane.grid;
  const shade = shadeOf(pane, look.mode);
  const tile = look.tile;
  if (tile.width !== w || tile.height !== h) [tile.width, tile.height] = [w, h];
  pen.imageSmoothingEnabled = false;
  for (const coat of shade ? COATS.slice(1) : COATS) {
    const rgba = shade ? shades(owners, shade, frame * h * w, [...look.veil, COATS[1].dropped])
      : cellColours(owners, look.mode, pane.massOf, look.veil, coat);
    tile.getContext("2d").putImageData(new ImageData(rgba, w, h), 0, 0);
    pen.globalCompositeOperation = coat.blend;
    pen.drawImage(tile, xs[0], ys[0], xs[w] - xs[0], ys[h] - ys[0]);
  }
  pen.globalCompositeOperation = "source-over";
  pen.imageSmoothingEnabled = true;
}

function strokeLines(pen, lines, { xs, ys }) {
  pen.beginPath();
  for (const [x0, y0, x1, y1] of lines) {
    pen.moveTo(xs[x0], ys[y0]);
    pen.lineTo(xs[x1], ys[y1]);
  }
  pen.stroke();
}

/** Diagonal lines: dropped cells are told by texture too, not by brightness alone. */
export function hatching(colour, scale) {
  const size = Math.round(6 * scale);
  const tile = new OffscreenCanvas(size, size);
  const pen = tile.getContext("2d");
  pen.strokeStyle = colour;
  pen.lineWidth = Math.max(1, 0.9 * scale);
  pen.beginPath();
  for (const shift of [-size, 0, size]) {
    pen.moveTo(shift - 1, size + 1);
    pen.lineTo(shift + size + 1, -1);
  }
  pen.stroke();
  return pen.createPattern(tile, "repeat");
}

/** No token speaks for what lies outside the view: it fades. */
function paintOutside(pen, { x, y, w, h }, { xs, ys }, veil) {
  const [left, top, right, bottom] = [xs[0], ys[0], xs.at(-1), ys.at(-1)];
  pen.fillStyle = `rgb(${veil.join(" ")} / 0.7)`;
  pen.fillRect(x, y, left - x, h);
  pen.fillRect(right, y, x + w - right, h);
  pen.fillRect(left, y, right - left, top - y);
  pen.fillRect(left, bottom, right - left, y + h - bottom);
}

function paintOverlay(pen, pane, frame, box, look) {
  const [, h, w] = pane.grid;
  const owners = frameOwners(pane.owner, pane.grid, frame);
  const edges = cellBorders(box, pane.view, pane.grid);
  const { xs, ys } = edges;
  paintOwners(pen, owners, frame, pane, edges, look);
  paintOutside(pen, box, edges, look.veil);
  pen.fillStyle = look.hatch;
  owners.forEach((token, cell) => {
    const [row, column] = [Math.floor(cell / w), cell % w];
    if (token >= 0) return;
    pen.fillRect(xs[column], ys[row], xs[column + 1] - xs[column], ys[row + 1] - ys[row]);
  });
  const grouped = (token) => token < 0 || pane.massOf(token) > 1;
  const drawn = look.mode === "groups"
    ? (a, b) => grouped(a) || grouped(b)
    : (a, b) => (a < 0) !== (b < 0);
  const room = (xs[w] - xs[0]) / w / look.scale; // small cells get faint lines, else all is lines
  pen.strokeStyle = `rgb(255 255 255 / ${Math.min(0.75, 0.12 + 0.04 * room)})`;
  pen.lineWidth = Math.max(1, Math.round(look.scale * 0.75));
  strokeLines(pen, borders(owners, h, w, drawn), edges);
}

/** Whether a frame lies outside a window of time, so that it fades. */
export function isOutside({ times_s: timesS }, frame, [fromS, toS], endS) {
  return toS !== undefined && (timesS[frame] >= toS || (timesS[frame + 1] ?? endS) <= fromS);
}

/** A frame of the base layer, over its picture: overlay and time. */
export function paintFrame(pen, pane, frame, sheet, index, look) {
  const box = sheet.panes[index].boxes[frame];
  if (look.mode !== "frames") paintOverlay(pen, pane, frame, box, look);
  paintTime(pen, pane.times_s[frame], box, sheet, look, false);
  if (!isOutside(pane, frame, look.window, look.endS)) return;
  pen.fillStyle = `rgb(${look.veil.join(" ")} / 0.82)`;
  pen.fillRect(box.x, box.y, box.w, box.h);
}

function paintTime(pen, timeS, box, sheet, look, strong) {
  pen.font = `${strong ? 600 : 400} ${Math.round(11 * look.scale)}px system-ui, sans-serif`;
  pen.fillStyle = strong ? look.text : look.muted;
  pen.textBaseline = "middle";
  pen.fillText(`${timeS.toFixed(2)} s`, box.x, box.y + box.h + sheet.caption / 2 + look.scale);
}

/** What lies over the base layer: the frame of the moment and the token pointed at. */
export function paintFocus(pen, pane, frame, sheet, index, focus, look) {
  const box = sheet.panes[index].boxes[frame];
  if (focus.frames[index] === frame) {
    pen.strokeStyle = look.accent;
    pen.lineWidth = 2 * look.scale;
    const inside = look.scale; // a ring outside would be cut off at the sheet's edge
    pen.strokeRect(box.x + inside, box.y + inside, box.w - 2 * inside, box.h - 2 * inside);
    pen.clearRect(box.x, box.y + box.h + sheet.margin, box.w, sheet.caption - sheet.margin);
    paintTime(pen, pane.times_s[frame], box, sheet, look, true);
  }
  const token = focus.tokens[index];
  if (token >= 0) paintToken(pen, pane, frame, box, token, look);
  const [at, row, column] = focus.cells[index];
  if (at !== frame) return;
  const { xs, ys } = cellBorders(box, pane.view, pane.grid);
  pen.strokeStyle = "#fff";
  pen.lineWidth = look.scale;
  pen.setLineDash([2 * look.scale, 2 * look.scale]);
  const inset = 2.5 * look.scale;
  pen.strokeRect(xs[column] + inset, ys[row] + inset,
    xs[column + 1] - xs[column] - 2 * inset, ys[row + 1] - ys[row] - 2 * inset);
  pen.setLineDash([]);
}

function paintToken(pen, pane, frame, box, token, look) {
  const [, h, w] = pane.grid;
  const owners = frameOwners(pane.owner, pane.grid, frame);
  const edges = cellBorders(box, pane.view, pane.grid);
  const lines = outline(owners, h, w, token);
  if (!lines.length) return;
  pen.lineCap = "square";
  for (const [colour, width] of [["rgb(0 0 0 / 0.85)", 4.5], ["#fff", 2]]) {
    pen.strokeStyle = colour;
    pen.lineWidth = width * look.scale;
    strokeLines(pen, lines, edges);
  }
  pen.lineCap = "butt";
}
