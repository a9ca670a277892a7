// Where everything lies on the contact sheet. Lengths are device pixels, all of them whole.

const GAP = 8; // between thumbnails, CSS pixels
const CAPTION = 17; // under each thumbnail, for its time
const HEADING = 46; // above each recipe
const SMALLEST = 56; // narrower thumbnails show nothing
const LARGEST = 300;
const TALLEST = 660; // the sheet should fit on a laptop screen
const WORTH_IT = 0.7; // of the size, for rows that are full
const SIDE_BY_SIDE = 640; // narrower sheets put recipes below each other

/** How many thumbnails stand in a row: as few as keep the sheet within its height, so that they
 * are large; a few more where that fills the last row and costs little size. */
export function columnsFor(width, frames, aspect, tallest = TALLEST) {
  const thumb = (columns) => (width - GAP * (columns - 1)) / columns;
  const tall = (columns) => Math.ceil(frames / columns) * (thumb(columns) / aspect + CAPTION + GAP);
  const wide = Array.from({ length: frames }, (_, i) => i + 1)
    .filter((columns) => thumb(columns) >= SMALLEST || columns === 1);
  const fits = wide.filter((columns) => thumb(columns) <= LARGEST && tall(columns) <= tallest);
  const best = fits[0] ?? wide.at(-1);
  const full = fits.find((columns) => frames % columns === 0) ?? best;
  return thumb(full) > WORTH_IT * thumb(best) ? full : Math.ceil(frames / Math.ceil(frames / best));
}

/** How many thumbnails a page of the sheet holds: all that can be seen on two screens. */
export function pageOf(width, aspect, tallest = 2 * TALLEST) {
  const across = Math.max(1, Math.floor((width + GAP) / (SMALLEST + GAP)));
  return across * Math.max(1, Math.floor(tallest / (SMALLEST / aspect + CAPTION + GAP)));
}

/** The frames of a recipe that are on a page. @returns {number[]} the first, and the one after */
export function framesOn(page, size, count, most) {
  const at = (frame) => Math.round((Math.min(most, frame) / most) * count);
  return [at(page * size), at((page + 1) * size)];
}

/** Boxes of the thumbnails of all recipes on one page; null where a frame is on another.
 * @param {{ width: number, counts: number[], aspect: number, scale: number, page?: number }} room
 *   counts: frames per recipe; scale: device pixels per CSS pixel */
export function layout({ width, counts, aspect, scale, page = 0 }) {
  const across = width >= SIDE_BY_SIDE ? counts.length : 1;
  const paneWidth = (width - 3 * GAP * (across - 1)) / across;
  const most = Math.max(...counts);
  const size = Math.min(most, pageOf(paneWidth, aspect));
  const pages = Math.ceil(most / size);
  const now = Math.min(page, pages - 1);
  const columns = columnsFor(paneWidth, size, aspect);
  const thumb = Math.min(LARGEST * 1.5, (paneWidth - GAP * (columns - 1)) / columns);
  const rowHeight = thumb / aspect + CAPTION + GAP;
  const px = (length) => Math.round(length * scale);
  let below = 0;
  const panes = counts.map((count, i) => {
    const left = (i % across) * (paneWidth + 3 * GAP);
    const top = across > 1 ? 0 : below;
    const [from, to] = framesOn(now, size, count, most);
    const rows = Math.ceil((to - from) / columns);
    below = Math.max(below, top + HEADING + rows * rowHeight);
    const boxes = Array.from({ length: count }, (_, frame) => frame < from || frame >= to ? null : {
      x: px(left + ((frame - from) % columns) * (thumb + GAP)),
      y: px(top + HEADING + Math.floor((frame - from) / columns) * rowHeight),
      w: px(thumb),
      h: px(thumb / aspect),
    });
    return { left, top, width: paneWidth, boxes, from, to };
  });
  const height = Math.ceil(below);
  return { panes, columns, height, margin: px(3), caption: px(CAPTION), page: now, pages, size, most };
}

/** Whole-pixel borders of the cells of one frame, along each axis. */
export function cellBorders(box, [left, top, right, bottom], [, h, w]) {
  const along = (start, length, from, to, count) => Array.from({ length: count + 1 },
    (_, i) => Math.round(start + length * (from + ((to - from) * i) / count)));
  return { xs: along(box.x, box.w, left, right, w), ys: along(box.y, box.h, top, bottom, h) };
}

/** What lies under a point. @returns {{ pane: number, cell: number[] } | null} */
export function hitTest(sheet, recipes, x, y) {
  for (const [pane, { boxes }] of sheet.panes.entries()) {
    const frame = boxes.findIndex((b) => b && x >= b.x && y >= b.y && x < b.x + b.w && y < b.y + b.h);
    if (frame < 0) continue;
    const { view, grid } = recipes[pane];
    const { xs, ys } = cellBorders(boxes[frame], view, grid);
    const column = xs.findIndex((left, i) => x >= left && x < xs[i + 1]);
    const row = ys.findIndex((top, i) => y >= top && y < ys[i + 1]);
    return row < 0 || column < 0 ? null : { pane, cell: [frame, row, column] };
  }
  return null;
}

/** The cell an arrow key leads to; off the right edge comes the next frame's left one. */
export function walked([frame, row, column], key, [t, h, w]) {
  const step = {
    ArrowLeft: [0, 0, -1], ArrowRight: [0, 0, 1], ArrowUp: [0, -1, 0], ArrowDown: [0, 1, 0],
    PageUp: [-1, 0, 0], PageDown: [1, 0, 0], Home: [-t, 0, 0], End: [t, 0, 0],
  }[key];
  if (!step) return null;
  if (frame < 0) return [0, Math.floor(h / 2), Math.floor(w / 2)];
  const beyond = column + step[2] < 0 ? -1 : column + step[2] >= w ? 1 : 0;
  const within = (value, count) => Math.min(count - 1, Math.max(0, value));
  const turned = within(frame + step[0] + beyond, t);
  const wraps = beyond && turned !== frame;
  return [
    turned,
    within(row + step[1], h),
    wraps ? (beyond > 0 ? 0 : w - 1) : within(column + step[2], w),
  ];
}
