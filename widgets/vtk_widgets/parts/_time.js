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

/** Round tick positions from 0, at most `most` steps. @returns {{ stepS: number, atS: number[] }} */
export function ticks(endS, most) {
  const rough = Math.max(endS, 1e-3) / Math.max(1, most);
  const tens = 10 ** Math.floor(Math.log10(rough));
  const stepS = [1, 2, 5, 10].map((m) => m * tens).find((s) => s >= rough * (1 - 1e-9));
  const count = Math.floor(endS / stepS + 1e-6);
  return { stepS, atS: Array.from({ length: count + 1 }, (_, i) => i * stepS) };
}

/** A tick's number, with as many digits as its step needs. */
export function tickText(timeS, stepS) {
  return timeS.toFixed(Math.max(0, -Math.floor(Math.log10(stepS) + 1e-9)));
}

export const secondsText = (timeS) => `${timeS.toFixed(2)} s`;
export const spanText = (startS, endS) => `${startS.toFixed(2)}–${endS.toFixed(2)} s`;

/** Part of the axis that a time stands at, in [0, 1]. */
export const fraction = (timeS, endS) => Math.min(1, Math.max(0, timeS / Math.max(endS, 1e-9)));
