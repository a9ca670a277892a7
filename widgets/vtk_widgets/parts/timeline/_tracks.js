// Moments in lanes and curves with holes: where things lie on a time axis.
import { frameAt, share } from "../page/_time.js";

const MOST_LANES = 6;

/** Little-endian numbers as Python sent them, wherever in their buffer they start. */
const copied = ({ buffer, byteOffset, byteLength }) => buffer.slice(byteOffset, byteOffset + byteLength);
export const numbers64 = (view) => new Float64Array(copied(view));
export const numbers32 = (view) => new Float32Array(copied(view));

export const MOST_BARS = 240; // of a track; a longer one shows its best and how many it left out
const MOST_LETTERS = 160; // of a caption on a bar; nobody reads more there

/** The first letters of a text that may be very long. */
export function shortened(text, most = MOST_LETTERS) {
  const letters = [...text.slice(0, 2 * most)]; // whole characters, never half of a pair
  return letters.length > most || text.length > 2 * most ? `${letters.slice(0, most).join("")}…` : text;
}

/** Numbers of the moments that a stretch of axis shows, the first `most` of them. */
export function within(moments, [fromS, toS], most = MOST_BARS) {
  const there = [];
  moments.forEach(({ start_s: startS, end_s: endS }, i) => {
    if (startS < toS && endS > fromS) there.push(i);
  });
  return { shown: there.slice(0, most), left: Math.max(0, there.length - most) };
}

/** How many moments cover each of `columns` equal parts of a stretch of axis. */
export function crowd(moments, view, columns) {
  const steps = new Float32Array(columns + 1);
  for (const { start_s: startS, end_s: endS } of moments) {
    const [from, to] = [share(startS, view), share(endS, view)].map((x) => x * columns);
    if (to <= 0 || from >= columns) continue;
    const first = Math.max(0, Math.floor(from));
    steps[first] += 1;
    steps[Math.max(first + 1, Math.min(columns, Math.ceil(to)))] -= 1;
  }
  for (let i = 1; i < columns; i++) steps[i] += steps[i - 1];
  return steps.subarray(0, columns);
}

/** A lane for each moment so that no two in a lane overlap; the best stay on top.
 * @returns {number[]} lane of each moment, -1 where there was no room */
export function lanes(moments, most = MOST_LANES) {
  const taken = [];
  return moments.map(({ start_s: startS, end_s: endS }) => {
    const free = (lane) => lane.every(([from, to]) => endS <= from + 1e-9 || startS >= to - 1e-9);
    let at = taken.findIndex(free);
    if (at < 0 && taken.length < most) at = taken.push([]) - 1;
    if (at >= 0) taken[at].push([startS, endS]);
    return at;
  });
}

/** Opacity of each moment by its score, the best one full; equal scores are all full. */
export function opacities(moments, least = 0.25) {
  const scores = moments.map(({ score }) => score);
  const [low, high] = valueRange(scores) ?? [0, 0];
  const span = high - low || 1;
  return scores.map((score) => high === low ? 1 : least + (1 - least) * ((score - low) / span));
}

/** The lowest and highest number that is one; null where none is. */
export function valueRange(values) {
  let [low, high] = [Infinity, -Infinity]; // a spread of a long film's values would be too many arguments
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return low <= high ? [low, high] : null;
}

/** A curve of steps as strokes of [x, y] where [0, 1] is on show, y up: a frame stands until the
 * next one, and a value that is no number leaves a hole. */
export function strokes(timesS, values, endS, view = [0, endS]) {
  const [low, high] = valueRange(values) ?? [0, 0];
  const out = [];
  let open = false;
  values.forEach((value, i) => {
    const there = Number.isFinite(value);
    if (there && !open) out.push([]);
    open = there;
    if (!there) return;
    const y = high > low ? (value - low) / (high - low) : 0.5;
    const [from, to] = [timesS[i], timesS[i + 1] ?? endS];
    out.at(-1).push([share(from, view), y], [share(to, view), y]);
  });
  return out;
}

/** A map of `rows` x frames as one byte for each row and column on show: 0 for the lowest value
 * or none, 255 for the highest. */
export function heatCells(timesS, values, rows, view, columns) {
  const [count, range] = [values.length / rows, valueRange(values)];
  const out = new Uint8Array(rows * columns);
  if (!range) return out;
  const [low, span] = [range[0], range[1] - range[0] || 1];
  for (let x = 0; x < columns; x++) {
    const timeS = view[0] + ((x + 0.5) / columns) * (view[1] - view[0]);
    if (timeS < timesS[0]) continue;
    const frame = Math.min(count - 1, frameAt(timesS, timeS));
    for (let r = 0; r < rows; r++) {
      const value = values[r * count + frame];
      if (Number.isFinite(value)) out[r * columns + x] = Math.round((255 * (value - low)) / span);
    }
  }
  return out;
}

/** The moment that covers a time, the best one first. */
export function momentAt(moments, timeS) {
  return moments.findIndex(({ start_s: from, end_s: to }) => timeS >= from - 1e-6 && timeS < to - 1e-6);
}
