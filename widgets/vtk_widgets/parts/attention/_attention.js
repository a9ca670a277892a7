// What a kernel sends of attention (see attention/lens.py), and what can be read off it.
import { int32, float32 } from "../tokens/_owners.js";

let halfTable = null;

/** What 16 bits mean as a number. */
export function halfValue(bits) {
  const [sign, power, rest] = [bits >> 15 ? -1 : 1, (bits >> 10) & 31, bits & 1023];
  if (power === 31) return rest ? NaN : sign * Infinity;
  return sign * (power ? 2 ** (power - 15) * (1 + rest / 1024) : 2 ** -14 * (rest / 1024));
}

/** float16 bytes as numbers. */
export function halves(view) {
  halfTable ??= Float32Array.from({ length: 65536 }, (_, bits) => halfValue(bits));
  const bytes = view.buffer.slice(view.byteOffset, view.byteOffset + view.byteLength);
  return Float32Array.from(new Uint16Array(bytes), (bits) => halfTable[bits]);
}

const plainBytes = (view) => new Uint8Array(view.buffer, view.byteOffset, view.byteLength);

/** Words as rows, cells and words as columns. */
export function readLook({ how, layer, head }, parts) {
  const [rows, cells, onWords] = [int32(parts[0]), halves(parts[1]), halves(parts[2])];
  return {
    how, layer, head, rows, cells, onWords,
    onFilm: float32(parts[3]),
    onSinks: float32(parts[4]),
    sinkCell: plainBytes(parts[5]),
    sinkWord: plainBytes(parts[6]),
    bytes: 4 * (cells.length + onWords.length),
  };
}

/** What a message of the kernel holds, and how many bytes it takes to remember. */
export function readAnswer(content, parts) {
  if (content.kind === "times") return { value: float32(parts[0]), bytes: parts[0].byteLength };
  if (content.kind === "tile") {
    return { value: { values: halves(parts[0]), shape: [...int32(parts[1])] }, bytes: 2 * parts[0].byteLength };
  }
  const value = readLook(content, parts);
  return { value, bytes: value.bytes };
}

/** The part of a table that one row is; null where the word has none. */
export function lookRow(look, place, table = "cells") {
  const row = look ? look.rows.indexOf(place) : -1;
  if (row < 0) return null;
  const width = look[table].length / look.rows.length;
  return look[table].subarray(row * width, (row + 1) * width);
}

/** How much each word of a view looks at one cell. */
export function cellColumn(look, number) {
  const width = look.cells.length / look.rows.length;
  return Float32Array.from(look.rows, (_, row) => look.cells[row * width + number]);
}

/** Sum over each frame's cells. */
export function overFrames(cells, [t, h, w]) {
  const sums = new Float32Array(t);
  cells.forEach((value, cell) => { sums[Math.floor(cell / (h * w))] += value; });
  return sums;
}

/** What the brightest colour stands for. Sinks may be left out of that; they are drawn all the same. */
export function brightest(cells, sinkCell, withSinks) {
  let most = 0;
  let rest = 0;
  cells.forEach((value, cell) => {
    most = Math.max(most, value);
    if (!sinkCell[cell]) rest = Math.max(rest, value);
  });
  return withSinks || rest === 0 ? most : rest;
}

/** The run of frames around the highest one that have half of it or more, and what they sum to. */
export function peakOf(sums) {
  if (!sums.length) return null;
  let first = sums.indexOf(Math.max(...sums));
  let last = first;
  const half = sums[first] / 2;
  if (!(half > 0)) return null;
  while (first > 0 && sums[first - 1] >= half) first--;
  while (last + 1 < sums.length && sums[last + 1] >= half) last++;
  return { first, last, part: sums.slice(first, last + 1).reduce((sum, v) => sum + v, 0) };
}

/** Parts of a whole in words; small ones keep digits. */
export function partText(part) {
  const digits = part >= 0.0995 || !(part > 0) ? 0 : part >= 0.00095 ? 1 : 2;
  return `${(100 * part).toFixed(digits)} %`;
}

/** Whose view it is. */
export function whoText(how, layer, head) {
  const ways = { mean: "mean of", max: "maximum of", rollout: "rollout through", relevance: "relevance through" };
  if (how === "rollout" || how === "relevance" || layer < 0) return `${ways[how]} all layers and heads`;
  return head < 0 ? `${ways[how]} all heads of layer ${layer}` : `layer ${layer} head ${head}`;
}

/** What a word looks at, for people who see the picture and for those who do not. */
export function lookText(word, look, place, grid) {
  const cells = lookRow(look, place);
  if (!cells) return `“${word}”: no row here yet`;
  const row = look.rows.indexOf(place);
  const sums = overFrames(cells, grid);
  const peak = peakOf(sums);
  const adds = look.how !== "max" && look.how !== "relevance"; // their rows do not add up to 1
  const [total, single] = [adds ? 1 : look.onFilm[row] || 1, peak && peak.first === peak.last];
  const frames = peak && (single ? `frame ${peak.first + 1}` : `frames ${peak.first + 1}–${peak.last + 1}`);
  const main = peak ? `looks ${partText(peak.part / total)} at ${frames}` : "does not look at the film";
  const where = adds ? `film ${partText(look.onFilm[row])}` : "parts are of what it has on the film";
  const sinks = adds && look.onSinks[row] > 0 ? [`sinks ${partText(look.onSinks[row])}`] : [];
  return [`word “${word}” in ${whoText(look.how, look.layer, look.head)} ${main}`, where, ...sinks].join(" · ");
}
