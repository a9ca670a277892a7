// Who speaks for which cell. Owner maps are int32 (t h w), -1 where a cell was dropped.

/** Bytes as numbers, read in place where they are aligned. */
export function int32(view) {
  if (view.byteOffset % 4 === 0) return new Int32Array(view.buffer, view.byteOffset, view.byteLength / 4);
  return new Int32Array(view.buffer.slice(view.byteOffset, view.byteOffset + view.byteLength));
}

export function float32(view) {
  const numbers = int32(view);
  return new Float32Array(numbers.buffer, numbers.byteOffset, numbers.length);
}

/** One frame's owners. */
export function frameOwners(owner, [, h, w], frame) {
  return owner.subarray(frame * h * w, (frame + 1) * h * w);
}

/** Every token's cells, in order, in two flat arrays: token k has cells[start[k]..start[k + 1]]. */
export function cellIndex(owner, count) {
  const start = new Int32Array(count + 1);
  for (const token of owner) if (token >= 0) start[token + 1]++;
  for (let k = 0; k < count; k++) start[k + 1] += start[k];
  const next = start.slice();
  const cells = new Int32Array(start[count]);
  owner.forEach((token, cell) => { if (token >= 0) cells[next[token]++] = cell; });
  return { start, cells };
}

export function cellsOf({ start, cells }, token) {
  return token < 0 ? cells.subarray(0, 0) : cells.subarray(start[token], start[token + 1]);
}

/** The frames that some cells lie in, rising. */
export function framesOf(cells, [, h, w]) {
  return [...new Set(Array.from(cells, (cell) => Math.floor(cell / (h * w))))];
}

/** Number of a (t, h, w) cell; -1 where it lies outside. */
export function cellNumber([frame, row, column], [t, h, w]) {
  const inside = frame >= 0 && row >= 0 && column >= 0 && frame < t && row < h && column < w;
  return inside ? (frame * h + row) * w + column : -1;
}

export function cellPlace(cell, [, h, w]) {
  return [Math.floor(cell / (h * w)), Math.floor(cell / w) % h, cell % w];
}

/** The cell of another grid over the same film that holds this cell's centre. */
export function sameCell(cell, from, to) {
  if (cell[0] < 0 || from[0] < 1) return [-1, -1, -1];
  return cell.map((at, i) => Math.floor(((at + 0.5) * to[i]) / from[i]));
}

/** Borders between different owners inside one frame, in cells: [x0, y0, x1, y1] each.
 * `drawn(a, b)` says whether two unequal neighbours need a line. */
export function borders(owners, h, w, drawn = () => true) {
  const lines = [];
  for (let row = 0; row < h; row++) {
    for (let column = 0; column < w; column++) {
      const here = owners[row * w + column];
      const right = column + 1 < w ? owners[row * w + column + 1] : here;
      const below = row + 1 < h ? owners[(row + 1) * w + column] : here;
      if (right !== here && drawn(here, right)) lines.push([column + 1, row, column + 1, row + 1]);
      if (below !== here && drawn(here, below)) lines.push([column, row + 1, column + 1, row + 1]);
    }
  }
  return lines;
}

/** The outline of one token inside one frame, in cells; at the frame's edge too. */
export function outline(owners, h, w, token) {
  const lines = [];
  const at = (row, column) =>
    row >= 0 && column >= 0 && row < h && column < w && owners[row * w + column] === token;
  owners.forEach((owner, cell) => {
    if (owner !== token) return;
    const [row, column] = [Math.floor(cell / w), cell % w];
    if (!at(row - 1, column)) lines.push([column, row, column + 1, row]);
    if (!at(row + 1, column)) lines.push([column, row + 1, column + 1, row + 1]);
    if (!at(row, column - 1)) lines.push([column, row, column, row + 1]);
    if (!at(row, column + 1)) lines.push([column + 1, row, column + 1, row + 1]);
  });
  return lines;
}

/** The budget nearest to `keep` among those there are; the later one of equals. */
export function nearestLevel(levels, keep) {
  return levels.reduce((best, next) =>
    Math.abs(next.keep - keep) <= Math.abs(best.keep - keep) ? next : best);
}
