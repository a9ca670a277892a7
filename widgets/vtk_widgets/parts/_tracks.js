// Moments in lanes and curves with holes: where things lie on a time axis.
import { fraction } from "./_time.js";

const MOST_LANES = 6;

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
  const [low, high] = [Math.min(...scores), Math.max(...scores)];
  const span = high - low || 1;
  return scores.map((score) => high === low ? 1 : least + (1 - least) * ((score - low) / span));
}

/** The lowest and highest number that is one; null where none is. */
export function valueRange(values) {
  const there = values.filter(Number.isFinite);
  return there.length ? [Math.min(...there), Math.max(...there)] : null;
}

/** A curve of steps as strokes of [x, y] in [0, 1], y up: a frame stands until the next one, and
 * a value that is no number leaves a hole. */
export function strokes(timesS, values, endS) {
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
    out.at(-1).push([fraction(from, endS), y], [fraction(to, endS), y]);
  });
  return out;
}

/** The moment that covers a time, the best one first. */
export function momentAt(moments, timeS) {
  return moments.findIndex(({ start_s: from, end_s: to }) => timeS >= from - 1e-6 && timeS < to - 1e-6);
}
