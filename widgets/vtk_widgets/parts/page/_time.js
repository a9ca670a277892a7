// Times and axes. All times are presentation times in seconds, never index / rate.

/** The frame on screen at a time: the last one whose time has come. @returns {number} index */
export function frameAt(timesS, timeS) {
  let low = 0;
  let high = timesS.length; // invariant: times before `low` have come, those from `high` on have not
  while (low < high) {
    const middle = (low + high) >> 1;
    if (timesS[middle] <= timeS + 1e-6) low = middle + 1;
    else high = middle;
  }
  return Math.max(0, low - 1);
}

/** The time to jump to, a number of frames away. */
export function steppedTime(timesS, timeS, by) {
  const last = timesS.length - 1;
  return timesS[Math.min(last, Math.max(0, frameAt(timesS, timeS) + by))];
}

/** The nearest of some times after (by = 1) or before (by = -1) a time; itself where none is. */
export function neighbourTime(timesS, timeS, by) {
  const there = timesS.filter((t) => by > 0 ? t > timeS + 1e-6 : t < timeS - 1e-6);
  return there.length ? (by > 0 ? Math.min(...there) : Math.max(...there)) : timeS;
}

/** Round tick positions, at most `most` steps. @returns {{ stepS: number, atS: number[] }} */
export function ticks(endS, most, fromS = 0) {
  const rough = Math.max(endS - fromS, 1e-3) / Math.max(1, most);
  const tens = 10 ** Math.floor(Math.log10(rough));
  const stepS = [1, 2, 5, 10].map((m) => m * tens).find((s) => s >= rough * (1 - 1e-9));
  const first = Math.ceil(fromS / stepS - 1e-6);
  const count = Math.floor(endS / stepS + 1e-6) - first;
  return { stepS, atS: Array.from({ length: count + 1 }, (_, i) => (first + i) * stepS) };
}

/** A tick's number, with as many digits as its step needs. */
export function tickText(timeS, stepS) {
  return timeS.toFixed(Math.max(0, -Math.floor(Math.log10(stepS) + 1e-9)));
}

export const secondsText = (timeS) => `${timeS.toFixed(2)} s`;
export const spanText = (startS, endS) => `${startS.toFixed(2)}–${endS.toFixed(2)} s`;

/** Part of a stretch of axis that a time stands at; below 0 or above 1 where it lies outside. */
export const share = (timeS, [fromS, toS]) => (timeS - fromS) / Math.max(toS - fromS, 1e-9);

const LEAST_VIEW_S = 0.05; // an axis that shows less than this tells nothing more

/** Show more or less of the axis, with one time kept where it stands. @returns {number[]} view */
export function zoomedView([fromS, toS], factor, aboutS, endS) {
  const widthS = Math.min(endS, Math.max(LEAST_VIEW_S, (toS - fromS) / factor));
  const part = Math.min(1, Math.max(0, share(aboutS, [fromS, toS])));
  return movedView([aboutS - part * widthS, aboutS + (1 - part) * widthS], 0, endS);
}

/** Show what lies a little later or earlier, never beyond the film. */
export function movedView([fromS, toS], byS, endS) {
  const widthS = Math.min(endS, toS - fromS);
  const start = Math.min(endS - widthS, Math.max(0, fromS + byS));
  return [start, start + widthS];
}

/** The view moved so that a time can be seen, with some room around it; itself where it can. */
export function viewWith(view, timeS, endS) {
  const part = share(timeS, view);
  if (part >= 0 && part <= 1) return view;
  return movedView(view, timeS - view[0] - (view[1] - view[0]) * (part < 0 ? 0.7 : 0.3), endS);
}

/** The frame's start that is nearest, or the film's end. */
export function snapped(timesS, timeS, endS) {
  if (!timesS.length) return Math.min(endS, Math.max(0, timeS));
  const at = frameAt(timesS, timeS);
  const near = [timesS[at], timesS[at + 1] ?? endS, ...(timeS < timesS[0] ? [0] : [])];
  return near.reduce((best, t) => Math.abs(t - timeS) < Math.abs(best - timeS) ? t : best);
}

/** Part of the axis that a time stands at, in [0, 1]. */
export const fraction = (timeS, endS) => Math.min(1, Math.max(0, timeS / Math.max(endS, 1e-9)));
